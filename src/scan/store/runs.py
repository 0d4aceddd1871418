"""The execution log: one row a run, and one a source in it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Literal

import msgspec

from scan.outcome import SourceRun
from scan.store.connection import Connection, insert_rows, named, select_in
from scan.store.records import RunRow, RunStart
from scan.store.sql import sa, t
from scan.store.statement import any_of, inserting, statement
from scan.store.transactions import Transactions

MOST_NAMED = 4
"""Runs that the beginning of an id names, at most."""

Finished = Literal["success", "partial_failure", "failure", "skipped", "interrupted"]

_LOG = inserting("source_runs")
_OPENED = (*RunStart.__struct_fields__, "status")


@statement
def _interrupt() -> "sa.Executable":
    dead = sa.update(t.runs).where(t.runs.c.status == "running")
    return dead.values(status="interrupted", finished_at=sa.bindparam("now"))


@statement
def _open() -> "sa.Executable":
    return sa.insert(t.runs).values({name: sa.bindparam(name) for name in _OPENED})


@statement
def _close() -> "sa.Executable":
    ended = ("status", "finished_at", "error", "result", "duration_seconds")
    closed = sa.update(t.runs).where(t.runs.c.id == sa.bindparam("run_id"))
    return closed.values({name: sa.bindparam(name) for name in ended})


@statement
def _number() -> "sa.Executable":
    return _number_of_run()


@statement
def _in_messages() -> "sa.Executable":
    return (
        sa.select(t.sources.c.id, t.sources.c.name, sa.func.count().label("deliveries"))
        .join_from(t.deliveries, t.matches, t.deliveries.c.match_id == t.matches.c.id)
        .join(t.sources, t.matches.c.source_id == t.sources.c.id)
        .where(t.deliveries.c.batch_id.in_(any_of("ids")))
        .group_by(t.sources.c.id, t.sources.c.name)
    )


@statement
def _tell() -> "sa.Executable":
    of_source = (t.source_runs.c.run == sa.bindparam("of"), t.source_runs.c.source_id == sa.bindparam("source"))
    return sa.update(t.source_runs).where(*of_source).values(sent=sa.bindparam("n"), failed=sa.bindparam("m"))


@statement
def _newest() -> "sa.Executable":
    newest = sa.select(t.runs).order_by(sa.desc(t.runs.c.number))
    return newest.limit(sa.bindparam("limit")).offset(sa.bindparam("offset"))


class Runs(Transactions):
    """The execution log."""

    def begin_run(self, start: RunStart) -> int:
        """Open a run. Those left running by a dead process become `interrupted`; returns how many.

        The caller holds the run's lock, so that no other run is alive.
        """
        with self.writing() as connection:
            left: int = connection.execute(_interrupt, {"now": start.started_at}).rowcount
            connection.execute(_open, {**msgspec.structs.asdict(start), "status": "running"})
        return left

    def end_run(
        self,
        run_id: str,
        *,
        status: Finished,
        finished_at: datetime,
        duration_seconds: float,
        error: str | None,
        result: Mapping[str, object] | None,
    ) -> None:
        """Close a run. `result` is what the log keeps of its outcome, as JSON values."""
        values = {"status": status, "finished_at": finished_at, "error": error, "result": result}
        with self.writing() as connection:
            connection.execute(_close, {**values, "duration_seconds": duration_seconds, "run_id": run_id})

    def log_told(self, run_id: str, sent: Iterable[int], refused: Iterable[int]) -> dict[str, tuple[int, int]]:
        """Write how many deliveries of each source's matches were in messages.

        Args:
            run_id: of the run whose sources these are.
            sent: messages, by their row, that were accepted.
            refused: messages that were not.

        Returns:
            Deliveries sent and refused, by the source's name; also of sources that were not in the run.

        """
        found: dict[tuple[int, str], list[int]] = {}
        with self.writing() as connection:
            for place, ids in enumerate((sent, refused)):
                for id_, name, count in select_in(connection, _in_messages, "ids", ids):
                    found.setdefault((id_, name), [0, 0])[place] += count
            number = connection.execute(_number, {"run_id": run_id}).scalar_one()
            rows = ((n, m, number, id_) for (id_, _), (n, m) in found.items())
            connection.write_rows(_tell, ("n", "m", "of", "source"), rows)
        return {name: (n, m) for (_, name), (n, m) in found.items()}

    def runs(self, limit: int, offset: int = 0) -> list[RunRow]:
        """List runs, the newest first, after so many."""
        with self.reading() as connection:
            rows = connection.execute(_newest, {"limit": limit, "offset": offset})
            return [_run_row(row) for row in named(rows)]

    def runs_named(self, beginning: str) -> list[RunRow]:
        """Find the run of an id, else those whose ids begin so, a few at most, the newest first."""
        named = sa.select(t.runs).where(t.runs.c.id.startswith(beginning, autoescape=True))
        with self.reading() as connection:
            found = connection.execute(sa.select(t.runs).where(t.runs.c.id == beginning)).all()
            return [
                _run_row(row)
                for row in found or connection.execute(named.order_by(sa.desc(t.runs.c.number)).limit(MOST_NAMED))
            ]

    def source_runs(self, run_id: str) -> list[SourceRun]:
        """List the sources of a run by name."""
        of_run = t.source_runs.c.run == _number_of_run().scalar_subquery()
        query = (
            sa.select(t.source_runs, t.sources.c.name)
            .join_from(t.source_runs, t.sources, t.source_runs.c.source_id == t.sources.c.id)
            .where(of_run)
            .order_by(t.sources.c.name)
        )
        with self.reading() as connection:
            return [_source_run(row) for row in connection.execute(query, {"run_id": run_id})]


def log_sources(connection: Connection, run_id: str, logged: Iterable[tuple[int, SourceRun]]) -> None:
    """Write what sources, given by their row, did in a run."""
    ((number,),) = connection.execute(_number, {"run_id": run_id}).all()
    insert_rows(connection, _LOG, ((number, id_, *_without_name(run)) for id_, run in logged))


def _number_of_run() -> "sa.Select[int]":
    return sa.select(t.runs.c.number).where(t.runs.c.id == sa.bindparam("run_id"))


def _without_name(run: SourceRun) -> tuple[object, ...]:
    """Give what the table's columns are called after, in their order."""
    return msgspec.structs.astuple(run)[1:]


def _run_row(row: Any) -> RunRow:
    start = RunStart(**{name: getattr(row, name) for name in RunStart.__struct_fields__})
    rest = {name: getattr(row, name) for name in RunRow.__struct_fields__ if name != "start"}
    return RunRow(start=start, **rest)


def _source_run(row: Any) -> SourceRun:
    plain = {name: getattr(row, name) for name in SourceRun.__struct_fields__ if name != "source"}
    return SourceRun(source=row.name, **plain)
