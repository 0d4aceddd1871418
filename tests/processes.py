"""Other processes, seen from tests."""

import os
import select

PATIENCE = 10
"""Seconds; the kernel takes a moment to end what was killed."""


def ends(process: int) -> bool:
    """Wait for a process to end, and tell whether it does."""
    try:
        descriptor = os.pidfd_open(process)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([descriptor], [], [], PATIENCE)[0])
    finally:
        os.close(descriptor)
