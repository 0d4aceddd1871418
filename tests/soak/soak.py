"""Two weeks, or as long as is wanted, of `scan run` every quarter of an hour, in a world that misbehaves.

The clock is the test's, everything else is real: the installed command, its database, web and mail servers. All chance
comes from one seed.
"""

import json
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any, Self

from tests.faults.starter import Job, Ran, Starter, run_whole
from tests.faults.world import fast_disk
from tests.soak.faults import MAX_BODY, Moods, Weather, spoil
from tests.soak.ledger import Ledger, breaches
from tests.soak.receivers import ANN, BOB, TOLD, Receivers
from tests.soak.sites import KINDS, Country, Site
from tests.soak.stored import read
from tests.web import Answer, Asked, Web

EVERY = timedelta(minutes=15)
A_HOST = 4
"""Sources that share a host."""

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

ENDED_WELL = frozenset({0, 1, 3})
"""Exit statuses of a run that went to its end, whatever it met."""

IN_THE_GAP = (
    "after SMTP reply to the message",
    "before UPDATE batch to sent",
    "before UPDATE delivery to sent",
    "before SMTP sends QUIT",
    "HTTP asks by POST",
    "after HTTP asks by POST",
)
"""Where a kill hurts most: about when a message has been handed over."""

FULL_AT = (
    "before INSERT INTO item (",
    "before INSERT INTO delivery",
    "before UPDATE batch to",
    "before INSERT INTO batch",
)

JUMPS = (timedelta(hours=-5), timedelta(hours=7), timedelta(days=3))
"""How wrong the clock is for a run."""


LONGEST_SILENCE = timedelta(hours=25)
"""A source is looked at again after a day, whatever it asked for, and whatever the clock did."""


