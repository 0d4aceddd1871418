import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import time, timedelta
from pathlib import Path
from types import FrameType
from zoneinfo import ZoneInfo

import pytest

from scan.cadence import Calendar
from scan.config.loading import load
from scan.errors import ConfigError, NotPermitted
from scan.match.search import Words
from scan.model import Event
from tests.config.configs import KINDS, Board, Mail, Pick, Table, loaded, source, told, write

WHOLE = """
every: 1h30m
timezone: Europe/Berlin
http: {max_body: 5MB, retries: 0}
sources:
  - name: acme
    kind: board
    board: acme
    every: PT2H
    tags: jobs
    headers: {Accept: text/plain}
    first_run: baseline
    expect: {min_items: 3}
  - name: council
    kind: table
    url: file:pages/council.html
    fields: {title: td.title, when: {select: td.date, date: "%Y"}}
searches:
  - name: backend
    sources: [acme, "tag:jobs"]
    any: [python, go]
    title: {none: senior}
    on: [new, changed]
    notify: me
channels:
  - {name: me, kind: mail, to: [a@example.org, b@example.org], from: c@example.org}
logging: {file: logs/scan.log}
"""


def test_a_whole_config_becomes_values(tmp_path: Path) -> None:
    config = loaded(tmp_path, WHOLE)

    acme, council = config.sources
    assert (config.every, config.timezone, config.profile) == (timedelta(minutes=90), ZoneInfo("Europe/Berlin"), "scan")
    assert (config.http.max_body, config.http.retries, config.http.concurrency) == (5_000_000, 0, 32)
    assert acme.source == Board(board="acme")
    assert (acme.every, acme.tags, acme.first_run, acme.expect.min_items) == (
        timedelta(hours=2),
        ("jobs",),
        "baseline",
        3,
    )
    assert isinstance(council.source, Table)
    assert council.source.url == f"file://{tmp_path}/pages/council.html"
    assert council.source.fields == {"title": "td.title", "when": Pick(select="td.date", date="%Y")}
    assert config.channels == (Mail(name="me", to=("a@example.org", "b@example.org"), from_="c@example.org"),)
    assert config.logging.file == tmp_path / "logs/scan.log"
    assert config.warnings == ()


def test_words_and_fields_of_a_search_are_told_apart(tmp_path: Path) -> None:
    search = loaded(tmp_path, WHOLE).searches[0]

    assert search.words == Words(any=("python", "go"))
    assert search.fields == {"title": Words(none=("senior",))}
    assert search.on == (Event.NEW, Event.CHANGED)
    assert search.notify == ("me",)


@pytest.mark.parametrize(
    "text", ["", "# nothing\n", "---\n", "sources:\nsearches: []\nhttp:\nalerts: null\nlists: {}\n"]
)
def test_a_config_with_nothing_in_it_is_valid_and_says_so(tmp_path: Path, text: str) -> None:
    config = loaded(tmp_path, text)

    assert config.every == timedelta(minutes=15)
    assert [warning.rpartition(": ")[2] for warning in config.warnings] == ["no source is configured and enabled"]


@pytest.mark.parametrize("written", ["NO", "yes", "15:30", "0600", "3.10", "1e3", "0x1F", "2024-01-01", "true", "~/x"])
def test_a_text_stays_what_was_written(tmp_path: Path, written: str) -> None:
    config = loaded(tmp_path, f"sources: [{{name: a, kind: board, board: {written}, tags: [{written}]}}]")

    assert config.sources[0].source == Board(board=written)
    assert config.sources[0].tags == (written,)


def test_what_has_no_declared_type_is_read_by_yaml_1_2(tmp_path: Path) -> None:
    body = '{a: 1, b: [true, "1", null, NO, 0.5], c: {d: 15:30}}'
    config = loaded(tmp_path, f"sources: [{{name: a, kind: table, url: 'https://x', fields: {{}}, body: {body}}}]")

    table = config.sources[0].source
    assert isinstance(table, Table)
    assert table.body == {"a": 1, "b": (True, "1", None, "NO", 0.5), "c": {"d": "15:30"}}


@pytest.mark.parametrize(
    "written",
    ["'02:00,14:30 Europe/Berlin'", "['14:30 Europe/Berlin', '2:00 Europe/Berlin']", "02:00, 14:30 Europe/Berlin"],
)
def test_a_calendar_has_one_zone_and_several_times(tmp_path: Path, written: str) -> None:
    expected = Calendar(times=(time(2), time(14, 30)), zone=ZoneInfo("Europe/Berlin"))

    assert loaded(tmp_path, f"calendar: {written}").calendar == expected


