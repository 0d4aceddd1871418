"""The kinds of sources, channels and reports that entries may have."""

from collections.abc import Iterator, Mapping

import msgspec

from scan.channels.base import Channel
from scan.config.plugins import Plugged
from scan.reports.base import Report
from scan.sources.base import Source


class Kinds(msgspec.Struct, frozen=True, kw_only=True):
    """Kinds by name."""

    sources: Mapping[str, type[Source]]
    channels: Mapping[str, type[Channel]]
    reports: Mapping[str, type[Report]]

    def problems(self) -> Iterator[str]:
        """Say of every kind of a plug-in that cannot be used why that is."""
        for kinds in (self.sources, self.channels, self.reports):
            if isinstance(kinds, Plugged):
                yield from kinds.problems()


def shipped() -> Kinds:
    """Give the kinds that ship with `scan`."""
    from scan import channels, reports, sources

    return Kinds(sources=sources.KINDS, channels=channels.KINDS, reports=reports.KINDS)


def installed() -> Kinds:
    """Give the kinds that ship with `scan`, and those of plug-ins."""
    own = shipped()
    return Kinds(
        sources=Plugged(own.sources, "scan.sources", Source),
        channels=Plugged(own.channels, "scan.channels", Channel),
        reports=Plugged(own.reports, "scan.reports", Report),
    )
