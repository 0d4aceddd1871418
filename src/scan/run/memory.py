"""What is remembered of a source from one run to the next."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

import msgspec

from scan.cadence import LONGEST_WAIT, SourceState
from scan.errors import FetchError, SourceError
from scan.outcome import SourceRun
from scan.page import Validators
from scan.run.task import Task
from scan.sources.collected import Collected


def after_result(
    task: Task, collected: Collected, run: SourceRun, now: datetime, *, believed: bool, whole: bool
) -> SourceState:
    """Remember a result that was taken in. Validators are kept only of one that was believed and stored whole.

    Args:
        task: the source, with what was remembered so far.
        collected: the result.
        run: what became of it.
        now: the run's time.
        believed: it is all there is, and unsuspicious.
        whole: no page of a single item is outstanding; else the next run has to see the list again.

    """
    state = task.state
    suspicious = run.status == "suspicious"
    nothing = SourceState(name=state.name)
    validators, body_hash = (collected.validators, collected.body_hash) if whole else (nothing.validators, None)
    return msgspec.structs.replace(
        state,
        validators=validators if believed else state.validators,
        body_hash=body_hash if believed else state.body_hash,
        last_attempt_at=now,
        last_success_at=now if believed else state.last_success_at,
        last_status=run.status,
        last_error=run.error,
        consecutive_failures=0,
        failing_since=None,
        not_before=_not_before((one.error for one in collected.details), now),
        last_count=run.seen if believed else state.last_count,
        suspicious_since=_suspicious_since(state, now, suspicious=suspicious, believed=believed),
        baselined_at=state.baselined_at or (now if believed and run.seen else None),
        **_had_its_turn(collected),
    )


def _suspicious_since(state: SourceState, now: datetime, *, suspicious: bool, believed: bool) -> datetime | None:
    """Tell since when a source has been suspicious: a list cut short neither raises that nor ends it."""
    if suspicious:
        return state.suspicious_since or now
    return None if believed else state.suspicious_since


def quiet(
    task: Task, collected: Collected, now: datetime, redact: Callable[[str], str]
) -> tuple[SourceState, SourceRun]:
    """Remember a result that brings nothing: of an unchanged source, or of a failed one.

    Errors are kept, shown and logged, and name addresses: `redact` takes the secrets out.
    """
    if collected.error is None:
        return _unchanged(task, collected, now)
    return _failed(task, collected, collected.error, redact(str(collected.error)), now)


def _unchanged(task: Task, collected: Collected, now: datetime) -> tuple[SourceState, SourceRun]:
    state = task.state
    listed = state.last_count or 0
    run = _source_run(task, collected, seen=listed, unchanged=listed)
    new, old = collected.validators, state.validators  # a 304 need not repeat them
    remembered = msgspec.structs.replace(
        state,
        validators=Validators(etag=new.etag or old.etag, last_modified=new.last_modified or old.last_modified),
        last_attempt_at=now,
        last_success_at=now,
        last_status=run.status,
        last_error=None,
        consecutive_failures=0,
        failing_since=None,
        not_before=None,
        suspicious_since=None,
        **_had_its_turn(collected),
    )
    return remembered, run


def _failed(
    task: Task, collected: Collected, error: SourceError, said: str, now: datetime
) -> tuple[SourceState, SourceRun]:
    state = task.state
    run = _source_run(task, collected, error=said)
    remembered = msgspec.structs.replace(
        state,
        last_attempt_at=now,
        last_status=run.status,
        last_error=run.error,
        consecutive_failures=state.consecutive_failures + 1,
        failing_since=state.failing_since or now,
        not_before=_not_before((error,), now),
        **_had_its_turn(collected),
    )
    return remembered, run


def _had_its_turn(collected: Collected) -> dict[str, Any]:
    """Give what is remembered of every source that there is a result of."""
    return {"crashes": 0, "missed": 0, "seconds": round(collected.duration_seconds, 3)}


def left(state: SourceState, asked_for: float | None) -> SourceState:
    """Remember that a run ended before a source was done, which had been asked for so many seconds, if at all.

    Those that were not even asked come before those that were: so each has its turn in the end.
    """
    if asked_for is None:
        return msgspec.structs.replace(state, missed=state.missed + 1)
    return msgspec.structs.replace(state, missed=1, seconds=round(max(asked_for, state.seconds or 0.0), 3))


def _not_before(errors: Iterable[SourceError | None], now: datetime) -> datetime | None:
    """Tell until when a server asked to be left alone."""
    asked = [error.retry_after for error in errors if isinstance(error, FetchError) and error.retry_after is not None]
    return now + min(timedelta(seconds=max(asked)), LONGEST_WAIT) if asked else None


def _source_run(
    task: Task, collected: Collected, *, seen: int = 0, unchanged: int = 0, error: str | None = None
) -> SourceRun:
    return SourceRun(
        source=task.entry.name,
        kind=task.entry.source.kind,
        status="failed" if error else "unchanged",
        seen=seen,
        unchanged=unchanged,
        duration_seconds=collected.duration_seconds,
        bytes=collected.received,
        http_status=collected.http_status,
        error=error,
    )
