"""A run killed with SIGKILL, at a sample of its points: nothing is lost, and what comes twice is known by its identity.

`make faults` does it at all of them; see docs/reliability.md.
"""

from collections.abc import Sequence

import pytest

from tests.faults.story import Findings
from tests.faults.trials import Stage, kill_each, kill_each_first, kill_twice, points_of

pytestmark = pytest.mark.cli

PARTS = 4
EVERY = 23
"""Away from the gap that matters, one point in so many."""


def flawless(findings: Findings) -> None:
    assert findings.broken == []
    assert findings.lost == 0
    assert findings.renamed == 0


def gap(points: Sequence[str], step: str) -> list[int]:
    """Number the points from a step's hand-over to the commit that records it, with one on either side."""
    begun = next(number for number, name in enumerate(points) if name.startswith(step))
    armed = max(n for n, name in enumerate(points[:begun]) if name == "before UPDATE batch to armed")
    sent = next(n for n, name in enumerate(points) if n > begun and name == "after COMMIT")
    return list(range(armed + 2, sent + 2))


def test_a_run_has_the_same_points_forked_or_started_from_nothing(stage: Stage) -> None:
    for first in (False, True):
        forked, whole = points_of(stage, first=first), points_of(stage, first=first, whole=True)
        assert sorted(forked) == sorted(whole)  # the indexes of a new database are made in no order


@pytest.mark.parametrize("part", range(PARTS))
def test_a_run_killed_anywhere_loses_nothing(stage: Stage, part: int) -> None:
    points = range(1, len(points_of(stage)) + 1)
    flawless(kill_each(stage, points[part * EVERY :: PARTS * EVERY]))


@pytest.mark.parametrize("step", ["after SMTP reply to DATA", "before HTTP asks", "before program starts"])
def test_a_run_killed_between_arming_a_message_and_recording_it_repeats_just_that_one(stage: Stage, step: str) -> None:
    findings = kill_each(stage, gap(points_of(stage), step)[::3])
    flawless(findings)
    assert 1 <= findings.copies < findings.scenarios


@pytest.mark.parametrize("part", range(2))
def test_a_first_run_killed_anywhere_floods_nobody(stage: Stage, part: int) -> None:
    points = range(1, len(points_of(stage, first=True)) + 1)
    flawless(kill_each_first(stage, points[part * EVERY :: 2 * EVERY]))


def test_two_runs_in_a_row_killed_anywhere_lose_nothing(stage: Stage) -> None:
    flawless(kill_twice(stage, range(1000, 1012), len(points_of(stage))))
