"""Rows of a dataset on an open data portal that runs Socrata.

    - name: permits
      kind: socrata
      domain: data.example.org
      dataset: msk6-43c6                 # the last part of the dataset's address
      where: "status = 'Issued'"         # as SoQL reads it
      fields:                            # columns, by field
        key: permit_number
        title: description
        location: address
        published_at: issued_date
        attributes.cost: total_cost
      zone: America/Chicago              # of times that carry none; default UTC

The fields are `key`, `title`, `url`, `organization`, `location`, `text`, `published_at`, `updated_at` and
`attributes.NAME`. Without `key`, a row is known by its address, else by its title: name the column that tells rows
apart (Socrata's own `:id` changes when a dataset is replaced as a whole). Read a thousand rows at a time, in the order
of `:id`, for without an order pages overlap. Numbers, which Socrata sends as texts, are numbers in attributes.

Source: https://dev.socrata.com/docs/paging.html and https://dev.socrata.com/docs/queries/, and an answer recorded in
xmunoz/sodapy at c2cabc3.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import field
from typing import Annotated, Any, Self
from urllib.parse import quote

from scan.declare import Doc, Problem, SecretText
from scan.errors import ParseError
from scan.model import RawItem, RawTime, Rejected
from scan.page import Page, Request
from scan.sources.addresses import URL
from scan.sources.base import Batch, Source
from scan.sources.cells import plain_number
from scan.sources.fields import TIMES, attribute_of, item_of, unknown_targets, zone_problem
from scan.sources.paging import raised
from scan.sources.rows import load, shortened

PAGE_SIZE = 1000

_DATASET = re.compile(r"[a-z0-9]{4}-[a-z0-9]{4}")


class Socrata(Source, kind="socrata", item_kind="item", complete=True):
    """A dataset's rows."""

    domain: Annotated[str, Doc("the portal's host", example="data.example.org")]
    dataset: Annotated[str, Doc("the last part of its address", example="msk6-43c6")]
    fields: Annotated[Mapping[str, str], Doc("columns, by field", example="{title: name}")] = field()
    where: Annotated[str | None, Doc("only rows for which this holds, as SoQL reads it")] = None
    token: Annotated[SecretText | None, Doc("an app token, for more requests", example="${credential:socrata}")] = None
    zone: Annotated[str | None, Doc("the IANA zone of times without one", example="America/Chicago")] = None

    def problems(self) -> Iterable[Problem]:
        """Find fields that no item has, and a zone that is none."""
        yield from unknown_targets(self.fields)
        if self.zone and (message := zone_problem(self.zone)):
            yield Problem(("zone",), message)

    @classmethod
    def recognize(cls, url: URL) -> Self | None:
        """Know a dataset's API and pages on any portal; which columns are wanted, its rows must tell."""
        names = [part.removesuffix(".json") for part in url.path]
        found = next((name for name in reversed(names) if _DATASET.fullmatch(name)), None)
        named = names[:1] in (["resource"], ["d"]) or names[:2] == ["api", "views"]
        if found is None or not (named or (len(names) > 2 and any(map(str.isdecimal, found)))):
            return None
        return cls(domain=url.origin.partition("://")[2], dataset=found, fields={})

    def start(self) -> Request:
        """Ask for the first thousand rows."""
        host, dataset = quote(self.domain, safe=":"), quote(self.dataset, safe="")
        where = f"&$where={quote(self.where)}" if self.where else ""
        url = f"https://{host}/resource/{dataset}.json?$limit={PAGE_SIZE}&$offset=0&$order=:id{where}"
        return self._request(self.url or url)

    def parse(self, page: Page) -> Batch:
        """Read one page; a full one is followed by the next."""
        rows = load(page)
        if not isinstance(rows, list):
            raise ParseError(page.url, "a JSON array of rows", page.body[:400])
        items: list[RawItem] = []
        rejected: list[Rejected] = []
        for row in rows:
            item = self._item(row) if isinstance(row, dict) else None
            if item is not None and (item.title or item.url):
                items.append(item)
            else:
                rejected.append(Rejected(reason="it has none of the columns", example=shortened(row)))
        following = raised(page.url, "$offset", PAGE_SIZE) if len(rows) >= PAGE_SIZE else None
        follow = (self._request(following),) if following else ()
        return Batch(items=tuple(items), rejected=tuple(rejected), follow=follow)

    def _request(self, url: str) -> Request:
        headers = {"X-App-Token": self.token} if self.token else {}
        return Request(url=url, accept="application/json", headers=headers)

    def _item(self, row: Mapping[str, Any]) -> RawItem:
        return item_of({target: self._value(target, row.get(column)) for target, column in self.fields.items()})

    def _value(self, target: str, value: object) -> object:
        if attribute_of(target) is not None:
            number = plain_number(value) if isinstance(value, str) else None
            return value if number is None else number
        text = _text(value)
        return RawTime(value=text, zone=self.zone) if text and target in TIMES and self.zone else text


def _text(value: object) -> str | None:
    """Write a cell as text: a link is an object with its address, and numbers are sent as texts."""
    if isinstance(value, dict):
        value = value.get("url") or value.get("human_address") or value.get("description")
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return None
    return str(value).strip() or None
