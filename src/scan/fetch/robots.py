"""robots.txt: whether a host lets its pages be asked for. Requests wait here until that is known.

Source: RFC 9309. A file that is unavailable (a status of the 400s, too many redirects) forbids nothing; one that is
unreachable (the 500s, no answer) forbids everything, unless an earlier one is known. 429 counts as unreachable: whoever
says it is not to be asked more. `Crawl-delay`, which is no part of the RFC but widely written, is kept to.
"""

from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING, Generic, TypeVar

from scan.errors import FetchError
from scan.fetch.redirect import REDIRECTS
from scan.fetch.remembered import HostMemory
from scan.fetch.urls import Place, root
from scan.page import Page, Request

if TYPE_CHECKING:
    from protego import Protego

J = TypeVar("J")

FRESH = 24 * 3600.0
"""Seconds for which a file that was read is good (RFC 9309, 2.4)."""

KEPT = 30 * 24 * 3600.0
"""Seconds for which one that was read is better than none."""

LONGEST = 500 * 1024
"""Bytes that are read of it (RFC 9309, 2.5)."""

_ACCEPT = "text/plain, */*;q=0.5"

LONGEST_DELAY = 60.0
"""Seconds between two requests at most, whatever the file says."""


class Gate(Generic[J]):
    """What robots.txt says, host by host."""

    def __init__(self, memory: HostMemory, user_agent: str) -> None:
        """Take what is remembered, and who asks: the first word of the User-Agent, up to a slash, is its name there."""
        self._memory = memory
        self._agent = user_agent.partition("/")[0].split()[0]
        self._texts: dict[Place, str | None] = {}
        self._why: dict[Place, str] = {}
        self._waiting: dict[Place, list[J]] = defaultdict(list)

    def knows(self, place: Place) -> bool:
        """Tell whether the file of a host is known well enough."""
        if place not in self._texts:
            known = self._memory.robots(place)
            if known is None or not 0 <= known[1] < FRESH:
                return False
            self._texts[place] = known[0]
        return True

    def wait(self, place: Place, job: J) -> Request | None:
        """Have a job wait for a host's file; returns what to ask for it, unless somebody has."""
        self._waiting[place].append(job)
        return None if len(self._waiting[place]) > 1 else Request(url=f"{root(place)}/robots.txt", accept=_ACCEPT)

    def learn(self, place: Place, answer: Page | FetchError) -> list[J]:
        """Take in what came of asking for a file; returns the jobs that waited for it."""
        text = text_of(answer)
        if text is not None:
            self._memory.learn_robots(place, text)
        else:
            known = self._memory.robots(place)
            text = known[0] if known is not None and known[1] < KEPT else None
            why = answer.reason if isinstance(answer, FetchError) else f"HTTP {answer.status}"
            self._why[place] = f"the host's robots.txt cannot be read ({why}), so nothing is asked for there"
        self._texts[place] = text
        return self._waiting.pop(place, [])

    def refuses(self, place: Place, url: str) -> str | None:
        """Say why an address of a host whose file is known may not be asked for; None if it may."""
        text = self._texts[place]
        if text is None:
            return self._why[place]
        if text and not _rules(text).can_fetch(url, self._agent):
            return "the host's robots.txt forbids it (robots: obey)"
        return None

    def delay(self, place: Place) -> float:
        """Tell how many seconds the file wants between two requests."""
        text = self._texts[place]
        return min((_rules(text).crawl_delay(self._agent) if text else None) or 0.0, LONGEST_DELAY)


def text_of(answer: Page | FetchError) -> str | None:
    """Read a file; empty if there is none, None if that cannot be known."""
    status = answer.status
    if isinstance(answer, Page) and 200 <= answer.status < 300:
        return answer.body[:LONGEST].decode("utf-8-sig", "replace").replace("\0", "")  # PostgreSQL keeps none
    too_many = isinstance(answer, FetchError) and "redirects" in answer.reason
    gone = status is not None and status != 429 and (400 <= status < 500 or status in REDIRECTS)
    return "" if too_many or gone else None


@lru_cache(maxsize=1000)
def _rules(text: str) -> "Protego":
    from protego import Protego

    return Protego.parse(text)
