"""A day of twenty-four sources in a world that misbehaves; `make soak` plays two weeks of two hundred.

The ledger that the web and the receivers keep agrees with the database: each posting that is wanted is told once.
"""

import pytest

from tests.soak.faults import Weather
from tests.soak.soak import Length, Soak

pytestmark = [pytest.mark.cli, pytest.mark.timeout(300)]

A_DAY = Length(
    runs=96, fair=32, sources=24, weather=Weather(rate=0.1, slow_runs=0.02), looked_after=24, patience="2s", mishaps=0.2
)


def test_in_a_day_of_trouble_each_posting_is_told_once() -> None:
    with Soak(A_DAY, seed=8) as soak:
        found = soak.play()
    assert found.broken == []
    assert found.runs["killed"] > 0
    assert found.postings > 100
    assert sum(number for name, number in found.happened.items() if name.startswith("source:")) > 100
