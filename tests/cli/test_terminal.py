"""What a terminal gets: links where it knows them, and nothing that a source wrote could drive it with."""

import json
import re

import pytest

from tests.cli.boards import answer, config, job
from tests.cli.conftest import Scan
from tests.cli.terminals import COLOURS, LINKS, in_terminal, plain
from tests.web import Web

pytestmark = pytest.mark.cli

HOSTILE = "Engineer\x1b]8;;http://evil.example\x1b\\\x9b31m\u202e\u2066\x07\x90q"
ADDRESS = "https://boards.example.org/jobs/1"
SEARCHES = "searches:\n  - {name: all}\nchannels:\n  - {name: log, kind: command, run: [/bin/cat]}\n"
LISTS = (
    ["items"], ["items", "--csv"], ["items", "--json"], ["matches"], ["matches", "--csv"], ["matches", "--json"],
    ["matches", "--search", "all", "--rematch"], ["explain", "1"], ["explain", "1", "--json"],
    ["deliveries"], ["deliveries", "--csv"], ["deliveries", "--json"], ["status"], ["status", "--json"], ["runs"],
    ["sources"], ["preview"], ["preview", "--json"],
)  # fmt: skip


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Scan:
    """Make a profile of whose items everything that a source can write is hostile."""
    scan = Scan(tmp_path_factory.mktemp("hostile"))
    board = scan.folder / "board.json"
    evil = job(
        1,
        HOSTILE,
        absolute_url=ADDRESS,
        location={"name": HOSTILE},
        company_name=HOSTILE,
        content=f"{HOSTILE} text",
        departments=[{"name": HOSTILE}],
    )
    board.write_text(json.dumps({"jobs": [evil, {"id": HOSTILE, "title": HOSTILE, "absolute_url": HOSTILE}]}))
    scan.configure(config(f"file:{board}", SEARCHES))
    scan.run()
    with_edit = json.loads(board.read_text())
    with_edit["jobs"][0]["title"] = f"{HOSTILE} II"
    board.write_text(json.dumps(with_edit))
    scan.run()
    return scan


def dangerous(shown: str) -> set[str]:
    return {char for char in shown if not char.isprintable() and char not in "\r\n"}


@pytest.mark.parametrize("arguments", LISTS, ids=" ".join)
def test_nothing_that_a_source_wrote_reaches_the_terminal_as_a_control(hostile: Scan, arguments: list[str]) -> None:
    out = hostile(*arguments).out
    assert out
    assert not dangerous(out)


@pytest.mark.parametrize(
    "arguments", [["items"], ["matches"], ["explain", "1"], ["deliveries"], ["status"]], ids=" ".join
)
def test_nor_does_anything_among_links_and_colours(hostile: Scan, arguments: list[str]) -> None:
    knowing = {"TERM": "xterm-kitty", "FORCE_HYPERLINK": "1"}
    shown = in_terminal(hostile, *arguments, environ=knowing)
    assert not dangerous(plain(shown))
    assert {found[1] for found in LINKS.finditer(shown)} <= {"", ADDRESS}


def test_titles_are_links_where_the_terminal_knows_them(hostile: Scan) -> None:
    def links(command: str, **environ: str) -> list[str]:
        return [found[1] for found in LINKS.finditer(in_terminal(hostile, command, environ=environ)) if found[1]]

    for command in ("items", "matches"):
        assert ADDRESS in links(command, VTE_VERSION="7200")
        assert links(command) == []
        assert links(command, VTE_VERSION="7200", FORCE_HYPERLINK="0") == []
        assert LINKS.search(hostile(command, environ={"VTE_VERSION": "7200"}).out) is None
    explained = in_terminal(hostile, "explain", "1", environ={"TERM_PROGRAM": "WezTerm"})
    assert f"\x1b]8;;{ADDRESS}\x1b\\{ADDRESS}\x1b]8;;\x1b\\" in explained


def test_a_link_costs_no_room(hostile: Scan) -> None:
    without = in_terminal(hostile, "items", width=60)
    assert plain(in_terminal(hostile, "items", width=60, environ={"VTE_VERSION": "7200"})) == without


def test_a_locale_that_lacks_a_character_costs_no_more_than_it(scan: Scan, web: Web) -> None:
    scan.configure(config(web.serve("/jobs", answer(job(1, "東京 Engineer")))))
    scan.run()
    scan.run()
    for command, shown in (("items", "\\u6771\\u4eac Engineer"), ("status", "took  \\u25")):
        ran = scan(command, environ={"PYTHONIOENCODING": "latin-1"})
        assert (ran.status, ran.err) == (0, "")
        assert shown in ran.out


def test_json_on_a_terminal_has_no_colours_and_is_json(hostile: Scan) -> None:
    shown = in_terminal(hostile, "items", "--json", environ={"FORCE_COLOR": "1"})
    assert not COLOURS.search(shown)
    titles = [item["title"] for item in json.loads(shown)["items"]]
    assert any(re.search("Engineer", title) for title in titles)
