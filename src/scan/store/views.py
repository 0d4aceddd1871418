"""What reports read: the items that are listed, and what the runs of a time did."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from scan.model import StoredItem
from scan.reports.past import PastRun, SourceSpan
from scan.store.connection import CHUNK, named, select_in
from scan.store.rows import narrow_items, stored_item, stored_items
from scan.store.sql import sa, t
from scan.store.statement import any_of, statement
from scan.store.transactions import Transactions


@statement
def _listed_after() -> "sa.Executable":
    return (
        stored_items()
        .where(_here(), t.items.c.last_seen_at.is_(None), t.items.c.id > sa.bindparam("last"))
        .order_by(t.items.c.id)
        .limit(sa.bindparam("some"))
    )


@statement
def _newest() -> "sa.Executable":
    return (
        narrow_items()
        .where(_here(), t.items.c.last_seen_at.is_(None), t.items.c.id < sa.bindparam("before"))
        .order_by(sa.desc(t.items.c.id))
        .limit(sa.bindparam("some"))
    )


@statement
def _listed() -> "sa.Executable":
    return (
        sa.select(t.sources.c.name, sa.func.count())
        .join_from(t.items, t.sources, t.items.c.source_id == t.sources.c.id)
        .where(t.sources.c.name.in_(any_of("names")), t.items.c.last_seen_at.is_(None))
        .group_by(t.items.c.source_id, t.sources.c.name)
    )


@statement
def _left_since() -> "sa.Executable":
    left = stored_items().where(t.items.c.last_seen_at >= sa.bindparam("since"))
    return left.order_by(sa.desc(t.items.c.last_seen_at)).limit(sa.bindparam("limit"))


@statement
def _runs_since() -> "sa.Executable":
    newest = sa.select(t.runs).where(t.runs.c.started_at >= sa.bindparam("since"))
    return newest.order_by(sa.desc(t.runs.c.started_at)).limit(sa.bindparam("limit"))


@statement
def _last_success() -> "sa.Executable":
    well = sa.select(sa.func.max(t.runs.c.number)).where(t.runs.c.status.in_(("success", "partial_failure")))
    return sa.select(t.runs.c.finished_at).where(t.runs.c.number == well.scalar_subquery())


_LAST = 2**63 - 1
"""No row has a higher number."""


def _counted(status: str) -> Any:
    return sa.func.sum(sa.case((t.source_runs.c.status == status, 1), else_=0)).label(status)


def _sum(name: str) -> Any:
    return sa.cast(sa.func.sum(t.source_runs.c[name]), sa.Integer).label(name)


@statement
def _spans() -> "sa.Executable":
    return (
        sa.select(
            t.sources.c.name,
            sa.func.count().label("runs"),
            *map(_counted, ("failed", "suspicious")),
            sa.func.max(t.source_runs.c.seen).label("seen"),
            *map(_sum, ("new", "changed", "gone", "matched")),
            sa.func.sum(t.source_runs.c.duration_seconds).label("duration_seconds"),
        )
        .join_from(t.runs, t.source_runs, t.source_runs.c.run == t.runs.c.number)
        .join(t.sources, t.sources.c.id == t.source_runs.c.source_id)
        .where(t.runs.c.started_at >= sa.bindparam("start"), t.runs.c.started_at < sa.bindparam("end"))
        .group_by(t.sources.c.name)
        .order_by(t.sources.c.name)
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
            return {row[0]: row[1] for row in select_in(connection, _listed, "names", names)}

    def left_since(self, when: datetime, *, limit: int) -> list[StoredItem]:
        """List items that were last seen since then and are not listed any more, the last seen first."""
        with self.reading() as connection:
            rows = connection.execute(_left_since, {"since": when, "limit": limit})
            return [stored_item(row) for row in named(rows)]

    def past_runs(self, since: datetime, *, limit: int) -> list[PastRun]:
        """List the runs that started since then, the newest first."""
        with self.reading() as connection:
            rows = connection.execute(_runs_since, {"since": since, "limit": limit})
            return [_past_run(row) for row in named(rows)]

    def last_success(self) -> datetime | None:
        """Tell when the last run ended that was no failure as a whole; None if there was none."""
        with self.reading() as connection:
            found: datetime | None = connection.execute(_last_success).scalar_one_or_none()
        return found

    def source_spans(self, start: datetime, end: datetime) -> list[SourceSpan]:
        """Add up what each source did in the runs that started from `start` until just before `end`, by name."""
        with self.reading() as connection:
            rows = connection.execute(_spans, {"start": start, "end": end})
            names = SourceSpan.__struct_fields__
            return [SourceSpan(**dict(zip(names, row, strict=True))) for row in rows]

    def _listed_after(self, source: str, last: int) -> list[StoredItem]:
        with self.reading() as connection:
            found = connection.execute(_listed_after, {"source": source, "last": last, "some": CHUNK})
            return [stored_item(row) for row in named(found)]

    def _newest_before(self, source: str, before: int, some: int) -> list[StoredItem]:
        with self.reading() as connection:
            found = connection.execute(_newest, {"source": source, "before": before, "some": some})
            return [stored_item(row) for row in named(found)]


def _here() -> "sa.ColumnElement[bool]":
    source = sa.select(t.sources.c.id).where(t.sources.c.name == sa.bindparam("source"))
    return t.items.c.source_id == source.scalar_subquery()


def _past_run(row: Any) -> PastRun:
    """Read a run's row; what it counted is in its result, which an unfinished or broken off run has not."""
    result = row.result or {}
    named = ("id", "status", "trigger", "started_at", "finished_at", "duration_seconds", "error")
    counted = {name: result["items"][name] for name in ("seen", "new", "changed", "gone")} if result else {}
    by_status = {name: result["sources"][name] for name in ("ok", "failed", "suspicious")} if result else {}
    matched = result["matches"]["new"] if result else 0
    return PastRun(**{name: getattr(row, name) for name in named}, **counted, **by_status, matched=matched)
