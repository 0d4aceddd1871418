"""How many items of each source are shown, and how they are written."""

from hypothesis import given
from hypothesis import strategies as st

from scan.reports.html.items import share


@given(st.lists(st.integers(0, 1000), max_size=30), st.integers(0, 5000))
def test_shares_fit_and_waste_nothing(counts: list[int], room: int) -> None:
    each = share(counts, room)
    shown = sum(min(count, each) for count in counts)
    assert shown <= room
    more = sum(min(count, each + 1) for count in counts)
    assert shown == sum(counts) or more > room


def test_a_large_source_leaves_room_for_the_small_ones() -> None:
    assert share([10_000, 5, 5], 100) == 90
    assert share([10, 20], 100) == 20
    assert share([], 100) == share([0], 100) == 0
    assert share([5, 5], 0) == 0
