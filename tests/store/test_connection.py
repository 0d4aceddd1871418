from datetime import UTC, datetime, timedelta

from scan.store.connection import _converted
from scan.store.values import utc_text

NOW = datetime(2026, 12, 1, tzinfo=UTC)


def test_a_column_is_converted_value_by_value_whatever_follows_what() -> None:
    times = [NOW, NOW, None, None, NOW, NOW + timedelta(hours=1), NOW.replace(), None]
    rows = _converted([(place, time) for place, time in enumerate(times)], [(1, utc_text)])
    assert rows == [(place, None if time is None else utc_text(time)) for place, time in enumerate(times)]


def test_no_rows_are_none() -> None:
    assert _converted([], [(0, utc_text)]) == []
