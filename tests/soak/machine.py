"""The machine that the runs are on: it ends them, fills up, starts two at once, and has a clock that may be wrong."""

import json
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from tests.faults.starter import Job, Ran, Starter, run_whole

ENDED_WELL = frozenset({0, 1, 3})
"""Exit statuses of a run that went to its end, whatever it met."""

CUT_OFF = frozenset({-9, 74})
"""Those of a run that was killed, or had no room to write."""

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
"""Where a full disk does."""

JUMPS = (timedelta(hours=-5), timedelta(hours=7), timedelta(days=3))
"""How wrong the clock is for a run."""


class Machine:
    """Runs the installed command, at the times that it is told.

    Attributes:
        config: of what is run.
        now: the true time, which the test makes.
        happened: what happened to runs, by name.
        broken: what ended otherwise than it should have.

    """

    def __init__(self, folder: Path, starter: Starter, chance: Random, now: datetime) -> None:
        self.config = folder / "profile.yaml"
        self.database = folder / "state" / "scan" / "profile.db"
        self.now = now
        self.happened: Counter[str] = Counter()
        self.broken: list[str] = []
        self._folder, self._starter, self._chance = folder, starter, chance
        self._points = 1

    def run(self, *, mishap: bool) -> Ran:
        """Let one run take place, or have one that something happens to."""
        mishaps: Sequence[Callable[[], Ran]] = (
            self._killed, self._killed, self._killed_in_the_gap, self._killed_in_the_gap,
            self._full, self._visited, self._wrong_clock, self._whole,
        )  # fmt: skip
        ran = self._chance.choice(mishaps)() if mishap else self._starter(self._job())
        if ran.status in ENDED_WELL:
            self._points = len(ran.points)
        if ran.status not in ENDED_WELL | CUT_OFF or "Traceback" in ran.err:
            self.broken.append(f"at {self.now:%F %H:%M} a run ended with {ran.status}: {ran.err[-500:]}")
        return ran

    def look_after(self) -> None:
        """Do what whoever runs `scan` does of a morning: let go what is held back, try again what was given up."""
        listed = self._order("deliveries", "--json", "--state", "dead", "--limit", "10000")
        dead = {one["message"]: one["id"] for one in json.loads(listed)["deliveries"]}
        if dead:
            self.happened["messages given up, and sent by hand"] += len(dead)
            self._order("deliveries", "retry", *dead.values())
        released = int(self._order("deliveries", "release").split()[0])
        if released:
            self.happened["deliveries held back, and let go by hand"] += released

    def _order(self, *arguments: str) -> str:
        ran = self._starter(self._job(*arguments))
        if ran.status != 0:
            self.broken.append(f"scan {' '.join(arguments[:2])} ended with {ran.status}: {ran.err[-300:]}")
        return ran.out

    def _job(self, *arguments: str, wrong: timedelta = timedelta(0), **plan: Any) -> Job:
        later = (self.now + wrong - datetime.now(UTC)).total_seconds()
        return Job(
            folder=self._folder,
            arguments=("-c", str(self.config), *(arguments or ("run", "--json"))),
            plan={"later": later, "database": str(self.database), **plan},
        )

    def _killed(self) -> Ran:
        """Kill it anywhere."""
        return self._noted("killed at a random point", self._starter(self._job(kill=self._anywhere())))

    def _killed_in_the_gap(self) -> Ran:
        return self._noted("killed as it told", self._starter(self._job(kill_at=self._chance.choice(IN_THE_GAP))))

    def _full(self) -> Ran:
        """Let the disk be full from a statement on. A fork shares open files with the test, so this is none."""
        return self._noted("a full disk", run_whole(self._job(full_at=self._chance.choice(FULL_AT))))

    def _anywhere(self) -> int:
        return self._chance.randint(1, self._points)

    def _noted(self, what: str, ran: Ran) -> Ran:
        """Count what was to happen if it did: a run may end before."""
        self.happened[f"run: {what}"] += ran.status in CUT_OFF
        return ran

    def _visited(self) -> Ran:
        """Start another one while it runs."""
        point, over = "after note in the lock", self._folder / "over"
        over.unlink(missing_ok=True)
        job = self._job(linger_at=point, linger_until=str(over))
        self._starter.begin(job)
        while point not in job.file("points").read_text().splitlines():
            threading.Event().wait(0.01)
        second = run_whole(replace(self._job(), name="other"))
        over.touch()
        self.happened["run: a second one at the same time"] += 1
        if second.status != 0 or second.result["status"] != "skipped":
            self.broken.append(f"the second of two runs ended with {second.status}: {second.out[:200]}")
        return self._starter.end(job)

    def _wrong_clock(self) -> Ran:
        jump = self._chance.choice(JUMPS)
        self.happened[f"run: a clock that is {'ahead' if jump > timedelta(0) else 'behind'}"] += 1
        return self._starter(self._job(wrong=jump))

    def _whole(self) -> Ran:
        """Start a process from nothing."""
        self.happened["run: started from nothing"] += 1
        return run_whole(self._job())
