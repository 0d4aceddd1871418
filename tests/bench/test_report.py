from xml.etree import ElementTree as ET

import pytest

from bench import chart
from bench.budgets import PLAIN, STAGES, Budget, budgets
from bench.cases import AGAIN, EDITED, FIRST, NEW, SAME, UNMODIFIED
from bench.measure import Cost
from bench.report import fill, render, verdicts
from bench.results import Curve, Part, Results, cells
from bench.workshop import Sample

CASES = (FIRST, UNMODIFIED, SAME, AGAIN, EDITED)


def measured(seconds: dict[str, float], cases: tuple[str, ...] = CASES) -> Part:
    samples = [Sample(case, who, Cost(cpu, cpu, 50_000_000, 0)) for case in cases for who, cpu in seconds.items()]
    return Part(measured="30 November 2026", about="some sources", cells=cells(samples))


def matching(matched: float, *seconds: float) -> Part:
    curve = Curve(texts="a kind", seconds=dict(zip((10, 100, 1000), seconds, strict=True)), matched=matched)
    return Part(measured="30 November 2026", about="texts", curves=[curve])


def held(**parts: Part) -> dict[str, Budget]:
    return {one.what: one for one in budgets(Results(machine="", parts=parts))}


def test_a_scan_is_held_against_the_sum_of_each_stage() -> None:
    kept = held(boards=measured({STAGES: 2, "scan": 4}))

    assert kept["boards, first / each stage in C"] == Budget("boards, first / each stage in C", 2, 2.2)
    assert kept["boards, first / each stage in C"].kept
    assert not kept["boards, 304 / each stage in C"].kept, "at most 1.5"
    assert kept["boards, bytes differ / each stage in C"].kept, "just so"


def test_peers_that_were_left_out_have_no_budget() -> None:
    cases = (FIRST, UNMODIFIED, NEW, SAME)

    without = held(peers=measured({PLAIN: 1, "scan": 2}, cases))
    kept = held(peers=measured({PLAIN: 1, "scan": 2, "rss2email": 30, "Scrapy": 5}, cases))

    assert not any("rss2email" in what or "Scrapy" in what for what in without)
    assert kept["peers, first / rss2email"].kept
    assert not kept["peers, first / Scrapy"].kept, "at most a third"


def test_many_searches_may_cost_more_where_they_match() -> None:
    silent, telling = matching(0.2, 1, 2, 4), matching(50, 1, 2, 40)

    assert not held(matching=silent)["1,000 searches / 10, a kind"].kept, "at most 3 times as much"
    assert held(matching=telling)["1,000 searches / 10, a kind"].kept


def test_a_verdict_says_what_is_over() -> None:
    shown = verdicts([Budget("a", 2, 1), Budget("b", 1, 1), Budget("c", 5)]).splitlines()

    assert [line.split("|")[4].strip() for line in shown[2:]] == ["over", "ok", ""]


def test_a_page_is_filled_between_its_marks_and_nowhere_else() -> None:
    kept = "Prose.\n<!-- bench: peers -->\nstays\n<!-- end -->\nAfter.\n"
    page = f"Before.\n<!-- bench: boards -->\nold\n<!-- end -->\n{kept}"
    results = Results(machine="2 cores", parts={"boards": measured({STAGES: 2, "scan": 4})})

    once = fill(page, results)

    assert "old" not in once
    assert "| first" in once
    assert once.startswith("Before.\n")
    assert once.endswith(kept)
    assert fill(once, results) == once


def test_all_tables_are_shown_with_what_was_measured_when() -> None:
    shown = render(
        Results(machine="", parts={"boards": measured({STAGES: 2, "scan": 4}), "matching": matching(0, 1, 1, 1)})
    )

    assert "some sources (30 November 2026)" in shown
    assert "1,000 searches" in shown


def places(svg: str, style: str) -> list[tuple[float, float]]:
    root = ET.fromstring(svg)
    circles = root.iter("{http://www.w3.org/2000/svg}circle")
    return [(float(one.attrib["cx"]), float(one.attrib["cy"])) for one in circles if one.attrib["class"] == style]


def test_a_dot_stands_as_far_right_as_what_it_costs() -> None:
    part = measured({"scan": 2, "slow & steady": 20, "slower": 200}, (FIRST,))

    picture = chart.charts({"peers": part})["peers"]

    ((ours, top),) = places(picture, "scan")
    (slow, below), (slower, bottom) = places(picture, "mark")
    assert top < below < bottom, "the cheapest on top"
    assert slow - ours == pytest.approx(slower - slow, abs=0.2), "ten times each"


def test_a_curve_goes_up_where_it_costs_more() -> None:
    picture = chart.charts({"matching": matching(0, 1e-5, 1e-5, 9e-5)})["matching"]

    few, some, many = places(picture, "scan")
    assert few[0] < some[0] < many[0]
    assert few[1] == some[1] > many[1]


def test_what_was_not_measured_is_not_drawn() -> None:
    assert chart.charts({"boards": measured({STAGES: 2, "scan": 4})}) == {}
