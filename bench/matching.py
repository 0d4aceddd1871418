"""What matching costs by the number of searches, in this process: the searches share next to no words."""

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from bench import boards
from bench.corpus import EPOCH
from bench.results import Curve
from scan.declare import Address
from scan.match.matcher import Matcher
from scan.match.search import Search, Words
from scan.model import Item
from scan.normalize import normalize
from scan.page import Page
from scan.sources.feed import Feed

SEARCHES = (10, 100, 1000)
ITEMS = 300
"""Enough to be measured, few enough to be measured often."""
WORDS = 5
"""Of each search."""

TRIES = 7

Make = Callable[[int], Sequence[Search]]


def curves() -> list[Curve]:
    """Measure the processor seconds that matching one item of 2 KB takes; the best of several tries."""
    now = datetime.fromtimestamp(EPOCH, UTC)
    items = read(now)
    return [curve(texts, make, items, now) for texts, make in TEXTS.items()]


def curve(texts: str, make: Make, items: Sequence[Item], now: datetime) -> Curve:
    """Measure one kind of searches, more and more of them in turns."""
    matchers = {number: Matcher(make(number), now=now) for number in SEARCHES}
    tries: dict[int, list[float]] = {number: [] for number in SEARCHES}
    for _ in range(TRIES):
        for number, matcher in matchers.items():
            tries[number].append(once(matcher, items))
    matched = sum(len(matchers[max(SEARCHES)].match(item)) for item in items) / len(items)
    seconds = {number: min(measured) / len(items) for number, measured in tries.items()}
    return Curve(texts=texts, seconds=seconds, matched=round(matched, 2))


def once(matcher: Matcher, items: Sequence[Item]) -> float:
    """Measure one pass over the items."""
    started = time.process_time()
    for item in items:
        matcher.match(item)
    return time.process_time() - started


def strange(number: int) -> list[Search]:
    """Make searches whose words occur nowhere."""
    return [Search(name=f"s{one}", words=Words(any=tuple(words(one, "q")), none=("unpaid",))) for one in range(number)]


def narrow(number: int) -> list[Search]:
    """Make those that the boards are scanned with."""
    return [
        Search(
            name=str(one["name"]), words=Words(any=tuple(one["any"]), all=tuple(one["all"]), none=tuple(one["none"]))
        )
        for one in boards.searches(number)
    ]


def broad(number: int) -> list[Search]:
    """Make searches that each find something in a text of forty or so."""
    return [Search(name=f"s{one}", words=Words(any=tuple(words(one)), none=("unpaid",))) for one in range(number)]


def words(search: int, end: str = "") -> list[str]:
    """Give words that no other search has."""
    return [f"{word}{end}" for word in boards.rare()[2000 + WORDS * search :][:WORDS]]


def read(now: datetime) -> list[Item]:
    """Make items as a run reads them."""
    body = boards.rss(0, [boards.posting(0, position) for position in range(ITEMS)]).encode()
    page = Page(url="https://example.org/jobs.rss", body=body)
    raw = Feed(url=Address(page.url)).parse(page).items
    items = [normalize(item, source="s", kind="article", base="", organization=None, now=now) for item in raw]
    return [item for item in items if isinstance(item, Item)]


TEXTS: Mapping[str, Make] = {
    "no word occurs": strange,
    "words occur, few searches match": narrow,
    "many searches match": broad,
}
