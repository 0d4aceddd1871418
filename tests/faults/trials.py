"""Scenarios by the hundred: killed at each point, killed twice, two at once."""

import random
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.faults.starter import Job, Ran, Starter, run_whole
from tests.faults.story import Findings, Story
from tests.faults.world import CHANGES, FIRST, PHASES, World

ITEMS = {
    phase: frozenset(
        (source, str(one["id"])) for source, jobs in zip(("acme", "mirror"), boards, strict=True) for one in jobs
    )
    for phase, boards in PHASES.items()
}
MEETINGS = (
    "before UPDATE batch to claimed",
    "before SMTP connects",
    "before UPDATE batch to armed",
    "after SMTP reply to DATA",
    "before SMTP reply to the message",
    "before UPDATE batch to sent",
    "before HTTP asks by POST",
    "HTTP head received",
    "before program ends",
)
"""Where the first of two runs may be when the second comes by."""

EVER = ITEMS["start"] | ITEMS["back"]


class Stage:
    """A world with a profile that has run three times, from which scenarios start."""

    def __init__(self, world: World, *, patience: str = "2s") -> None:
        self.world = world
        self._number = 0
        self.config = world.config(patience=patience)
        self.base = world.folder / "base"
        story = Story(world, self.base, frozenset())
        story.configure(self.config)
        for phase in ("start", "without", "without"):
            story.run(phase)
        assert not story.findings.broken, story.findings.broken

    @contextmanager
    def ordinary(self) -> Iterator[Story]:
        """Tell of a run that meets new, changed and duplicate matches."""
        with self._folder() as folder:
            yield Story(self.world, folder, CHANGES, base=self.base)

    @contextmanager
    def first(self) -> Iterator[Story]:
        """Tell of a first run: one source's is a baseline, the other's a digest."""
        with self._folder() as folder:
            story = Story(self.world, folder, FIRST)
            story.configure(self.world.config(first_run="baseline"))
            yield story

    @contextmanager
    def _folder(self) -> Iterator[Path]:
        self._number += 1
        folder = self.world.folder / str(self._number)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def points_of(stage: Stage, *, first: bool = False, whole: bool = False) -> tuple[str, ...]:
    """Count the points of a run that nothing happens to; `whole` does so in a process of its own."""
    with stage.first() if first else stage.ordinary() as story:
        stage.world.phase = "first" if first else "changed"
        job = story.job("run", "--all", "--json")
        ran: Ran = run_whole(job) if whole else stage.world.starter(job)
        assert ran.status == 0, ran.err
        return ran.points


def kill(stage: Stage, *kills: int) -> Findings:
    """Kill an ordinary run at a point, and perhaps the next one too; then run until all is quiet."""
    with stage.ordinary() as story:
        for point in kills:
            story.run("changed", kill=point)
        return story.finish(("back",), EVER)


def kill_first(stage: Stage, point: int) -> Findings:
    """Kill a profile's first run at a point, then run until all is quiet."""
    with stage.first() as story:
        story.run("first", kill=point)
        findings = story.finish(("first",), ITEMS["first"])
        keys = {(one.channel, one.recipient, one.key) for one in stage.world.receipts()}
        story.check("I8", len(keys) == 4, f"{len(keys)} messages")
        return findings


def kill_each(stage: Stage, points: Iterable[int]) -> Findings:
    return _sum(kill(stage, point) for point in points)


def kill_each_first(stage: Stage, points: Iterable[int]) -> Findings:
    return _sum(kill_first(stage, point) for point in points)


def race_each(stage: Stage, other: Starter, seeds: Iterable[int]) -> Findings:
    return _sum(race(stage, other, seed) for seed in seeds)


def kill_twice(stage: Stage, seeds: Iterable[int], points: int) -> Findings:
    """Kill two runs in a row, each anywhere."""
    chosen = (random.Random(seed) for seed in seeds)
    return _sum(kill(stage, one.randint(1, points), one.randint(1, points)) for one in chosen)


def _sum(findings: Iterable[Findings]) -> Findings:
    total = Findings()
    for one in findings:
        total.add(one)
    return total


def race(stage: Stage, other: Starter, seed: int) -> Findings:
    """Start two runs at nearly the same time with the lock out of the way, each dawdling here and there."""
    pause = random.Random(seed).random() * 0.5
    return _two_at_once(stage, other, lambda _: threading.Event().wait(pause), dawdle=seed)


def come_by(stage: Stage, other: Starter, point: str) -> Findings:
    """Start a second run, with the lock out of the way, while the first lingers at a point."""

    def wait(job: Job) -> None:
        while not any(name.startswith(point) for name in job.file("points").read_text().splitlines()):
            threading.Event().wait(0.01)

    return _two_at_once(stage, other, wait, linger_at=point)


def _two_at_once(stage: Stage, other: Starter, wait: Callable[[Job], object], **plan: Any) -> Findings:
    with stage.ordinary() as story:
        stage.world.phase = "changed"
        job = story.job("run", "--all", "--json", no_lock=True, **plan)
        second = replace(job, name="other", plan={**job.plan, "linger_at": None})
        stage.world.starter.begin(job)
        wait(job)
        other.begin(second)
        for ran in [stage.world.starter.end(job), other.end(second)]:
            story.take(ran, status=None)
        return story.finish(("changed", "back"), EVER)
