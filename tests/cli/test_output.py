"""Tables, times and texts as people see them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scan.cli.moments import Moment, instant
from scan.cli.output import Cell, ago, columns, cut, folded, safe, table, when
from scan.cli.output.spark import pictures, spark
from scan.cli.output.terminal import knows_links, linked

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
    assert columns("\u2764\ufe0f") == columns("😀") == 2
    assert columns("กำ\u0e49") == 2
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


def test_a_cell_s_colour_and_link_take_no_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_HYPERLINK", "1")
    row = ("a", Cell("東京 is long and longer", "red", "https://example.org/é x"), "end")
    head, line = table(("X", "TITLE", "Y"), [row], width=25).splitlines()
    assert head == "X  TITLE              Y"
    shown = "\x1b[31m東京 is long and…\x1b[0m"
    assert line == f"a  \x1b]8;;https://example.org/%C3%A9%20x\x1b\\{shown}\x1b]8;;\x1b\\  end"


@pytest.mark.parametrize("address", ["javascript:alert(1)", "file:///etc/passwd", "", None, f"https://{'x' * 3000}"])
def test_only_a_web_address_becomes_a_link(address: str | None) -> None:
    assert linked("text", address) == "text"


def test_an_address_cannot_end_its_link_early() -> None:
    shown = linked("t", "https://a.example/\x1b\\\x07\x9c\nb")
    assert shown == "\x1b]8;;https://a.example/%1B\\%07%C2%9C%0Ab\x1b\\t\x1b]8;;\x1b\\"


@pytest.mark.parametrize(
    ("environ", "knows"),
    [
        ({}, False),
        ({"TERM": "xterm-256color"}, False),
        ({"VTE_VERSION": "4999"}, False),
        ({"VTE_VERSION": "7200"}, True),
        ({"VTE_VERSION": "7200", "TERM": "screen"}, False),
        ({"VTE_VERSION": "7200", "TERM": "tmux-256color"}, False),
        ({"TERM_PROGRAM": "iTerm.app"}, True),
        ({"TERM_PROGRAM": "Apple_Terminal"}, False),
        ({"TERM": "xterm-kitty"}, True),
        ({"WT_SESSION": "1"}, True),
    ],
)
def test_a_terminal_that_knows_links_is_known_by_what_it_says(environ: dict[str, str], *, knows: bool) -> None:
    assert knows_links(environ) is knows


@given(st.text(max_size=80), st.integers(1, 30))
def test_a_folded_text_fits_and_is_whole(text: str, width: int) -> None:
    lines = list(folded(text, width))
    assert all(columns(line) <= width or len(line) == 1 for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_a_picture_of_numbers() -> None:
    assert spark([0, 1, 4, 8, None, 2]) == "▁▂▅█ ▃"
    assert spark([0, 0]) == "▁▁"
    assert spark([None, None]) == "  "
    assert spark([0.001, 100]) == "▂█"
    assert list(pictures([0.5, None], [3, None])) == []
    assert list(pictures([0.5, 75.0], [3, 0])) == ["took  ▂█  0.50 s to 1 min", "new   █▁  0 to 3"]


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


@pytest.mark.timeout(10)
def test_a_long_word_is_folded_in_linear_time() -> None:
    assert len(list(folded("é" * 200_000, 20))) == 10_000
