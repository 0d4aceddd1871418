from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import make_url

from scan.errors import StoreError
from scan.store.types import Utc
from scan.store.values import from_json

SQLITE = make_url("sqlite://").get_dialect()()
OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
EARLIEST, LATEST = (datetime(year, 1, 3, tzinfo=UTC).replace(tzinfo=None) for year in (1, 9999))
TIMES = st.datetimes(EARLIEST, LATEST, timezones=OFFSETS)


def test_a_time_on_sqlite_is_text_to_read_and_sort() -> None:
    local = datetime(2026, 11, 23, 2, tzinfo=timezone(timedelta(hours=-6)))
    assert Utc().process_bind_param(local, SQLITE) == "2026-11-23T08:00:00.000000Z"


@given(TIMES, TIMES)
def test_times_come_back_the_same_in_utc_and_sort_as_their_text(one: datetime, two: datetime) -> None:
    written, other = (Utc().process_bind_param(time, SQLITE) for time in (one, two))
    read = Utc().process_result_value(written, SQLITE)
    assert read == one
    assert read is not None
    assert read.tzinfo == UTC
    assert (written < other) == (one < two)


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        Utc().process_bind_param(datetime(2026, 11, 23), SQLITE)  # noqa: DTZ001  # the very thing refused


def test_postgresql_has_times_of_its_own() -> None:
    local = datetime(2026, 11, 23, 2, tzinfo=timezone(timedelta(hours=-6)))
    dialect = make_url("postgresql://").get_dialect()()
    assert Utc().process_bind_param(local, dialect) == local
    assert str(Utc().process_result_value(local, dialect)) == "2026-11-23 08:00:00+00:00"


@pytest.mark.parametrize("value", ["never", "", 7])
def test_what_is_no_time_is_damage(value: object) -> None:
    with pytest.raises(StoreError, match="damaged"):
        Utc().process_result_value(value, SQLITE)


def test_what_is_no_json_is_damage() -> None:
    with pytest.raises(StoreError, match="damaged"):
        from_json("{")
