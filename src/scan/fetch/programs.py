"""Answers that a program prints, beside the loop: each is waited for in a thread of its own."""

import queue
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Generic, TypeVar

import msgspec

from scan.errors import FetchError
from scan.page import Page, Program, Request
from scan.programs import Ended, environment
from scan.programs import Program as Running

T = TypeVar("T")

AT_ONCE = 4
"""Programs that run side by side."""


class Surroundings(msgspec.Struct, frozen=True, kw_only=True):
    """Where programs run.

    Attributes:
        folder: they work in, the config's: what is relative in their arguments is relative to it.
        environ: our environment, of which they get little.

    """

    folder: Path
    environ: Mapping[str, str]


class Programs(Generic[T]):
    """Programs that run, each for somebody who waits for what it prints."""

    def __init__(self, surroundings: Surroundings | None, *, max_body: int) -> None:
        self._surroundings = surroundings
        self._max_body = max_body
        self._running: dict[T, Running] = {}
        self._ended: queue.SimpleQueue[tuple[T, Page | FetchError]] = queue.SimpleQueue()

    @property
    def have_room(self) -> bool:
        """Whether another one may start."""
        return len(self._running) < AT_ONCE

    @property
    def running(self) -> list[T]:
        """Who waits for a program, the longest first."""
        return list(self._running)

    @property
    def size(self) -> int:
        """Bytes that the running ones have printed so far."""
        return sum(program.size for program in self._running.values())

    def start(self, who: T, request: Request) -> None:
        """Start the program of a request; what it prints comes with `ended`."""
        asked, around = request.program, self._surroundings
        if asked is None or around is None:
            raise NotImplementedError("nothing says where programs run")
        environ = environment(around.environ, asked.environ)
        try:
            running = Running(asked.argv, environ=environ, folder=around.folder, keep=self._max_body)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            self._ended.put((who, FetchError(request.url, f"cannot be started: {reason}; mend the source's run")))
            return
        self._running[who] = running
        threading.Thread(target=self._wait, args=(who, running, request, asked), daemon=True).start()

    def ended(self) -> list[tuple[T, Page | FetchError]]:
        """Give what has ended since it was last asked."""
        ended = []
        while not self._ended.empty():
            who, answer = self._ended.get()
            self._running.pop(who, None)
            ended.append((who, answer))
        return ended

    def drop(self) -> None:
        """Kill all that run, with all they started."""
        for program in self._running.values():
            program.kill()

    def _wait(self, who: T, running: Running, request: Request, asked: Program) -> None:
        with running:
            ended = running.wait(asked.seconds)
        self._ended.put((who, self._answer(request, asked, ended)))

    def _answer(self, request: Request, asked: Program, ended: Ended) -> Page | FetchError:
        because = f": {ended.said}" if ended.said else ""
        if ended.overflowed:
            return FetchError(request.url, f"printed more than {self._max_body} bytes, and was killed{because}")
        if ended.status is None:
            return FetchError(request.url, f"killed after {asked.seconds:g} s{because}")
        if ended.status < 0:
            return FetchError(request.url, f"ended by signal {-ended.status}{because}")
        if ended.status != 0:
            return FetchError(request.url, f"exit status {ended.status}{because}")
        return Page(url=request.url, body=ended.output, received=len(ended.output))
