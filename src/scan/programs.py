"""Programs of the user's, run to their end: without a shell, within a time, with little of our environment.

The only room that starts a program whose output or success somebody waits for.
"""

import contextlib
import os
import selectors
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

PASSED_ON = ("PATH", "HOME", "LANG", "TZ")
"""Of our environment; anything else may be a secret."""

_LEFTOVERS = 0.5  # seconds: what a program left running may hold its output open for ever
_CHUNK = 65_536
_TAIL = 4_096
_LINE = 200


def environment(ours: Mapping[str, str], own: Mapping[str, str]) -> dict[str, str]:
    """Give a program's environment: the little of ours that it may have, and its own."""
    return {name: ours[name] for name in PASSED_ON if name in ours} | dict(own)


class Ended(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a program.

    Attributes:
        status: its exit status, a negative signal number; None if it was killed by us.
        output: what it printed, if it was to be kept.
        overflowed: it was killed for printing more than was to be kept.
        said: the last line on its standard error, made fit to be shown; empty for none.

    """

    status: int | None
    output: bytes
    overflowed: bool
    said: str


class Program:
    """A program that has been started, in a process group of its own.

    Args:
        argv: its name or path, and its arguments.
        environ: all of its environment.
        folder: where it works; a relative path in `argv[0]` is relative to it.
        stdin: a descriptor it reads from; else it has nothing to read.
        keep: bytes of its output that are kept at most; None if its output is of no interest.

    Raises:
        OSError: it cannot be started.

    """

    def __init__(
        self,
        argv: Sequence[str],
        *,
        environ: Mapping[str, str],
        folder: Path | None = None,
        stdin: int = subprocess.DEVNULL,
        keep: int | None = None,
    ) -> None:
        self._keep = keep
        self._chunks: list[bytes] = []
        self._tail = b""
        self._reaped = False
        self._lock = threading.Lock()
        self.size = 0
        self._process = subprocess.Popen(  # noqa: S603 - the program is the config's, and there is no shell
            argv,
            stdin=stdin,
            stdout=subprocess.DEVNULL if keep is None else subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environ,
            cwd=folder,
            start_new_session=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Leave nothing running that was not waited for."""
        if not self._reaped:
            self.kill()
            self._reap()
        for pipe in (self._process.stdout, self._process.stderr):
            if pipe is not None:
                pipe.close()

    def wait(self, seconds: float) -> Ended:
        """Wait for its end; after so many seconds, or too much output, kill it with all it started."""
        over = self._follow(seconds) and not self._overflows
        if not over:
            self.kill()
            self._follow(_LEFTOVERS)
        status = self._reap()
        return Ended(
            status=status if over else None,
            output=b"".join(self._chunks),
            overflowed=self._overflows,
            said=_last_line(self._tail),
        )

    def kill(self) -> None:
        """Kill it with all it started, if it is not over. Any thread may ask for it."""
        with self._lock, contextlib.suppress(ProcessLookupError):
            if not self._reaped:  # its number may be another's
                os.killpg(self._process.pid, signal.SIGKILL)

    @property
    def _overflows(self) -> bool:
        return self._keep is not None and self.size > self._keep

    def _follow(self, seconds: float) -> bool:
        """Read what it prints until it is over, or prints too much; False if that takes longer than it may."""
        until = time.monotonic() + seconds
        enough = self._overflows
        ended = os.pidfd_open(self._process.pid)
        try:
            with selectors.DefaultSelector() as watched:
                watched.register(ended, selectors.EVENT_READ)
                for pipe in filter(None, (self._process.stdout, self._process.stderr)):
                    watched.register(pipe, selectors.EVENT_READ)
                over = False
                while watched.get_map() and self._overflows == enough:
                    ready = watched.select(max(0.0, until - time.monotonic()))
                    if not ready:
                        return over
                    for key, _ in ready:
                        if key.fileobj == ended:
                            over, until = True, min(until, time.monotonic() + _LEFTOVERS)
                            watched.unregister(ended)
                        elif not self._read(key.fd, of_output=key.fileobj is self._process.stdout):
                            watched.unregister(key.fileobj)
                return True
        finally:
            os.close(ended)

    def _read(self, pipe: int, *, of_output: bool) -> bool:
        """Take in what a pipe holds; False at its end."""
        chunk = os.read(pipe, _CHUNK)
        if not of_output:
            self._tail = (self._tail + chunk)[-_TAIL:]
        elif not self._overflows:
            self.size += len(chunk)
            self._chunks.append(chunk)
        return bool(chunk)

    def _reap(self) -> int:
        os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOWAIT)
        with self._lock:
            self._reaped = True
            return self._process.wait()


def _last_line(said: bytes) -> str:
    """Give the last line with something to be seen in it, without what could move a cursor, cut short."""
    lines = said.decode("utf-8", "replace").split("\n")
    shown = (" ".join("".join(c if c.isprintable() else " " for c in line).split()) for line in reversed(lines))
    line = next(filter(None, shown), "")
    return line if len(line) <= _LINE else f"{line[: _LINE - 1]}…"
