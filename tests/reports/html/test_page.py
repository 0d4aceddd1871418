"""The page as a whole: what it says, and that nothing foreign becomes markup."""

import base64
import hashlib
import json
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from scan import status
from scan.reports.html import Html
from tests.reports.html.pages import busy, page
from tests.reports.samples import NOW, Memory, a_view, matched, stored


@pytest.fixture(scope="module")
def text() -> str:
    return page(busy())


@pytest.fixture(scope="module")
def tree(text: str) -> LexborHTMLParser:
    return LexborHTMLParser(text)


Tree = LexborHTMLParser | LexborNode


def one(tree: Tree, selector: str) -> LexborNode:
    found = tree.css_first(selector)
    assert found is not None, selector
    return found


def said(tree: Tree, selector: str) -> list[str]:
    return [" ".join(node.text().split()) for node in tree.css(selector)]


def rows(text: str) -> list[list[Any]]:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)
    assert found
    listed: list[list[Any]] = json.loads(found[1])["items"]
    return listed


def test_the_state_comes_first(tree: LexborHTMLParser) -> None:
    assert said(tree, "h1") == ["Something needs you"]
    assert said(tree, "head title") == ["scan: degraded · scan"]
    assert said(tree, ".eyebrow time") == ["23 Nov 2026, 09:00 CET"]
    assert said(tree, ".tiles .name") == ["New matches", "New items", "Sources well", "Last run"]
    assert "2 of 4" in said(tree, ".tiles .figure")


def test_what_needs_somebody_is_explained_with_a_command(tree: LexborHTMLParser) -> None:
    troubles = said(tree, "#attention .trouble")
    assert len(troubles) == 4
    assert "login refused" in troubles[0]
    assert "scan channels test team" in troubles[0]
    (globex,) = (trouble for trouble in troubles if "globex fails" in trouble)
    assert "gone (HTTP 404)" in globex
    assert "If the page has moved, scan probe URL" in globex
    assert globex.endswith("scan preview globex")
    assert "nothing is taken for gone" in troubles[-1]


def test_matches_are_shown_by_day_with_why(tree: LexborHTMLParser) -> None:
    assert said(tree, "#matches .day") == ["Monday 23 November 2026", "Sunday 22 November 2026"]
    first, changed, hostile, everything = tree.css(".match")
    assert said(first, "h4") == ["Senior Backend Engineer (Python)"]
    assert [mark.text() for mark in first.css("mark")] == ["Python", "Remote"]
    assert "attributes.salary_max >= 90000 && '<b>' != ''" in first.text()
    assert [tag.text() for tag in changed.css(".tag")] == ["backend", "changed", "not told yet"]
    assert hostile.css("h4 a") == []
    assert "everything matches" in everything.text()
    assert "Told before" not in one(tree, "#matches").text()


def test_foreign_texts_stay_texts(text: str, tree: LexborHTMLParser) -> None:
    assert [node.attributes.get("type") for node in tree.css("script")] == ["application/json", None]
    assert tree.css("img, iframe, object, embed, base, form[action]") == []
    for node in tree.css("*"):
        for name, value in node.attributes.items():
            assert not name.startswith("on")
            assert name != "style"
            if name in {"href", "src"}:
                assert re.match(r"https?://|#|data:,$", value or ""), value
    assert "\u202e" not in text
    assert "window.planted = 1" in one(tree, "#matches").text()


def test_items_are_data_that_no_parser_takes_for_markup() -> None:
    hostile = "</script><!-- <script> ]]> \u2028 \x00"
    text = page(a_view(Memory(items=[stored(title=hostile, url="javascript:alert(1)", attributes={"</script>": "<"})])))
    ((place, title, link, _, first, *_),) = rows(text)
    assert (place, title, link) == (0, "</script><!-- <script> ]]>", "")
    assert first == int((NOW - timedelta(days=1)).timestamp())
    assert text.count("<script") == 2


def test_only_its_own_script_and_style_are_let_in(text: str, tree: LexborHTMLParser) -> None:
    policy = one(tree, "meta[http-equiv]").attributes["content"] or ""
    allowed = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert allowed["default-src"] == "'none'"
    for name, tag in (("script-src", "script"), ("style-src", "style")):
        (inside,) = re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
        assert allowed[name] == f"'sha256-{digest}'"
    assert policy.count("sha256") == 2
    assert "unsafe" not in policy


def test_equal_input_gives_equal_pages(text: str) -> None:
    assert page(busy()) == text


