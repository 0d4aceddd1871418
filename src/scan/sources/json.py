"""Anything that answers JSON.

    - name: units
      kind: json
      url: "https://example.org/api/units?page={page}"
      items: "data.units[?available]"      # JMESPath: where the rows are; the whole answer if left out
      fields:                              # JMESPath within a row
        key: id
        title: name
        url: link
        published_at: listed_on
        attributes.rent: {path: price, number: true}
        attributes.beds: bedrooms
      pages: {start: 1, until_empty: true, max: 50}
      zone: America/Chicago                # of times that carry none; default UTC

The fields are `key`, `title`, `url`, `organization`, `location`, `text`, `published_at`, `updated_at` and
`attributes.NAME`. Numbers stay numbers in attributes. A field is a JMESPath, or a mapping of `path`, `pattern` (RE2;
its first group, or the whole match), `date` (as for strptime), `zone`, `fixed` (a text that is the same for every item)
and, of an attribute, `number` (1234.5 of "$ 1,234.50") or `currency` (USD of the same). A path that leads to nothing
gives nothing; one that leads to an object where a text belongs rejects the row, and fails the source if it does so in
every row. Where `items` leads to nothing at all the answer is not what was configured, and the source fails: that is
different from an empty list. A single object is a list of one.

`method: POST` with `body:` (a text, or a mapping that is sent as JSON) asks services that want to be asked so;
`headers:`, common to all kinds, says what else they want to hear.

With `pages:` the list goes on, until a page is empty, the `total` is reached, or nothing is next; `max` pages are read
at most. There are four ways, and `{page}` and `{cursor}` may stand in the address or the body:

- `{page}` counts up from `start` by `step`: `step: 1` for the pages' numbers, a page's size for offsets.
- `next: links.next` leads to the next page's address in the answer.
- `cursor: meta.cursor` leads to what `{cursor}` is on the next page; on the first it is empty.
- `link: true` follows the `Link` header.

`total: meta.total` leads to how many rows there are in all: fewer are a list cut short. Without `until_empty`, the last
of `max` pages is the end that was wanted. A page that repeats an earlier one is a list cut short (a server that takes
no notice of `{page}` gives its first page for ever), unless `until_repeated: true` says that this one ends so. So is a
list of exactly 10,000 rows: that is where many servers stop.

Source: JMESPath, https://jmespath.org/specification.html; the Link header, RFC 8288.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from scan.declare import Address, Doc, Problem
from scan.errors import ParseError
from scan.page import Page, Request
from scan.sources.asking import Ask
from scan.sources.base import Batch
from scan.sources.fields import unknown_targets, zone_problem
from scan.sources.follow import Followed
from scan.sources.following import Pages, place_problem
from scan.sources.paths import EVALUATION, compiled, path_problem, searched
from scan.sources.rows import load
from scan.sources.taking import Take, long, taken


class Json(Followed, kind="json", item_kind="item", complete=True):
    """Rows of a JSON answer."""

    url: Annotated[
        Address, Doc("where to ask; {page} and {cursor} say for which page", example="https://example.org/api")
    ] = field()
    items: Annotated[str, Doc("JMESPath to the rows", example="data.items")] = "@"
    fields: Annotated[Mapping[str, str | Take], Doc("JMESPath within a row, by field", example="{title: name}")] = (
        field()
    )
    pages: Annotated[Pages | None, Doc("how the list goes on")] = None
    method: Annotated[Literal["GET", "POST"], Doc("how to ask")] = "GET"
    body: Annotated[str | Mapping[str, Any] | None, Doc("what to send; a mapping is sent as JSON")] = None
    zone: Annotated[str | None, Doc("the IANA zone of times without one", example="America/Chicago")] = None

    def problems(self) -> Iterable[Problem]:
        """Find paths that do not compile, fields that no item has, and pages that cannot be asked for."""
        yield from super().problems()
        yield from unknown_targets(self.fields)
        if message := path_problem(self.items):
            yield Problem(("items",), message)
        for target, take in self.fields.items():
            yield from long(take).problems(target)
        if self.pages:
            yield from self.pages.problems(self._ask.template, path_problem)
        yield from place_problem(self._ask.template, self.pages)
        if self.zone and (message := zone_problem(self.zone)):
            yield Problem(("zone",), message)

    def start(self) -> Request:
        """Ask for the first page."""
        return self.pages.first(self._ask) if self.pages else self._ask.request({})

    def parse(self, page: Page) -> Batch:
        """Read one page."""
        answer = load(page)
        items, rejected = taken(self._rows(page, answer), self.fields, self.zone)
        batch = Batch(items=items, rejected=rejected)
        return self.pages.continued(batch, page, _Answer(answer), self._ask) if self.pages else batch

    @property
    def _ask(self) -> Ask:
        return Ask(url=self.url, accept="application/json", method=self.method, body=self.body)

    def _rows(self, page: Page, answer: object) -> list[Any]:
        try:
            rows = compiled(self.items).search(answer)
        except EVALUATION as error:
            raise ParseError(page.url, f"rows at {self.items!r} ({error})", page.body[:400]) from error
        if isinstance(rows, dict):
            return [rows]
        if not isinstance(rows, list):
            raise ParseError(page.url, f"a list at {self.items!r}", page.body[:400])
        return rows


@dataclass(frozen=True, slots=True)
class _Answer:
    """A JSON answer, asked by JMESPath."""

    answer: object

    def value(self, expression: str) -> object:
        return searched(compiled(expression), self.answer)

    link = value
