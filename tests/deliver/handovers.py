"""Handovers that remember."""

from dataclasses import dataclass, field


@dataclass
class Recorded:
    """Notes what it is told, in the list of events that a server may write to as well."""

    events: list[str] = field(default_factory=list)
    receipts: list[tuple[int | None, str]] = field(default_factory=list)

    def arm(self) -> None:
        self.events.append("armed")

    def accepted(self, code: int | None, receipt: str) -> None:
        self.events.append("accepted")
        self.receipts.append((code, receipt))


class FullDiskError(Exception):
    """What a store raises that cannot write."""


class Refusing(Recorded):
    """Cannot write that it is armed."""

    def arm(self) -> None:
        raise FullDiskError
