"""Asking for the pages of single items, after their list. A pure generator, as `walk` is."""

from collections.abc import Callable, Generator, Iterable, Sequence

import msgspec

from scan.errors import FetchError, SourceError
from scan.model import RawItem
from scan.page import Page, Request
from scan.sources.base import Detail, Source
from scan.sources.statuses import demand_success

TOLERATED = 3
"""Pages in a row that may fail; then the source's others are left alone until its next run."""

_LISTED = frozenset({"key", "url", "base"})
"""What is always the list's: an item must not change its identity with its page."""


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """An item whose own page should be read.

    Attributes:
        key: its identity within its source.

    """

    key: str
    detail: Detail


class Details(msgspec.Struct, frozen=True, kw_only=True):
    """Which items' own pages are to be read.

    Attributes:
        choose: those of a list that are worth it, the most urgent first.
        most: so many at most.
        go_on: whether there is time for another one.

    """

    choose: Callable[[Sequence[RawItem]], Sequence[Wanted]]
    most: int
    go_on: Callable[[], bool]


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one item's page.

    Attributes:
        gives: the fields that are open while it is not read.
        item: what it says; None if it was not read.
        error: why not; None where it was not its turn yet.

    """

    key: str
    gives: frozenset[str]
    item: RawItem | None = None
    error: SourceError | None = None


class Effort(msgspec.Struct):
    """What the answers took: bytes over the wire."""

    received: int = 0


def ask(
    source: Source,
    wanted: Sequence[Wanted],
    details: Details,
    address: Callable[[Request], Request | None],
    effort: Effort,
) -> Generator[Request, Page | FetchError, tuple[Told, ...]]:
    """Ask for the pages of single items, one after another. A page that fails costs nothing but itself.

    Args:
        source: reads them.
        wanted: the most urgent first.
        details: how many, and how long.
        address: makes a request fit to be sent; None for one that may not be.
        effort: is added to.

    """
    told: list[Told] = []
    failed: list[SourceError] = []
    for one in wanted:
        if len(told) >= details.most or not details.go_on():
            told.append(Told(key=one.key, gives=one.detail.gives))
        elif len(failed) >= TOLERATED or (failed and _is_asked_to_wait(failed[-1])):
            told.append(Told(key=one.key, gives=one.detail.gives, error=failed[-1]))
        else:
            found: RawItem | SourceError
            if (request := address(one.detail.request)) is None:
                found = FetchError(one.detail.request.url, "only http and https are asked")
            else:
                found = _read(source, (yield request), effort)
            failed = [*failed, found] if isinstance(found, SourceError) else []
            told.append(_told(one, found))
    return tuple(told)


def _told(one: Wanted, found: RawItem | SourceError) -> Told:
    if isinstance(found, SourceError):
        return Told(key=one.key, gives=one.detail.gives, error=found)
    return Told(key=one.key, gives=one.detail.gives, item=found)


def _is_asked_to_wait(error: SourceError) -> bool:
    return isinstance(error, FetchError) and error.retry_after is not None


def _read(source: Source, answer: Page | FetchError, effort: Effort) -> RawItem | SourceError:
    if isinstance(answer, FetchError):
        return answer
    effort.received += answer.received
    try:
        demand_success(answer)
        return source.parse_detail(answer)
    except SourceError as error:
        return error
    except Exception as error:  # noqa: BLE001 - as in walk: an adapter's bug must cost its own page only
        failure = SourceError(f"{answer.url}: {source.kind} failed with {type(error).__name__}: {error}")
        failure.__cause__ = error
        return failure


def completed(item: RawItem, page: RawItem) -> RawItem:
    """Put what an item's own page says of it in place of what the list says; attributes are put together."""
    said = {name: value for name in _given(page) if (value := getattr(page, name)) != getattr(_NOTHING, name)}
    said["attributes"] = item.attributes | page.attributes
    if page.text is not None:
        said["markup"] = page.markup
    return msgspec.structs.replace(item, **said)


_NOTHING = RawItem()


def _given(page: RawItem) -> Iterable[str]:
    return (name for name in page.__struct_fields__ if name not in _LISTED)
