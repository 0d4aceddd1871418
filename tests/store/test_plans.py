"""What every run asks finds its rows by an index, however many others there are; and what it writes is little."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from scan.model import Event
from scan.store.database import Store
from scan.store.records import Absorbed, LeftItem
from tests.store.samples import LATER, NOW, a_match, an_item, begun, delivery, digest, new, result, source_run, state
from tests.store.statements import before_each

ME = ("me", "me@example.org")
SMALL = {"alert", "channel_state", "search"}
"""Tables that hold no more than the config names, and what has gone wrong of late."""


Statements = list[tuple[str, Any]]


@contextmanager
def listening(store: Store) -> Iterator[Statements]:
    """Collect statements, with their parameters."""
    statements: Statements = []
    with before_each(store, lambda *statement: statements.append(statement)):
        yield statements


def plans(path: Path, statements: Statements) -> list[tuple[str, str]]:
    """Ask SQLite how it goes about each statement."""
    raw = sqlite3.connect(path)
    found = []
    for statement, parameters in statements:
        if not statement.startswith(("BEGIN", "INSERT")):
            one = parameters[0] if isinstance(parameters, list) else parameters
            found += [(row[3], statement) for row in raw.execute(f"EXPLAIN QUERY PLAN {statement}", one)]
    raw.close()
    return found


def do_what_a_run_does(store: Store) -> None:
    run = begun(store, 2, LATER)
    store.source_states(["acme"])
    ids = [item.id for item in store.known("acme", ["new"]).values()]
    store.stored(ids)
    store.existing_matches(ids)
    store.fingerprints_told(["backend"], [digest("posting")], not_source="beta")
    store.absorb(run, LATER, result("beta", LATER, new=(new(an_item("z", "beta"), a_match(delivery("z"))),)))
    left = (LeftItem(id=ids[0], gone=True, matches=(a_match(event=Event.GONE),)),)
    store.absorb(run, LATER, result(at=LATER, left=left, recoded=((ids[1], b"x"),)))
    store.absorb(run, NOW, Absorbed(state=state("gamma", LATER), run=source_run("gamma")))
    store.waiting()
    store.pending(*ME, 50)
    batch = store.freeze(*ME, message_id="m", payload=b"", delivery_ids=["z"], now=LATER)
    assert batch is not None
    store.recover(LATER, lock_held=True)
    store.due("me", LATER)
    store.claim(batch, "one", LATER, timedelta(minutes=1))
    store.arm(batch, "one")
    store.sent(batch, "one", LATER)
    store.outbox_counts()
    what_reports_read(store)
    store.prune(LATER, runs=timedelta(days=30), gone_items=timedelta(days=365), deliveries=timedelta(days=365))
    store.end_run(run, status="success", finished_at=LATER, duration_seconds=1.0, error=None, result={})


def what_reports_read(store: Store) -> None:
    list(store.listed("acme"))
    list(store.newest("acme", limit=5))
    store.listed_counts(["acme"])
    store.left_since(NOW, limit=10)
    store.past_runs(NOW, limit=10)
    store.source_spans(NOW, LATER)
    store.last_success()


def what_a_run_leaves_for_status(store: Store) -> None:
    store.match_counts(["acme"])
    store.host_states(NOW)
    store.search_fingerprints()
    store.channel_states()
    store.runs(30)
    store.undelivered()
    store.held()
    store.trouble()


def what_people_look_at(store: Store) -> None:
    store.matches(limit=20)
    store.runs(20)


def analyze(path: Path) -> None:
    """Let SQLite know of very many rows, with few of each value: it then chooses by numbers."""
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("ANALYZE")
        for row, stat in raw.execute("SELECT rowid, stat FROM sqlite_stat1").fetchall():
            rows, *each = stat.split()
            raw.execute("UPDATE sqlite_stat1 SET stat = ? WHERE rowid = ?", (" ".join((f"{rows}00000", *each)), row))


@pytest.mark.parametrize("analyzed", [False, True])
def test_no_statement_of_a_run_scans_a_table(store: Store, path: Path, *, analyzed: bool) -> None:
    store.absorb(begun(store), NOW, result(new=tuple(new(an_item(str(n)), a_match()) for n in range(50))))
    if analyzed:
        analyze(path)
    with listening(store) as statements:
        do_what_a_run_does(store)
        what_a_run_leaves_for_status(store)
        what_people_look_at(store)
    found = plans(path, statements)
    assert len(found) > 60
    assert [plan for plan in found if plan[0].startswith("SCAN") and not is_short(*plan)] == []


def is_short(plan: str, statement: str) -> bool:
    """Tell whether going through a table ends soon: it holds little, or it is read by number as far as a limit."""
    table = plan.split()[1]
    by_number = re.search(rf'ORDER BY "?{table}"?\.(id|number) DESC\s+LIMIT', statement) is not None
    return table in SMALL or by_number or (table == "source" and "INDEX" in plan)


def test_listed_items_are_found_by_their_own_small_index(store: Store, path: Path) -> None:
    store.absorb(begun(store), NOW, result())
    with listening(store) as statements:
        store.known("acme", ["a"])
    found = [plan for plan, _ in plans(path, statements) if "SEARCH item" in plan]
    assert found[0].endswith("USING INDEX item_listed (source_id=?)")
    assert found[1].endswith("(source_id=? AND key=?)")


def test_an_unchanged_scan_of_a_thousand_sources_writes_less_than_a_megabyte(store: Store, path: Path) -> None:
    def states(at: Any) -> list[Any]:
        names = [f"some-company-{number:04}" for number in range(1000)]
        logged = {"status": "unchanged", "seen": 40, "unchanged": 40}
        return [Absorbed(state=state(name, at), run=source_run(name, **logged)) for name in names]

    store.absorb(begun(store), NOW, *states(NOW))
    store.close()
    log = path.with_name(path.name + "-wal")
    assert not log.exists()
    run = begun(store, 2, LATER)
    store.absorb(run, LATER, *states(LATER))
    store.end_run(run, status="success", finished_at=LATER, duration_seconds=1.0, error=None, result={})
    twice = 2 * log.stat().st_size  # into the log, and from there into the file
    assert 0 < twice < 1_000_000
