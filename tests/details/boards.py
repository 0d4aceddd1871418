"""A board whose items have pages, and a store in memory."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import ClassVar

from scan.changes import DetailState, Known
from scan.config.model import SourceEntry
from scan.details.cleaning import normalized
from scan.model import Item, RawItem, StoredItem
from scan.normalize import raw_hash
from scan.page import Page, Request
from scan.sources import Batch, Source
from scan.sources.base import Detail

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


class Board(Source, kind="board", item_kind="job", complete=True):
    """Every item has a page that gives its text, and the place of those in several."""

    pages: ClassVar[int] = 0

    def start(self) -> Request:
        return Request(url="https://example.org/list")

    def parse(self, page: Page) -> Batch:
        raise NotImplementedError

    def detail(self, item: RawItem) -> Detail | None:
        if item.url is None:
            return None
        gives = {"text", "published_at"} | ({"location"} if "places" in item.attributes else set())
        return Detail(request=Request(url=item.url), gives=frozenset(gives))


ENTRY = SourceEntry(name="acme", source=Board())


def raw(number: int, title: str = "Engineer", **more: object) -> RawItem:
    return RawItem(key=number, title=title, url=f"https://example.org/{number}", **more)  # type: ignore[arg-type] # fields


def cleaned(item: RawItem) -> Item:
    found = normalized(ENTRY, item, NOW)
    assert isinstance(found, Item)
    return found


def listed_hash(item: RawItem) -> bytes:
    return cleaned(item).content_hash


class Stored:
    """What earlier runs stored: items as the list has them, as they are with their page, and what is remembered."""

    def __init__(self, *rows: tuple[RawItem, Item, DetailState | None], listed: bool = True) -> None:
        self._known = {
            item.key: Known(
                id=number,
                key=item.key,
                raw_hash=raw_hash(as_listed),
                content_hash=item.content_hash,
                listed=listed,
                gone=False,
            )
            for number, (as_listed, item, _) in enumerate(rows)
        }
        self._items = {number: item for number, (_, item, _) in enumerate(rows)}
        self._states = {number: state for number, (_, _, state) in enumerate(rows) if state is not None}

    def known(self, source: str, keys: Collection[str]) -> Mapping[str, Known]:
        assert source == "acme"
        del keys
        return self._known

    def detail_states(self, source: str) -> Mapping[int, DetailState]:
        assert source == "acme"
        return self._states

    def stored(self, ids: Collection[int]) -> Mapping[int, StoredItem]:
        return {
            number: StoredItem(
                id=number,
                item=self._items[number],
                first_seen_at=NOW,
                last_seen_at=NOW,
                changed_at=None,
                gone_at=None,
                revision=0,
                episode=0,
            )
            for number in ids
        }
