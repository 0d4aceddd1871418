"""How far a run is: one line of a terminal, and nothing of it anywhere else."""

import io
import signal
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field

import pytest

from scan.cli.progress import Line, Progress, said
from scan.outcome import SourceRun
from tests.cli.boards import answer, config, job
from tests.cli.conftest import PATIENCE, Scan
from tests.cli.terminals import Terminal, in_terminal, screen, started, widest
from tests.web import Answer, Web

SLOW = "a-source-with-quite-a-long-name"


# --- the line


@dataclass
class Clock:
    """Seconds, as the test has them pass."""

    now: float = 0.0

    def __call__(self) -> float:
        return self.now


def source_run(status: str = "ok") -> SourceRun:
    return SourceRun(source="acme", kind="feed", status=status)  # type: ignore[arg-type]  # one of four


def test_a_line_is_written_over_and_leaves_nothing() -> None:
    stream = io.StringIO()
    line = Line(stream)
    line.clear()
    assert stream.getvalue() == ""
    line.show("a long text")
    line.show("a long text")
    line.show("short")
    assert screen(stream.getvalue()) == ["short"]
    assert stream.getvalue().count("\r") == 2, "the same is not written again"
    line.clear()
    line.clear()
    assert screen(stream.getvalue()) == [""]
    assert "\n" not in stream.getvalue()


def test_a_line_never_reaches_the_last_column_and_drives_nothing() -> None:
    stream = io.StringIO()
    Line(stream).show("東京\x1b[2J\n" * 40)
    assert widest(stream.getvalue().replace("\x1b[K", "").replace("\r", "")) <= 79
    assert "\x1b[2J" not in stream.getvalue()


@pytest.mark.parametrize(
    ("done", "failed", "asking", "seconds", "text"),
    [
        (0, 0, [], 0.0, "0 of 8 sources"),
        (0, 0, ["a"], 9.0, "0 of 8 sources; waiting for a"),
        (2, 1, ["a", "b", "c"], 60.0, "2 of 8 sources, 1 failed; waiting for a and 2 more"),
        (4, 0, ["a"], 2.0, "4 of 8 sources; waiting for a"),
        (4, 2, [], 40.0, "4 of 8 sources, 2 failed, about 40 s left"),
        (6, 0, [], 600.0, "6 of 8 sources, about 3 min left"),
    ],
)
def test_it_says_what_is_done_what_failed_how_long_it_takes_and_whom_it_waits_for(
    done: int, failed: int, asking: list[str], seconds: float, text: str
) -> None:
    assert said(done, 8, failed, asking, seconds=seconds) == text


def test_it_is_drawn_no_oftener_than_anybody_can_see_and_gone_when_all_is_done() -> None:
    stream, clock = io.StringIO(), Clock()
    progress = Progress(Line(stream), clock)
    progress.taken_in(0, 2, None)
    for _ in range(100):
        clock.now += 0.01
        progress.tick(lambda: ["slow"])
    assert stream.getvalue() == "\r0 of 2 sources; waiting for slow\x1b[K"
    progress.taken_in(1, 2, source_run("failed"))
    clock.now += 1
    progress.tick(list)
    assert screen(stream.getvalue()) == ["1 of 2 sources, 1 failed"]
    progress.taken_in(2, 2, source_run())
    clock.now += 1
    progress.tick(lambda: ["never asked"])
    assert screen(stream.getvalue()) == [""]


def test_where_nobody_looks_nothing_is_drawn() -> None:
    progress = Progress(None, Clock())
    progress.taken_in(0, 2, None)
    progress.tick(lambda: pytest.fail("nobody asks"))
    progress.step("telling me")
    progress.clear()


# --- on a terminal


@dataclass
class Gate:
    """A server's answer that waits for the test."""

    reached: threading.Event = field(default_factory=threading.Event)
    opened: threading.Event = field(default_factory=threading.Event)

    def __call__(self, _: object) -> Answer:
        self.reached.set()
        assert self.opened.wait(PATIENCE)
        return answer(job(2, "Engineer"))


@pytest.fixture
def gate() -> Iterator[Gate]:
    made = Gate()
    yield made
    made.opened.set()


def configure(scan: Scan, web: Web, gate: Gate) -> None:
    """One source answers, one fails, one waits."""
    slow = f"  - {{name: {SLOW}, kind: greenhouse, board: b, url: '{web.serve('/slow', gate)}'}}\n"
    bad = f"  - {{name: bad, kind: greenhouse, board: b, url: '{web.serve('/bad', Answer(status=404))}'}}\n"
    text = config(web.serve("/jobs", answer(job(1))), slow + bad)
    scan.configure(text.replace("timeout: 5s", "timeout: 60s, per_host: 8"))


@pytest.mark.cli
def test_a_terminal_sees_what_is_done_and_then_only_the_result(scan: Scan, web: Web, gate: Gate) -> None:
    configure(scan, web, gate)
    waiting = f"2 of 3 sources, 1 failed; waiting for {SLOW}"
    with closing(Terminal(80)) as terminal:
        process = started(scan, terminal, "run")
        shown = terminal.read_until(waiting)
        assert screen(shown)[-1] == waiting
        gate.opened.set()
        terminal.close_theirs()
        shown += terminal.read()
    assert process.wait(PATIENCE) == 3
    lines = screen(shown)
    assert "HTTP 404" in lines[0], "the warning begins at the beginning of a line"
    assert lines[0][2] == ":"
    assert [line for line in lines if "of 3 sources" in line or "telling" in line] == []
    assert lines[1].startswith("2 ok, 1 failed, 2 items (2 new, ")
    assert lines[2].startswith("  failed: bad: ")


@pytest.mark.cli
def test_a_terminal_that_is_resized_gets_lines_of_its_new_width(scan: Scan, web: Web, gate: Gate) -> None:
    configure(scan, web, gate)
    with closing(Terminal(80)) as terminal:
        process = started(scan, terminal, "run")
        terminal.read_until(f"waiting for {SLOW}")
        terminal.resize(30)
        narrow = terminal.read_until("…\x1b[K")
        gate.opened.set()
        terminal.close_theirs()
        terminal.read()
    process.wait(PATIENCE)
    assert max(map(len, screen(narrow.rpartition("\r")[2]))) <= 29


@pytest.mark.cli
def test_an_interrupted_run_leaves_a_clean_terminal(scan: Scan, web: Web, gate: Gate) -> None:
    configure(scan, web, gate)
    with closing(Terminal(80)) as terminal:
        process = started(scan, terminal, "run")
        shown = terminal.read_until(f"2 of 3 sources, 1 failed; waiting for {SLOW}")
        process.send_signal(signal.SIGINT)
        terminal.close_theirs()
        shown += terminal.read()
    assert process.wait(PATIENCE) == 130
    lines = screen(shown)
    assert lines[-1] == ""
    assert [line for line in lines if "of 3 sources" in line] == []
    assert any(line.startswith("1 ok, 1 failed, 1 left, ") for line in lines), lines


@pytest.mark.cli
@pytest.mark.parametrize("more", [["--json"], []], ids=["json", "dumb terminal"])
def test_elsewhere_there_is_no_such_line(scan: Scan, web: Web, gate: Gate, more: list[str]) -> None:
    gate.opened.set()
    configure(scan, web, gate)
    assert "\r" not in in_terminal(scan, "run", *more, environ={} if more else {"TERM": "dumb"}, status=3)
    ran = scan("run", "--all", *more)
    assert "\r" not in ran.out + ran.err
