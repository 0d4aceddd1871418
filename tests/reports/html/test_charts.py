"""Charts: bars in proportion, scales that end at round numbers, and nothing that divides by zero."""

import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scan.reports.html.charts import Bar, Cell, Part, bars, ceiling, spark, strip

COUNTS = st.lists(st.integers(0, 10**6), max_size=20)


@pytest.mark.parametrize(
    ("most", "top"), [(0, 1), (0.2, 1), (1, 1), (7, 8), (9, 10), (10, 10), (11, 20), (52, 60), (99, 100), (1234, 2000)]
)
def test_a_scale_ends_at_a_round_number(most: float, top: float) -> None:
    assert ceiling(most) == top


@given(st.floats(0, 10**9))
def test_a_scale_holds_its_values_and_little_more(most: float) -> None:
    assert most <= ceiling(most) <= max(2 * most, 1)


def heights(drawing: str) -> list[tuple[str, float, float]]:
    tree = ET.fromstring(drawing)
    found = [node.attrib for node in tree.iter("rect") if node.attrib["height"] != "100"]
    return [(one["class"], float(one["y"]), float(one["height"])) for one in found]


def test_parts_stand_upon_each_other_in_proportion() -> None:
    drawing = bars(
        [Bar("one", (Part("a", 1), Part("b", 2))), Bar("nothing")], name="n", title="Title", about="About.", top=4
    )
    assert heights(drawing) == [("a", 75, 25), ("b", 25, 50)]


def test_a_chart_has_a_title_a_description_and_says_each_bar() -> None:
    drawing = bars([Bar("<one> & two")], name="runs", title="A <title>", about="About.", top=1)
    tree = ET.fromstring(drawing)
    assert tree.attrib["aria-labelledby"] == "runs-title runs-about"
    texts = {node.attrib.get("id"): node.text for node in tree.iter() if node.tag in {"title", "desc"}}
    assert texts == {"runs-title": "A <title>", "runs-about": "About.", None: "<one> & two"}


@given(COUNTS)
def test_whatever_is_drawn_is_well_formed_and_stays_inside(counts: list[int]) -> None:
    top = ceiling(max(counts, default=0))
    for _, y, height in heights(
        bars([Bar("", (Part("a", c),)) for c in counts], name="n", title="", about="", top=top)
    ):
        assert -0.01 <= y <= 100
        assert y + height == pytest.approx(100, abs=0.02)
    for drawing in (strip([Cell("ok", count) for count in counts], label="<"), spark(counts)):
        numbers = [float(number) for number in re.findall(r"[vMhV ]-?([\d.]+)", drawing)]
        assert not drawing or ET.fromstring(drawing) is not None
        assert all(number <= 8 * 20 + 32 for number in numbers)


def test_states_differ_by_more_than_their_colour() -> None:
    drawing = strip([Cell("ok", 0), Cell("warn", 0), Cell("bad", 0), Cell("none", 0)], label="four days")
    assert re.findall(r'class="(\w+)" d="M(\d+) 32v-(\d)', drawing) == [
        ("ok", "1", "3"),
        ("warn", "9", "6"),
        ("bad", "17", "9"),
    ]


def test_nothing_is_drawn_of_nothing() -> None:
    assert spark([0, 0]) == spark([]) == ""
