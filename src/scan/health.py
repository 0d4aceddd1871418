"""When a source is due, and how well it is. Pure."""

from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

import msgspec

from scan.page import Validators


@dataclass(frozen=True)
class Calendar:
    """Local wall-clock times of a day, `02:00 America/Chicago` in YAML."""

    times: tuple[time, ...]
    zone: ZoneInfo


class SourceState(msgspec.Struct, frozen=True, kw_only=True):
    """What the store remembers of a configured source. All None or 0 for one never seen.

    Attributes:
        fingerprint: of what the adapter was configured to do; when it differs, validators and hashes say nothing.
        body_hash: of the last complete, unsuspicious answer.
        last_count: items of the last complete, unsuspicious result.
        suspicious_since: when the result turned suspicious; None while it is not.
        baselined_at: when the first complete result was taken in.
        not_before: as the server asked (Retry-After).

    """

    name: str
    fingerprint: str | None = None
    validators: Validators = Validators()
    body_hash: bytes | None = None
    last_attempt_at: datetime | None = None
    last_success_at: datetime | None = None
    last_status: str | None = None
    last_error: str | None = None
    consecutive_failures: int = 0
    not_before: datetime | None = None
    last_count: int | None = None
    suspicious_since: datetime | None = None
    baselined_at: datetime | None = None
