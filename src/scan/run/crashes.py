"""Sources that ended the run which read them: counted, and after three times in a row left alone for a while."""

import logging
from datetime import datetime

import msgspec

from scan.at_work import AtWork
from scan.cadence import LONGEST_WAIT, SourceState
from scan.config.model import Config
from scan.phrases import counted
from scan.run.plan import make_task
from scan.store.database import Store

log = logging.getLogger("scan.run")


def count_crash(config: Config, store: Store, work: AtWork, now: datetime, *, call: str) -> None:
    """Remember it of the source that the run before died of, if it died of one that is still configured.

    Args:
        config: knows the sources.
        store: remembers.
        work: what the run before left.
        now: the run's time.
        call: how `scan` is called for this profile.

    """
    left = work.left
    entry = next((entry for entry in config.sources if left is not None and entry.name == left.source), None)
    if left is not None and entry is not None:
        before = make_task(config, entry, store.source_states([entry.name]).get(entry.name)).state
        state = _after_crash(before, now, call)
        store.remember(state)
        facts = {"event": "source_crashed", "source": left.source, "died": left.run, "crashes": state.crashes}
        log.warning("%s: %s", left.source, state.last_error, extra=facts)
    work.seen()


def _after_crash(state: SourceState, now: datetime, call: str) -> SourceState:
    """Remember one crash more. The source stays due until it is left alone; the run will look at it last."""
    crashes = state.crashes + 1
    times = counted(crashes, "time", "times")
    failing = msgspec.structs.replace(
        state,
        crashes=crashes,
        last_status="failed",
        last_error=f"the run died while it read what this source had sent ({times} in a row)",
        consecutive_failures=state.consecutive_failures + 1,
        failing_since=state.failing_since or now,
    )
    if not failing.quarantined:
        return failing
    until = now + LONGEST_WAIT
    advice = f"left alone until {until:%Y-%m-%d %H:%M} UTC; `{call} run {state.name}` tries it now"
    error = f"{failing.last_error}; {advice}"
    return msgspec.structs.replace(failing, last_error=error, last_attempt_at=now, not_before=until)
