"""What reports read: the items that are listed, and what the runs of a time did."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, bindparam, case, cast, desc, func, select

from scan.model import StoredItem
from scan.reports.past import PastRun, SourceSpan
from scan.store.rows import narrow_items, stored_item, stored_items
from scan.store.schema import items, runs, source_runs, sources
from scan.store.transactions import CHUNK, Transactions, any_of, select_in

_HERE = items.c.source_id == select(sources.c.id).where(sources.c.name == bindparam("source")).scalar_subquery()
_LISTED_AFTER = (
    stored_items()
    .where(_HERE, items.c.last_seen_at.is_(None), items.c.id > bindparam("last"))
    .order_by(items.c.id)
    .limit(CHUNK)
)
_NEWEST = (
    narrow_items()
    .where(_HERE, items.c.last_seen_at.is_(None), items.c.id < bindparam("before"))
    .order_by(desc(items.c.id))
    .limit(bindparam("some"))
)
_LISTED = (
    select(sources.c.name, func.count())
    .join_from(items, sources, items.c.source_id == sources.c.id)
    .where(sources.c.name.in_(any_of("names")), items.c.last_seen_at.is_(None))
    .group_by(items.c.source_id, sources.c.name)
)
_LEFT_SINCE = stored_items().where(items.c.last_seen_at >= bindparam("since")).order_by(desc(items.c.last_seen_at))
_RUNS_SINCE = select(runs).where(runs.c.started_at >= bindparam("since")).order_by(desc(runs.c.started_at))
_LAST_SUCCESS = select(runs.c.finished_at).where(
    runs.c.number
    == select(func.max(runs.c.number)).where(runs.c.status.in_(("success", "partial_failure"))).scalar_subquery()
)

_LAST = 2**63 - 1
"""No row has a higher number."""


def _counted(status: str) -> Any:
    return func.sum(case((source_runs.c.status == status, 1), else_=0)).label(status)


def _sum(name: str) -> Any:
    return cast(func.sum(source_runs.c[name]), Integer).label(name)


_SPANS = (
    select(
        sources.c.name,
        func.count().label("runs"),
        *map(_counted, ("failed", "suspicious")),
        func.max(source_runs.c.seen).label("seen"),
        *map(_sum, ("new", "changed", "gone", "matched")),
        func.sum(source_runs.c.duration_seconds).label("duration_seconds"),
    )
    .join_from(runs, source_runs, source_runs.c.run == runs.c.number)
    .join(sources, sources.c.id == source_runs.c.source_id)
    .where(runs.c.started_at >= bindparam("start"), runs.c.started_at < bindparam("end"))
    .group_by(sources.c.name)
    .order_by(sources.c.name)
)


class Views(Transactions):
    """What reports read; see `scan.reports.view.Known`."""

    def listed(self, source: str) -> Iterator[StoredItem]:
        """Go through the items that a source lists now, the oldest first, a few at a time, in no transaction."""
        last = 0
        while batch := self._listed_after(source, last):
            yield from batch
            last = batch[-1].id

    def newest(self, source: str, *, limit: int) -> Iterator[StoredItem]:
        """Go through the newest items that a source lists now, the newest first, without their texts."""
        before = _LAST
        while limit > 0 and (batch := self._newest_before(source, before, min(limit, CHUNK))):
            yield from batch
            before, limit = batch[-1].id, limit - len(batch)

    def listed_counts(self, names: Collection[str]) -> dict[str, int]:
        """Count the items that sources list now, by name; those that list none are left out."""
        with self.reading() as connection:
            return {row[0]: row[1] for row in select_in(connection, _LISTED, "names", names)}

    def left_since(self, when: datetime, *, limit: int) -> list[StoredItem]:
        """List items that were last seen since then and are not listed any more, the last seen first."""
        with self.reading() as connection:
            rows = connection.execute(_LEFT_SINCE.limit(limit), {"since": when})
            return [stored_item(row) for row in rows]

    def past_runs(self, since: datetime, *, limit: int) -> list[PastRun]:
        """List the runs that started since then, the newest first."""
        with self.reading() as connection:
            return [_past_run(row) for row in connection.execute(_RUNS_SINCE.limit(limit), {"since": since})]

    def last_success(self) -> datetime | None:
        """Tell when the last run ended that was no failure as a whole; None if there was none."""
        with self.reading() as connection:
            found: datetime | None = connection.execute(_LAST_SUCCESS).scalar_one_or_none()
        return found

    def source_spans(self, start: datetime, end: datetime) -> list[SourceSpan]:
        """Add up what each source did in the runs that started from `start` until just before `end`, by name."""
        with self.reading() as connection:
            rows = connection.execute(_SPANS, {"start": start, "end": end})
            names = SourceSpan.__struct_fields__
            return [SourceSpan(**dict(zip(names, row, strict=True))) for row in rows]

    def _listed_after(self, source: str, last: int) -> list[StoredItem]:
        with self.reading() as connection:
            return [stored_item(row) for row in connection.execute(_LISTED_AFTER, {"source": source, "last": last})]

    def _newest_before(self, source: str, before: int, some: int) -> list[StoredItem]:
        with self.reading() as connection:
            found = connection.execute(_NEWEST, {"source": source, "before": before, "some": some})
            return [stored_item(row) for row in found]


def _past_run(row: Any) -> PastRun:
    """Read a run's row; what it counted is in its result, which an unfinished or broken off run has not."""
    result = row.result or {}
    named = ("id", "status", "trigger", "started_at", "finished_at", "duration_seconds", "error")
    counted = {name: result["items"][name] for name in ("seen", "new", "changed", "gone")} if result else {}
    by_status = {name: result["sources"][name] for name in ("ok", "failed", "suspicious")} if result else {}
    matched = result["matches"]["new"] if result else 0
    return PastRun(**{name: getattr(row, name) for name in named}, **counted, **by_status, matched=matched)
