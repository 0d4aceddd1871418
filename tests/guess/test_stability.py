import pytest

from scan.guess.stability import is_stable

STAY = """
job-card job_title entry-content posTitle rgRow views-row JobCardItem c-sidebar__item reqitem card-body h-entry place
"""
GO = """
sc-1rd450u-0 bIScAX bqhLpl OOxfZ kUIRzm jTrQPe hdTF css-1a2b3c jsx-3381 styles__card___2hJ4k post-12345 views-row-3
mt-4 md:flex text-lg flex col-md-6 d-flex w-full row active odd is-active has-image hover:text-white place-items-center
"""


@pytest.mark.parametrize("name", STAY.split())
def test_a_name_that_says_what_something_is_will_stay(name: str) -> None:
    assert is_stable(name)


@pytest.mark.parametrize("name", [*GO.split(), "", "ü", "a" * 100, "x y"])
def test_a_name_of_a_build_a_style_or_a_state_will_not(name: str) -> None:
    assert not is_stable(name)
