"""The HTML report in Chromium, from the disk, as a person opens it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser

from scan.reports.view import View
from tests.cli.boards import SEARCH, answer, config, job
from tests.cli.conftest import Scan
from tests.integration.browser import Opened, chromium, opened
from tests.reports.html.pages import busy, page
from tests.reports.samples import Memory, a_view
from tests.web import Web

pytestmark = pytest.mark.integration

HOSTILE = "Engineer <x onclick=window.planted=4> for </ script>"
"""No tag that HTML has: that is what would be left of it when it is stored."""

SOON = "2026-11-23T08:04:00Z"

PAPER = "getComputedStyle(document.body).backgroundColor"
WIDE = "document.documentElement.scrollWidth"

TOO_WIDE = """[...document.querySelectorAll(".card, .tiles a, summary, li, td, form p")].filter(
    (one) => one.clientWidth && one.scrollWidth > one.clientWidth + 1 && !one.closest(".scroll, .unseen")
).map((one) => one.outerHTML.slice(0, 200))"""
"""What sticks out of its place."""

Write = Callable[[View], Path]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(view: View) -> Path:
        file = tmp_path / "index.html"
        file.write_text(page(view), encoding="utf-8")
        return file

    return written


@pytest.fixture
def busy_page(browser: Browser, write: Write) -> Iterator[Opened]:
    with opened(browser, write(busy()), now=SOON) as seen:
        yield seen
        assert seen.complaints == []


def test_the_installed_command_leaves_a_page_that_works(browser: Browser, tmp_path: Path) -> None:
    scan, place = Scan(tmp_path), tmp_path / "report" / "index.html"
    with Web() as web:
        jobs = (job(1, HOSTILE, absolute_url="javascript:window.planted=4"), job(2, "Gärtner"))
        scan.configure(
            config(web.serve("/jobs", answer(*jobs)), f"{SEARCH}reports:\n  - {{kind: html, to: report/}}\n")
        )
        for _ in range(2):
            assert scan.run()["reports"] == {"published": 1, "failed": 0}
            with opened(browser, place) as seen:
                assert seen.texts("h1") == ["All is well"]
                assert seen.texts("#matches h4") == [HOSTILE]
                assert seen.texts("#matches mark") == ["Engineer"]
                assert seen.texts("#found") == ["1-2 of 2"]
                assert seen.page.evaluate("window.planted") is None
                assert seen.page.locator("a[href^='javascript']").count() == 0
            assert (seen.complaints, seen.requests) == ([], [place.as_uri()])
    assert [path.name for path in place.parent.iterdir()] == ["index.html"]


def test_hostile_texts_run_nothing(busy_page: Opened) -> None:
    assert any("<img src=x onerror=" in text for text in busy_page.texts("#matches h4"))
    busy_page.page.locator("#q").fill("<img")
    assert busy_page.page.evaluate("window.planted") is None
    assert len(busy_page.requests) == 1
    blocked = busy_page.page.evaluate(
        """() => { const script = document.createElement("script"); script.append("window.planted = 5");
                   try { document.body.append(script); } catch {} return window.planted; }"""
    )
    assert blocked is None
    assert all("TrustedScript" in complaint for complaint in busy_page.complaints)
    busy_page.complaints.clear()


@pytest.mark.parametrize(("width", "colours"), [(1440, "light"), (360, "dark")])
def test_everybody_can_read_it(browser: Browser, write: Write, width: int, colours: str) -> None:
    with opened(browser, write(busy(12)), width=width, now=SOON, color_scheme=colours) as seen:
        assert seen.violations() == []
        assert seen.page.evaluate(WIDE) == width
        assert seen.page.evaluate(PAPER) == {"light": "rgb(247, 246, 243)", "dark": "rgb(18, 20, 23)"}[colours]
        seen.page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        assert [broken for broken in seen.violations("#source-globex") if broken[0] != "color-contrast"] == []
        assert seen.page.evaluate(WIDE) == width


@pytest.mark.parametrize(("width", "colours"), [(1440, "dark"), (320, "light")])
def test_a_page_without_anything_can_be_read_too(browser: Browser, write: Write, width: int, colours: str) -> None:
    with opened(browser, write(a_view(Memory(), "acme")), width=width, now=SOON, color_scheme=colours) as seen:
        assert seen.violations() == []
        assert seen.page.evaluate(WIDE) == width


def test_it_fits_windows_of_every_width(busy_page: Opened) -> None:
    for width in (320, 480, 640, 703, 705, 800, 1000, 1057, 1200, 1920):
        busy_page.page.set_viewport_size({"width": width, "height": 900})
        assert busy_page.page.evaluate(WIDE) == width
        assert busy_page.page.evaluate(TOO_WIDE) == []


def test_everything_is_reached_by_keyboard_and_seen_to_be(browser: Browser, write: Write) -> None:
    with opened(browser, write(busy(4)), now=SOON) as seen:
        walk_through(seen)
        seen.page.locator("#source-globex summary").focus()
        seen.page.keyboard.press("Enter")
        assert "scan preview globex" in seen.texts("#source-globex")[0]


def walk_through(seen: Opened) -> None:
    """Press the tabulator until the page ends: each place has an outline, and none is left out."""
    page = seen.page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getBoundingClientRect().top") >= 0
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    reached, unseen = set(), []
    for _ in range(300):
        page.keyboard.press("Tab")
        name, outline = page.evaluate(
            """() => { const one = document.activeElement; one.dataset.reached = 1;
                       return [one.outerHTML.slice(0, 80), getComputedStyle(one).outlineStyle]; }"""
        )
        if name.startswith("<body"):
            break
        reached.add(name)
        unseen += [name] if outline == "none" else []
    assert unseen == []
    left = (
        page.locator("a, button:enabled, input, select, summary")
        .filter(visible=True)
        .and_(page.locator(":not([data-reached])"))
    )
    assert [one.inner_text() for one in left.all()] == ["Skip to the content"]


def test_items_are_searched_filtered_and_turned(busy_page: Opened) -> None:
    page = busy_page.page

    def shown() -> tuple[str, int]:
        return busy_page.texts("#found")[0], page.locator("#list .title").count()

    assert shown() == ("1-50 of 120", 50)
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Next").press("Enter")
    assert shown() == ("101-120 of 120", 20)
    assert page.get_by_role("button", name="Next").is_disabled()
    page.get_by_label("Search").fill("KOLN werkstudent")
    assert shown() == ("1-10 of 10", 10)
    assert all("Köln" in text for text in busy_page.texts("#list .detail"))
    page.get_by_label("Source", exact=True).select_option("beta")
    assert shown() == ("Nothing found. Fewer words, or another source, may find more.", 0)
    page.get_by_label("Search").fill("")
    assert shown() == ("1-40 of 40", 40)
    page.get_by_label("Show").select_option("new in 24 hours")
    assert shown() == ("1-8 of 8", 8)
    page.get_by_label("Source", exact=True).select_option("all sources")
    page.get_by_label("Order").select_option("by source")
    assert busy_page.texts("#list .group") == ["acme", "beta", "council"]
    page.get_by_label("Show").select_option("left in 7 days")
    assert busy_page.texts("#list .title") == ["Left 0", "Left 1", "Left 2"]
    assert busy_page.texts("#list .meta")[0] == "acme left 23 Nov 2026, 09:00"
    page.wait_for_url("**/*#items?show=left&order=source")


def test_a_search_is_in_the_address(browser: Browser, write: Write) -> None:
    with opened(browser, write(busy()), at="#items?q=data&source=acme&show=nonsense", now=SOON) as seen:
        assert seen.texts("#found") == ["1-10 of 10"]
        assert seen.page.locator("#q").input_value() == "data"
        seen.page.locator("#source-beta summary").click()
        seen.page.get_by_role("link", name="All 40 items").click()
        assert seen.texts("#found") == ["1-40 of 40"]
        assert seen.complaints == []


def test_a_zone_that_the_browser_does_not_know_stops_nothing(browser: Browser, write: Write) -> None:
    with files("tzdata.zoneinfo").joinpath("UTC").open("rb") as rules:
        zone = ZoneInfo.from_file(rules, key="Nowhere/Else")
    with opened(browser, write(replace(busy(3), zone=zone)), timezone_id="Asia/Tokyo") as seen:
        assert seen.complaints == []
        assert seen.texts("#list .meta")[0] == "acme since 23 Nov 2026, 17:00 GMT+9"


def test_ten_thousand_items_cost_no_more_than_fifty(browser: Browser, write: Write) -> None:
    nodes = "document.querySelectorAll('*').length"
    with opened(browser, write(busy(50)), now=SOON) as seen:
        few = seen.page.evaluate(nodes)
    with opened(browser, write(busy(10_000)), now=SOON) as seen:
        assert seen.texts("#found") == ["1-50 of 10,000"]
        assert seen.page.evaluate(nodes) < few + 50
        seen.page.locator("#q").fill("koln")
        seen.page.get_by_role("button", name="Next").click()
        assert seen.texts("#found") == ["51-100 of 3,333"]
        assert seen.page.locator("#list li").count() == 50
        assert seen.page.evaluate(nodes) < few + 50


def test_without_scripts_all_but_the_search_is_there(browser: Browser, write: Write) -> None:
    with opened(browser, write(busy()), java_script_enabled=False) as seen:
        assert len(seen.texts(".match")) == 4
        assert not seen.page.locator("#finder").is_visible()
        assert "scan items lists all" in seen.texts("noscript")[0]
        seen.page.locator("#source-acme summary").click()
        assert len(seen.texts("#source-acme .newest a")) == 5
        assert seen.texts(".scripted") == []


@pytest.mark.parametrize(("now", "told"), [(SOON, ""), ("2026-11-25T08:00:00Z", "This page is 2 days old")])
def test_an_old_page_says_that_it_is_old(browser: Browser, write: Write, now: str, told: str) -> None:
    with opened(browser, write(busy(3)), now=now) as seen:
        assert "".join(seen.texts("#stale")).startswith(told)
        assert bool(seen.texts("#stale")) == bool(told)
        assert "ago)" in seen.texts("#age")[0]


def test_it_prints_without_what_only_a_screen_has(busy_page: Opened) -> None:
    busy_page.page.emulate_media(media="print", color_scheme="dark")
    for selector in ("nav", "#finder form", ".pager"):
        assert busy_page.texts(selector) == []
    assert len(busy_page.texts(".match")) == 4
    assert busy_page.page.evaluate(PAPER) == "rgb(255, 255, 255)"
