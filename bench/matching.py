"""What matching costs by the number of searches, in this process: the searches share nothing with each other."""

import time
from collections.abc import Sequence
from datetime import UTC, datetime

from bench.generate import EPOCH, Corpus
from scan.declare import Address
from scan.match import Matcher
from scan.match.search import Search, Words
from scan.model import Item
from scan.normalize import normalize
from scan.page import Page
from scan.sources.feed import Feed

FEEDS = 10
"""Whose items are matched: enough to be measured, few enough to be measured often."""

TRIES = 15


def cost(corpus: Corpus, searches: int) -> float:
    """Measure the processor seconds that matching one item takes; the best of several tries."""
    now = datetime.fromtimestamp(EPOCH, UTC)
    items = read(corpus, now)
    matcher = Matcher([search(number) for number in range(searches)], now=now)
    return min(once(matcher, items) for _ in range(TRIES)) / len(items)


def once(matcher: Matcher, items: Sequence[Item]) -> float:
    """Measure one pass over the items."""
    started = time.process_time()
    for item in items:
        matcher.match(item)
    return time.process_time() - started


def search(number: int) -> Search:
    """Make a search of five words that no other has."""
    words = tuple(f"word{position}" for position in range(5 * number, 5 * number + 5))
    return Search(name=f"s{number}", words=Words(any=words, none=("unpaid",)))


def read(corpus: Corpus, now: datetime) -> list[Item]:
    """Read the items of the corpus's first feeds."""
    names = [name for name, _ in zip(corpus.names(), range(FEEDS), strict=False)]
    pages = [Page(url=f"https://example.org/{name}", body=(corpus.folder / name).read_bytes()) for name in names]
    raw = [item for page in pages for item in Feed(url=Address(page.url)).parse(page).items]
    made = [normalize(item, source="s", kind="article", base="", organization=None, now=now) for item in raw]
    return [item for item in made if isinstance(item, Item)]
