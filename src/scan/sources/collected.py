"""What came of one source."""

import msgspec

from scan.errors import SourceError
from scan.model import RawItem, Rejected
from scan.page import Validators
from scan.sources.detailing import Told

_NO_VALIDATORS = Validators()


class Collected(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one source.

    Attributes:
        items: keys unique, in the source's order; of a source that failed on a later page, those before it.
        rejected: odd rows that were left out.
        complete: this is all there is: what is missing from it is gone. Never true of a feed, nor after an odd row.
        truncated: why it is known not to be all, or None.
        unchanged: nothing was parsed, for it is what it was last time.
        error: why it failed, or None. A failing source is a value.
        validators: what makes the next request conditional, of a single, whole page; else empty.
        body_hash: of that page; else None.
        http_status: of the last answer.
        received: bytes over the wire.
        duration_seconds: from the first question to the result, filled in by who asks; 0 where nothing was asked.
        pages: answers read.
        details: what came of the items' own pages that were wanted.

    """

    items: tuple[RawItem, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    complete: bool = False
    truncated: str | None = None
    unchanged: bool = False
    error: SourceError | None = None
    validators: Validators = _NO_VALIDATORS
    body_hash: bytes | None = None
    http_status: int | None = None
    received: int = 0
    duration_seconds: float = 0.0
    pages: int = 0
    details: tuple[Told, ...] = ()
