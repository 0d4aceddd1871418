"""Two weeks, or as long as is wanted, of `scan run` every quarter of an hour, in a world that misbehaves.

The clock is the test's, everything else is real: the installed command, its database, web and mail servers. All chance
comes from one seed.
"""

import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Self

from tests.faults.starter import Starter
from tests.faults.world import fast_disk
from tests.soak.faults import MAX_BODY, Moods, Weather, spoil
from tests.soak.ledger import Ledger, breaches
from tests.soak.machine import ENDED_WELL, Machine
from tests.soak.receivers import ANN, BOB, TOLD, Receivers
from tests.soak.sites import KINDS, Country, Site
from tests.soak.stored import read
from tests.web import Answer, Asked, Web

EVERY = timedelta(minutes=15)
A_HOST = 4
"""Sources that share a host."""

LONGEST_SILENCE = timedelta(hours=25)
"""A source is looked at again after a day, whatever it asked for, and whatever the clock did."""

CONFIG = """
every: 15m
http: {{retries: 0, timeout: {patience}, max_body: {max_body}B}}
sources:
{sources}
searches:
  - {{name: engineers, any: [engineer], notify: [mail, hook]}}
channels:
  - name: mail
    kind: email
    to: [{ann}, {bob}]
    from: scan@example.org
    smtp: "{smtp}"
    timeout: {patience}
    max_items: 1000
  - {{name: hook, kind: webhook, url: "{hook}", mode: each}}
  - {{name: ops, kind: webhook, url: "{ops}"}}
alerts: [ops]
"""


@dataclass(frozen=True, kw_only=True)
class Length:
    """How much is played.

    Attributes:
        fair: runs at the end in which nothing goes wrong any more.
        looked_after: runs after which somebody looks at what is held back or given up, and lets it go.
        changing: share of the sources that change from one run to the next.
        moody: how often a receiver is in trouble; see `Receivers`.
        mishaps: share of the runs to which something happens.
        patience: the time-outs.

    """

    runs: int
    fair: int
    sources: int
    weather: Weather
    looked_after: int
    changing: float = 0.03
    moody: float = 0.1
    mishaps: float = 0.15
    patience: str = "5s"


@dataclass(kw_only=True)
class Findings:
    """What came of it.

    Attributes:
        broken: where anything was not as it should be.
        happened: everything that went wrong on purpose, by name.
        runs: how many, by how they ended.
        items: that were served in an answer that could be read.
        unseen: those of them that were only served to runs that did not end by themselves.
        postings: that somebody waited for.
        messages: that were sent, each under an identity of its own.
        copies: receipts of a message beyond its first.
        silence: the longest time that a source was not asked.

    """

    broken: list[str] = field(default_factory=list)
    happened: Counter[str] = field(default_factory=Counter)
    runs: Counter[str] = field(default_factory=Counter)
    requests: int = 0
    items: int = 0
    unseen: int = 0
    stored: int = 0
    postings: int = 0
    messages: int = 0
    copies: int = 0
    silence: timedelta = timedelta(0)


