"""The terminal: the message as it is."""

import sys

from scan.deliver.handover import Handover
from scan.errors import DeliveryError


def send(payload: bytes, handover: Handover) -> None:
    """Print to standard output if people read it there; programs that do expect log lines, so else to standard error.

    Raises:
        DeliveryError: it cannot be printed.

    """
    stream = sys.stdout if sys.stdout.isatty() else sys.stderr
    handover.arm()
    try:
        stream.write(payload.decode("utf-8", "replace"))
        stream.flush()
    except (OSError, UnicodeEncodeError) as error:
        raise DeliveryError(f"cannot print: {error}") from error
    handover.accepted(None, "")
