"""Entries that stand for many: what rows make of them, and what is wrong with which."""

from dataclasses import field
from pathlib import Path
from typing import Annotated

import pytest

from scan.config.kinds import Kinds
from scan.config.loading import load
from scan.config.model import Config
from scan.declare import Doc
from scan.errors import ConfigError
from scan.lists.copy import Copy
from scan.lists.origin import Origin
from scan.lists.table import of_cells
from scan.sources.base import Source
from tests.config.configs import KINDS, Board, Table, write


class Program(Source, kind="program", item_kind="item", complete=True):
    """Lines of a program."""

    run: Annotated[tuple[str, ...], Doc("what to run")] = field()


WITH_PROGRAM = Kinds(sources={**KINDS.sources, "program": Program}, channels=KINDS.channels, reports=KINDS.reports)
LISTS = "lists: {l: {url: https://lists.example.org/l.csv}}\n"


def read(folder: Path, text: str, *rows: list[str], environ: dict[str, str] | None = None) -> Config:
    """Load a config whose lists all have these rows, the headings first; none without any."""
    table = of_cells(rows) if rows else None

    def copies(name: str, origin: Origin) -> Copy:
        del name
        return Copy(origin=origin.fingerprint(), table=table)

    return load(write(folder, text), environ=environ or {}, kinds=WITH_PROGRAM, copies=copies)


def entry(text: str, name: str = "u", **more: str) -> str:
    return f"{LISTS}sources:\n  - {{name: '{name}', each: {{from: l}}, {text}}}\n{''.join(more.values())}"


def problems(folder: Path, text: str, *rows: list[str]) -> list[str]:
    try:
        config = read(folder, text, *rows)
    except ConfigError as error:
        return [problem.removeprefix(f"{folder}/scan.yaml:") for problem in error.problems]
    return [warning.removeprefix(f"{folder}/scan.yaml:") for warning in (*config.warnings, *config.list_warnings)]


def left_out(folder: Path, text: str, *rows: list[str]) -> tuple[str, ...]:
    return read(folder, text, *rows).list_uses["l"].rejected


def test_cells_fill_every_text_of_an_entry(tmp_path: Path) -> None:
    text = entry(
        "kind: table, url: 'https://{Site}/{city}', fields: {title: 'h2.{CITY}', x: {select: '{site}'}},"
        " headers: {X-City: '{city}!'}, every: '{every}', enabled: '{on}', tags: [a, '{city}']"
    )
    config = read(tmp_path, text, ["Name", "site", "City", "every", "on"], ["The Löft", "a.b", "Ä/B", "2h", "TRUE"])

    (source,) = config.sources
    assert isinstance(source.source, Table)
    assert (source.name, source.source.url) == ("u.The-Loft", "https://a.b/%C3%84%2FB")
    assert source.source.fields["title"] == "h2.Ä/B"
    assert (dict(source.headers), str(source.every), source.tags) == ({"X-City": "Ä/B!"}, "2:00:00", ("a", "Ä/B"))
    assert source.row is not None
    assert (source.row.list, source.row.number, source.names) == ("l", 2, ("u.The-Loft", "u"))


def test_a_name_with_a_column_in_it_is_made_of_it_and_one_without_by_name_or_the_first_column(tmp_path: Path) -> None:
    rows = (["id", "name"], ["7", "Loft"])

    assert read(tmp_path, entry("kind: board, board: x", "b-{id}"), *rows).sources[0].name == "b-7"
    assert read(tmp_path, entry("kind: board, board: x"), *rows).sources[0].name == "u.Loft"
    assert read(tmp_path, entry("kind: board, board: x"), ["id", "label"], ["7", "a"]).sources[0].name == "u.7"


def test_an_empty_cell_that_is_all_of_a_text_is_no_value(tmp_path: Path) -> None:
    text = entry("kind: board, board: '{board}', organization: '{org}', ratio: '{ratio}'")
    config = read(tmp_path, text, ["name", "board", "org", "ratio"], ["a", "x", "", ""], ["b", "", "c", "1"])

    assert [one.source for one in config.sources] == [Board(board="x")]
    assert config.list_uses["l"].rejected == ("row 3: board: missing; a source of kind board needs it",)


def test_what_only_looks_like_a_column_is_left_as_it_is(tmp_path: Path) -> None:
    text = entry("kind: table, url: 'https://x/{name}?p={page}&c={cursor}', fields: {t: 'a.{b: c}'}, body: '{q}'")
    (source,) = read(tmp_path, text, ["name"], ["n"]).sources

    assert isinstance(source.source, Table)
    assert source.source.url == "https://x/n?p={page}&c={cursor}"
    assert (source.source.fields["t"], source.source.body) == ("a.{b: c}", "{q}")


