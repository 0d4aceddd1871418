"""One request on its way to its page: the redirects and tries so far, and what comes next. Pure."""

from collections.abc import Callable
from typing import NamedTuple

import msgspec

from scan.errors import FetchError
from scan.fetch.reasons import Failure
from scan.fetch.redirect import follow
from scan.fetch.retry import LONGEST_WAIT, RETRIED, backoff
from scan.fetch.settings import HttpSettings
from scan.page import Page, Request


class Bounds(msgspec.Struct, frozen=True, kw_only=True):
    """How much one request may take: seconds in all for each try, redirects for each try, and more tries."""

    seconds: float
    redirects: int
    retries: int

    @classmethod
    def of(cls, settings: HttpSettings) -> "Bounds":
        """Take them from the settings."""
        return cls(seconds=settings.timeout.total_seconds(), redirects=settings.max_redirects, retries=settings.retries)


class Again(NamedTuple):
    """The exchange goes on: its `asked` is to be asked after so many seconds, or at once."""

    delay: float | None


class Exchange:
    """One request on its way.

    Attributes:
        request: as it was made.
        asked: what to ask now: the request itself, or where a redirect leads.
        seconds: what is left of this try's time.

    """

    __slots__ = ("_bounds", "_in_doubt", "_redirects", "_retried", "_retries", "asked", "request", "seconds")

    def __init__(self, request: Request, bounds: Bounds) -> None:
        self.request = request
        self._bounds = bounds
        self._retries = 0 if request.once else bounds.retries
        self._retried = 0
        self._in_doubt = False
        self._begin()

    def settle(
        self, outcome: Page | Failure, *, spent: float, sent: bool, left: float, random: Callable[[], float]
    ) -> Page | FetchError | Again:
        """Take in what came of `asked`, and say what that means for the request.

        Args:
            outcome: the page, whatever its status, or why there is none.
            spent: seconds it took. It is not tried again where as many more would be over too late.
            sent: whether anything of it went out.
            left: seconds until all is to be over.
            random: gives numbers in [0, 1).

        """
        self._in_doubt |= sent
        self.seconds -= spent
        if isinstance(outcome, Failure):
            return self._failed(outcome, left - spent, random)
        if outcome.status in RETRIED:
            return self._refused(outcome, left - spent, random)
        if self.request.once:
            return outcome
        try:
            following = follow(self.request, self.asked, outcome)
        except FetchError as error:
            return error
        return outcome if following is None else self._redirected(following)

    def error(self, reason: str, *, status: int | None = None, wait: float | None = None) -> FetchError:
        """Make this request's error."""
        where = "" if self.asked.url == self.request.url else "after a redirect: "
        return FetchError(
            self.request.url, f"{where}{reason}", status=status, retry_after=wait, in_doubt=self._in_doubt
        )

    def _begin(self) -> None:
        self.asked = self.request
        self.seconds = self._bounds.seconds
        self._redirects = 0

    def _again(self, delay: float) -> Again:
        self._retried += 1
        self._begin()
        return Again(delay)

    def _failed(self, why: Failure, latest: float, random: Callable[[], float]) -> FetchError | Again:
        delay = backoff(self._retried, random())
        if why.transient and self._retried < self._retries and delay <= latest:
            return self._again(delay)
        return self.error(why.reason)

    def _refused(self, page: Page, latest: float, random: Callable[[], float]) -> Page | Again:
        delay = backoff(self._retried, random()) if page.retry_after is None else page.retry_after
        if self._retried >= self._retries or delay > min(LONGEST_WAIT, latest):
            return page
        return self._again(delay)

    def _redirected(self, following: Request) -> FetchError | Again:
        self._redirects += 1
        if self._redirects > self._bounds.redirects:
            return self.error(f"more than {self._bounds.redirects} redirects")
        self.asked = following
        if self.seconds <= 0:
            return self.error(f"timed out after {self._bounds.seconds:.3g} s")
        return Again(None)
