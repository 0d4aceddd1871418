"""What the web served and what receivers were told, written down by those who did it; nothing of `scan` is in it.

A posting is told to a recipient when a message has it. A message is known by its identity, as receivers know it.

    served      an item was in an answer that was sent whole and could be read
    seen        by a run that went on to end by itself: it has to be stored
    settled     a receipt whose sender got the answer and went on: it must never come again
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One item, as it was served.

    Attributes:
        posting: what it is about; another source may have the same one.
        wanted: somebody waits for it.

    """

    source: str
    key: str
    posting: str
    wanted: bool


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """One message that a receiver took.

    Attributes:
        identity: Message-ID or Idempotency-Key.
        postings: that it tells, in order, each as often as it is told.
        answered: the receiver said so, too.

    """

    recipient: str
    identity: str
    body: bytes
    postings: tuple[str, ...]
    answered: bool


@dataclass(frozen=True, kw_only=True)
class Message:
    """A message, as the database has it; its postings as in `Receipt`."""

    recipient: str
    postings: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Stored:
    """A database, as far as the ledger can be compared with it.

    Attributes:
        items: (source, key) of all.
        matched: postings that are to be told.
        sent: messages by their identity.
        unsent: deliveries in any other state, by that state.
        damage: what SQLite finds wrong with the file.

    """

    items: Collection[tuple[str, str]]
    matched: Collection[str]
    sent: dict[str, Message]
    unsent: dict[str, int] = field(default_factory=dict)
    damage: tuple[str, ...] = ()


class Ledger:
    """The record of all runs.

    Attributes:
        served, seen: items, as above.
        receipts: with whether each is settled, oldest first.

    """

    def __init__(self, recipients: Collection[str]) -> None:
        """Begin. `recipients` are those who wait for postings; others may be told other things."""
        self.recipients = frozenset(recipients)
        self.served: set[Shown] = set()
        self.seen: set[Shown] = set()
        self.receipts: list[tuple[Receipt, bool]] = []
        self._served_now: set[Shown] = set()
        self._received_now: list[Receipt] = []

    def serve(self, shown: Iterable[Shown]) -> None:
        """Note what an answer shows; an answer `304` shows what the client says that it has."""
        self._served_now.update(shown)

    def receive(self, receipt: Receipt) -> None:
        """Note a message that was taken."""
        self._received_now.append(receipt)

    def close(self, *, survived: bool) -> None:
        """End a run.

        Messages are sent one after another, each recorded before the next: of a run that was cut off, only the last
        one that was received may be unrecorded.
        """
        self.served |= self._served_now
        if survived:
            self.seen |= self._served_now
        for number, receipt in enumerate(self._received_now, 1):
            recorded = survived or number < len(self._received_now)
            self.receipts.append((receipt, receipt.answered and recorded))
        self._served_now, self._received_now = set(), []

    @property
    def copies(self) -> int:
        """How many receipts were beyond the first of their message."""
        return len(self.receipts) - len({receipt.identity for receipt, _ in self.receipts})


def breaches(ledger: Ledger, stored: Stored) -> list[str]:
    """Say where the ledger and the database, or the ledger and the promise, do not agree."""
    return [
        *(f"damaged: {what}" for what in stored.damage),
        *_items(ledger, stored),
        *_told(ledger, stored),
        *_copies(ledger),
        *_messages(ledger, stored),
    ]


def _items(ledger: Ledger, stored: Stored) -> Iterator[str]:
    seen, served = ({(one.source, one.key) for one in some} for some in (ledger.seen, ledger.served))
    kept = set(stored.items)
    yield from (f"not stored: {source} {key}" for source, key in sorted(seen - kept))
    yield from (f"stored, and never served: {source} {key}" for source, key in sorted(kept - served))


def _told(ledger: Ledger, stored: Stored) -> Iterator[str]:
    """Check that each recipient was told of every posting that is wanted, of each once, and of no other."""
    due, may = ({one.posting for one in some if one.wanted} for some in (ledger.seen, ledger.served))
    messages = {receipt.identity: receipt for receipt, _ in ledger.receipts}
    times = Counter((one.recipient, posting) for one in messages.values() for posting in one.postings)
    for recipient in sorted(ledger.recipients):
        told = {posting for whom, posting in times if whom == recipient}
        yield from (f"lost: {posting} to {recipient}" for posting in sorted(due - told))
        yield from (f"told, and never served: {posting} to {recipient}" for posting in sorted(told - may))
        yield from (
            f"matched, and not told: {posting} to {recipient}" for posting in sorted(set(stored.matched) - told)
        )
        yield from (
            f"told, and not matched: {posting} to {recipient}" for posting in sorted(told - set(stored.matched))
        )
    for (recipient, posting), number in sorted(times.items()):
        if number > 1:
            yield f"doubled: {posting} to {recipient}, {number} times"


def _copies(ledger: Ledger) -> Iterator[str]:
    """Check that a message came again only where nobody could know that it had come, and then the very same."""
    earlier: dict[str, tuple[Receipt, bool]] = {}
    for receipt, settled in ledger.receipts:
        before, was_settled = earlier.get(receipt.identity, (receipt, False))
        if was_settled:
            yield f"sent again: {receipt.identity} to {receipt.recipient}"
        if (before.recipient, before.body) != (receipt.recipient, receipt.body):
            yield f"another message of the same identity: {receipt.identity} to {receipt.recipient}"
        earlier[receipt.identity] = (receipt, settled)


def _messages(ledger: Ledger, stored: Stored) -> Iterator[str]:
    """Check that the outbox is empty, and says that it sent what was received, message by message."""
    yield from (f"left in the outbox: {number} {state}" for state, number in sorted(stored.unsent.items()) if number)
    received = {one.identity: Message(recipient=one.recipient, postings=one.postings) for one, _ in ledger.receipts}
    for identity in sorted(received.keys() | stored.sent.keys()):
        ours, theirs = received.get(identity), stored.sent.get(identity)
        if ours is None:
            yield f"recorded as sent, and never received: {identity}"
        elif theirs is None:
            yield f"received, and not recorded as sent: {identity}"
        elif ours != theirs:
            yield f"sent and received differ: {identity}: {theirs} and {ours}"
