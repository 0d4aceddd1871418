"""An entry tried: what it gives, and how far it is to be believed."""

from collections.abc import Generator, Mapping
from datetime import datetime
from typing import Any

import msgspec

from scan.config.drafts import Draft
from scan.errors import FetchError
from scan.fetch import Fetcher
from scan.model import Item, RawItem, Rejected
from scan.normalize import normalize
from scan.page import Page, Request
from scan.sources.collected import Collected
from scan.sources.walk import walk

MOST_PAGES = 2
"""Enough to see that a list goes on and doesn't repeat itself, and for a first page that only leads to others."""

SHOWN = 5
HIGH, MEDIUM, LEAST = 0.8, 0.5, 0.35
_EMPTY = 0.75
"""What an empty list that its address vouches for is worth of a full one."""


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """One entry that may be wanted.

    Attributes:
        kind: of the source.
        confidence: high, medium or low.
        score: the same as a number, 0 to 1.
        because: what it was known by.
        entry: as one would write it; secrets are in it as they were given.
        items: the first of them, as a run would store them.
        total: how many there were on the pages that were looked at.
        goes_on: there are more pages.
        truncated: why items are missing that should be there.
        rejected: odd rows that were left out.
        warnings: what could not be read.
        problem: why it could not be tried: a key is missing.

    """

    kind: str
    confidence: str
    score: float
    because: str
    entry: Mapping[str, Any]
    items: tuple[Item, ...] = ()
    total: int = 0
    goes_on: bool = False
    truncated: str | None = None
    rejected: tuple[Rejected, ...] = ()
    warnings: tuple[str, ...] = ()
    problem: str | None = None


def word(score: float) -> str:
    """Put a score into a word."""
    return "high" if score >= HIGH else "medium" if score >= MEDIUM else "low"


def trial(
    draft: Draft, seen: dict[str, Page], *, guarded: bool, pages: int = MOST_PAGES
) -> Generator[Request, Page | FetchError, Collected]:
    """Hold a source's conversation, as far as it takes to judge it.

    Args:
        draft: of the source.
        seen: pages that need not be asked for again, by their address; grows.
        guarded: its address comes from a page, so it must not lead into a private network.
        pages: read at most.

    """
    source = draft.entry.source
    talk = walk(source, headers=draft.entry.headers, max_pages=pages)
    try:
        request = next(talk)
        while True:
            plain = request.method == "GET" and request.body is None
            answer: Page | FetchError | None = seen.get(request.url) if plain else None
            if answer is None:
                answer = yield msgspec.structs.replace(request, guarded=request.guarded or guarded)
                if isinstance(answer, Page) and plain:
                    seen[request.url] = answer
            request = talk.send(answer)
    except StopIteration as ended:
        collected: Collected = ended.value
        return collected


def confirmed(draft: Draft, fetcher: Fetcher) -> Collected:
    """Try an entry once more, all of it asked for as a run would.

    Raises:
        SourceError: it gives nothing to work with.

    """
    ((_, collected),) = fetcher.drive([(None, trial(draft, {}, guarded=False))])
    if collected.error is not None:
        raise collected.error
    return collected


def judged(draft: Draft, collected: Collected, *, belief: float, because: str, now: datetime) -> Candidate:
    """Judge what a trial gave.

    Args:
        draft: that was tried.
        collected: what came of it; not an error.
        belief: in the entry before it was tried, 0 to 1.
        because: what it was known by.
        now: the time of the trial.

    """
    warnings: list[str] = []
    made = [_normalized(draft, raw, now, warnings) for raw in collected.items]
    items = tuple(one for one in made if isinstance(one, Item))
    odd = (*collected.rejected, *(one for one in made if isinstance(one, Rejected)))
    score = belief * _quality(items, len(odd))
    goes_on = collected.truncated == f"stopped after {collected.pages} pages"
    return Candidate(
        kind=draft.entry.source.kind,
        confidence=word(score),
        score=round(score, 2),
        because=because,
        entry=draft.values,
        items=items[:SHOWN],
        total=len(items),
        goes_on=goes_on,
        truncated=None if goes_on else collected.truncated,
        rejected=odd[:SHOWN],
        warnings=tuple(dict.fromkeys(warnings))[:SHOWN],
    )


def _quality(items: tuple[Item, ...], odd: int) -> float:
    """Weigh what came: rows that were left out, and items that all say the same, speak against an entry."""
    if not items:
        return _EMPTY if not odd else 0.0
    distinct = len({(item.title, item.url) for item in items}) / len(items)
    return (0.6 + 0.4 * distinct) * len(items) / (len(items) + odd)


def _normalized(draft: Draft, raw: RawItem, now: datetime, warnings: list[str]) -> Item | Rejected:
    source = draft.entry.source
    return normalize(
        raw,
        source=draft.entry.name,
        kind=source.item_kind,
        base="",
        organization=source.organization,
        now=now,
        warn=warnings.append,
    )
