"""`python -m bench.life DATABASE`: two years of a profile, through the store; prints its size, a JSON line a quarter.

200 sources of 40 items, of which a source gets a new one every fifth day, and loses the oldest. In the first year there
are four runs an hour, in the second one a day: by then only what is gone for a year, and is pruned, has to be seen. The
database as it is after the first year is copied to a file beside it.
"""

import json
import sys
from collections import deque
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from bench import stored
from bench.year import DAYS, ITEMS, SOURCES, Growth, name_of, year_old
from scan.cadence import SourceState
from scan.config.model import Retention
from scan.model import Event, Item, Match, Reason
from scan.outcome import SourceRun
from scan.page import Validators
from scan.store.database import Store
from scan.store.records import Absorbed, LeftItem, NewDelivery, NewItem, NewMatch, RunStart
from scan.store.runs import log_sources

EVERY_DAYS = 5
RUNS_A_DAY = 4 * 24
QUARTER = DAYS // 4
TEXT = "What somebody wrote about it, in some sentences that are not all the same. " * 27
"""2 KB, as the items of job boards have them."""

REASONS = (Reason(rule="any", term="work", field="title", excerpt="… the work of …"),)
RESULT = {
    "sources": {"ok": SOURCES, "failed": 0},
    "items": {"new": 0},
    "matches": {"new": 0},
    "deliveries": {"sent": 0},
}
UNCHANGED = SourceRun(source="", kind="feed", status="unchanged", seen=ITEMS, unchanged=ITEMS, duration_seconds=0.2)
CHANGED = msgspec.structs.replace(UNCHANGED, status="ok", new=1, unchanged=ITEMS - 1)


@dataclass
class Life:
    """A profile as the days pass."""

    store: Store
    begun: datetime
    made: int = 0
    day: int = 0
    listed: dict[int, deque[int]] = field(default_factory=lambda: {number: deque() for number in range(SOURCES)})

    def pass_day(self, runs: int) -> None:
        """Have a day's runs, of which the first finds what is new; and prune, as each would."""
        now = self.begun + timedelta(days=self.day)
        for number in range(runs):
            moment = now + number * timedelta(days=1) / runs
            run = f"{self.day:05}-{number:03}"
            self.store.begin_run(started(run, moment))
            if number == 0:
                self._begin_day(run, moment)
            else:  # what is remembered of the sources would be written too, over and over: it makes nothing grow
                with self.store.writing() as connection:
                    log_sources(connection, run, ((source, UNCHANGED) for source in range(1, SOURCES + 1)))
            self.store.end_run(
                run, status="success", finished_at=moment, duration_seconds=1.5, error=None, result=RESULT
            )
        keep = Retention()
        self.store.prune(now, runs=keep.runs, gone_items=keep.gone_items, deliveries=keep.deliveries)
        self.day += 1

    def _begin_day(self, run: str, now: datetime) -> None:
        changed = self._find(run, now)
        quiet = [name_of(source) for source in range(SOURCES) if source not in changed]
        self.store.absorb(run, now, *(Absorbed(state=state(name, now), run=UNCHANGED) for name in quiet))

    def _find(self, run: str, now: datetime) -> set[int]:
        """Store what is new, and tell of some of it; returns the sources that had something."""
        told, changed = [], set()
        for number, ids in self.listed.items():
            many = ITEMS if self.day == 0 else int((self.day + number) % EVERY_DAYS == 0)
            if not many:
                continue
            left = (LeftItem(id=ids.popleft(), gone=True),) if self.day else ()
            new = tuple(self._new(number) for _ in range(many))
            ids.extend(range(self.made - many + 1, self.made + 1))
            changed.add(number)
            told += [one.id for it in new for match in it.matches for one in match.deliveries]
            self.store.absorb(run, now, Absorbed(state=state(name_of(number), now), run=CHANGED, new=new, left=left))
        if self.day and told:
            self._send(told, now)
        return changed

    def _new(self, number: int) -> NewItem:
        self.made += 1
        key = f"{name_of(number)}-{self.made}"
        item = Item(
            source=name_of(number),
            key=key,
            kind="job",
            title=f"Somebody who does the work of {key}",
            url=f"https://boards.example.org/{key}",
            organization="Somewhere",
            location="Berlin",
            text=f"{key} {TEXT}",
            published_at=None,
            attributes={"remote": True},
            content_hash=key.encode().ljust(16, b" "),
            fingerprint=None,
        )
        delivery = NewDelivery(id=key, channel="out", recipient="out", state="pending" if self.day else "baseline")
        match = NewMatch(match=Match(search="s0", event=Event.NEW, reasons=REASONS), deliveries=(delivery,))
        return NewItem(item=item, raw_hash=item.content_hash, matches=(match,) if self.made % 4 == 0 else ())

    def _send(self, told: list[str], now: datetime) -> None:
        batch = self.store.freeze("out", "out", message_id=told[0], payload=TEXT.encode(), delivery_ids=told, now=now)
        if batch is not None:
            self.store.claim(batch, "bench", now, timedelta(minutes=5))
            self.store.arm(batch, "bench")
            self.store.sent(batch, "bench", now)


def growth(life: Life) -> Growth:
    """Measure what there is now."""
    with life.store.reading() as connection:
        items = connection.sqlalchemy.exec_driver_sql("SELECT count(*) FROM item").scalar_one()
        logged = connection.sqlalchemy.exec_driver_sql("SELECT count(*) FROM source_run").scalar_one()
    return Growth(days=life.day, size=life.store.size(), items=int(items), logged=int(logged))


def live(database: Path) -> Iterator[Growth]:
    """Let two years pass, of which the first ends today."""
    store = Store.open(f"sqlite:///{database}", create=True)
    stored.hasten(store, "PRAGMA synchronous = OFF")
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    life = Life(store, today - timedelta(days=DAYS))
    for year, runs in enumerate((RUNS_A_DAY, 1), 1):
        while life.day < year * DAYS:
            life.pass_day(runs)
            if life.day % QUARTER == 0:
                yield growth(life)
        if year == 1:
            store.backup(year_old(database))
    store.close()


def state(name: str, now: datetime) -> SourceState:
    """Make what is remembered of a source after a run."""
    return SourceState(
        name=name,
        fingerprint="0" * 16,
        validators=Validators(etag='"1"', last_modified="Thu, 01 Jan 2026 00:00:00 GMT"),
        body_hash=b"0" * 16,
        last_attempt_at=now,
        last_success_at=now,
        last_status="ok",
        last_count=ITEMS,
        baselined_at=now,
    )


def started(run: str, now: datetime) -> RunStart:
    """Make the row that a run opens with."""
    return RunStart(id=run, profile="many", trigger="timer", host="box", pid=1, version="0", started_at=now)


if __name__ == "__main__":
    for grown in live(Path(sys.argv[1])):
        print(json.dumps(asdict(grown)), flush=True)
