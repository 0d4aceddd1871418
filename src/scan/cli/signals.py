"""SIGTERM and SIGINT ask a run to end: the transaction in hand is finished, the run is closed as interrupted."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

ASKED = (signal.SIGTERM, signal.SIGINT)


@contextmanager
def asked_to_stop() -> Iterator[Callable[[], signal.Signals | None]]:
    """Yield a function that tells which signal asked the run to end, if one did; a second one ends it at once."""
    received: list[signal.Signals] = []

    def note(number: int, frame: FrameType | None) -> None:
        del frame
        received.append(signal.Signals(number))
        signal.signal(number, before[signal.Signals(number)])

    before = {number: signal.signal(number, note) for number in ASKED}
    try:
        yield lambda: received[0] if received else None
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
