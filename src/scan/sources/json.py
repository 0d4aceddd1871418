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
        attributes.rent: price
        attributes.beds: bedrooms
      pages: {start: 1, until_empty: true, max: 50}
      zone: America/Chicago                # of times that carry none; default UTC

The fields are `key`, `title`, `url`, `organization`, `location`, `text`, `published_at`, `updated_at` and
`attributes.NAME`. Numbers stay numbers in attributes. A path that leads to nothing gives nothing; one that leads to an
object where a text belongs rejects the row. Where `items` leads to nothing at all the answer is not what was
configured, and the source fails: that is different from an empty list. A single object is a list of one.

`method: POST` with `body:` (a text, or a mapping that is sent as JSON) asks services that want to be asked so.
With `pages:`, `{page}` in the address counts up from `start` until a page is empty; `max` pages are read at most.

Source: JMESPath, https://jmespath.org/specification.html.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Annotated, Any, Literal, Protocol

from scan.declare import Address, Doc, Problem
from scan.errors import ParseError
from scan.model import RawItem, RawTime, Rejected
from scan.page import Page, Request
from scan.sources.base import Batch, Source
from scan.sources.fields import TIMES, attribute_of, item_of, unknown_targets, zone_problem
from scan.sources.rows import load, shortened

_EVALUATION = (ValueError, TypeError, ArithmeticError, RecursionError)
"""What a JMESPath may raise for the values it meets; its own errors are ValueErrors."""


@dataclass(frozen=True, kw_only=True)
class Pages:
    """How a list goes on."""

    start: Annotated[int, Doc("the first page's number")] = 1
    until_empty: Annotated[bool, Doc("an empty page is the end; reaching max before it means cut short")] = True
    max: Annotated[int, Doc("pages read at most")] = 50


class Json(Source, kind="json", item_kind="item", complete=True):
    """Rows of a JSON answer."""

    url: Annotated[Address, Doc("where to ask; {page} is a page's number", example="https://example.org/api")] = field()
    items: Annotated[str, Doc("JMESPath to the rows", example="data.items")] = "@"
    fields: Annotated[Mapping[str, str], Doc("JMESPath within a row, by field", example="{title: name}")] = field()
    pages: Annotated[Pages | None, Doc("how the list goes on, with {page} in the address")] = None
    method: Annotated[Literal["GET", "POST"], Doc("how to ask")] = "GET"
    body: Annotated[str | Mapping[str, Any] | None, Doc("what to send; a mapping is sent as JSON")] = None
    zone: Annotated[str | None, Doc("the IANA zone of times without one", example="America/Chicago")] = None

    def problems(self) -> Iterable[Problem]:
        """Find paths that do not compile, fields that no item has, and pages that cannot be counted."""
        yield from unknown_targets(self.fields)
        paths = {("items",): self.items} | {("fields", target): path for target, path in self.fields.items()}
        for place, path in paths.items():
            try:
                _compiled(path)
            except ValueError as error:
                yield Problem(place, f"not a JMESPath: {' '.join(str(error).split())}")
        if self.pages and "{page}" not in self.url:
            yield Problem(("pages",), "the address has no {page} to count; put it where the page's number belongs")
        if not self.pages and "{page}" in self.url:
            yield Problem(("url",), "{page} counts up only with pages; add pages: {start: 1, max: 50}")

        if self.zone and (message := zone_problem(self.zone)):
            yield Problem(("zone",), message)

    def start(self) -> Request:
        """Ask for the first page."""
        return self._request(self.pages.start if self.pages else None)

    def parse(self, page: Page) -> Batch:
        """Read one page."""
        items: list[RawItem] = []
        rejected: list[Rejected] = []
        rows = self._rows(page)
        for row in rows:
            try:
                items.append(self._item(row))
            except _EVALUATION as error:
                rejected.append(Rejected(reason=str(error), example=shortened(row)))
        follow, truncated = self._next(page) if rows else (None, None)
        return Batch(
            items=tuple(items), rejected=tuple(rejected), follow=(follow,) if follow else (), truncated=truncated
        )

    def _request(self, number: int | None) -> Request:
        url = self.url if number is None else self.url.replace("{page}", str(number))
        headers = {"Content-Type": "application/json"} if isinstance(self.body, Mapping) else {}
        text = json.dumps(dict(self.body), ensure_ascii=False) if isinstance(self.body, Mapping) else self.body
        body = None if text is None else text.encode()
        return Request(url=url, method=self.method, accept="application/json", headers=headers, body=body)

    def _rows(self, page: Page) -> list[Any]:
        answer = load(page)
        try:
            rows = _compiled(self.items).search(answer)
        except _EVALUATION as error:
            raise ParseError(page.url, f"rows at {self.items!r} ({error})", page.body[:400]) from error
        if isinstance(rows, dict):
            return [rows]
        if not isinstance(rows, list):
            raise ParseError(page.url, f"a list at {self.items!r}", page.body[:400])
        return rows

    def _item(self, row: object) -> RawItem:
        values = {target: self._value(target, _compiled(path).search(row)) for target, path in self.fields.items()}
        return item_of(values)

    def _value(self, target: str, value: Any) -> object:
        if value is None or attribute_of(target) is not None:
            return value
        if target == "location" and isinstance(value, list):
            return tuple(_text(target, place) for place in value if place is not None)
        if target in TIMES:
            number = isinstance(value, (int, float)) and not isinstance(value, bool)
            text = None if number else _text(target, value)
            return value if text is None else RawTime(value=text, zone=self.zone) if self.zone else text
        return _text(target, value)

    def _next(self, page: Page) -> tuple[Request | None, str | None]:
        if not self.pages:
            return None, None
        before, _, after = self.url.partition("{page}")
        found = re.match(re.escape(before) + r"(-?\d+)" + re.escape(after).replace(r"\{page\}", r"\d+"), page.url)
        if not found:
            return None, f"the answer came from {page.url}, which doesn't show its page's number"
        number = int(found.group(1)) + 1
        if number - self.pages.start < self.pages.max:
            return self._request(number), None
        return None, f"stopped after {self.pages.max} pages" if self.pages.until_empty else None


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


class _Path(Protocol):
    def search(self, value: object) -> Any: ...


@lru_cache(maxsize=10_000)
def _compiled(path: str) -> _Path:
    import jmespath  # 19 ms that only sources of this kind pay

    compiled: _Path = jmespath.compile(path)
    return compiled
