"""The kinds of sources, channels and reports that entries may have."""

from collections.abc import Mapping
from dataclasses import dataclass

from scan.channels.base import Channel
from scan.reports.base import Report
from scan.sources.base import Source


@dataclass(frozen=True, kw_only=True)
class Kinds:
    """Kinds by name."""

    sources: Mapping[str, type[Source]]
    channels: Mapping[str, type[Channel]]
    reports: Mapping[str, type[Report]]


def installed() -> Kinds:
    """Give the kinds that ship with `scan`."""
    from scan import channels, reports, sources

    return Kinds(sources=sources.KINDS, channels=channels.KINDS, reports=reports.KINDS)
