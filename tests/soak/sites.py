"""The sources of the soak: boards, tables and feeds whose items appear, are edited, leave and come back."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from email.utils import format_datetime
from html import escape
from itertools import count
from random import Random

from tests.cli.boards import board, job
from tests.soak.ledger import Shown
from tests.web import Answer

WANTED, UNWANTED = "Engineer", "Cook"
SHARE_WANTED = 0.4
FEWEST, MOST = 6, 24
"""Items that a source shows."""

PLACES = {"place": "Berlin", "company": "Acme"}


@dataclass(frozen=True, kw_only=True)
class Item:
    """Something that a source shows.

    Attributes:
        edits: how often it was edited.
        shared: another source has the same posting; it is left as it is.

    """

    key: str
    posting: str
    wanted: bool
    edits: int = 0
    shared: bool = False

    @property
    def title(self) -> str:
        return f"{WANTED if self.wanted else UNWANTED} {self.posting}"

    @property
    def text(self) -> str:
        return f"Für alle, die schöne Dinge mögen. Edited {self.edits} times."


def feed(items: Sequence[Item]) -> bytes:
    entries = (
        f"<item><guid>{one.key}</guid><title>{one.title}</title><link>https://feeds.example.org/{one.key}</link>"
        f"<description>{one.text}</description></item>"
        for one in items
    )
    head = '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>News</title>'
    return f"{head}{''.join(entries)}</channel></rss>".encode()


def rows(items: Sequence[Item]) -> bytes:
    listed = [{"id": one.key, "name": one.title, "text": one.text, **PLACES} for one in items]
    return json.dumps({"data": listed}, ensure_ascii=False).encode()


def table(items: Sequence[Item]) -> bytes:
    lines = (
        f'<tr id="{one.key}"><td><a href="/of/{one.key}">{one.title}</a></td><td>{escape(one.text)}</td></tr>'
        for one in items
    )
    return f'<!doctype html><meta charset="utf-8"><title>List</title><table>{"".join(lines)}</table>'.encode()


def jobs(items: Sequence[Item]) -> bytes:
    return board([job(int(one.key), one.title, content=one.text) for one in items])


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of source.

    Attributes:
        write: makes the page of items.
        config: what else the config says of one.
        shares: its items have what makes one posting known elsewhere.

    """

    write: Callable[[Sequence[Item]], bytes]
    content_type: str
    config: str = ""
    shares: bool = False


KINDS = {
    "feed": Kind(write=feed, content_type="application/rss+xml"),
    "json": Kind(
        write=rows,
        content_type="application/json",
        config="items: data, fields: {key: id, title: name, text: text, location: place, organization: company}",
        shares=True,
    ),
    "html": Kind(
        write=table,
        content_type="text/html",
        config='items: tr, fields: {key: "@id", title: a, url: a@href, text: "td:nth-child(2)"}',
    ),
    "greenhouse": Kind(write=jobs, content_type="application/json", config="board: acme", shares=True),
}
VALIDATORS = ("etag", "last_modified", "none")


@dataclass(kw_only=True)
class Site:
    """One source.

    Attributes:
        shown: its items, the newest first.
        away: those that left and may come back.
        changed_at: when it was last changed.

    """

    name: str
    kind: str
    validators: str
    changed_at: datetime
    shown: list[Item] = field(default_factory=list)
    away: list[Item] = field(default_factory=list)

    def answer(self, items: Sequence[Item] | None = None) -> Answer:
        """Give the whole page with its validators; or one of other items, which has none."""
        if items is not None:
            return self._page(items)
        page = self._page(self.shown)
        if self.validators == "etag":
            return replace(page, etag=f'"{hash(page.body):x}"')
        if self.validators == "last_modified":
            return replace(page, last_modified=format_datetime(self.changed_at, usegmt=True))
        return page

    def _page(self, items: Sequence[Item]) -> Answer:
        kind = KINDS[self.kind]
        return Answer(body=kind.write(items), headers={"Content-Type": kind.content_type})

    def shows(self, items: Sequence[Item]) -> list[Shown]:
        """Write down what a page shows."""
        return [Shown(source=self.name, key=one.key, posting=one.posting, wanted=one.wanted) for one in items]


class Country:
    """All sources."""

    def __init__(self, sources: int, chance: Random, now: datetime) -> None:
        self._chance = chance
        self._numbers = count(1)
        kinds, validators = list(KINDS), VALIDATORS
        self.sites = [
            Site(
                name=f"s{number:03}",
                kind=kinds[number % len(kinds)],
                validators=validators[number // len(kinds) % len(validators)],
                changed_at=now,
            )
            for number in range(sources)
        ]
        self._sharing = [site for site in self.sites if KINDS[site.kind].shares]
        for site in self.sites:
            for _ in range(chance.randint(FEWEST, MOST)):
                self._appear(site)

    def pass_time(self, now: datetime, changing: float) -> None:
        """Let some sources, a share of them all, change."""
        for site in self.sites:
            if self._chance.random() < changing:
                site.changed_at = now
                for change in self._chance.sample(
                    (self._appear, self._appear, self._edit, self._leave, self._return), 2
                ):
                    change(site)

    def _appear(self, site: Site) -> None:
        number = next(self._numbers)
        item = Item(key=str(number), posting=f"P{number:06}", wanted=self._chance.random() < SHARE_WANTED)
        if item.wanted and site in self._sharing and self._chance.random() < 0.1:
            item = replace(item, shared=True)
            other = self._chance.choice(self._sharing)
            if other is not site:
                other.changed_at = site.changed_at
                self._show(other, replace(item, key=str(next(self._numbers))))
        self._show(site, item)

    def _show(self, site: Site, item: Item) -> None:
        site.shown.insert(0, item)
        if len(site.shown) > MOST:
            self._leave(site)

    def _edit(self, site: Site) -> None:
        """Edit one; it may begin to be wanted by that, or cease to."""
        number = self._chance.randrange(len(site.shown))
        item = site.shown[number]
        if not item.shared:
            wanted = self._chance.random() < SHARE_WANTED
            site.shown[number] = replace(item, edits=item.edits + 1, wanted=wanted)

    def _leave(self, site: Site) -> None:
        if len(site.shown) > FEWEST:
            site.away.append(site.shown.pop(self._chance.randrange(len(site.shown) // 2, len(site.shown))))

    def _return(self, site: Site) -> None:
        if site.away:
            self._show(site, site.away.pop(self._chance.randrange(len(site.away))))
