"""Entries tried one after another: those that work are candidates, of the others it is noted why they don't."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from scan.config.drafts import Draft, Drafts, values_of
from scan.errors import ConfigError, FetchError, ParseError
from scan.fetch import Conversation, Fetcher
from scan.guess.answers import mapped
from scan.guess.guesses import Guess
from scan.guess.named import Known
from scan.page import Page, Request
from scan.probe.names import name_for
from scan.probe.trial import MOST_PAGES, Candidate, judged, trial, word
from scan.sources import Source
from scan.sources.collected import Collected
from scan.sources.rows import load

MOST = 12


@dataclass
class Attempts:
    """What has been tried of one address.

    Attributes:
        address: as a config would have it: all that may hold placeholders.
        plain: the same as it is asked for.
        taken: names that a new source may not have.
        seen: pages that need not be asked for again, by their address.
        candidates: entries that work, in no order.
        failures: why the others don't, one line each.

    """

    address: str
    plain: str
    drafts: Drafts
    fetcher: Fetcher
    taken: Collection[str]
    now: datetime
    seen: dict[str, Page] = field(default_factory=dict)
    candidates: list[Candidate] = field(default_factory=list)
    failures: dict[str, None] = field(default_factory=dict)
    count: int = 0

    def ask(self, request: Request) -> Page:
        """Ask for one page.

        Raises:
            FetchError: there was no answer, or an error's.

        """
        answer: Page | FetchError | None = self.seen.get(request.url)
        if answer is None:
            ((_, answer),) = self.fetcher.drive([(None, _one(request))])
        if isinstance(answer, FetchError):
            raise answer
        self.seen[request.url] = answer
        if not 200 <= answer.status < 300:
            raise FetchError(answer.url, f"answers HTTP {answer.status}", status=answer.status)
        return answer

    def known(self, sources: Iterable[Known]) -> None:
        """Try named sources; one that lacks something of the user's is a candidate all the same."""
        for one in sources:
            kind = one.source.kind
            try:
                values = self._values(one.source)
            except (FetchError, ParseError) as error:
                self._note(kind, one.because, str(error))
                continue
            entry = self._entry(kind, values)
            try:
                draft = self.drafts.read(entry)
            except ConfigError as error:
                lacks = "; ".join(line.partition(": ")[2] for line in error.problems)
                self.candidates.append(_untried(entry, one, lacks))
                continue
            self._try(draft, one.because, one.belief, named=True)

    def guesses(self, guesses: Iterable[Guess]) -> None:
        """Try guesses, the likeliest first; of each the first form that works."""
        for guess in sorted(guesses, key=lambda one: -one.belief):
            for one in (guess, *guess.otherwise):
                try:
                    draft = self.drafts.read(self._entry(one.kind, escaped(one.keys, self.address)))
                except ConfigError as error:
                    self._note(one.kind, one.because, str(error))
                    continue
                if self._try(draft, one.because, one.belief, named=False):
                    break

    def _values(self, source: Source) -> dict[str, Any]:
        """Write a recognized source's keys; the columns of one that must be told them are mapped.

        Raises:
            FetchError: it gives no rows.
            ParseError: likewise, or they have nothing like a title.

        """
        values = values_of(source)
        if getattr(source, "fields", None) != {}:
            return values
        request = source.start()
        page = self.ask(request)
        rows = load(page)
        fields = mapped([row for row in rows if isinstance(row, dict)], self.now) if isinstance(rows, list) else {}
        if not fields:
            raise ParseError(page.url, "rows with something like a title", page.body[:400])
        return {**values, "fields": escaped(fields, "")}

    def _entry(self, kind: str, keys: Mapping[str, Any]) -> dict[str, Any]:
        return {"name": name_for(kind, keys, self.taken), "kind": kind, **keys}

    def _try(self, draft: Draft, because: str, belief: float, *, named: bool) -> bool:
        """Try one entry; tell whether it works. A named source may be empty, and its paging is known to be right."""
        if self.count >= MOST or any(one.entry == draft.values for one in self.candidates):
            return False
        self.count += 1
        collected = self._collected(draft, pages=1 if named else MOST_PAGES)
        if named and not collected.items and collected.error is None:
            collected = self._collected(draft, pages=MOST_PAGES)
        candidate = judged(draft, collected, belief=belief, because=because, now=self.now)
        wrong = _wrong(draft, collected, candidate, named=named)
        if wrong is not None:
            self._note(candidate.kind, because, wrong)
            return False
        self.candidates.append(candidate)
        return True

    def _collected(self, draft: Draft, *, pages: int) -> Collected:
        conversation = trial(draft, self.seen, guarded=self._leads_away(draft), pages=pages)
        ((_, collected),) = self.fetcher.drive([(None, conversation)])
        return collected

    def _leads_away(self, draft: Draft) -> bool:
        return _origin(draft.entry.source.start().url) != _origin(self.plain)

    def _note(self, kind: str, because: str, reason: str) -> None:
        self.failures[f"{kind}, known by {because}: {reason}"] = None


def _wrong(draft: Draft, collected: Collected, candidate: Candidate, *, named: bool) -> str | None:
    """Say why an entry doesn't work; None if it does."""
    if collected.error is not None:
        return str(collected.error)
    if not candidate.total:
        return None if named and collected.complete else candidate.truncated or "no items"
    return candidate.truncated if "pages" in draft.values else None


def _untried(entry: Mapping[str, Any], known: Known, lacks: str) -> Candidate:
    kind, score = known.source.kind, known.belief
    return Candidate(kind=kind, confidence=word(score), score=score, because=known.because, entry=entry, problem=lacks)


def escaped(value: Any, address: str) -> Any:
    """Make what a page said harmless in a config, where `${` would begin a placeholder.

    Args:
        value: of an entry.
        address: the user's own, which stays as it is.

    """
    if isinstance(value, Mapping):
        return {name: escaped(inner, address) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [escaped(inner, address) for inner in value]
    return value.replace("${", "$${") if isinstance(value, str) and value != address else value


def _one(request: Request) -> Conversation[Page | FetchError]:
    return (yield request)


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc.rpartition("@")[2].lower()
