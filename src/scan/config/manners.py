"""What services let themselves be asked, and what a config would ask them."""

from collections import defaultdict
from datetime import timedelta
from typing import Any

from scan.config.document import Node
from scan.config.findings import Findings, find
from scan.config.model import Config, SourceEntry
from scan.config.tables import INVALID, Read
from scan.config.units import duration_text
from scan.page import Limit
from scan.phrases import counted, span


def watching(read: Read, findings: Findings) -> Read:
    """Have it warned of entries that are due more often than their service may be asked."""

    def watched(node: Node) -> Any:
        entry = read(node)
        if entry is not INVALID and entry.every and _is_limited(entry) and entry.every < entry.source.seldom():
            findings.warn(find(node, ("every",)), _too_often(entry))
        return entry

    return watched


def warn_of_load(config: Config, root: Node, findings: Findings) -> None:
    """Warn of kinds whose sources together ask their service more often than it allows."""
    by_kind: dict[tuple[str, Limit], list[SourceEntry]] = defaultdict(list)
    for entry in config.sources:
        if entry.enabled and _is_limited(entry) and entry.source.limit is not None:
            by_kind[entry.source.kind, entry.source.limit].append(entry)
    for (kind, limit), entries in by_kind.items():
        asked = sum(limit.within / config.cadence_of(entry) for entry in entries)
        told = len(entries) == 1 and entries[0].every is not None
        if round(asked, 6) > limit.requests and not told:
            longer = timedelta(minutes=-(-len(entries) * (limit.within / limit.requests) // timedelta(minutes=1)))
            many = f"{counted(len(entries), 'source', 'sources')} of kind {kind}"
            often = f"{asked:.0f} times in {span(limit.within.total_seconds())}; allowed are {limit}"
            message = f"{many}, asked {often}: some will wait; every: {duration_text(longer)} would be right for them"
            findings.warn(find(root, ("sources",)), message)


def _is_limited(entry: SourceEntry) -> bool:
    """Tell whether it is the service that is asked, and not a mirror or a file."""
    return entry.source.url is None


def _too_often(entry: SourceEntry) -> str:
    source = entry.source
    right = f"{duration_text(source.seldom())} or longer would be right"
    if source.limit is not None and source.limit.within / source.limit.requests == source.seldom():
        return f"{source.kind} allows {source.limit}; {right}"
    return f"{source.kind} makes its answer anew once in a while only; {right}"
