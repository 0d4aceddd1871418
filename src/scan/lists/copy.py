"""What is kept of a list."""

from datetime import datetime

import msgspec

from scan.lists.table import Table
from scan.page import Validators


class Copy(msgspec.Struct, frozen=True, kw_only=True):
    """A list as it was last had.

    Attributes:
        origin: the fingerprint of where it came from.
        table: the last good one; None if there never was one.
        synced_at: when that was there.
        error: why it could not be had since then; None if it could.
        failing_since: when that began.
        validators: of the table, for a conditional request.
        not_before: until when the server asked to be left alone.

    """

    origin: str
    table: Table | None = None
    synced_at: datetime | None = None
    error: str | None = None
    failing_since: datetime | None = None
    validators: Validators = Validators()
    not_before: datetime | None = None
