"""What a run shows its reports."""

from zoneinfo import ZoneInfo

from scan import status
from scan.config.model import Config
from scan.outcome import RunOutcome
from scan.reports.view import View
from scan.run.snapshot import finished
from scan.store.database import Store


def view_of(config: Config, store: Store, outcome: RunOutcome, *, call: str) -> View:
    """Show everything as it is after a run that is in the execution log."""
    now = outcome.finished_at
    return View(
        profile=outcome.profile,
        version=outcome.version,
        call=call,
        now=now,
        zone=config.timezone or ZoneInfo("UTC"),
        status=status.judge(dict(finished(config, store, outcome)), now=now, lock_free=True),
        outcome=outcome,
        known=store,
    )
