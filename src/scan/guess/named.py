"""Which named service is behind an address or a page: by what its adapters recognize, never by a name alone."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import MISSING, dataclass, fields
from typing import ParamSpec

from scan.sources import Source
from scan.sources.addresses import URL
from scan.sources.marks import Marks

Kinds = Mapping[str, type[Source]]

P = ParamSpec("P")

BY_ADDRESS, BY_PAGE, BY_EMBED, BY_LINKS = 0.97, 0.93, 0.9, 0.7
_MOST_EMBEDDED = 3


@dataclass(frozen=True)
class Known:
    """A source that something shows.

    Attributes:
        source: as its adapter recognized it.
        because, belief: as a guess's.

    """

    source: Source
    because: str
    belief: float


def by_address(address: str, kinds: Kinds) -> list[Known]:
    """Give the source that an address shows."""
    url = URL.read(address)
    return [Known(source, "its address", BY_ADDRESS) for source in _recognized(url, kinds)] if url else []


def by_page(address: str, marks: Marks, kinds: Kinds) -> list[Known]:
    """Give the sources that a page shows: its own, those it embeds, and the one that it links to.

    A page that links to several boards of a service is about other things than one of them.
    """
    url = URL.read(address)
    own = [_asked(adapter.recognize_page, url, marks) for adapter in kinds.values()] if url else []
    found = [Known(source, "what the page is made of", BY_PAGE) for source in own if source is not None]
    found += _few(marks.loads, kinds, most=_MOST_EMBEDDED, because="what the page embeds", belief=BY_EMBED)
    found += _few(marks.links, kinds, most=1, because="where the page links to", belief=BY_LINKS)
    first: dict[str, Known] = {}
    for known in found:
        first.setdefault(repr(known.source), known)
    return list(first.values())


def _few(urls: Iterable[URL], kinds: Kinds, *, most: int, because: str, belief: float) -> Iterator[Known]:
    """Give the sources that addresses show, of kinds that have many, unless there are too many to mean one."""
    several = {kind: adapter for kind, adapter in kinds.items() if _names_one_of_many(adapter)}
    distinct = {repr(source): source for url in urls for source in _recognized(url, several)}
    counts = Counter(source.kind for source in distinct.values())
    yield from (Known(source, because, belief) for source in distinct.values() if counts[source.kind] <= most)


def _names_one_of_many(adapter: type[Source]) -> bool:
    """Tell whether a kind's entries say which board they mean: a link to a whole site shows nothing."""
    return any(one.default is MISSING and one.default_factory is MISSING for one in fields(adapter))


def _recognized(url: URL, kinds: Kinds) -> Iterator[Source]:
    yield from (source for adapter in kinds.values() if (source := _asked(adapter.recognize, url)) is not None)


def _asked(recognize: Callable[P, Source | None], *what: P.args, **more: P.kwargs) -> Source | None:
    """Ask an adapter; one of a plug-in that fails recognizes nothing, and costs the others nothing."""
    try:
        return recognize(*what, **more)
    except Exception:  # noqa: BLE001 - a plug-in's bug
        return None
