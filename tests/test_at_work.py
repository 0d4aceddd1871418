import os
from pathlib import Path

import pytest

from scan.at_work import AtWork, Left
from scan.errors import StoreError


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "profile.at-work"


def left(path: Path) -> Left | None:
    with AtWork(path, "next") as work:
        return work.left


def test_what_a_dead_run_had_in_hand_is_known_until_it_was_seen(path: Path) -> None:
    with AtWork(path, "first") as work:
        assert work.left is None
        in_hand = work.on("acme")
        in_hand.__enter__()
    for _ in range(2):
        assert left(path) == Left("first", "acme")
    with AtWork(path, "third") as work:
        work.seen()
    assert left(path) is None


def test_what_was_finished_is_not_left_however_long_its_name(path: Path) -> None:
    with AtWork(path, "first") as work:
        with work.on("a" * 300):
            pass
        with work.on("b"):
            pass
        assert left(path) is None
        in_hand = work.on("c")
        in_hand.__enter__()
    assert left(path) == Left("first", "c")


@pytest.mark.parametrize(
    ("error", "known"), [(ZeroDivisionError(), True), (StoreError("full"), False), (KeyboardInterrupt(), False)]
)
def test_a_bug_is_left_as_a_crash_is_but_not_what_no_page_can_help(
    path: Path, error: BaseException, known: bool
) -> None:
    with AtWork(path, "first") as work, pytest.raises(type(error)), work.on("acme"):
        raise error
    assert (left(path) is not None) is known


@pytest.mark.parametrize("note", [b"", b"\n\n", b"first\n", b"first\nacm", b"first\n\xff\xfe\n"])
def test_a_note_that_makes_no_sense_is_none(path: Path, note: bytes) -> None:
    path.write_bytes(note)
    assert left(path) is None


def test_a_note_that_cannot_be_kept_is_no_reason_not_to_run(path: Path, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("precious")
    path.symlink_to(victim)
    with AtWork(path, "first") as work, work.on("acme"):
        pass
    assert victim.read_text() == "precious"
    path.unlink()
    path.hardlink_to(victim)
    with AtWork(path, "first") as work, work.on("acme"):
        pass
    assert victim.read_text() == "precious"
    assert left(path) is None
    path.unlink()
    os.mkfifo(path)
    with AtWork(path, "first") as work, work.on("acme"):
        pass
    assert left(path) is None