def test_a_null_stands_for_the_default(tmp_path: Path) -> None:
    entry = loaded(tmp_path, source("tags: null\n    every: ~\n    ratio:")).sources[0]

    assert (entry.tags, entry.every, entry.source) == ((), None, Board(board="acme"))


def test_an_alias_may_share_a_few_values(tmp_path: Path) -> None:
    first, second = (
        "{name: a, kind: board, board: x, headers: &h {A: b}}",
        "{name: b, kind: board, board: x, headers: *h}",
    )
    config = loaded(tmp_path, f"sources:\n- {first}\n- {second}\n")

    assert [entry.headers for entry in config.sources] == [{"A": "b"}, {"A": "b"}]


def test_a_missing_file_says_how_to_start(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as error:
        load(tmp_path / "none.yaml", environ={}, kinds=KINDS)

    assert error.value.problems == (f"{tmp_path}/none.yaml: no such file; `scan config init` writes one to start with",)


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="is a directory; a readable YAML file would be right"):
        load(tmp_path, environ={}, kinds=KINDS)


def test_a_path_with_a_nul_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no path; a readable YAML file would be right"):
        load(tmp_path / "a\0b", environ={}, kinds=KINDS)


@contextmanager
def unprivileged() -> Iterator[None]:
    """Be somebody who may not read everything, as root may."""
    before = os.geteuid()
    if before == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(before)


def test_an_unreadable_file_is_somebody_else_s(tmp_path: Path) -> None:
    path = write(tmp_path, "")
    path.chmod(0)

    with unprivileged(), pytest.raises(NotPermitted, match="may not be read; use sudo, or join the group"):
        load(path, environ={}, kinds=KINDS)


def test_a_file_over_10_mb_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "scan.yaml"
    with path.open("wb") as file:
        file.truncate(10_000_001)

    with pytest.raises(ConfigError, match="larger than 10MB; split it"):
        load(path, environ={}, kinds=KINDS)


def test_a_file_that_is_not_utf_8_is_refused_at_its_place(tmp_path: Path) -> None:
    path = tmp_path / "scan.yaml"
    path.write_bytes(b"every: 15m\ntimezone: \xff\xfe\n")

    with pytest.raises(ConfigError, match=r"scan.yaml:2:11: not UTF-8; save it as UTF-8"):
        load(path, environ={}, kinds=KINDS)


def test_a_byte_order_mark_is_no_content(tmp_path: Path) -> None:
    assert loaded(tmp_path, "\ufeffevery: 20m").every == timedelta(minutes=20)


class TestOverrides:
    def test_an_override_wins_over_the_file(self, tmp_path: Path) -> None:
        overrides = {"database": "sqlite:///x.db", "logging.level": "debug", "every": None, "logging.format": None}
        config = loaded(tmp_path, "database: sqlite:///y.db\nevery: 1h\nlogging: {format: text}", overrides=overrides)

        assert (config.database, config.logging.level) == ("sqlite:///x.db", "debug")
        assert (config.every, config.logging.format) == (timedelta(hours=1), "text")

    def test_an_override_makes_a_wrong_value_of_the_file_unimportant(self, tmp_path: Path) -> None:
        assert loaded(tmp_path, "logging: {level: loud}", overrides={"logging.level": "info"}).logging.level == "info"

    def test_a_wrong_override_is_the_command_line_s(self, tmp_path: Path) -> None:
        expected = "command line: logging.level: 'loud' is not one of debug, info, warning, error"

        assert told(tmp_path, "", overrides={"logging.level": "loud"}) == [expected]


@pytest.fixture
def calls() -> Iterator[list[int]]:
    """Count the Python functions that are called, what the garbage collector calls at its own times left out."""
    counted = [0]

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        counted[0] += event == "call"

    before = sys.getprofile()
    gc.collect()
    gc.disable()
    sys.setprofile(count)
    yield counted
    sys.setprofile(before)
    gc.enable()


def test_the_work_grows_with_the_sources_and_no_faster(tmp_path: Path, calls: list[int]) -> None:
    def work(sources: int) -> int:
        entries = (f"- {{name: s{n}, kind: board, board: b, every: 1h, tags: [a, b]}}\n" for n in range(sources))
        path = write(tmp_path, "sources:\n" + "".join(entries))
        before = calls[0]
        assert len(load(path, environ={}, kinds=KINDS).sources) == sources
        return calls[0] - before

    few, many, more = work(100), work(200), work(300)

    assert many - few == more - many
    assert (many - few) / 100 <= 110
