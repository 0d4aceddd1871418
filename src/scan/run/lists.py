"""What a run says of the lists that its sources were made of."""

import logging

from scan.config.model import Config

log = logging.getLogger("scan.run")


def report_lists(config: Config) -> None:
    """Log how each list is."""
    for name, use in config.list_uses.items():
        facts = {"list": name, "sources": use.sources, "rejected": len(use.rejected)}
        if use.copy.error is not None:
            kept = "its last good copy is used" if use.copy.table else "and there is no copy of it"
            message = f"the list {name} cannot be synced, {kept}: {use.copy.error}"
            log.warning(message, extra={"event": "list_failed", **facts, "error": use.copy.error})
        else:
            log.info("the list %s makes %d sources", name, use.sources, extra={"event": "list_used", **facts})
        if use.rejected:
            message = f"{len(use.rejected)} rows of the list {name} are left out; the first: {use.rejected[0]}"
            log.warning(message, extra={"event": "rows_rejected", **facts})


def missing_lists(config: Config) -> tuple[str, ...]:
    """Name the lists of which there is nothing: their sources cannot even be named."""
    return tuple(
        f"the list {name} was never synced: {use.copy.error or '--skip-sync left it out'}"
        for name, use in config.list_uses.items()
        if use.copy.table is None
    )
