"""Every recorded answer's items, normalized: nothing is rejected, and no time is misread."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from scan.model import Item
from scan.normalize import normalize
from scan.sources import Source, merge
from tests.sources.building import build
from tests.sources.test_recorded import BOARDS, CONFIGURED, FEEDS, JSON_LD, XML_BOARDS, board, feed, jsonld, recorded

pytestmark = pytest.mark.recorded

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
UNREADABLE = {  # French, and a day without its year
    "html/keejob.html": 1,
    "html/muni_chi_library.html": 4,
}


def answers() -> Iterator[tuple[str, Source]]:
    yield from ((name, board[name.partition("/")[0]]) for name in (*BOARDS, *XML_BOARDS))
    yield from ((name, feed) for name in FEEDS)
    yield from ((name, jsonld) for name in JSON_LD)
    for name, expected in CONFIGURED.items():
        yield name, build({"url": "https://example.org/dir/page", **expected["entry"]})


def cleaned(name: str, source: Source) -> tuple[list[Item], list[str]]:
    """Normalize the items of a recorded answer; what could not be read is told beside them."""
    unreadable: list[str] = []
    items = []
    for raw in merge(source.parse(recorded(name)).items):
        item = normalize(
            raw,
            source="s",
            kind="job",
            base="https://example.org/dir/page",
            organization=None,
            now=NOW,
            warn=unreadable.append,
        )
        if isinstance(item, Item):
            items.append(item)
        elif "jsonfeed/feedio" not in name:  # three of its entries have no title, and no address
            raise AssertionError(item)
    return items, unreadable


def test_every_recorded_item_is_one_and_its_times_can_be_read() -> None:
    total = 0
    for name, source in answers():
        items, unreadable = cleaned(name, source)
        total += len(items)
        assert len(unreadable) == UNREADABLE.get(name, 0), (name, unreadable[:1])
        known = [item.key for item in items if not item.key.startswith("title:")]
        assert len(set(known)) == len(known) or name.startswith("html/"), name  # a web page may link twice to a thing
        years = {item.published_at.year for item in items if item.published_at}
        assert years <= {*range(2009, 2027), 2035}, name  # one recorded feed is of 2035
    assert total > 4300


@pytest.mark.parametrize(
    ("name", "years"),
    [
        ("lever/aaron_2.json", {2026}),  # milliseconds
        ("arbeitnow/api_3.json", {2026}),  # seconds, as in the next ones
        ("himalayas/api_20.json", {2026}),
        ("generic_json/simplify_new_grad_listings.json", {2023, 2024}),
    ],
)
def test_seconds_and_milliseconds_since_1970_are_told_apart(name: str, years: set[int]) -> None:
    source = dict(answers())[name]
    assert all(isinstance(item.published_at, int) for item in source.parse(recorded(name)).items)
    items, _ = cleaned(name, source)
    assert {item.published_at.year for item in items if item.published_at} == years


def test_a_time_without_a_zone_is_utc_and_a_day_is_its_midnight() -> None:
    items, _ = cleaned("remotive/api_5.json", dict(answers())["remotive/api_5.json"])
    assert {item.published_at.tzinfo for item in items if item.published_at} == {UTC}
    (item,), _ = cleaned("workable/widget_details_1.json", board["workable"])
    assert item.published_at is not None
    assert (item.published_at.hour, item.published_at.minute) == (0, 0)


def test_a_time_told_from_now_is_counted_back_and_is_no_change_tomorrow() -> None:
    name = "workday/nvidia_3_postedon_forms.json"
    items, _ = cleaned(name, board["workday"])
    assert [(NOW.date() - item.published_at.date()).days for item in items if item.published_at] == [0, 1, 2]
    (raw, *_) = board["workday"].parse(recorded(name)).items
    later = [
        normalize(raw, source="s", kind="job", base="", organization=None, now=NOW.replace(day=day)) for day in (23, 29)
    ]
    assert isinstance(later[0], Item)
    assert isinstance(later[1], Item)
    assert later[0].published_at != later[1].published_at
    assert later[0].content_hash == later[1].content_hash
