"""`scan channels`: try them out."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from scan.cli.chosen import unknown
from scan.cli.context import Settings
from scan.cli.directly import Ask, send_directly
from scan.cli.door import FAILED, OK
from scan.cli.output import now_utc, safe

if TYPE_CHECKING:  # start-up: imported where the work begins
    from scan.channels.base import Channel
    from scan.config.model import Config


@click.group(name="channels")
def command() -> None:
    """Try the channels out."""


@command.command()
@click.argument("channels", nargs=-1, metavar="[CHANNEL]...")
@click.pass_obj
def test(settings: Settings, *, channels: tuple[str, ...]) -> int:
    """Send a test message now, to every recipient of all channels or of the CHANNELs named.

    Nothing is fetched, and nothing is kept: what waits to be told stays as it is.

    Exit status: 0 every message was accepted; 1 one was not; 78 the config is wrong.
    """
    settings.become_owner()
    config = settings.load_config()
    chosen = _chosen(config, channels)
    if not chosen:
        click.echo(f"scan: no channel is configured in {config.path}", err=True)
        return FAILED
    accepted = True
    with settings.fetcher(config) as fetcher:
        for channel in chosen:
            for recipient in channel.recipients():
                accepted &= _try(settings, config, channel, recipient, fetcher.ask)
    return OK if accepted else FAILED


def _chosen(config: "Config", names: Sequence[str]) -> "list[Channel]":
    known = [channel.name for channel in config.channels]
    for name in names:
        if name not in known:
            raise unknown("channel", name, known, config)
    return [channel for channel in config.channels if not names or channel.name in names]


def _try(settings: Settings, config: "Config", channel: "Channel", recipient: str, ask: Ask) -> bool:
    """Send one message, and print how it went."""
    import secrets

    from scan.channels.trial import trial
    from scan.errors import DeliveryError
    from scan.redaction import Redaction

    id_, zone = secrets.token_hex(20), str(config.timezone or "UTC")
    digest = trial(id_=id_, profile=config.profile, channel=channel.name, now=now_utc(), zone=zone)
    try:
        receipt = send_directly(settings, channel, recipient, digest, ask)
    except DeliveryError as error:
        whom = f" for {recipient}" if recipient != channel.name else ""
        perhaps = " (it may have arrived all the same)" if error.in_doubt else ""
        click.echo(safe(Redaction(config.secrets)(f"{channel.name}: failed{whom}: {error}{perhaps}")))
        return False
    by = recipient if recipient != channel.name else channel.kind
    said = f" ({receipt})" if receipt else ""
    click.echo(safe(Redaction(config.secrets)(f"{channel.name}: accepted by {by}{said}")))
    return True
