"""The execution log: one row a run, and one a source in it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Literal

import msgspec
from sqlalchemy import Connection, bindparam, desc, func, insert, select, update

from scan.outcome import SourceRun
from scan.store.direct import insert_rows, read_rows
from scan.store.records import RunRow, RunStart
from scan.store.schema import deliveries, matches, runs, source_runs, sources
from scan.store.transactions import Transactions, any_of, execute_many, select_in

MOST_NAMED = 4
"""Runs that the beginning of an id names, at most."""

Finished = Literal["success", "partial_failure", "failure", "skipped", "interrupted"]

_NUMBER = select(runs.c.number).where(runs.c.id == bindparam("run_id"))
_IN_MESSAGES = (
    select(sources.c.id, sources.c.name, func.count().label("deliveries"))
    .join_from(deliveries, matches, deliveries.c.match_id == matches.c.id)
    .join(sources, matches.c.source_id == sources.c.id)
    .where(deliveries.c.batch_id.in_(any_of("ids")))
    .group_by(sources.c.id, sources.c.name)
)
_TELL = update(source_runs).where(source_runs.c.run == bindparam("of"), source_runs.c.source_id == bindparam("source"))


class Runs(Transactions):
    """The execution log."""

    def begin_run(self, start: RunStart) -> int:
        """Open a run. Those left running by a dead process become `interrupted`; returns how many.

        The caller holds the run's lock, so that no other run is alive.
        """
        dead = update(runs).where(runs.c.status == "running")
        with self.writing() as connection:
            left = connection.execute(dead.values(status="interrupted", finished_at=start.started_at)).rowcount
            connection.execute(insert(runs), {**msgspec.structs.asdict(start), "status": "running"})
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
            connection.execute(
                update(runs).where(runs.c.id == run_id).values(**values, duration_seconds=duration_seconds)
            )

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
                for row in select_in(connection, _IN_MESSAGES, "ids", ids):
                    found.setdefault((row.id, row.name), [0, 0])[place] += row.deliveries
            number = connection.execute(_NUMBER, {"run_id": run_id}).scalar_one()
            rows = ({"of": number, "source": id_, "sent": n, "failed": m} for (id_, _), (n, m) in found.items())
            execute_many(connection, _TELL, rows)
        return {name: (n, m) for (_, name), (n, m) in found.items()}

    def runs(self, limit: int, offset: int = 0) -> list[RunRow]:
        """List runs, the newest first, after so many."""
        with self.reading() as connection:
            rows = connection.execute(select(runs).order_by(desc(runs.c.number)).limit(limit).offset(offset))
            return [_run_row(row) for row in rows]

    def runs_named(self, beginning: str) -> list[RunRow]:
        """Find the run of an id, else those whose ids begin so, a few at most, the newest first."""
        named = select(runs).where(runs.c.id.startswith(beginning, autoescape=True))
        with self.reading() as connection:
            found = connection.execute(select(runs).where(runs.c.id == beginning)).all()
            return [
                _run_row(row)
                for row in found or connection.execute(named.order_by(desc(runs.c.number)).limit(MOST_NAMED))
            ]

    def source_runs(self, run_id: str) -> list[SourceRun]:
        """List the sources of a run by name."""
        of_run = source_runs.c.run == _NUMBER.scalar_subquery()
        query = (
            select(source_runs, sources.c.name)
            .join_from(source_runs, sources, source_runs.c.source_id == sources.c.id)
            .where(of_run)
            .order_by(sources.c.name)
        )
        with self.reading() as connection:
            return [_source_run(row) for row in connection.execute(query, {"run_id": run_id})]


def log_sources(connection: Connection, run_id: str, logged: Iterable[tuple[int, SourceRun]]) -> None:
    """Write what sources, given by their row, did in a run."""
    ((number,),) = read_rows(connection, _NUMBER, run_id=run_id)
    insert_rows(connection, source_runs, ((number, id_, *_without_name(run)) for id_, run in logged))


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
