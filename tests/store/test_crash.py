"""Killed before each statement: what a second process then finds is a database from before or after, never between.

At each point the files are copied as they lie, which is what SIGKILL leaves, and the copy is opened anew.
"""

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from scan.model import FieldChange
from scan.store.database import Store
from scan.store.records import Absorbed, ChangedItem, LeftItem
from scan.store.upkeep import Findings
from tests.store.samples import LATER, NOW, a_match, an_item, begun, delivery, new, result, source_run, state, told
from tests.store.statements import before_each

pytestmark = pytest.mark.long

LEASE = timedelta(minutes=5)


def prepared(store: Store) -> str:
    """Store two items, one of them told in an armed message, one waiting; returns the next run."""
    told(store, "a", "b")
    batch = store.freeze("me", "me@example.org", message_id="m", payload=b"x", delivery_ids=["a"], now=NOW)
    assert batch == 1
    store.claim(batch, "one", NOW, LEASE)
    store.arm(batch, "one")
    return begun(store, 2)


def absorb(store: Store, run: str) -> None:
    known = store.known("acme", [])
    changes = (FieldChange("title", "x", "y"),)
    item = an_item("job-a", title="y", text="other")
    changed = ChangedItem(
        id=known["job-a"].id, item=item, raw_hash=b"x", changes=changes, matches=(a_match(delivery("c"), revision=1),)
    )
    left = LeftItem(id=known["job-b"].id, gone=True)
    more = (new(an_item("n"), a_match(delivery("n1"), delivery("n2", recipient="you"))),)
    store.absorb(run, LATER, result(at=LATER, new=more, changed=(changed,), left=(left,)))


STEPS: dict[str, Callable[[Store, str], object]] = {
    "absorb": absorb,
    "quiet": lambda store, run: store.absorb(run, NOW, Absorbed(state=state(at=LATER), run=source_run())),
    "freeze": lambda store, _: store.freeze(
        "me", "me@example.org", message_id="m2", payload=b"y", delivery_ids=["b"], now=LATER
    ),
    "sent": lambda store, _: store.sent(1, "one", LATER, code=250),
    "failed": lambda store, _: store.failed(1, "one", LATER, error="550", permanent=True),
    "recover": lambda store, _: store.recover(LATER, lock_held=True),
    "prune": lambda store, _: store.prune(LATER, runs=-LEASE, gone_items=-LEASE, deliveries=-LEASE),
    "begin": lambda store, _: begun(store, 3, LATER),
}


def contents(path: Path) -> dict[str, list[Any]]:
    store = Store.open(f"sqlite:///{path}", create=False)
    try:
        assert store.check() == Findings()
        with store.reading() as connection:
            names = (
                connection.sqlalchemy.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'")
                .scalars()
                .all()
            )
            return {
                name: sorted(map(repr, connection.sqlalchemy.exec_driver_sql(f'SELECT * FROM "{name}"')))
                for name in names
            }
    finally:
        store.close()


class Killed(BaseException):
    """The process ends here."""


def snapshot(path: Path, to: Path) -> Path:
    to.mkdir()
    for file in path.parent.glob("scan.db*"):
        if not file.name.endswith("-shm"):
            shutil.copy(file, to)
    return to / "scan.db"


@pytest.mark.parametrize("step", STEPS)
def test_a_kill_at_any_statement_leaves_all_of_a_step_or_nothing(path: Path, tmp_path: Path, step: str) -> None:
    store = Store.open(f"sqlite:///{path}", create=False)
    run = prepared(store)
    before = contents(snapshot(path, tmp_path / "before"))
    allowed = [before]
    for at in range(1, 99):
        done: list[int] = []

        def kill(*_: Any, at: int = at, done: list[int] = done) -> None:
            done.append(1)
            if len(done) == at:
                raise Killed

        try:
            with before_each(store, kill):
                STEPS[step](store, run)
            break
        except Killed:
            allowed.append(contents(snapshot(path, tmp_path / str(at))))
    after = contents(snapshot(path, tmp_path / "after"))
    store.close()
    assert after != before
    if step == "prune":  # several small transactions: each of them whole is all that is asked
        return
    assert all(state in (before, after) for state in allowed)
    assert len(allowed) > 2


def test_a_step_that_raises_leaves_the_store_usable(store: Store) -> None:
    run = prepared(store)

    def kill(statement: str, _: Any) -> None:
        if "item_text" in statement:
            raise Killed

    with pytest.raises(Killed), before_each(store, kill):
        absorb(store, run)
    absorb(store, run)
    assert store.check() == Findings()
