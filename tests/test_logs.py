import io
import json
import logging
import shutil
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from scan import logs
from scan.errors import StoreError
from scan.logs.handlers import SendLine

log = logging.getLogger("scan.test")


@pytest.fixture(autouse=True)
def _quiet_again() -> Iterator[None]:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    yield
    logging.captureWarnings(capture=False)
    for handler in root.handlers:
        if handler not in before:
            handler.close()
    root.handlers[:], root.level = before, level


NAMES = {"one": Path("/a"), "two": Decimal(1)}
"""What a library may log: no plain JSON."""


def set_up(
    form: logs.Format = "json", *, secrets: tuple[str, ...] = (), journal: SendLine | None = None
) -> io.StringIO:
    stream = io.StringIO()
    logs.set_up(level="debug", form=form, stream=stream, secrets=secrets, journal=journal)
    return stream


def never(priority: int, line: str) -> None:
    raise AssertionError(f"<{priority}>{line}")


def test_a_json_line_has_what_every_line_has_and_what_the_event_adds() -> None:
    stream = set_up()
    with logs.run_context("run-1"):
        log.warning("no %s", "luck", extra={"event": "source_failed", "source": "acme"})
    line = json.loads(stream.getvalue())
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "level": "warning",
        "logger": "scan.test",
        "event": "source_failed",
        "message": "no luck",
        "source": "acme",
        "run_id": "run-1",
    }


@pytest.mark.parametrize("text", ["plain", "caf\u00e9 \u2028 \U0001f600", '\x00\x1b\x7f\t"\\\\', "half \ud800"])
def test_a_json_line_is_plain_ascii_and_says_all_the_same(text: str) -> None:
    stream = set_up()
    log.info("%s", text, extra={"error": text, "at": datetime(2026, 11, 30, tzinfo=UTC), "odd": NAMES})
    line = stream.getvalue().rstrip("\n")
    assert line.isascii()
    assert line.isprintable()
    found = json.loads(line)
    assert (found["message"], found["error"]) == (text, text)
    assert found["at"].startswith("2026-11-30")


def test_outside_a_run_there_is_no_run_id() -> None:
    stream = set_up()
    log.info("hello")
    assert "run_id" not in json.loads(stream.getvalue())


def test_logfmt_quotes_what_needs_it() -> None:
    stream = set_up("logfmt")
    log.info('say "hi"\n', extra={"event": "greeting", "count": 3})
    assert 'event=greeting message="say \\"hi\\"\\n" count=3\n' in stream.getvalue()


def test_text_is_for_people_and_cannot_drive_their_terminal() -> None:
    stream = set_up("text")
    log.warning("a \x1b]0;title\x07 \u202e", extra={"source": "acme"})
    assert "warning: acme: a" in stream.getvalue()
    assert "\x1b" not in stream.getvalue()
    assert "\x07" not in stream.getvalue()
    assert "\u202e" not in stream.getvalue()


@pytest.mark.parametrize(
    ("level", "priority"), [(logging.DEBUG, 7), (logging.INFO, 6), (logging.WARNING, 4), (logging.ERROR, 3)]
)
def test_under_the_journal_a_line_carries_its_priority(level: int, priority: int) -> None:
    stream = set_up(journal=never)
    log.log(level, "x")
    assert stream.getvalue().startswith(f'<{priority}>{{"timestamp"')


def test_under_the_journal_each_line_of_a_text_carries_it() -> None:
    stream = set_up("text", journal=never)
    log.error("two\nlines")
    assert [line[:3] for line in stream.getvalue().splitlines()] == ["<3>", "<3>"]


def test_what_the_journals_stream_would_cut_into_pieces_goes_another_way() -> None:
    sent = []
    stream = set_up(journal=lambda *line: sent.append(line))
    log.info("done", extra={"event": "run_finished", "sources": ["x" * 100] * 1000})
    ((priority, line),) = sent
    assert (priority, stream.getvalue()) == (6, "")
    assert len(json.loads(line)["sources"]) == 1000


@pytest.mark.parametrize("form", ["json", "logfmt", "text"])
def test_no_secret_is_in_any_form_of_line_nor_in_a_traceback(form: logs.Format) -> None:
    stream = set_up(form, secrets=("hunter2-hunter2",))
    try:
        raise RuntimeError("login with hunter2-hunter2 refused")
    except RuntimeError:
        log.exception("at https://me:other-secret@example.org", extra={"header": "hunter2-hunter2"})
    assert "hunter2" not in stream.getvalue()
    assert "other-secret" not in stream.getvalue()
    assert "RuntimeError" in stream.getvalue()


def test_a_line_stays_within_the_journals_bounds_whole_and_valid() -> None:
    stream = set_up()
    try:
        raise RuntimeError("x" * 10_000)
    except RuntimeError:
        log.exception("y" * 10_000, extra={"error": "z" * 10_000})
    assert len(stream.getvalue()) <= logs.LONGEST_LINE + 500
    assert json.loads(stream.getvalue())["message"].startswith("yyy")


def test_one_event_is_one_line() -> None:
    stream = set_up()
    log.info("two\nlines \u2028 and a \ud800")
    assert stream.getvalue().count("\n") == 1
    assert json.loads(stream.getvalue())["message"].startswith("two\nlines")


def test_warnings_of_libraries_are_log_lines_too() -> None:
    stream = set_up()
    with warnings.catch_warnings():
        warnings.simplefilter("default")
        warnings.warn("old", DeprecationWarning, stacklevel=1)
    assert "DeprecationWarning: old" in json.loads(stream.getvalue())["message"]


def test_the_file_survives_rotation(tmp_path: Path) -> None:
    path = tmp_path / "scan.log"
    logs.set_up(level="info", form="text", stream=io.StringIO(), file=path)
    log.info("before")
    path.rename(tmp_path / "scan.log.1")
    log.info("after")
    assert [json.loads(line)["message"] for line in path.read_text().splitlines()] == ["after"]
    assert "before" in (tmp_path / "scan.log.1").read_text()


def test_a_missing_folder_is_made_for_the_file(tmp_path: Path) -> None:
    path = tmp_path / "logs/council/scan.log"
    logs.set_up(level="info", form="text", stream=io.StringIO(), file=path)
    log.info("there")
    assert "there" in path.read_text()


def test_a_file_that_cannot_be_opened_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for path in (tmp_path, tmp_path / "file/scan.log"):
        with pytest.raises(StoreError, match=f"^{path}: the log cannot be written there: "):
            logs.set_up(level="info", form="text", stream=io.StringIO(), file=path)


def test_a_file_that_cannot_be_written_any_more_is_said_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    full, gone = Path("/dev/full"), tmp_path / "logs/scan.log"
    for path in (full, gone):
        logs.set_up(level="info", form="text", stream=io.StringIO(), file=path)
        if path == gone:
            shutil.rmtree(path.parent)
        log.info("one")
        log.info("two")
        (line,) = capsys.readouterr().err.splitlines()
        assert line.startswith(f"scan: {path}: the log cannot be written: [Errno ")
