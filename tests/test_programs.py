"""What is not shown by tests/deliver/test_command.py: output that is kept."""

import sys
import threading
from pathlib import Path

import pytest

from scan.programs import Ended, Program, environment
from tests.processes import ends


def ran(body: str, *, seconds: float = 20.0, keep: int = 1000, folder: Path | None = None) -> Ended:
    with Program(("/bin/sh", "-c", body), environ={"PATH": "/usr/bin:/bin"}, keep=keep, folder=folder) as program:
        return program.wait(seconds)


def test_what_is_printed_is_kept_apart_from_complaints() -> None:
    ended = ran("echo one; echo odd >&2; echo two")
    assert ended == Ended(status=0, output=b"one\ntwo\n", overflowed=False, said="odd")


def test_a_program_works_in_its_folder(tmp_path: Path) -> None:
    (tmp_path / "here").write_text("yes")
    assert ran("cat here", folder=tmp_path).output == b"yes"


def test_more_than_is_kept_ends_the_program(tmp_path: Path) -> None:
    ended = ran(f'echo $$ > "{tmp_path}/pid"; yes')
    assert (ended.status, ended.overflowed) == (None, True)
    assert len(ended.output) < 100_000
    assert ends(int((tmp_path / "pid").read_text()))


def test_exactly_as_much_as_is_kept_is_fine() -> None:
    ended = ran("printf 0123456789", keep=10)
    assert (ended.status, ended.overflowed, ended.output) == (0, False, b"0123456789")


def test_what_was_printed_before_the_time_was_up_is_no_result(tmp_path: Path) -> None:
    ended = ran(f'echo half; sleep 60 & echo $! > "{tmp_path}/child"; wait', seconds=0.5)
    assert (ended.status, ended.overflowed) == (None, False)
    assert ends(int((tmp_path / "child").read_text()))


def test_another_thread_may_end_it() -> None:
    program = Program(("/bin/sh", "-c", "sleep 60 & wait"), environ={"PATH": "/usr/bin:/bin"}, keep=1000)
    threading.Timer(0.1, program.kill).start()
    with program:
        assert program.wait(60).status == -9
    program.kill()  # it is over: nobody is hit


def test_a_program_that_nobody_waits_for_is_ended() -> None:
    with Program((sys.executable, "-c", "import time; time.sleep(60)"), environ={}) as program:
        process = program._process.pid
    assert ends(process)


def test_little_of_our_environment_is_passed_on() -> None:
    ours = {"PATH": "/bin", "HOME": "/home/me", "LANG": "C", "TZ": "UTC", "AWS_SECRET": "x"}
    assert environment(ours, {"TZ": "Asia/Tokyo", "OWN": "1"}) == {
        "PATH": "/bin",
        "HOME": "/home/me",
        "LANG": "C",
        "TZ": "Asia/Tokyo",
        "OWN": "1",
    }


def test_a_line_is_made_fit_to_be_shown() -> None:
    assert ran(r"printf '\033[31mred\033[0m\twell\n\n' >&2").said == "[31mred [0m well"
    assert len(ran("printf 'x%.0s' $(seq 1000) >&2").said) == 200


@pytest.mark.parametrize("argv", [("/nonexistent/program",), ("/etc/hostname",)])
def test_what_cannot_be_started_is_told(argv: tuple[str, ...]) -> None:
    with pytest.raises(OSError):
        Program(argv, environ={})
