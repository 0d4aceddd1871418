"""One scenario: runs of the command in a folder of its own, what they left and told, and what must hold of it."""

import json
import shutil
from collections import Counter
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.faults.left import RECIPIENTS_OF_A_MATCH, Left, look
from tests.faults.starter import Job, Ran, run_whole
from tests.faults.world import RECIPIENTS, SECRET, Receipt, World

INVARIANTS = {
    "I1": "every alert is received, or given up and listed by `scan status`",
    "I2": "nothing is told that nobody waits for",
    "I3": "copies of an alert: at most one for each time its message was cut off while armed",
    "I4": "all copies have the same identity and equal bytes",
    "I5": "a receiver that heeds `Idempotency-Key` acts once on each alert",
    "I6": "no byte of a message leaves before its row says `armed`",
    "I7": "`sent` is written only if the receiver took the message",
    "I8": "a first run that was cut off tells nothing of a baseline, and the rest in one message",
    "I9": "stored items are exactly those listed, deliveries exactly one for each match and recipient",
    "I10": "attempts never decrease, and are 12 at most",
    "I11": "a clean run after a clean run sends nothing and changes nothing",
    "I14": "`PRAGMA integrity_check` and `foreign_key_check` find nothing",
    "I15": "no secret is in any output",
    "I16": "the exit status is what it should be, and there is no traceback",
}


@dataclass
class Findings:
    """What came of scenarios.

    Attributes:
        broken: (invariant, what happened where).
        checks: how often each invariant was looked at.
        copies: receipts of a message beyond its first.
        renamed: copies of an alert under another identity, or with other bytes.
        given_up: alerts that were not received, but are listed as given up.

    """

    scenarios: int = 0
    runs: int = 0
    expected: int = 0
    lost: int = 0
    copies: int = 0
    renamed: int = 0
    given_up: int = 0
    doubling: int = 0
    points: Counter[str] = field(default_factory=Counter)
    doubled_at: Counter[str] = field(default_factory=Counter)
    checks: Counter[str] = field(default_factory=Counter)
    broken: list[tuple[str, str]] = field(default_factory=list)

    def add(self, other: "Findings") -> None:
        """Take in what came of other scenarios."""
        for name in self.__dataclass_fields__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


