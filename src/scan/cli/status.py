"""`scan status`."""

from datetime import datetime
from typing import Any

import click

from scan import status
from scan.cli.context import Settings
from scan.cli.output import ago, now_utc, safe, table
from scan.cli.timer import is_of_user, timer_lines, timer_of
from scan.errors import NotPermitted

UNKNOWN = 3
CHECK = {
    "healthy": (0, "OK"),
    "degraded": (1, "WARNING"),
    "unhealthy": (2, "CRITICAL"),
    "not_started": (UNKNOWN, "UNKNOWN"),
}
"""Exit status and word for monitoring (the convention of Nagios' plug-ins)."""


@click.command(name="status")
@click.option("--json", "as_json", is_flag=True, help="Print everything as one JSON document.")
@click.option(
    "--check", is_flag=True, help="For monitoring: one line; exit 0 healthy, 1 degraded, 2 unhealthy, 3 unknown."
)
@click.pass_obj
def command(settings: Settings, *, as_json: bool, check: bool) -> int:
    """Show how the last run went, how each source is, and when the next run starts."""
    now = now_utc()
    try:
        settings.become_owner()
        document = judged(settings, now)
    except NotPermitted as error:
        if not check:
            raise
        click.echo(f"SCAN UNKNOWN - {safe(error)}")
        return UNKNOWN
    document["timer"] = timer_of(settings, document.pop("schedule", None))
    exit_status, word = CHECK[document["status"]]
    if as_json:
        import json

        click.echo(json.dumps(document, indent=2))
    elif check:
        click.echo(_check_line(document, word))
    else:
        _print(document, now, of_user=is_of_user(settings))
    return exit_status if check else 0


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
    """One line of text, a bar, and performance data."""
    bad = [source["source"] for source in document["sources"] if source["health"] not in {"healthy", "not_started"}]
    text = f"SCAN {word} - {document['profile']} is {document['status']}"
    text += f"; not well: {', '.join(map(safe, bad[:5]))}{'…' if len(bad) > 5 else ''}" if bad else ""
    last = document["last_run"]
    if last is None:
        return text
    figures = f"age={document['age_seconds']:.0f}s;;;0 duration={last['duration_seconds']}s;;;0"
    items, sources = last["items"], last["sources"]
    return f"{text} | {figures} new={items['new']};;;0 failed={sources['failed']};;;0;{sources['total']}"


def _print(document: status.Document, now: datetime, *, of_user: bool) -> None:
    click.echo(f"{document['profile']}: {document['status']}")
    last = document["last_run"]
    if document["running"]:
        running = document["running"]
        click.echo(f"running: PID {running['pid']}, {ago(status.moment(running['since']), now)}")
    if document["interrupted"]:
        click.echo("the last run was interrupted; the next one makes up for it")
    if last is None:
        click.echo(f"no run yet; config: {document['config']}")
    else:
        click.echo(f"last run: {ago(status.moment(last['finished_at']), now)}, {last['status']}: {last['summary']}")
        for error in last["errors"]:
            click.echo(f"  {safe(error)}")
    for line in timer_lines(document["timer"], of_user=of_user, now=now):
        click.echo(line)
    for channel in document.get("channels", ()):
        click.echo(f"channel {channel['channel']}: {safe(channel['last_error'])}")
    for removed in document.get("removed", ()):
        whom = f"{removed['channel']} ({safe(removed['recipient'])})"
        click.echo(f"removed channel {whom}: {removed['deliveries']} wait until it is back, or are dropped by hand")
    over = {"sent", "dropped"}
    deliveries = {name: count for name, count in document.get("deliveries", {}).items() if count and name not in over}
    if deliveries:
        click.echo("undelivered: " + ", ".join(f"{count} {name}" for name, count in deliveries.items()))
    if document["sources"]:
        click.echo()
        click.echo(_table(document["sources"], now))


def _table(sources: list[dict[str, Any]], now: datetime) -> str:
    rows = [
        (
            source["source"],
            source["kind"],
            source["health"] if source["enabled"] else "disabled",
            ago(status.moment(source["last_success_at"]), now),
            source["items"],
            source["matches"],
            source["error"],
        )
        for source in sources
    ]
    return table(("SOURCE", "KIND", "STATE", "LAST SUCCESS", "ITEMS", "MATCHES", "ERROR"), rows)
