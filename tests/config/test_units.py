from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scan.config.units import duration, duration_text, size, size_text

LONGEST = timedelta(days=999_999_999)


@given(st.timedeltas(min_value=timedelta(0), max_value=LONGEST))
def test_a_duration_that_is_written_is_read_back_to_the_millisecond(value: timedelta) -> None:
    value -= timedelta(microseconds=value.microseconds % 1000)

    assert duration(duration_text(value)) == value


@given(st.integers(min_value=0, max_value=10**15 - 1))
def test_a_size_that_is_written_is_read_back(value: int) -> None:
    assert size(size_text(value)) == value


@given(st.text(max_size=12))
def test_any_text_is_a_duration_or_refused(text: str) -> None:
    with suppress(ValueError):
        assert duration(text) >= timedelta(0)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("90s", timedelta(seconds=90)),
        ("15m", timedelta(minutes=15)),
        ("2h", timedelta(hours=2)),
        ("1d", timedelta(days=1)),
        ("1h30m", timedelta(minutes=90)),
        ("500ms", timedelta(milliseconds=500)),
        ("0s", timedelta(0)),
        ("PT15M", timedelta(minutes=15)),
        ("P1D", timedelta(days=1)),
        ("P1DT2H", timedelta(hours=26)),
        ("pt90s", timedelta(seconds=90)),
        ("P2W", timedelta(days=14)),
    ],
)
def test_the_usual_ways_to_write_a_duration(text: str, expected: timedelta) -> None:
    assert duration(text) == expected


@pytest.mark.parametrize(
    "text", ["", "90", "1 h", "-1h", "1.5h", "30m1h", "P", "PT", "P1DT", "1y", "\u0661h", "P1M", "h", "1H"]
)
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"^$"):
        duration(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("500KB", 500_000), ("20MB", 20_000_000), ("64MiB", 67_108_864), ("1 gb", 10**9), ("0B", 0), ("512b", 512)],
)
def test_the_usual_ways_to_write_a_size(text: str, expected: int) -> None:
    assert size(text) == expected


@pytest.mark.parametrize("text", ["", "20", "MB", "-1MB", "1.5MB", "20M", "1iB", "9" * 16 + "B", "\u0663MB"])
def test_what_is_no_size_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"^$"):
        size(text)
