"""The outbox under whatever order of steps, crashes and two processes: its states only move along the diagram."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import select

from scan.errors import DeliveryError
from scan.store.database import Store
from scan.store.invariants import broken
from scan.store.outbox import MAX_ATTEMPTS, MAX_IN_DOUBT
from scan.store.schema import batches, deliveries
from tests.store.samples import NOW, a_match, an_item, begun, delivery, new, result
from tests.store.statements import CARELESS, set_up

pytestmark = pytest.mark.long

BATCH_STEPS = {
    "ready": {"claimed"},
    "claimed": {"armed", "ready", "dead"},
    "armed": {"sent", "ready", "dead"},
    "sent": set(),
    "dead": set(),
}
DELIVERY_STEPS = {"pending": {"batched"}, "batched": {"sent", "dead"}, "sent": set(), "dead": set()}
OF_BATCH = {"ready": "batched", "claimed": "batched", "armed": "batched", "sent": "sent", "dead": "dead"}
OWNERS = st.sampled_from(["one", "two"])
ENDS = st.sampled_from(["dies claimed", "dies armed", "is sent", "is refused", "is refused for good"])
LEASE = timedelta(minutes=5)


class BatchSeen(NamedTuple):
    state: str
    attempts: int
    spared: int
    in_doubt: int
    owner: str | None


Deliveries = dict[str, tuple[str, int | None]]


@cache
def empty_database() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        Store.open(f"sqlite:///{folder}/scan.db", create=True).close()
        return (Path(folder) / "scan.db").read_bytes()


class Outbox(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        (self.folder / "scan.db").write_bytes(empty_database())
        self.store = Store.open(f"sqlite:///{self.folder}/scan.db", create=False)
        set_up(self.store, CARELESS)
        self.now = NOW
        self.queued = 0
        self.batches: dict[int, BatchSeen] = {}
        self.deliveries: Deliveries = {}

    def teardown(self) -> None:
        self.store.close()
        shutil.rmtree(self.folder)

    def look(self) -> tuple[dict[int, BatchSeen], Deliveries]:
        columns = (batches.c.state, batches.c.attempts, batches.c.spared, batches.c.in_doubt, batches.c.lease_owner)
        with self.store.reading() as connection:
            seen = {row[0]: BatchSeen(*row[1:]) for row in connection.execute(select(batches.c.id, *columns))}
            rows = connection.execute(select(deliveries.c.id, deliveries.c.state, deliveries.c.batch_id))
            return seen, {row[0]: (row[1], row[2]) for row in rows}

    @contextmanager
    def step(self) -> Iterator[None]:
        """Do one thing, and check that whatever moved went one step along the diagram."""
        yield
        seen, delivered = self.look()
        assert set(self.batches) <= set(seen)
        assert set(self.deliveries) <= set(delivered)
        for number, before in self.batches.items():
            after = seen[number]
            assert after.state == before.state or after.state in BATCH_STEPS[before.state]
            assert after.attempts >= before.attempts
            assert after.spared >= before.spared
            assert after.in_doubt >= before.in_doubt
        for name, (state, _) in self.deliveries.items():
            assert delivered[name][0] == state or delivered[name][0] in DELIVERY_STEPS[state]
        self.batches, self.deliveries = seen, delivered

    @initialize(data=st.data())
    def begin(self, data: st.DataObject) -> None:
        for names in (1, 2):
            self.queue(names)
            self.freeze(data)

    @rule(names=st.integers(1, 3))
    def queue(self, names: int) -> None:
        self.queued += 1
        items = [
            new(an_item(name), a_match(delivery(name)))
            for name in (f"{self.queued}-{number}" for number in range(names))
        ]
        source = f"source-{self.queued}"
        with self.step():
            self.store.absorb(begun(self.store, self.queued), self.now, result(source, self.now, new=tuple(items)))

    @precondition(lambda self: self.deliveries)
    @rule(data=st.data())
    def freeze(self, data: st.DataObject) -> None:
        waiting = [name for name, (state, _) in self.deliveries.items() if state == "pending"]
        anyhow = data.draw(st.integers(0, 9)) == 9
        choice = sorted(self.deliveries if anyhow or not waiting else waiting)
        chosen = data.draw(st.sets(st.sampled_from(choice), min_size=1, max_size=4))
        pending = all(self.deliveries[name][0] == "pending" for name in chosen)
        with self.step():
            made = self.store.freeze(
                "me", "me@example.org", message_id=repr(sorted(chosen)), payload=b"x", delivery_ids=chosen, now=self.now
            )
        assert (made is not None) == pending
        if made is not None:
            assert {name for name, (_, batch) in self.deliveries.items() if batch == made} == chosen

    @precondition(lambda self: any(batch.state == "ready" for batch in self.batches.values()))
    @rule(data=st.data(), owner=OWNERS, end=ENDS, in_doubt=st.booleans(), counts=st.booleans())
    def deliver(self, data: st.DataObject, owner: str, end: str, *, in_doubt: bool, counts: bool) -> None:
        """Try to send a message; the process may die after each step."""
        number = data.draw(st.sampled_from(sorted(n for n, batch in self.batches.items() if batch.state == "ready")))
        self.claim(number, owner)
        if end == "dies claimed":
            return
        self.arm(number, owner)
        if end == "is sent":
            self.accept(number, owner)
        elif end != "dies armed":
            self.refuse(number, owner, permanent=end == "is refused for good", in_doubt=in_doubt, counts=counts)

    @precondition(lambda self: self.batches)
    @rule(data=st.data(), owner=OWNERS, step=st.sampled_from(["claim", "arm", "accept", "refuse"]))
    def intrude(self, data: st.DataObject, owner: str, step: str) -> None:
        """Do any one step to any message, as a second process would that is late."""
        number = data.draw(st.sampled_from(sorted(self.batches)))
        if step == "refuse":
            self.refuse(number, owner, permanent=False, in_doubt=True, counts=True)
        else:
            {"claim": self.claim, "arm": self.arm, "accept": self.accept}[step](number, owner)

    def claim(self, number: int, owner: str) -> None:
        before = self.batches[number]
        with self.step():
            taken = self.store.claim(number, owner, self.now, LEASE)
        assert taken == (before.state == "ready")
        assert self.batches[number].attempts == before.attempts + taken

    def arm(self, number: int, owner: str) -> None:
        mine = self.batches[number].state == "claimed" and self.batches[number].owner == owner
        try:
            with self.step():
                self.store.arm(number, owner)
        except DeliveryError:
            assert not mine
        else:
            assert mine

    def accept(self, number: int, owner: str) -> None:
        mine = self.batches[number].state == "armed" and self.batches[number].owner == owner
        with self.step():
            assert self.store.sent(number, owner, self.now) == mine

    def refuse(self, number: int, owner: str, *, permanent: bool, in_doubt: bool, counts: bool) -> None:
        before = self.batches[number]
        mine = before.state in {"claimed", "armed"} and before.owner == owner
        with self.step():
            back = self.store.failed(
                number, owner, self.now, error="no", permanent=permanent, in_doubt=in_doubt, count_attempt=counts
            )
        assert back == mine
        if permanent and mine:
            assert self.batches[number].state == "dead"

    @rule(lock_held=st.booleans())
    def restart(self, *, lock_held: bool) -> None:
        armed = {number: batch.in_doubt for number, batch in self.batches.items() if batch.state == "armed"}
        with self.step():
            self.store.recover(self.now, lock_held=lock_held)
        if lock_held:
            assert not any(batch.state in {"claimed", "armed"} for batch in self.batches.values())
        for number, in_doubt in armed.items():
            after = self.batches[number]
            assert after.in_doubt == in_doubt + (after.state != "armed")

    @rule(hours=st.integers(-30, 30))
    def wait(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @invariant()
    def a_delivery_follows_its_message(self) -> None:
        for state, batch in self.deliveries.values():
            assert state == ("pending" if batch is None else OF_BATCH[self.batches[batch].state])

    @invariant()
    def a_message_that_had_its_chances_is_not_ready(self) -> None:
        for batch in self.batches.values():
            if batch.state == "ready":
                assert batch.attempts - batch.spared < MAX_ATTEMPTS
                assert batch.in_doubt < MAX_IN_DOUBT

    @invariant()
    def a_check_finds_nothing(self) -> None:
        with self.store.reading() as connection:
            assert list(broken(connection)) == []


TestOutbox = Outbox.TestCase
TestOutbox.settings = settings(max_examples=settings().max_examples // 5, stateful_step_count=20)