@dataclass(frozen=True, kw_only=True)
class Length:
    """How much is played.

    Attributes:
        changing: share of the sources that change from one run to the next.
        moody: how often a receiver is in trouble; see `Receivers`.
        mishaps: share of the runs to which something happens.
        fair: runs at the end in which nothing goes wrong any more.
        looked_after: runs after which somebody looks at what is held back or given up, and lets it go.
        patience: the time-outs.

    """

    runs: int
    fair: int
    sources: int
    weather: Weather
    looked_after: int = 96
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
        told: postings told, to all recipients, those in copies included.
        copies: receipts of a message beyond its first.
        silence: the longest time that a source was not asked.

    """

    runs: Counter[str] = field(default_factory=Counter)
    requests: int = 0
    happened: Counter[str] = field(default_factory=Counter)
    items: int = 0
    stored: int = 0
    unseen: int = 0
    postings: int = 0
    messages: int = 0
    told: int = 0
    copies: int = 0
    silence: timedelta = timedelta(0)
    broken: list[str] = field(default_factory=list)


class Soak:
    """One soak."""

    def __init__(self, length: Length, seed: int) -> None:
        self._length = length
        self._chance = Random(seed)
        self._start = datetime.now(UTC).replace(microsecond=0)
        self._now = self._start
        self.ledger = Ledger(TOLD)
        self.findings = Findings()
        self._country = Country(length.sources, Random(f"{seed} sites"), self._start)
        self._moods = Moods(Random(f"{seed} moods"), length.weather)
        self._receivers = Receivers(self.ledger, Random(f"{seed} receivers"), length.moody)
        self._asked_at = {site.name: self._start for site in self._country.sites}
        self._asked_now: set[str] = set()
        self._points = 1000

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            stack.callback(self._receivers.close)
            self._folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=fast_disk())))
            self._web = stack.enter_context(Web())
            self._starter = stack.enter_context(Starter())
            for site in self._country.sites:
                self._web.serve(f"/{site.name}", partial(self._answer, site))
                self._web.serve(f"/{site.name}/moved", partial(self._answer_well, site))
            for path in ("/hook", "/ops"):
                self._web.serve(path, self._receivers.hook)
            config = self._folder / "profile.yaml"
            config.write_text(self._config(), encoding="utf-8")
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    @property
    def database(self) -> Path:
        return self._folder / "state" / "scan" / "profile.db"

    def play(self, say: Callable[[str], None] = lambda _: None) -> Findings:
        """Run all, and compare."""
        length = self._length
        for number in range(length.runs):
            fair = number >= length.runs - length.fair
            self._now = self._start + number * EVERY
            if number:
                self._country.pass_time(self._now, 0 if fair else length.changing)
            self._moods.change(self._country.sites, fair=fair)
            self._receivers.change(fair=fair)
            self._run(fair=fair)
            if number % length.looked_after == length.looked_after - 1 or number == length.runs - length.fair:
                self._look_after()
            say(f"{number + 1} of {length.runs} runs, {len(self.findings.broken)} breaches")
        return self._judge()

    def _run(self, *, fair: bool) -> None:
        mishaps: Sequence[Callable[[], Ran]] = (
            self._killed, self._killed, self._killed_in_the_gap, self._killed_in_the_gap,
            self._full, self._visited, self._wrong_clock, self._whole,
        )  # fmt: skip
        happens = not fair and self._chance.random() < self._length.mishaps
        ran = self._chance.choice(mishaps)() if happens else self._starter(self._job())
        self.findings.requests += len(self._web.requests)
        self._web.requests.clear()
        self._mind_silence()
        survived = ran.status in ENDED_WELL
        self.ledger.close(survived=survived)
        self.findings.runs["ended by itself" if survived else "killed" if ran.killed else "ended early"] += 1
        if survived:
            self._points = len(ran.points)
        self._check_run(ran)

    def _job(self, *arguments: str, **plan: Any) -> Job:
        later = (self._now - datetime.now(UTC)).total_seconds()
        return Job(
            folder=self._folder,
            arguments=("-c", str(self._folder / "profile.yaml"), *(arguments or ("run", "--json"))),
            plan={"later": later, "database": str(self.database), **plan},
        )

    def _happens(self, what: str) -> None:
        self.findings.happened[f"run: {what}"] += 1

    def _killed(self) -> Ran:
        """Kill it anywhere."""
        ran = self._starter(self._job(kill=self._chance.randint(1, self._points)))
        if ran.killed:
            self._happens("killed at a random point")
        return ran

    def _killed_in_the_gap(self) -> Ran:
        ran = self._starter(self._job(kill_at=self._chance.choice(IN_THE_GAP)))
        if ran.killed:
            self._happens("killed as it told")
        return ran

    def _full(self) -> Ran:
        """Let the disk be full from a statement on. Forks share open files with the test, so this is none."""
        ran = run_whole(self._job(full_at=self._chance.choice(FULL_AT)))
        if ran.status not in ENDED_WELL:
            self._happens("a full disk")
        return ran

    def _visited(self) -> Ran:
        """Start another one while it runs."""
        point, over = "after note in the lock", self._folder / "over"
        over.unlink(missing_ok=True)
        job = self._job(linger_at=point, linger_until=str(over))
        self._starter.begin(job)
        while point not in job.file("points").read_text().splitlines():
            threading.Event().wait(0.01)
        second = run_whole(replace(job, name="other", plan={"later": job.plan["later"]}))
        over.touch()
        self._happens("a second one at the same time")
        if second.status != 0 or second.result["status"] != "skipped":
            self._break(f"the second of two runs ended with {second.status}: {second.out[:200]}")
        return self._starter.end(job)

    def _wrong_clock(self) -> Ran:
        jump = self._chance.choice(JUMPS)
        job = self._job()
        self._happens(f"a clock that is {'ahead' if jump > timedelta(0) else 'behind'}")
        return self._starter(replace(job, plan={**job.plan, "later": job.plan["later"] + jump.total_seconds()}))

    def _whole(self) -> Ran:
        """Start a process from nothing."""
        return run_whole(self._job())

    def _look_after(self) -> None:
        """Do what whoever runs `scan` does of a morning: let go what is held back, try again what was given up."""
        listed = self._starter(self._job("deliveries", "--json", "--state", "dead", "--limit", "10000"))
        dead = {one["message"]: one["id"] for one in json.loads(listed.out)["deliveries"]}
        if dead:
            self.findings.happened["messages given up, and sent by hand"] += len(dead)
            self._order("deliveries", "retry", *dead.values())
        said = self._order("deliveries", "release")
        if not said.startswith("0 "):
            self.findings.happened["deliveries held back, and let go by hand"] += int(said.split()[0])

    def _order(self, *arguments: str) -> str:
        ran = self._starter(self._job(*arguments))
        if ran.status != 0:
            self._break(f"scan {' '.join(arguments[:2])} ended with {ran.status}: {ran.err[-300:]}")
        return ran.out

    def _answer(self, site: Site, asked: Asked) -> Answer:
        """Answer for a source, as it is minded in this run."""
        del asked
        fault = self._moods.of(site)
        if fault is None:
            return self._answer_well(site)
        if site.name not in self._asked_now:  # a loop asks often
            self.findings.happened[f"source: {fault}"] += 1
        self._asked_now.add(site.name)
        answer, items = spoil(fault, site)
        self.ledger.serve(site.shows(items))
        return answer

    def _answer_well(self, site: Site, *_: Asked) -> Answer:
        self._asked_now.add(site.name)
        self.ledger.serve(site.shows(site.shown))
        return site.answer()

    def _config(self) -> str:
        sites = enumerate(self._country.sites)
        return CONFIG.format(
            patience=self._length.patience,
            max_body=MAX_BODY,
            sources="\n".join(self._source(number // A_HOST, site) for number, site in sites),
            ann=ANN,
            bob=BOB,
            smtp=self._receivers.mailbox.url,
            hook=self._web.url("/hook"),
            ops=self._web.url("/ops"),
        )

    def _source(self, host: int, site: Site) -> str:
        url = self._web.url(f"/{site.name}", host=f"h{host}.localhost")
        fields: Mapping[str, str] = {"name": site.name, "kind": site.kind, "url": f'"{url}"'}
        said = ", ".join(
            [*(f"{name}: {value}" for name, value in fields.items()), *filter(None, [KINDS[site.kind].config])]
        )
        return f"  - {{{said}}}"

    def _mind_silence(self) -> None:
        """See for how long each source has not been asked."""
        self._asked_at.update(dict.fromkeys(self._asked_now, self._now))
        self._asked_now.clear()
        name, last = min(self._asked_at.items(), key=lambda pair: pair[1])
        self.findings.silence = max(self.findings.silence, self._now - last)
        if self._now - last > LONGEST_SILENCE:
            self._break(f"at {self._now:%F %H:%M} {name} had not been asked since {last:%F %H:%M}")
            self._asked_at[name] = self._now

    def _check_run(self, ran: Ran) -> None:
        expected = ENDED_WELL | {-9, 74}
        if ran.status not in expected or "Traceback" in ran.err:
            self._break(f"at {self._now:%F %H:%M} a run ended with {ran.status}: {ran.err[-500:]}")

    def _break(self, what: str) -> None:
        self.findings.broken.append(what)

    def _judge(self) -> Findings:
        found, ledger, stored = self.findings, self.ledger, read(self.database)
        found.broken += breaches(ledger, stored)
        found.happened += self._receivers.happened
        found.items = len({(one.source, one.key) for one in ledger.served})
        found.unseen = found.items - len({(one.source, one.key) for one in ledger.seen})
        found.stored = len(stored.items)
        found.postings = len(stored.matched)
        found.messages, found.copies = len(stored.sent), ledger.copies
        found.told = sum(len(receipt.postings) for receipt, _ in ledger.receipts)
        return found
