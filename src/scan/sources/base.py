"""What a kind of source is: where to look (`start`), and how to read what comes back (`parse`). Pure.

The class is its own config, documentation and parser: its annotated fields are the keys of its config entry, its
module's docstring is its manual page. To add a kind: one file here, its test, one line in `KINDS`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Annotated, Any, ClassVar, Self, dataclass_transform

import msgspec

from scan.declare import Address, Doc, Problem
from scan.model import ItemKind, RawItem, Rejected
from scan.page import Limit, Page, Request
from scan.sources.addresses import URL
from scan.sources.marks import Marks


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """What one page holds.

    Attributes:
        items: in the page's order.
        follow: further pages, fetched and parsed in turn.
        rejected: odd rows that were left out.
        skipped: rows that are no items of this source: answers to comments, unwanted addresses, further lists.
        total: how many items the source says it has in all; fewer collected means truncated.
        truncated: why this page is known to be incomplete, or None.
        last_may_repeat: a page that is the same as the one before it is the list's end, not a list cut short.

    """

    items: tuple[RawItem, ...] = ()
    follow: tuple[Request, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    skipped: int = 0
    total: int | None = None
    truncated: str | None = None
    last_may_repeat: bool = False


class Detail(msgspec.Struct, frozen=True, kw_only=True):
    """The page of one item, which says more of it than the list does.

    Attributes:
        request: asks for it.
        gives: the fields of the item that it may change, by name: what a search wants of them is open until it is read.
            Attributes are always open.

    """

    request: Request
    gives: frozenset[str] = frozenset({"text"})


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(field,))
@dataclass(frozen=True, kw_only=True)
class Source:
    """A configured place to look. Subclasses become frozen dataclasses of their annotated fields.

    Class arguments:
        kind: its name in the config.
        item_kind: of the items it gives.
        complete: it lists everything it has, so that an item missing from it is gone. A feed is a window: never gone.
        limit: how often the service lets itself be asked, as it says or is known for; None where nothing is known.
        fresh: how often it makes its answer anew; asking more often brings nothing.

    """

    kind: ClassVar[str]
    item_kind: ClassVar[ItemKind]
    complete: ClassVar[bool]
    limit: ClassVar[Limit | None]
    fresh: ClassVar[timedelta | None]

    url: Annotated[Address | None, Doc("overrides the address that the kind would build: a mirror, a file")] = None
    organization: Annotated[str | None, Doc("whose items these are, where the source doesn't say")] = None

    def __init_subclass__(
        cls,
        *,
        kind: str,
        item_kind: ItemKind,
        complete: bool,
        limit: Limit | None = None,
        fresh: timedelta | None = None,
        **kwargs: Any,
    ) -> None:
        """Make the subclass a dataclass, so that an adapter is nothing but its fields and two methods."""
        super().__init_subclass__(**kwargs)
        cls.kind, cls.item_kind, cls.complete, cls.limit, cls.fresh = kind, item_kind, complete, limit, fresh
        dataclass(frozen=True, kw_only=True)(cls)

    @classmethod
    def seldom(cls) -> timedelta:
        """Tell how often one source of the kind should be asked at most; zero where that is nobody's concern."""
        limited = timedelta(0) if cls.limit is None else cls.limit.within / cls.limit.requests
        return max(limited, cls.fresh or timedelta(0))

    @classmethod
    def recognize(cls, url: URL) -> Self | None:
        """Give the source that a public address of the service shows: of a board, a job, an API, something embedded.

        None for every other address. Nothing is guessed from a name: another service may have the same one.
        """
        del url
        return None

    @classmethod
    def recognize_page(cls, url: URL, marks: Marks) -> Self | None:
        """Give the source behind a page on a host of its owner's, by what only this service's pages hold."""
        del url, marks
        return None

    def start(self) -> Request:
        """Say where to look first."""
        raise NotImplementedError

    def parse(self, page: Page) -> Batch:
        """Read one page. Strings are copied word for word; `scan.normalize` cleans.

        Raises:
            ParseError: the page is not in this format. Nothing else is ever raised.

        """
        raise NotImplementedError

    @property
    def has_details(self) -> bool:
        """Whether its items may have pages of their own that are worth reading."""
        return type(self).detail is not Source.detail and not (self.url or "").lower().startswith("file:")

    def detail(self, item: RawItem) -> Detail | None:
        """Say where a page is that says more of an item than the list; None where there is none to ask.

        Args:
            item: as the list has it, or one with no more than the key, title, address and attributes of a stored item.

        """
        del item
        return None

    def parse_detail(self, page: Page) -> RawItem:
        """Read the page of one item: what it gives replaces what the list said, and its attributes come to those.

        Its key and its address are what the list says, whatever is given here.

        Raises:
            ParseError: the page is not in this format. Nothing else is ever raised.

        """
        raise NotImplementedError

    def problems(self) -> Iterable[Problem]:
        """Find what is wrong with the configured values beyond their types: a selector that doesn't compile."""
        return ()