@pytest.mark.parametrize(
    ("url", "cell", "outcome"),
    [
        ("https://{c}/", "example.org:8080", "https://example.org:8080/"),
        ("https://{c}.example.org/", "a", "https://a.example.org/"),
        ("https://x/{c}", "a b/../?#%", "https://x/a%20b%2F..%2F%3F%23%25"),
        ("https://x/?q={c}", "a&b=c", "https://x/?q=a%26b%3Dc"),
        ("{c}", "https://y/a?b=c", "https://y/a?b=c"),
        ("{c}/jobs?q={name}", "http://y", "http://y/jobs?q=n"),
        ("https://{c}/", "example.org/evil", "row 2: url: 'example.org/evil' is no host"),
        ("https://{c}/", "user@example.org", "row 2: url: 'user@example.org' is no host"),
        ("https://{c}/", "", "row 2: url: the column c is empty"),
        ("https://x/{c}", "a\nb", "row 2: url: the column c has a line break or the like in it"),
        ("{c}", "file:/etc/passwd", "row 2: url: names a file of this machine, which a list from elsewhere may not"),
        ("{c}", "FILE:/etc/passwd", "row 2: url: names a file of this machine, which a list from elsewhere may not"),
        ("{c}", "ftp://y/", "row 2: url: 'ftp://y/' is an address of another scheme; http:, https: or file:"),
        ("file:{c}.json", "../x", "row 2: url: '../x' is no file's name"),
        ("file:/{c}", "..", "row 2: url: '..' is no file's name"),
        ("https://x/{d}", "", "all rows: url: no one column is called 'd'; the headings are name, c"),
        ("https://x/{nam}", "", "all rows: url: no one column is called 'nam'; did you mean 'name'?"),
    ],
)
def test_what_lands_in_an_address_is_escaped_or_refused(tmp_path: Path, url: str, cell: str, outcome: str) -> None:
    config = read(tmp_path, entry(f"kind: table, url: '{url}', fields: {{}}"), ["name", "c"], ["n", cell])

    made = [one.source.url or "" for one in config.sources] or config.list_uses["l"].rejected
    assert made[0].startswith(outcome)
    assert len(made) == 1


def test_a_list_of_one_s_own_may_name_files(tmp_path: Path) -> None:
    text = "sources:\n  - {name: u, kind: table, url: '{c}', fields: {}, each: {from: l.csv}}\n"
    assert read(tmp_path, text, ["name", "c"], ["n", "file:/a.html"]).sources[0].source.url == "file:///a.html"


def test_rows_bring_in_no_placeholder_not_even_in_parts(tmp_path: Path) -> None:
    text = entry("kind: board, board: '{a}{b}', organization: '${env:ORG} {b}', ratio: '{r}'")
    config = read(
        tmp_path,
        text,
        ["name", "a", "b", "r"],
        ["n", "$", "{env:KEY}", "1"],
        ["m", "${env:KEY}", "$${x", "${env:R}"],
        environ={"KEY": "secret-key", "ORG": "{a} secret-org", "R": "1"},
    )

    assert [one.source for one in config.sources] == [
        Board(board="${env:KEY}", organization="{a} secret-org {env:KEY}", ratio=1.0)
    ]
    assert config.list_uses["l"].rejected == ("row 3: ratio: '${env:R}' is not a number; write one such as 0.5",)
    assert "secret-key" not in config.secrets


def test_a_cell_in_a_secret_s_place_is_a_secret_and_no_literal_of_the_file(tmp_path: Path) -> None:
    text = entry("kind: board, board: '{board}', headers: {Authorization: 'Bearer {t}'}, ratio: '{t}'")
    config = read(tmp_path, text, ["name", "board", "t"], ["n", "x", "hush-hush-1"])
    config.path.chmod(0o644)

    assert config.sources == ()
    assert "hush-hush-1" in config.secrets
    assert "hush" not in " ".join((*config.list_warnings, *config.list_uses["l"].rejected))


@pytest.mark.parametrize(
    ("text", "leaks"),
    [
        ("url: 'https://{site}/', headers: {X-Id: '${env:KEY}'}", True),
        ("url: '{site}', headers: {Authorization: written-here}", True),
        ("url: 'https://{site}:8080/', headers: {Cookie: a=1234}", True),
        ("url: 'https://u:${env:KEY}@{site}/'", True),
        ("url: 'https://{site}/', headers: {Authorization: '{key}'}", False),
        ("url: 'https://{site}.example.org/', headers: {X-Id: '${env:KEY}'}", False),
        ("url: 'https://example.org/{site}', headers: {X-Id: '${env:KEY}'}", False),
        ("url: 'https://{site}/', headers: {Accept: text/html}", False),
        ("url: 'https://{site}/', headers: {Accept: '$${x}'}", False),
    ],
)
def test_a_secret_of_the_config_goes_to_no_host_that_rows_name(tmp_path: Path, text: str, leaks: bool) -> None:
    config = f"kind: table, fields: {{}}, {text}"
    rows = (["name", "site", "key"], ["n", "h", "row-key"])
    if not leaks:
        assert len(read(tmp_path, entry(config), *rows, environ={"KEY": "hushhush"}).sources) == 1
        return
    with pytest.raises(ConfigError, match="whoever edits the list could have this entry's secret sent anywhere"):
        read(tmp_path, entry(config), *rows, environ={"KEY": "hushhush"})


