from collections.abc import Iterator

import pytest

from tests.faults.trials import Stage
from tests.faults.world import World


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with World() as world:
        yield Stage(world)


@pytest.fixture(scope="module")
def impatient() -> Iterator[Stage]:
    """Give a stage whose time-outs are short: for receivers that are silent."""
    with World() as world:
        yield Stage(world, patience="1s")