def test_days_and_times_are_those_of_the_profile(text: str) -> None:
    view = busy()
    elsewhere = page(replace(view, zone=ZoneInfo("Pacific/Auckland")))
    assert said(LexborHTMLParser(elsewhere), "#matches .day") == ["Monday 23 November 2026"]
    assert "23 Nov 2026, 21:00 NZDT" in elsewhere
    assert 'datetime="2026-11-23T21:00:00+13:00"' in elsewhere
    assert 'datetime="2026-11-23T09:00:00+01:00"' in text


def test_sources_have_a_history_those_in_trouble_first(tree: LexborHTMLParser) -> None:
    assert said(tree, ".source .name") == ["globex", "council", "acme", "beta", "off"]
    assert said(tree, ".source .badge")[:1] == ["failing"]
    globex = one(tree, "#source-globex")
    assert one(globex, "svg").attributes["aria-label"] == "14 days: 44 runs, 8 failed, 24 new items"
    assert len(globex.css("tbody tr")) == 11
    acme = one(tree, "#source-acme")
    assert len(acme.css(".newest a")) == 5
    assert one(acme, ".newest a").text().endswith("120")


def test_charts_say_in_words_and_in_a_table_what_they_draw(tree: LexborHTMLParser) -> None:
    figures = tree.css("figure")
    assert len(figures) == 3
    for figure in figures:
        drawing = one(figure, "svg")
        assert drawing.attributes["role"] == "img"
        for name in (drawing.attributes["aria-labelledby"] or "").split():
            assert one(figure, f"#{name}").text()
        assert figure.css("table tbody tr")
    runs = one(tree, "#runs")
    assert "20 runs, 3 not a success" in runs.text()
    assert said(tree, "#runs tbody th")[0] == "23 Nov 2026, 09:00 CET"


def test_a_first_run_and_a_quiet_profile_have_something_to_say() -> None:
    nothing = status.judge(None, now=NOW, lock_free=True)
    never = LexborHTMLParser(page(replace(a_view(), status={"profile": "scan", **nothing})))
    assert said(never, "h1") == ["Nothing has run yet"]
    quiet = LexborHTMLParser(page(a_view(Memory(), "acme")))
    assert said(quiet, "h1") == ["All is well"]
    assert quiet.css("#attention") == []
    for tree in (never, quiet):
        assert "No match yet." in one(tree, "#matches").text()
        assert tree.css("figure svg") == []
    assert "No source is configured." in one(never, "#sources").text()


def test_many_items_are_bounded_and_it_is_said() -> None:
    memory = Memory(items=[stored(n, "acme") for n in range(90)] + [stored(100 + n, "beta") for n in range(4)])
    view = a_view(memory, "acme", "beta")
    text = page(view, max_items=20)
    assert [row[0] for row in rows(text)] == [0] * 16 + [1] * 4
    assert "Of 94 items, 20 can be searched here: of each source, the newest 16." in " ".join(text.split())
    assert rows(page(view, max_items=0)) == []
    assert len(rows(page(view))) == 94


def test_many_matches_and_sources_are_bounded_and_it_is_said() -> None:
    names = [f"source-{n:04}" for n in range(1000)]
    tree = LexborHTMLParser(page(a_view(Memory(met=[matched(n) for n in range(100)]), *names)))
    assert len(tree.css(".match")) == 60
    assert len(tree.css(".source")) == 200
    assert "And 800 more; scan sources lists all." in one(tree, "#sources").text()
    assert "The newest 60 of 1,000; scan matches lists all." in one(tree, "#matches").text()


def test_the_commands_are_those_of_the_profile() -> None:
    text = page(replace(busy(), call="scan --profile jobs"))
    assert "<code>scan --profile jobs probe URL</code>" in text
    assert "scan --profile jobs preview globex" in text


def test_the_headline_goes_with_what_needs_attention() -> None:
    removed = [{"channel": "old", "recipient": "me", "deliveries": 1}]
    assert said(LexborHTMLParser(page(a_view(removed=removed))), "h1") == ["It works"]
    view = a_view()
    degraded = {**view.status, "status": "degraded"}
    assert said(LexborHTMLParser(page(replace(view, status=degraded))), "h1") == ["It works, with trouble"]


@pytest.mark.parametrize(("to", "name"), [("report", "index.html"), ("a.html", ""), ("a.HTM", "")])
def test_the_place_is_a_folder_or_a_page(to: str, name: str) -> None:
    (document,) = Html(to=Path(to)).documents(busy(3))
    assert document.name == name
