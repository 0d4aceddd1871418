"""What is logged of a result that is not all well: once a source, with an example."""

import logging
from collections.abc import Callable, Sequence

from scan.model import Rejected
from scan.sources.detailing import Told

log = logging.getLogger("scan.run")


def complain(
    source: str,
    *,
    rejected: Sequence[Rejected],
    unreadable: Sequence[str],
    truncated: str | None,
    details: Sequence[Told],
    redact: Callable[[str], str],
) -> None:
    """Warn of odd rows, unreadable values, a list cut short, and pages of single items that failed."""
    if rejected:
        message = f"{len(rejected)} odd rows left out; the first: {rejected[0].reason}: {rejected[0].example}"
        log.warning(message, extra={"event": "items_rejected", "source": source})
    if unreadable:
        message = f"{len(unreadable)} unreadable values; the first: {unreadable[0]}"
        log.warning(message, extra={"event": "values_unreadable", "source": source})
    if truncated:
        message = "incomplete result, nothing is taken for gone: %s"
        log.warning(message, truncated, extra={"event": "source_truncated", "source": source})
    failed = [one.error for one in details if one.error is not None]
    if failed:
        said = redact(str(failed[0]))
        message = f"{len(failed)} pages of single items could not be read; they are tried again; the first: {said}"
        log.warning(message, extra={"event": "details_failed", "source": source})
    waiting = sum(one.error is None and one.item is None for one in details)
    if waiting:
        message = f"{waiting} pages of single items wait for the next run"
        log.info(message, extra={"event": "details_waiting", "source": source})
