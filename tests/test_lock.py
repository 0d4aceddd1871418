import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scan.errors import NotPermitted
from scan.lock import LockHeld, holder, is_free, run_lock

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)

HOLD = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from scan.lock import run_lock
with run_lock(Path(sys.argv[1]), since=datetime(2026, 11, 23, 8, tzinfo=UTC)):
    print("held", flush=True)
    sys.stdin.read()
"""


def hold(path: Path) -> "subprocess.Popen[str]":
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def end(process: "subprocess.Popen[str]") -> None:
    process.communicate(timeout=10)


def test_the_second_is_told_who_holds_the_lock_and_since_when(tmp_path: Path) -> None:
    path = tmp_path / "a.lock"
    other = hold(path)
    with pytest.raises(LockHeld) as refused, run_lock(path, since=NOW):
        pass
    assert str(refused.value) == f"another run is in progress (PID {other.pid}, since 2026-11-23T08:00:00+00:00)"
    assert not is_free(path)
    end(other)


def test_a_loser_never_wipes_the_holders_note(tmp_path: Path) -> None:
    path = tmp_path / "a.lock"
    other = hold(path)
    before = path.read_bytes()
    for _ in range(3):
        with pytest.raises(LockHeld), run_lock(path, since=NOW):
            pass
    assert path.read_bytes() == before
    assert f"PID {other.pid}" in holder(path)
    end(other)


def test_a_killed_holder_frees_the_lock_and_its_file_stays(tmp_path: Path) -> None:
    path = tmp_path / "a.lock"
    other = hold(path)
    inode = path.stat().st_ino
    other.kill()
    end(other)
    assert is_free(path)
    with run_lock(path, since=NOW):
        assert holder(path).startswith(f"PID {os.getpid()},")
    assert path.stat().st_ino == inode


def test_whoever_waits_gets_the_lock_when_it_is_free(tmp_path: Path) -> None:
    path = tmp_path / "a.lock"
    other = hold(path)
    assert other.stdin is not None
    other.stdin.close()  # the holder ends while we wait
    with run_lock(path, since=NOW, wait=10):
        assert holder(path).startswith(f"PID {os.getpid()},")
    assert other.stdout is not None
    other.stdout.close()
    assert other.wait(10) == 0


def test_a_link_or_a_pipe_in_the_locks_place_is_refused_and_its_target_untouched(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("precious")
    link, hard, pipe = tmp_path / "link.lock", tmp_path / "hard.lock", tmp_path / "pipe.lock"
    link.symlink_to(victim)
    hard.hardlink_to(victim)
    os.mkfifo(pipe)
    for path in (link, hard, pipe):
        with pytest.raises(NotPermitted), run_lock(path, since=NOW):
            pass
    assert victim.read_text() == "precious"


def test_a_lock_without_a_note_has_an_unknown_holder(tmp_path: Path) -> None:
    assert holder(tmp_path / "none") == "holder unknown"
    (tmp_path / "odd").write_bytes(b"\xff\xfe not a note")
    assert holder(tmp_path / "odd") == "holder unknown"
