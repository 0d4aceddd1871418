import resource
from collections.abc import Callable, Iterator

import pytest

from scan.fetch.descriptors import EACH, KEPT_FREE, affordable

Limit = Callable[[int], None]


@pytest.fixture
def limit() -> Iterator[Limit]:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    yield lambda soft: resource.setrlimit(resource.RLIMIT_NOFILE, (soft, before[1]))
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_what_there_is_room_for_is_left_as_it_is(limit: Limit) -> None:
    limit(1024)
    assert affordable(32) == 32
    assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] == 1024


def test_the_limit_is_raised_as_far_as_is_needed_and_may_be(limit: Limit) -> None:
    limit(256)
    assert affordable(100) == 100
    assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] == KEPT_FREE + EACH * 100
