"""Telling, with an outbox that only remembers what was asked of it."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest

from scan.channels.base import Channel
from scan.channels.stdout import Stdout
from scan.errors import DeliveryError
from scan.run.tell import GIVE_UP_FOR_NOW, LEASE, Handover, Teller
from scan.store.database import Store
from scan.store.records import BatchRow, ChannelState

BEGAN = datetime(2026, 11, 23, 8, tzinfo=UTC)
PRESENT = BEGAN + timedelta(minutes=40)


class Outbox:
    """Messages that are ready, whatever became of them before."""

    def __init__(self, messages: int, *, paused_until: datetime | None = None) -> None:
        self.messages = messages
        self.paused_until = paused_until
        self.saved: list[ChannelState] = []
        self.leases: list[datetime] = []

    def channel_states(self) -> dict[str, ChannelState]:
        if self.paused_until is None:
            return {}
        return {"out": ChannelState(channel="out", state="paused", until=self.paused_until)}

    def save_channel_state(self, state: ChannelState) -> None:
        self.saved.append(state)

    def waiting(self) -> Sequence[tuple[str, str]]:
        return ()

    def due(self, channel: str, _: datetime) -> list[BatchRow]:
        return [a_message(number, channel) for number in range(self.messages)]

    def claim(self, _: int, __: str, now: datetime, lease: timedelta) -> bool:
        self.leases.append(now + lease)
        return True

    def failed(self, *_: object, **__: object) -> bool:
        return True


def a_message(number: int, channel: str) -> BatchRow:
    return BatchRow(
        id=number,
        channel=channel,
        recipient=channel,
        message_id=str(number),
        payload=b"",
        state="ready",
        attempts=0,
        spared=0,
        in_doubt=0,
        next_at=None,
        deliveries=1,
    )


def teller(outbox: Outbox, tried: list[int], *, fails: bool) -> Teller:
    def send(_: Channel, batch: BatchRow, __: Handover) -> None:
        tried.append(batch.id)
        if fails:
            raise DeliveryError("busy")

    return Teller(
        cast("Store", outbox),
        [Stdout(name="out")],
        send,
        owner="box:1:run",
        profile="scan",
        zone="UTC",
        every=timedelta(hours=1),
        wall=lambda: PRESENT,
        stop=lambda: False,
    )


def test_a_lease_begins_when_its_message_is_claimed_however_long_the_run_has_lasted() -> None:
    outbox = Outbox(1)
    teller(outbox, [], fails=False).tell(BEGAN)
    assert outbox.leases == [PRESENT + LEASE]


def test_a_channel_that_refuses_too_often_is_left_alone_for_the_rest_of_the_run() -> None:
    tried: list[int] = []
    telling = teller(Outbox(GIVE_UP_FOR_NOW + 2), tried, fails=True)
    telling.tell(BEGAN)
    telling.tell(BEGAN)
    assert tried == ids(telling.told.refused) == list(range(GIVE_UP_FOR_NOW))
    assert telling.told.sent == []


def test_a_channel_that_takes_its_messages_is_given_all_of_them() -> None:
    tried: list[int] = []
    telling = teller(Outbox(GIVE_UP_FOR_NOW + 2), tried, fails=False)
    telling.tell(BEGAN)
    assert tried == ids(telling.told.sent) == list(range(GIVE_UP_FOR_NOW + 2))
    assert telling.told.refused == []


@pytest.mark.parametrize(("pause", "tried"), [(0, 1), (1, 0), (24, 0), (25, 1)])
def test_a_paused_channel_is_left_alone_for_a_day_at_most_whatever_the_clock_did(pause: int, tried: int) -> None:
    outbox = Outbox(1, paused_until=BEGAN + timedelta(hours=pause))
    messages: list[int] = []
    teller(outbox, messages, fails=False).tell(BEGAN)
    assert len(messages) == tried


def test_a_pause_that_began_while_the_clock_was_ahead_is_over_for_good() -> None:
    outbox = Outbox(0, paused_until=BEGAN + timedelta(days=3))
    teller(outbox, [], fails=False).tell(BEGAN)
    assert outbox.saved == [ChannelState(channel="out")]


def ids(messages: Sequence[BatchRow]) -> list[int]:
    return [message.id for message in messages]
