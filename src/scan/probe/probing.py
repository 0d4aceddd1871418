"""The probe: look at an address, guess, try the guesses, rank what they give."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urljoin

import msgspec

from scan.config.drafts import Drafts
from scan.errors import FetchError
from scan.fetch import Fetcher
from scan.guess.looking import Look, look
from scan.guess.named import by_address
from scan.page import Page, Request
from scan.probe.attempts import Attempts
from scan.probe.comparing import compared
from scan.probe.trial import LEAST, MEDIUM, Candidate
from scan.sources import Source

_ACCEPT = "text/html, application/xhtml+xml, application/json;q=0.9, */*;q=0.8"
_ACCEPT_JSON = "application/json"
_MOST_LEADS = 3


class Probed(msgspec.Struct, frozen=True, kw_only=True):
    """What a probe found.

    Attributes:
        url: as asked for.
        what: what is there, in a few words; None where it wasn't looked at.
        candidates: the best first.
        tried: what led to nothing, one line each.
        error: why nothing could be looked at.
        secrets: in the address: what no output may show.

    """

    url: str
    what: str | None = None
    candidates: tuple[Candidate, ...] = ()
    tried: tuple[str, ...] = ()
    error: str | None = None
    secrets: frozenset[str] = frozenset()


def probe(
    address: str,
    *,
    drafts: Drafts,
    kinds: Mapping[str, type[Source]],
    fetcher: Fetcher,
    taken: Collection[str],
    now: datetime,
) -> Probed:
    """Find what sources are behind an address.

    Args:
        address: as a config would have it.
        drafts: reads entries as the config's.
        kinds: of sources.
        fetcher: asks.
        taken: names that a new source may not have.
        now: the time of the probe.

    Raises:
        ConfigError: it is no address.

    """
    asked = drafts.read({"name": "probed", "kind": "feed", "url": address})
    plain = asked.entry.source.url
    assert plain is not None
    attempts = Attempts(address=address, plain=plain, drafts=drafts, fetcher=fetcher, taken=taken, now=now)
    found = _Probe(address, plain, attempts, kinds, now).run()
    return msgspec.structs.replace(found, secrets=asked.secrets)


@dataclass(frozen=True)
class _Probe:
    """One probe: of an address as a config has it, and as it is asked for."""

    address: str
    plain: str
    attempts: Attempts
    kinds: Mapping[str, type[Source]]
    now: datetime

    def run(self) -> Probed:
        self.attempts.known(by_address(self.plain, self.kinds))
        if self.attempts.candidates:
            return self.result()
        try:
            page = self.attempts.ask(Request(url=self.plain, accept=_ACCEPT))
        except FetchError as error:
            return self.result(error=str(error))
        if page.url != self.plain:
            self.attempts.known(by_address(page.url, self.kinds))
        found = look(page, self.address, self.kinds, self.now)
        self.follow(found)
        if not self.result().candidates and found.what == "a web page":
            self.ask_for_json()
        if not any(one.score >= MEDIUM for one in self.attempts.candidates) and self.plain.startswith("http"):
            self.lead(urljoin(self.plain, "/robots.txt"))
        return self.result(found.what, page=page)

    def follow(self, found: Look) -> None:
        """Try everything that a look suggests."""
        self.attempts.known(found.known)
        self.attempts.guesses(found.guesses)
        for lead in found.leads[:_MOST_LEADS]:
            self.lead(lead.url)

    def lead(self, url: str) -> None:
        """Look at another page, one that the first one leads to."""
        request = Request(url=url, guarded=True)
        try:
            page = self.attempts.ask(request)
        except FetchError:
            return
        self.follow(look(page, url, {}, self.now))

    def ask_for_json(self) -> None:
        """Ask once more, as programs do: some services answer people with a page, and programs with JSON."""
        del self.attempts.seen[self.plain]
        try:
            page = self.attempts.ask(Request(url=self.plain, accept=_ACCEPT_JSON))
        except FetchError:
            return
        if page.body.lstrip().startswith((b"{", b"[")):
            self.follow(look(page, self.address, self.kinds, self.now))

    def result(self, what: str | None = None, *, page: Page | None = None, error: str | None = None) -> Probed:
        """Rank what works."""
        found = self.attempts.candidates
        if page is not None:
            found = [compared(one, page) for one in found]
        ranked = sorted((one for one in found if one.score >= LEAST), key=lambda one: -one.score)
        failures = tuple(self.attempts.failures)
        return Probed(url=self.address, what=what, candidates=tuple(ranked), tried=failures, error=error)