def test_a_list_from_elsewhere_names_no_program_and_gives_it_no_option(tmp_path: Path) -> None:
    rows = (["name", "c"], ["a", "x y; $(z)"], ["b", "--config=/x"])

    config = read(tmp_path, entry("kind: program, run: [list-it, '{c}', '--site={c}']"), *rows)
    assert [one.source for one in config.sources] == [Program(run=("list-it", "x y; $(z)", "--site=x y; $(z)"))]
    assert config.list_uses["l"].rejected == (
        "row 3: run: '--config=/x' would be an option, which a list from elsewhere may not give",
    )
    for run in ("['{c}', a]", "'{c}'"):
        with pytest.raises(ConfigError, match="the rows would say which program is run"):
            read(tmp_path, entry(f"kind: program, run: {run}"), *rows)

    own = "sources:\n  - {name: u, kind: program, run: ['{c}'], each: {from: l.csv}}\n"
    assert len(read(tmp_path, own, *rows).sources) == 2


def test_names_are_unique_and_odd_rows_cost_no_other(tmp_path: Path) -> None:
    text = entry("kind: board, board: '{b}'", more="  - {name: plain, kind: board, board: x}\n")
    rows = (["n", "b"], ["a", ""], ["a", "1"], ["a", "2"], ["!", "3"], ["", "4"], ["x" * 99, "5"], ["z", "6"])
    config = read(tmp_path, text, *rows)

    assert [one.name for one in config.sources] == ["u.a", "u.z", "plain"]
    assert [why.partition(";")[0] for why in config.list_uses["l"].rejected] == [
        "row 2: board: missing",
        "row 4: name: 'u.a' is taken",
        "row 5: name: '!' makes no name",
        "row 6: name: the column n is empty",
        f"row 7: name: 'u.{'x' * 57}…' is no name",
    ]
    (warning,) = config.list_warnings
    assert warning.endswith("; and 2 more rows")


@pytest.mark.parametrize("rows", [(), (["n", "b"], ["a", "x"])])
def test_what_is_wrong_whatever_the_rows_are_is_an_error_of_the_config(tmp_path: Path, rows: list[list[str]]) -> None:
    found = problems(tmp_path, entry("kind: board, board: '{b}', ratio: 2, colour: red, every: soon"), *rows)

    assert [one.partition(": ")[2].partition(";")[0] for one in found] == [
        "sources[0].ratio: '2' is out of range",
        "sources[0].colour: unknown key 'colour'",
        "sources[0].every: 'soon' is not a duration",
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("lists: {l: {}}", "1:12: lists.l: a list has either a url or a sheet"),
        ("lists: {l: {url: 'https://x', sheet: y}}", "1:12: lists.l: a list has either a url or a sheet"),
        ("lists: {l: {url: 'https://x', tab: y}}", "1:36: lists.l.tab: belongs to a sheet"),
        ("lists: {l: {sheet: y, credentials: '{}', headers: {a: b}}}", "1:51: lists.l.headers: belongs to a url"),
        ("lists: {l: {sheet: y}}", "1:20: lists.l.sheet: needs credentials: a service account's key"),
        (entry("kind: '{k}', board: x"), "3:40: sources[0].kind: the kind is the same for all rows"),
        (
            entry("kind: board, board: x").replace("from: l", "form: l"),
            "3:23: sources[0].each.from: missing; this section needs it",
        ),
        (
            entry("kind: board, board: x").replace("from: l", "from: k"),
            "3:23: sources[0].each: 'k' is no list, and no file",
        ),
    ],
)
def test_a_problem_is_told_with_its_place(tmp_path: Path, text: str, problem: str) -> None:
    assert any(one.startswith(problem) for one in problems(tmp_path, text)), problems(tmp_path, text)


def test_searches_may_name_the_entry_and_what_a_list_may_bring_some_day(tmp_path: Path) -> None:
    searches = "searches: [{name: s, sources: [u, u.later, 'tag:later']}]\n"
    text = entry("kind: board, board: x, tags: ['{name}']", more=searches)
    found = problems(tmp_path, text, ["name"], ["a"])
    assert [one.partition(": ")[2] for one in found] == [
        "searches[0].sources[1]: no source is called 'u.later'; did you mean 'u.a'?",
        "searches[0].sources[2]: no tag is called 'tag:later'; did you mean 'tag:a'?",
    ]

    plain = f"sources: [{{name: v, kind: board, board: x}}]\n{searches}"
    with pytest.raises(ConfigError, match="no source is called 'u'"):
        read(tmp_path, plain)


def test_until_a_list_is_synced_it_makes_no_source_and_is_no_error(tmp_path: Path) -> None:
    found = problems(
        tmp_path, entry("kind: board, board: '{b}', tags: [x]", more="searches: [{name: s, sources: u}]\n")
    )

    assert "sources[0].each: l was never synced, scan run does; it makes no source so far" in found[1]
