"""Two runs at once although there is a lock: two machines on one database, or a file system where locks do nothing."""

from collections.abc import Iterator

import pytest

from tests.faults.starter import Starter
from tests.faults.trials import Stage, race

pytestmark = pytest.mark.cli


@pytest.fixture(scope="module")
def other() -> Iterator[Starter]:
    with Starter() as starter:
        yield starter


@pytest.mark.parametrize("seed", [0, 2, 5, 11])
def test_two_runs_without_a_lock_never_send_the_same_message_twice(stage: Stage, other: Starter, seed: int) -> None:
    findings = race(stage, other, seed)
    assert findings.broken == []
    assert (findings.lost, findings.copies) == (0, 0)
