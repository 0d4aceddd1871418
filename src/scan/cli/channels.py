"""`scan channels`: try them out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from scan.cli.chosen import unknown
from scan.cli.context import Settings
from scan.cli.door import FAILED, OK
from scan.cli.output import now_utc, safe

if TYPE_CHECKING:  # start-up: imported where the work begins
    from scan.channels import Channel
    from scan.config.model import Config
    from scan.page import Page, Request

Ask = Callable[["Request"], "Page"]


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
    from scan import __version__
    from scan.fetch import Fetcher

    settings.become_owner()
    config = settings.load_config()
    chosen = _chosen(config, channels)
    if not chosen:
        click.echo(f"scan: no channel is configured in {config.path}", err=True)
        return FAILED
    accepted = True
    with Fetcher(config.http, version=__version__, ca_file=settings.environ.get("SSL_CERT_FILE")) as fetcher:
        for channel in chosen:
            for recipient in channel.recipients():
                accepted &= _try(settings, config, channel, recipient, fetcher.ask)
    return OK if accepted else FAILED


@dataclass
class _Noted:
    """A handover that keeps nothing but what the receiver said."""

    said: str = ""

    def arm(self) -> None:
        """Keep no state: whatever becomes of a test, nobody has to know it later."""

    def accepted(self, code: int | None, receipt: str) -> None:
        """Remember what people are shown."""
        self.said = " ".join(filter(None, ("" if code is None else str(code), receipt)))


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
    from scan.deliver import send
    from scan.errors import DeliveryError
    from scan.redaction import Redaction

    id_, now, noted = secrets.token_hex(20), now_utc(), _Noted()
    zone = str(config.timezone or "UTC")
    digest = trial(id_=id_, profile=config.profile, channel=channel.name, now=now, zone=zone)
    payload = channel.compose(digest, recipient)
    try:
        send(channel, recipient, id_, payload, noted, ask=ask, environ=settings.environ, now=now_utc)
    except DeliveryError as error:
        whom = f" for {recipient}" if recipient != channel.name else ""
        perhaps = " (it may have arrived all the same)" if error.in_doubt else ""
        click.echo(safe(Redaction(config.secrets)(f"{channel.name}: failed{whom}: {error}{perhaps}")))
        return False
    by = recipient if recipient != channel.name else channel.kind
    said = f" ({noted.said})" if noted.said else ""
    click.echo(safe(Redaction(config.secrets)(f"{channel.name}: accepted by {by}{said}")))
    return True
