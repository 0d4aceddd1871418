"""What a server answers only when it is let: a run that has come so far waits there."""

import threading
from typing import Self

from tests.web import Answer, Asked

PATIENCE = 60


class Gate:
    """A script for `Web.serve`: the first request waits until the `with` block ends, later ones do not."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self._arrived, self._open = threading.Event(), threading.Event()

    def __call__(self, asked: Asked) -> Answer:
        del asked
        self._arrived.set()
        self._open.wait(PATIENCE)
        return self.answer

    def __enter__(self) -> Self:
        """Wait for the request."""
        assert self._arrived.wait(PATIENCE), "nobody asks"
        return self

    def __exit__(self, *_: object) -> None:
        self._open.set()
