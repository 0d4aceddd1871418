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
and `number` (of an attribute: 1234.5 of "$ 1,234.50"). A path that leads to nothing gives nothing; one that leads to an
object where a text belongs rejects the row. Where `items` leads to nothing at all the answer is not what was
configured, and the source fails: that is different from an empty list. A single object is a list of one.

`method: POST` with `body:` (a text, or a mapping that is sent as JSON) asks services that want to be asked so.

With `pages:` the list goes on, until a page is empty, the `total` is reached, or nothing is next; `max` pages are read
at most. There are four ways, and `{page}` and `{cursor}` may stand in the address or the body:

- `{page}` counts up from `start` by `step`: `step: 1` for the pages' numbers, a page's size for offsets.
- `next: links.next` leads to the next page's address in the answer.
- `cursor: meta.cursor` leads to what `{cursor}` is on the next page; on the first it is empty.
- `link: true` follows the `Link` header.

`total: meta.total` leads to how many rows there are in all: fewer are a list cut short. Without `until_empty`, the last
of `max` pages is the end that was wanted.

Source: JMESPath, https://jmespath.org/specification.html; the Link header, RFC 8288.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Annotated, Any, Literal
from urllib.parse import quote

from scan.declare import Address, Doc, Problem
from scan.errors import ParseError
from scan.model import RawItem, RawTime, Rejected
from scan.page import Page, Request
from scan.sources.base import Batch, Source
from scan.sources.fields import TIMES, attribute_of, item_of, unknown_targets, zone_problem
from scan.sources.following import Pages
from scan.sources.paths import EVALUATION, compiled, path_problem
from scan.sources.refining import Refined
from scan.sources.rows import load, shortened


@dataclass(frozen=True, kw_only=True)
class Take(Refined):
    """A field's value within a row: the long form."""

    path: Annotated[str | None, Doc("JMESPath within the row", example="price.amount")] = None

    def problems(self, target: str) -> Iterable[Problem]:
        """Find what doesn't compile, and what doesn't fit the field."""
        if self.path is not None and (message := path_problem(self.path)):
            yield Problem(("fields", target), message)
        if (self.path is None) == (self.fixed is None):
            yield Problem(("fields", target), "a field has either a path or a fixed text")
        yield from super().problems(target)


class Json(Source, kind="json", item_kind="item", complete=True):
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
        yield from unknown_targets(self.fields)
        if message := path_problem(self.items):
            yield Problem(("items",), message)
        for target, take in self.fields.items():
            yield from _long(take).problems(target)
        if self.pages:
            yield from self.pages.problems(self._template)
        elif "{page}" in self._template:
            yield Problem(("url",), "{page} counts up only with pages; add pages: {start: 1, max: 50}")
        if self.zone and (message := zone_problem(self.zone)):
            yield Problem(("zone",), message)

    def start(self) -> Request:
        """Ask for the first page."""
        return self._request(self.url, {"page": self.pages.start, "cursor": ""} if self.pages else {})

    def parse(self, page: Page) -> Batch:
        """Read one page."""
        answer = load(page)
        items: list[RawItem] = []
        rejected: list[Rejected] = []
        rows = self._rows(page, answer)
        for row in rows:
            try:
                items.append(self._item(row))
            except EVALUATION as error:
                rejected.append(Rejected(reason=str(error), example=shortened(row)))
        follow = self._next(page, answer, self.pages) if rows and self.pages else None
        last = self.pages is not None and page.number >= self.pages.max
        cut = follow is not None and last and self.pages is not None and self.pages.until_empty
        return Batch(
            items=tuple(items),
            rejected=tuple(rejected),
            follow=(follow,) if follow and not last else (),
            total=self.pages.total_in(page, answer) if self.pages else None,
            truncated=f"stopped after {page.number} pages" if cut else None,
        )

    @property
    def _template(self) -> str:
        """Everything that is sent, with its placeholders."""
        return f"{self.url}\n{self.body if isinstance(self.body, str) else json.dumps(_filled(self.body, {}))}"

    def _request(self, url: str, values: Mapping[str, int | str]) -> Request:
        for name, value in values.items():
            url = url.replace(f"{{{name}}}", quote(str(value), safe=""))
        filled = _filled(self.body, values)
        headers = {"Content-Type": "application/json"} if isinstance(self.body, Mapping) else {}
        text = json.dumps(filled, ensure_ascii=False) if isinstance(self.body, Mapping) else filled
        body = None if text is None else str(text).encode()
        return Request(url=url, method=self.method, accept="application/json", headers=headers, body=body)

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

    def _item(self, row: object) -> RawItem:
        return item_of({target: self._value(target, _long(take), row) for target, take in self.fields.items()})

    def _value(self, target: str, take: Take, row: object) -> object:
        value = take.fixed if take.path is None else compiled(take.path).search(row)
        if value is None or (attribute_of(target) is not None and not isinstance(value, str)):
            return value
        if target == "location" and isinstance(value, list):
            return tuple(_text(target, place) for place in value if place is not None)
        if target in TIMES and isinstance(value, (int, float)) and not isinstance(value, bool):
            return value
        text = take.matched(_text(target, value))
        if take.pattern is None and not take.number and target not in TIMES:
            return text
        finished = take.finished(text, target)
        plain = target in TIMES and isinstance(finished, str) and self.zone
        return RawTime(value=str(finished), zone=self.zone) if plain else finished

    def _next(self, page: Page, answer: object, pages: Pages) -> Request | None:
        """Give the request after this page; None where there is none."""
        if "{page}" in self._template:
            return self._request(self.url, {"page": pages.number_after(page), "cursor": ""})
        pointed = pages.pointed(page, answer)
        if pointed is None:
            return None
        if pages.cursor is not None:
            return self._request(self.url, {"cursor": pointed})
        return self._request(pointed, {})


@lru_cache(maxsize=10_000)
def _long(take: str | Take) -> Take:
    return Take(path=take) if isinstance(take, str) else take


def _filled(body: Any, values: Mapping[str, int | str]) -> Any:
    """Fill the placeholders of a body; a value that is nothing else stays a number."""
    if isinstance(body, Mapping):
        return {name: _filled(value, values) for name, value in body.items()}
    if isinstance(body, list | tuple):
        return [_filled(value, values) for value in body]
    if not isinstance(body, str):
        return body
    for name, value in values.items():
        if body == f"{{{name}}}":
            return value
        body = body.replace(f"{{{name}}}", str(value))
    return body


def _text(target: str, value: object) -> str:
    """Write a scalar as text.

    Raises:
        TypeError: it is a list or an object.

    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(f"{target} is {_NOUNS.get(type(value), 'not a text')}")
    return str(int(value)) if value == int(value) else str(value)


_NOUNS = {dict: "an object, not a text", list: "a list, not a text", bool: "true or false, not a text"}
