"""What the charts show: days by the profile's clock, the busiest sources apart, runs by how they ended."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest

from scan.reports.html.activity import Day, busiest, days_until
from scan.reports.html.figures import match_rate, new_items, runs
from scan.reports.html.words import NONE
from scan.reports.past import PastRun, SourceSpan
from tests.reports.html.pages import a_run
from tests.reports.samples import Memory

BERLIN = ZoneInfo("Europe/Berlin")


def a_span(source: str, **counts: int) -> SourceSpan:
    nothing = dict.fromkeys(("runs", "failed", "suspicious", "seen", "new", "changed", "gone", "matched"), 0)
    return SourceSpan(source=source, duration_seconds=1.0, **{**nothing, **counts})


def a_day(number: int, *spans: SourceSpan) -> Day:
    return Day(date=date(2026, 11, number), spans={span.source: span for span in spans})


class Asked(Memory):
    """A memory that remembers what it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[datetime, datetime]] = []

    def source_spans(self, start: datetime, end: datetime) -> list[SourceSpan]:
        self.asked.append((start, end))
        return []


def test_days_are_whole_days_by_the_profiles_clock() -> None:
    known = Asked()
    days = days_until(datetime(2026, 10, 26, 0, 30, tzinfo=UTC), BERLIN, 3, known)
    assert [day.date.day for day in days] == [24, 25, 26]
    assert [end - start for start, end in known.asked] == [timedelta(hours=hours) for hours in (24, 25, 24)]
    assert all(one[1] == other[0] for one, other in zip(known.asked, known.asked[1:], strict=False))
    assert known.asked[0][0] == datetime(2026, 10, 23, 22, tzinfo=UTC)


def test_the_busiest_sources_stand_apart_and_the_others_together() -> None:
    days = [
        a_day(1, *(a_span(name, new=new) for name, new in zip("abcdefg", range(7, 0, -1), strict=True))),
        a_day(2),
        a_day(3, a_span("g", new=10)),
    ]
    figure = new_items(days)
    assert [name for _, name in figure.legend] == ["g", "a", "b", "c", "d", "others"]
    assert figure.summary == "38 new items in 3 days, the most on 1 Nov"
    assert figure.axis == ("1 Nov", "2 Nov", "3 Nov")
    assert figure.scale == ("30", "15", "0")
    assert figure.head == ("Day", "All", "g", "a", "b", "c", "d", "others")
    assert figure.rows[0] == ("Tuesday 3 November 2026", "10", "10", "0", "0", "0", "0", "0")
    assert figure.rows[2] == ("Sunday 1 November 2026", "28", "1", "7", "6", "5", "4", "5")
    assert figure.bars[0].label.endswith("28 new (g 1, a 7, b 6, c 5, d 4, others 5)")
    assert busiest(days, "new", 1) == ("g",)


def test_the_match_rate_is_of_what_was_new_or_changed() -> None:
    figure = match_rate([a_day(1, a_span("a", new=3, changed=1, matched=1)), a_day(2), a_day(3, a_span("a", new=1))])
    assert [row[1:] for row in reversed(figure.rows)] == [
        ("3", "1", "1", "25 %"),
        ("0", "0", "0", NONE),
        ("1", "0", "0", "0 %"),
    ]
    assert figure.summary == "1 match among 5 new or changed items"
    assert figure.scale[0] == "30 %"


@pytest.mark.parametrize("matched", [5, 50])
def test_a_rate_is_never_more_than_all(matched: int) -> None:
    assert a_day(1, a_span("a", new=5, matched=matched)).rate == 100


def test_runs_show_how_long_they_took_and_how_they_ended() -> None:
    figure = runs([a_run(number) for number in range(20)], BERLIN)
    assert [name for _, name in figure.legend] == ["success", "partial failure", "failure", "interrupted"]
    assert [bar.ground for bar in reversed(figure.bars)][3:9] == ["ground-warn", "", "ground-bad", "", "", ""]
    assert figure.axis == ("23 Nov, 04:15", "23 Nov, 09:00")
    assert figure.rows[5][1:3] == ("failure", "2.00 s")
    assert figure.bars[-4].label == "23 Nov 2026, 08:15 CET: partial failure, 5.00 s"


def test_a_run_that_is_not_over_has_no_length() -> None:
    alive = msgspec.structs.replace(a_run(0), status="running", duration_seconds=None, finished_at=None)
    figure = runs([alive], BERLIN)
    assert figure.drawing == ""
    assert figure.rows[0][1:3] == ("running", NONE)


def test_one_run_is_no_wall_and_none_is_no_chart() -> None:
    assert len(runs([a_run(0)], BERLIN).bars) == 14
    nothing: list[PastRun] = []
    assert runs(nothing, BERLIN).summary == "No run in this time"
    for figure in (runs(nothing, BERLIN), new_items([a_day(1)]), match_rate([a_day(1)])):
        assert figure.drawing == ""