class Story:
    """One scenario.

    Attributes:
        findings: what was found; empty of breaches if all is well.
        at: where the runs were cut off, for people.

    """

    def __init__(self, world: World, folder: Path, expected: AbstractSet[str], *, base: Path | None = None) -> None:
        """Begin, from a copy of the folder `base` if there is one."""
        self.world, self.folder, self.expected = world, folder, expected
        self.findings = Findings(scenarios=1, expected=len(expected) * len(RECIPIENTS))
        self.at: list[str] = []
        self._hours = 0.0
        self._before = Left(damage=(), batches={}, told=0, deliveries=0, states={}, items=frozenset(), rows={})
        self._known: frozenset[str] = frozenset()
        self._doubts: Counter[str] = Counter()
        if base is not None:
            shutil.copytree(base, folder)
            self._before = look(self.database)
            self._known = frozenset(self._before.batches)
        world.begin(self.database)

    @property
    def database(self) -> Path:
        return self.folder / "state" / "scan" / "profile.db"

    def configure(self, text: str) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        config = self.folder / "profile.yaml"
        config.write_text(text, encoding="utf-8")
        config.chmod(0o600)

    def job(self, *arguments: str, **plan: Any) -> Job:
        """Prepare a run, a quarter of an hour after the one before."""
        self._hours += 0.25
        return Job(
            folder=self.folder,
            arguments=("-c", str(self.folder / "profile.yaml"), *arguments),
            plan={"later": round(self._hours * 3600), "database": str(self.database), **plan},
        )

    def run(self, phase: str, *, status: int | None = 0, whole: bool = False, **plan: Any) -> Ran:
        """Run once, and look at what that left.

        Args:
            phase: what the boards show.
            status: the exit status it should have unless it is killed; None for any.
            whole: in a process that is not a fork, and ends as usual too.
            plan: what is to happen to it.

        """
        self.world.phase = phase
        start = run_whole if whole else self.world.starter
        ran = start(self.job("run", "--all", "--json", **plan))
        self.take(ran, status)
        return ran

    def take(self, ran: Ran, status: int | None = 0) -> None:
        """Look at what a run left."""
        self.findings.runs += 1
        if ran.killed:
            self.at.append(ran.points[-1])
            self.findings.points[kind_of(ran.points[-1])] += 1
        elif status is not None:
            fine = ran.status == status and "Traceback" not in ran.err
            self.check("I16", fine, f"exit status {ran.status}, not {status}: {ran.err[-300:]}")
        self.check("I15", SECRET not in ran.out + ran.err and SECRET[6:] not in ran.out + ran.err, "the webhook's")
        self._look(look(self.database))

    def finish(self, phases: tuple[str, ...], items: AbstractSet[tuple[str, str]]) -> Findings:
        """Run until all is quiet, and see whether everybody was told everything."""
        for phase in phases:
            self.run(phase)
        rows, told = self._before.rows, len(self.world.receipts())
        self.run(phases[-1])
        quiet = self._before.rows == rows and len(self.world.receipts()) == told
        self.check("I11", quiet, f"changed: {[name for name in rows if rows[name] != self._before.rows.get(name)]}")
        self.check("I9", self._before.items == items, f"items: {sorted(self._before.items ^ items)}")
        self._judge()
        return self.findings

    def _look(self, left: Left) -> None:
        """Check what must hold at any moment, however a run ended."""
        self.check("I14", not left.damage, "; ".join(left.damage))
        whole = left.deliveries == left.told * RECIPIENTS_OF_A_MATCH
        self.check("I9", whole, f"{left.told} matches to tell, {left.deliveries} deliveries")
        for key, batch in left.batches.items():
            before = self._before.batches.get(key)
            steady = batch.attempts <= 12 and (before is None or batch.attempts >= before.attempts)
            self.check("I10", steady, f"{key}: {before} -> {batch}")
            self._doubts[key] = max(self._doubts[key], batch.in_doubt + (batch.state == "armed"))
        received = self.world.receipts()
        keys = {one.key for one in received}
        for key in keys:
            there = left.batches.get(key)
            allowed = there is not None and (there.state in {"armed", "sent"} or there.in_doubt > 0)
            self.check("I6", allowed, f"{key} was received, and is {there}")
        self.check("I6", not self.world.unarmed, f"began unarmed: {self.world.unarmed}")
        for key, batch in left.batches.items():
            if batch.state == "sent" and key not in self._known:
                self.check("I7", key in keys, f"{batch.channel} {batch.recipient} {key}")
        self._before = left

    def _judge(self) -> None:
        """Check what must hold in the end."""
        received = self.world.receipts()
        given_up = [batch for batch in self._before.batches.values() if batch.state == "dead"]
        listed = not given_up or self._listed_as_given_up()
        for channel, recipient in sorted(RECIPIENTS):
            mine = [one for one in received if (one.channel, one.recipient) == (channel, recipient)]
            may_lack = listed and any((one.channel, one.recipient) == (channel, recipient) for one in given_up)
            for title in sorted(self.expected):
                self._judge_alert(
                    f"{title} to {recipient}", [one for one in mine if title in one.told], may_lack=may_lack
                )
            unwanted = {title for one in mine for title in one.told} - self.expected
            self.check("I2", not unwanted, f"{sorted(unwanted)} to {recipient}")
        for key, number in Counter(one.key for one in received).items():
            self.check("I3", number <= 1 + self._doubts[key], f"{key}: {number} copies")
            self.findings.copies += number - 1
        doubled = len(received) > len({one.key for one in received})
        self.findings.doubling += doubled
        if doubled:
            self.findings.doubled_at[" and ".join(self.at)] += 1

    def _judge_alert(self, alert: str, receipts: list[Receipt], *, may_lack: bool) -> None:
        self.check("I1", bool(receipts) or may_lack, alert)
        if not receipts:
            self.findings.given_up += may_lack
            self.findings.lost += not may_lack
        keys, bodies = {one.key for one in receipts}, {one.body for one in receipts}
        same = len(keys) <= 1 and len(bodies) <= 1
        self.check("I4", same, f"{alert}: {keys}, {len(bodies)} bodies")
        self.findings.renamed += max(len(keys), len(bodies), 1) - 1
        if receipts and receipts[0].channel == "hook":
            self.check("I5", len(keys) == 1, f"{alert}: {keys}")

    def _listed_as_given_up(self) -> bool:
        """Ask the command what it shows."""
        ran = self.world.starter(self.job("status", "--json"))
        return bool(json.loads(ran.out)["deliveries"]["dead"])

    def check(self, invariant: str, holds: bool, what: str) -> None:
        self.findings.checks[invariant] += 1
        if not holds:
            self.findings.broken.append((invariant, f"{what} (cut off at {' and '.join(self.at) or 'nothing'})"))


def kind_of(point: str) -> str:
    """Tell which part of a run a point is in."""
    name = point.removeprefix("before ").removeprefix("after ")
    for start, kind in (
        ("SMTP", "SMTP"),
        ("HTTP", "HTTP"),
        ("program", "program"),
        ("rename", "file"),
        ("note", "file"),
    ):
        if name.startswith(start):
            return kind
    return "database"
