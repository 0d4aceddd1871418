"""Tables, times and texts as people see them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scan.cli.moments import Moment, instant
from scan.cli.output import ago, columns, cut, safe, table, when

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x1b[31mb", "a\\x1b[31mb"),
        ("a\nb\tc", "a\\nb\\tc"),
        ("abc\u202edef", "abc\\u202edef"),
        ("a\x9bb", "a\\x9bb"),
        ("\ud800", "\\ud800"),
        ("Søren 東京", "Søren 東京"),
    ],
)
def test_what_could_drive_a_terminal_is_shown_as_its_escape(text: str, shown: str) -> None:
    assert safe(text) == shown


def test_wide_and_combining_characters_count_as_a_terminal_shows_them() -> None:
    assert columns("東京") == 4
    assert columns("e\u0301") == 1
    assert cut("東京都", 5) == "東京…"
    assert cut("東京都", 4) == "東…"


@given(st.text(max_size=40), st.integers(0, 30))
def test_a_cut_text_never_takes_more_room_and_one_that_fits_is_left_alone(text: str, width: int) -> None:
    assert columns(cut(text, width)) <= width
    if columns(text) <= width:
        assert cut(text, width) == text


def test_columns_stand_under_each_other_whatever_they_hold_and_numbers_to_the_right() -> None:
    assert table(("A", "COUNT", "B"), [("東京", 9, "x"), ("ab", 10, None), ("c\nd", None, "y")]).splitlines() == [
        "A     COUNT  B",
        "東京      9  x",
        "ab       10",
        "c\\nd         y",
    ]


def test_the_widest_columns_give_way_and_narrow_ones_stay_whole() -> None:
    row = ("2026-11-23 08:00", "t" * 50, "short", "w" * 80)
    head, line = table(("WHEN", "TITLE", "X", "WHY"), [row], width=80).splitlines()
    assert head.split() == ["WHEN", "TITLE", "X", "WHY"]
    assert line == f"2026-11-23 08:00  {'t' * 25}…  short  {'w' * 25}…"


@given(st.lists(st.lists(st.text(max_size=60), min_size=3, max_size=3), max_size=4), st.integers(20, 120))
def test_no_line_is_wider_than_the_terminal(rows: list[list[str]], width: int) -> None:
    assert all(columns(line) <= width for line in table(("A", "B", "C"), rows, width=width).split("\n"))


def test_times_are_in_the_zone_asked_for() -> None:
    assert when(NOW, BERLIN) == "2026-11-23 09:00"
    assert when(None) == "never"
    assert (ago(NOW - timedelta(hours=49), NOW), ago(NOW + timedelta(minutes=5), NOW)) == ("2 d ago", "in 5 min")


def test_a_time_without_a_zone_is_one_of_the_configs() -> None:
    moment = Moment().convert("2026-11-23T09:00", None, None)
    assert instant(moment, BERLIN) == NOW
    assert instant(Moment().convert("2026-11-23T09:00+02:00", None, None), BERLIN) == NOW - timedelta(hours=1)
    assert instant(None, BERLIN) is None


def test_a_span_is_counted_back_from_now() -> None:
    moment = instant(Moment().convert("2d", None, None), BERLIN)
    assert moment is not None
    assert timedelta(0) <= datetime.now(UTC) - timedelta(days=2) - moment < timedelta(minutes=1)


@pytest.mark.parametrize("text", ["yesterday", "", "2026-13-01", "-2d", "999999999d"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(click.UsageError):
        Moment().convert(text, None, None)


@pytest.mark.parametrize(("text", "zone"), [("0001-01-01", BERLIN), ("9999-12-31T23:00", ZoneInfo("US/Hawaii"))])
def test_a_time_that_no_calendar_holds_is_refused(text: str, zone: ZoneInfo) -> None:
    with pytest.raises(click.UsageError):
        instant(Moment().convert(text, None, None), zone)
