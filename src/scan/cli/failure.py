"""`scan failure`: what scan-failure@.service runs."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scan.cli.context import Settings
from scan.cli.directly import Ask, send_directly
from scan.cli.door import FAILED, OK
from scan.cli.output import now_utc, safe

if TYPE_CHECKING:  # start-up: imported where the work begins
    from scan.channels.base import Channel
    from scan.config.model import Config
    from scan.model import Digest

LINES = 50
"""Of the journal."""

AGAIN = timedelta(days=1)
"""The same failure is told again after this."""


@click.command(name="failure")
@click.pass_obj
def command(settings: Settings) -> int:
    """Tell the channels under alerts: that the service failed, why, and the last lines of its log.

    Not by way of the database, which may be what is wrong. scan-failure@.service runs it when a start has failed. The
    same failure is told once, and again after a day, or after a source was read in between.

    Exit status: 0 told, or nothing to tell; 1 a channel did not accept it; 78 the config is wrong.
    """
    settings.become_owner()
    config, now = settings.load_config(), now_utc()
    failed, note = _what_failed(settings), _note(settings)
    if note is not None and _is_known(settings, note, failed, now):
        click.echo(f"{failed['unit']} failed: {failed['why']}; that is told already")
        return OK
    channels = [channel for channel in config.channels if channel.name in config.alerts]
    if not channels:
        click.echo(f"{failed['unit']} failed: {failed['why']}; alerts: in {config.path} names nobody to tell")
        return OK
    told, refused = _tell(settings, config, channels, _message(settings, config, failed, now))
    if told and note is not None:
        note.write_text(json.dumps({**failed, "told_at": now.isoformat()}))
    return FAILED if refused else OK


def _what_failed(settings: Settings) -> dict[str, str]:
    """Name the unit, and say why it failed, as systemd tells whom it starts for that."""
    from scan.systemd import reason, service_of

    environ = settings.environ
    why = reason(environ.get("MONITOR_SERVICE_RESULT", ""), environ.get("MONITOR_EXIT_STATUS", ""))
    unit = environ.get("MONITOR_UNIT") or service_of(settings.state.profile)
    return {"unit": unit, "why": why or "systemd does not say why"}


def _note(settings: Settings) -> Path | None:
    """Find the note of what was told last; None where systemd gives no place for it."""
    folder = settings.environ.get("RUNTIME_DIRECTORY", "").split(":")[0]
    return Path(folder, f"{settings.state.profile}.json") if folder else None


def _is_known(settings: Settings, note: Path, failed: dict[str, str], now: datetime) -> bool:
    """Tell whether this very failure was told, and nothing went well since."""
    try:
        last: dict[str, str] = json.loads(note.read_bytes())
        told_at = datetime.fromisoformat(last.pop("told_at"))
    except (OSError, ValueError, KeyError):
        return False
    well_at = _last_success(settings)
    since = well_at is not None and well_at > told_at
    return last == failed and not since and timedelta(0) <= now - told_at < AGAIN


def _last_success(settings: Settings) -> datetime | None:
    """Say when a source was last read. A run in which nothing was due is no sign that all is well again."""
    from scan import status

    sources = (status.read(settings.state.status) or {}).get("sources", ())
    return max(filter(None, (status.moment(source["last_success_at"]) for source in sources)), default=None)


def _message(settings: Settings, config: "Config", failed: dict[str, str], now: datetime) -> "Digest":
    import secrets

    from scan.model import Alert, Digest

    id_ = secrets.token_hex(20)
    alert = Alert(
        delivery=id_,
        kind="start_failed",
        subject=failed["unit"],
        since=now,
        text=f"{failed['unit']} failed: {failed['why']}",
        lines=tuple(_last_lines(settings, config, failed["unit"])),
    )
    zone = str(config.timezone or "UTC")
    return Digest(id=id_, profile=config.profile, created_at=now, alerts=(alert,), zone=zone)


def _last_lines(settings: Settings, config: "Config", unit: str) -> Iterator[str]:
    """Read the journal's last lines of that start; a line of JSON is told by its time, level and message."""
    from scan.redaction import Redaction
    from scan.systemd import journal

    redact = Redaction(config.secrets)
    invocation = settings.environ.get("MONITOR_INVOCATION_ID")
    for line in journal(settings.environ, unit=unit, invocation=invocation, lines=LINES):
        yield redact(_plain(line))


def _plain(line: str) -> str:
    try:
        facts = json.loads(line)
        return f"{facts['timestamp'][11:19]} {facts['level']}: {facts['message']}"
    except (ValueError, KeyError, TypeError):
        return line


def _tell(settings: Settings, config: "Config", channels: "list[Channel]", digest: "Digest") -> tuple[int, int]:
    """Tell every recipient of the channels; count who accepted it and who did not."""
    places = [(channel, recipient) for channel in channels for recipient in channel.recipients()]
    with settings.fetcher(config) as fetcher:
        accepted = [_is_told(settings, config, *place, digest, fetcher.ask) for place in places]
    return accepted.count(True), accepted.count(False)


def _is_told(
    settings: Settings, config: "Config", channel: "Channel", recipient: str, digest: "Digest", ask: Ask
) -> bool:
    """Tell one recipient."""
    from scan.deliver import longest
    from scan.errors import DeliveryError
    from scan.redaction import Redaction
    from scan.systemd import Heartbeat

    Heartbeat(settings.environ).beat(f"telling {channel.name}", ahead=max(longest(channel), config.http.timeout))
    try:
        send_directly(settings, channel, recipient, digest, ask)
    except DeliveryError as error:
        click.echo(safe(Redaction(config.secrets)(f"{channel.name}: not told to {recipient}: {error}")), err=True)
        return False
    click.echo(safe(f"{channel.name}: told to {recipient}"))
    return True
