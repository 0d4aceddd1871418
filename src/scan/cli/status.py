"""`scan status`."""

from datetime import datetime

import click

from scan import status
from scan.cli.context import Settings
from scan.cli.output import now_utc, safe
from scan.cli.timer import is_of_user, timer_of

CHECK = {"healthy": (0, "OK"), "degraded": (1, "WARNING"), "unhealthy": (2, "CRITICAL"), "not_started": (3, "UNKNOWN")}
"""Exit status and word for monitoring (the convention of Nagios' plug-ins)."""

NAMED = 5
"""Sources that a check names at most."""


@click.command(name="status")
@click.option("--all", "whole", is_flag=True, help="List every source, however many there are.")
@click.option("--json", "as_json", is_flag=True, help="Print everything as one JSON document.")
@click.option(
    "--check", is_flag=True, help="For monitoring: one line; exit 0 healthy, 1 degraded, 2 unhealthy, 3 unknown."
)
@click.pass_obj
def command(settings: Settings, *, whole: bool, as_json: bool, check: bool) -> int:
    """Show how the profile is, what needs you and which command mends it, the sources, the last runs, the next start.

    It reads what the last run has left, not the database, and answers at once.
    """
    now = now_utc()
    settings.become_owner()
    document = judged(settings, now)
    exit_status, word = CHECK[document["status"]]
    if check:
        click.echo(_check_line(document, word))
        return exit_status
    document["timer"] = timer_of(settings, document.pop("schedule", None))
    needs = status.needs_attention(document, now=now, scan=settings.call)
    if as_json:
        import json

        click.echo(json.dumps({**document, "attention": [one._asdict() for one in needs]}, indent=2))
        return 0
    from scan.cli.overview import overview

    of_user = is_of_user(settings)
    click.echo("\n".join(overview(document, needs, now=now, scan=settings.call, of_user=of_user, whole=whole)))
    return 0


def judged(settings: Settings, now: datetime) -> status.Document:
    """Read what the last run left, and judge it as of now."""
    state = settings.state
    document = status.read(state.status)
    running = document is not None and document.get("running") is not None
    found = status.judge(document, now=now, lock_free=_lock_free(settings) if running else True)
    return {"profile": state.profile, **found, "config": str(settings.config_path)}


def _lock_free(settings: Settings) -> bool:
    from scan.lock import is_free

    return is_free(settings.state.lock)


def _check_line(document: status.Document, word: str) -> str:
    """Write one line of text, a bar, and performance data: 'name=value[unit];warning;critical;least;most'.

    https://www.monitoring-plugins.org/doc/guidelines.html, read 2026-11-23.
    """
    enabled = [source for source in document["sources"] if source["enabled"]]
    bad = [source["source"] for source in enabled if source["health"] not in {"healthy", "not_started"}]
    text = f"SCAN {word} - {document['profile']} is {document['status']}"
    text += f"; not well: {', '.join(bad[:NAMED])}{'…' if len(bad) > NAMED else ''}" if bad else ""
    return " | ".join([safe(text).replace("|", "/"), *_figures(document, len(enabled), len(bad))])


def _figures(document: status.Document, enabled: int, bad: int) -> list[str]:
    """Give the performance data, in one text; nothing before the first run has ended."""
    last, deliveries = document["last_run"], document["deliveries"]
    if last is None:
        return []
    late = status.late_after(document)
    waiting = sum(deliveries.get(state, 0) for state in ("pending", "batched"))
    figures = (
        f"age={document['age_seconds']:.0f}s;;{late:.0f};0",
        f"duration={last['duration_seconds']}s;;;0",
        f"new={last['items']['new']};;;0",
        f"failed={last['sources']['failed']};;;0;{last['sources']['total']}",
        f"unwell={bad};;;0;{enabled}",
        f"waiting={waiting};;;0",
        f"dead={deliveries.get('dead', 0)};;;0",
        f"database={document['database_bytes']}B;;;0",
    )
    return [" ".join(figures)]
