"""What one run is asked to do, beyond what the config says."""

from collections.abc import Callable
from datetime import datetime

import msgspec


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """How this run differs from an ordinary one.

    Attributes:
        sources: only these, due or not; empty for all that are due.
        everything: also sources that are not due.
        send: whether messages leave; without, they wait in the outbox.
        call: how `scan` is called for this profile, for reports that name commands.

    """

    sources: tuple[str, ...] = ()
    everything: bool = False
    send: bool = True
    call: str = "scan"


class Clock(msgspec.Struct, frozen=True, kw_only=True):
    """The run's time, taken once, and what passes meanwhile.

    Attributes:
        now: when the run started; every row it writes bears this time.
        wall: the present, for when it ended.
        monotonic: seconds, for durations and deadlines.

    """

    now: datetime
    wall: Callable[[], datetime]
    monotonic: Callable[[], float]
