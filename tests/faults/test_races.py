"""Two runs at once although there is a lock: two machines on one database, or a file system where locks do nothing."""

from collections.abc import Iterator

import pytest

from tests.faults.starter import Starter
from tests.faults.story import Findings
from tests.faults.trials import MEETINGS, Stage, come_by, race

pytestmark = pytest.mark.cli


@pytest.fixture(scope="module")
def other() -> Iterator[Starter]:
    with Starter() as starter:
        yield starter


def flawless(findings: Findings) -> None:
    assert findings.broken == []
    assert (findings.lost, findings.copies) == (0, 0)


@pytest.mark.parametrize("point", MEETINGS)
def test_a_run_that_comes_by_leaves_alone_what_the_first_one_is_at(stage: Stage, other: Starter, point: str) -> None:
    flawless(come_by(stage, other, point))


@pytest.mark.parametrize("seed", [0, 2])
def test_two_runs_without_a_lock_never_send_the_same_message_twice(stage: Stage, other: Starter, seed: int) -> None:
    flawless(race(stage, other, seed))
