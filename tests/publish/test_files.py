"""Reports as files: whole or not at all, and never in the place of something else."""

import itertools
import os
import socket
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from scan.publish import Published, Publisher
from scan.reports.base import Document, FileReport, Report
from scan.reports.view import View
from tests.publish.worlds import a_world
from tests.reports.samples import a_view


class Given(FileReport, kind="given"):
    """A report that says what it is told to."""

    mode = 0o644
    texts: tuple[tuple[str, str], ...] = (("", "new"),)
    breaks: type[Exception] | None = None

    def documents(self, view: View) -> Iterator[Document]:
        del view
        for name, text in self.texts:
            yield Document(name, self.parts(text))

    def parts(self, text: str) -> Iterator[bytes]:
        yield text.encode()
        if self.breaks is not None:
            raise self.breaks("a secret of mine")


class Nothing(Report, kind="nothing"):
    """A kind that nothing publishes."""


def published(*reports: Report, **world: Any) -> Published:
    return Publisher(reports, a_world(**world)).publish(a_view())


def only(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def test_a_file_is_written_with_its_kinds_permissions_whatever_the_umask(tmp_path: Path) -> None:
    place = tmp_path / "out" / "report.txt"
    before = os.umask(0o077)
    try:
        assert published(Given(to=place)) == Published((f"report given {place}: 1 written",))
    finally:
        os.umask(before)
    assert place.read_text() == "new"
    assert stat.S_IMODE(place.stat().st_mode) == 0o644
    assert only(tmp_path) == ["out", "out/report.txt"]


def test_a_file_that_is_there_is_replaced_and_keeps_its_permissions(tmp_path: Path) -> None:
    place = tmp_path / "report.txt"
    place.write_text("old")
    place.chmod(0o600)
    reader = place.open()
    assert published(Given(to=place)).errors == ()
    assert (place.read_text(), stat.S_IMODE(place.stat().st_mode)) == ("new", 0o600)
    assert reader.read() == "old"
    reader.close()


def test_a_file_that_would_stay_the_same_is_left_alone(tmp_path: Path) -> None:
    place = tmp_path / "report.txt"
    published(Given(to=place))
    os.utime(place, (1, 1))
    assert published(Given(to=place)).done == (f"report given {place}: 0 written, 1 unchanged",)
    assert place.stat().st_mtime == 1
    assert only(tmp_path) == ["report.txt"]


def test_links_are_followed_and_stay(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    link = tmp_path / "collector.prom"
    link.symlink_to("state/scan.prom")
    for text in ("first", "second"):
        assert published(Given(to=link, texts=(("", text),))).errors == ()
        assert link.is_symlink()
        assert (tmp_path / "state" / "scan.prom").read_text() == text


def test_a_report_may_be_several_files_in_a_folder(tmp_path: Path) -> None:
    report = Given(to=tmp_path / "site", texts=(("index.html", "a"), ("data/items.js", "b")))
    assert published(report).done == (f"report given {tmp_path}/site: 2 written",)
    assert only(tmp_path) == ["site", "site/data", "site/data/items.js", "site/index.html"]


@pytest.mark.parametrize("name", ["../out.txt", "/etc/passwd", "a/../../b"])
def test_no_document_leaves_its_folder(tmp_path: Path, name: str) -> None:
    assert "does not lie" in published(Given(to=tmp_path / "site", texts=((name, "x"),))).errors[0]
    assert only(tmp_path) == []


@pytest.mark.parametrize("wrong", [ValueError, OSError])
def test_a_report_that_breaks_leaves_what_was_there(tmp_path: Path, wrong: type[Exception]) -> None:
    place = tmp_path / "report.txt"
    place.write_text("old")
    result = published(Given(to=place, breaks=wrong), Given(to=tmp_path / "other.txt"))
    assert result.done == (f"report given {tmp_path}/other.txt: 1 written",)
    assert len(result.errors) == 1
    assert "secret" not in result.errors[0]
    assert place.read_text() == "old"
    assert only(tmp_path) == ["other.txt", "report.txt"]


def folder(place: Path) -> None:
    place.mkdir()


def pipe(place: Path) -> None:
    os.mkfifo(place)


def bound(place: Path) -> None:
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(str(place))


def database(place: Path) -> None:
    place.write_bytes(b"SQLite format 3\0 and so on")


@pytest.mark.parametrize(
    ("make", "said"),
    [(folder, "is a folder"), (pipe, "no ordinary file"), (bound, "no ordinary file"), (database, "is a database")],
)
def test_only_a_file_that_may_be_replaced_is_replaced(tmp_path: Path, make: Callable[[Path], None], said: str) -> None:
    place = tmp_path / "x"
    make(place)
    before = place.lstat().st_ino
    assert said in published(Given(to=place)).errors[0]
    assert place.lstat().st_ino == before


def test_a_place_that_cannot_be_written_is_an_error_with_its_cure(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "Not a directory" in published(Given(to=tmp_path / "file" / "report.txt")).errors[0]
    assert "read-only here; under systemd, ReadWritePaths=" in published(Given(to=Path("/sys/report"))).errors[0] or (
        "may not be written" in published(Given(to=Path("/sys/report"))).errors[0]
    )


def test_what_a_killed_process_left_is_removed(tmp_path: Path) -> None:
    old, young = tmp_path / ".report.txt.123.tmp", tmp_path / ".report.txt.124.tmp"
    for left in (old, young):
        left.write_text("half")
    os.utime(old, (1, 1))
    published(Given(to=tmp_path / "report.txt"))
    assert only(tmp_path) == [".report.txt.124.tmp", "report.txt"]


def test_a_run_that_is_asked_to_end_publishes_nothing_more(tmp_path: Path) -> None:
    answers = iter([False, True])
    result = published(Given(to=tmp_path / "a"), Given(to=tmp_path / "b"), stop=lambda: next(answers, True))
    assert (result.done, len(result.errors)) == ((), 1)
    assert only(tmp_path) == []


def test_a_report_that_takes_for_ever_is_given_up(tmp_path: Path) -> None:
    class Endless(Given, kind="endless"):
        """A report without an end."""

        def parts(self, text: str) -> Iterator[bytes]:
            return itertools.repeat(text.encode())

    minutes = itertools.count(0.0, 60.0)
    result = published(Endless(to=tmp_path / "a"), clock=lambda: next(minutes))
    assert "not finished after 120 seconds" in result.errors[0]
    assert only(tmp_path) == []


def test_a_kind_that_nothing_publishes_is_a_failure_and_no_crash() -> None:
    assert "nothing here publishes" in published(Nothing()).errors[0]