class Soak:
    """One soak."""

    def __init__(self, length: Length, seed: int) -> None:
        self._length = length
        self._start = datetime.now(UTC).replace(microsecond=0)
        self._chance, self._machines, sites, moods, receivers = (
            Random(f"{seed} {what}") for what in ("runs", "machine", "sites", "moods", "receivers")
        )
        self._findings = Findings()
        self._ledger = Ledger(TOLD)
        self._country = Country(length.sources, sites, self._start)
        self._sites = self._country.sites
        self._moods = Moods(moods, length.weather)
        self._receivers = Receivers(self._ledger, receivers, length.moody)
        self._asked_at = {site.name: self._start for site in self._sites}
        self._asked_now: set[str] = set()

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            stack.callback(self._receivers.close)
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=fast_disk())))
            self._web = stack.enter_context(Web())
            self._machine = Machine(folder, stack.enter_context(Starter()), self._machines, self._start)
            for site in self._sites:
                self._web.serve(f"/{site.name}", partial(self._answer, site))
                self._web.serve(f"/{site.name}/moved", partial(self._answer_well, site))
            for path in ("/hook", "/ops"):
                self._web.serve(path, self._receivers.hook)
            self._machine.config.write_text(self._config(), encoding="utf-8")
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def play(self, say: Callable[[str], None] = lambda _: None) -> Findings:
        """Run all, and compare."""
        length = self._length
        over = length.runs - length.fair
        for number in range(length.runs):
            self._machine.now = self._start + number * EVERY
            self._run(first=number == 0, fair=number >= over)
            if number == over or (number + 1) % length.looked_after == 0:
                self._machine.look_after()
            say(f"{number + 1} of {length.runs} runs, {len(self._machine.broken)} breaches")
        return self._judged()

    def _run(self, *, first: bool, fair: bool) -> None:
        now, found = self._machine.now, self._findings
        self._country.pass_time(now, 0 if first or fair else self._length.changing)
        self._moods.change(self._sites, fair=fair)
        self._receivers.change(fair=fair)
        ran = self._machine.run(mishap=not fair and self._chance.random() < self._length.mishaps)
        survived = ran.status in ENDED_WELL
        self._ledger.close(survived=survived)
        found.runs["ended by itself" if survived else "killed" if ran.killed else "out of disk"] += 1
        found.requests += len(self._web.requests)
        self._web.requests.clear()
        self._mind_silence(now)

    def _mind_silence(self, now: datetime) -> None:
        """See for how long each source has not been asked."""
        self._asked_at.update(dict.fromkeys(self._asked_now, now))
        self._asked_now.clear()
        name, last = min(self._asked_at.items(), key=lambda pair: pair[1])
        self._findings.silence = max(self._findings.silence, now - last)
        if now - last > LONGEST_SILENCE:
            self._findings.broken.append(f"at {now:%F %H:%M} {name} had not been asked since {last:%F %H:%M}")
            self._asked_at[name] = now

    def _answer(self, site: Site, asked: Asked) -> Answer:
        """Answer for a source, as it is minded in this run."""
        fault = self._moods.of(site)
        if fault is None:
            return self._answer_well(site, asked)
        if site.name not in self._asked_now:  # a loop asks often
            self._findings.happened[f"source: {fault}"] += 1
        self._asked_now.add(site.name)
        answer, items = spoil(fault, site)
        self._ledger.serve(site.shows(items))
        return answer

    def _answer_well(self, site: Site, _: Asked) -> Answer:
        self._asked_now.add(site.name)
        self._ledger.serve(site.shows(site.shown))
        return site.answer()

    def _config(self) -> str:
        return CONFIG.format(
            patience=self._length.patience,
            max_body=MAX_BODY,
            sources="\n".join(self._source(number // A_HOST, site) for number, site in enumerate(self._sites)),
            ann=ANN,
            bob=BOB,
            smtp=self._receivers.mailbox.url,
            hook=self._web.url("/hook"),
            ops=self._web.url("/ops"),
        )

    def _source(self, host: int, site: Site) -> str:
        url = self._web.url(f"/{site.name}", host=f"h{host}.localhost")
        more = KINDS[site.kind].config
        return f'  - {{name: {site.name}, kind: {site.kind}, url: "{url}"{f", {more}" if more else ""}}}'

    def _judged(self) -> Findings:
        found, ledger, stored = self._findings, self._ledger, read(self._machine.database)
        found.broken += [*self._machine.broken, *breaches(ledger, stored)]
        found.happened += self._machine.happened + self._receivers.happened
        found.items = len({(one.source, one.key) for one in ledger.served})
        found.unseen = found.items - len({(one.source, one.key) for one in ledger.seen})
        found.stored = len(stored.items)
        found.postings = len(stored.matched)
        found.messages, found.copies = len(stored.sent), ledger.copies
        return found
