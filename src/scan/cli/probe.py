"""`scan probe`."""

import os
import re
from typing import TYPE_CHECKING

import click

from scan.cli.context import Settings
from scan.cli.door import FAILED, OK
from scan.cli.output import now_utc

if TYPE_CHECKING:  # start-up: imported where the work begins
    from scan.config.drafts import Drafts
    from scan.config.model import Config
    from scan.fetch import Fetcher
    from scan.probe import Added, Probed

_BARE = re.compile(r"(?:[\w-]+\.)+[A-Za-z]{2,}(?::[0-9]+)?(?:[/?#].*)?")
"""An address as people write it, without its scheme."""


@click.command(name="probe")
@click.argument("url", metavar="URL")
@click.option("--write", is_flag=True, help="Add the entry to the config, which stays as it is in everything else.")
@click.option(
    "--pick", type=click.IntRange(min=1), metavar="N", help="With --write: the Nth candidate instead of the best."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document, with every field.")
@click.pass_obj
def command(settings: Settings, *, url: str, write: bool, pick: int | None, as_json: bool) -> int:
    """Recognize what is behind an address; print a config entry for it, and the first items that it gives.

    The address may be of a job board or one of its jobs, an API, a feed, a sitemap, a calendar, a table, or any page
    that lists things; a file: address works as in the config. Every entry shown has been tried; several are ranked.
    Only --write changes anything: it adds the best one, if its confidence is at least medium.

    Exit status: 0 something was recognized; 1 nothing was, or the address does not answer; 78 the config is wrong.
    """
    from scan import __version__
    from scan.cli import candidates
    from scan.config.drafts import Drafts
    from scan.config.kinds import installed
    from scan.errors import ConfigError, ScanError
    from scan.fetch import Fetcher
    from scan.fetch.settings import HttpSettings
    from scan.probe import probe
    from scan.redaction import Redaction

    if pick is not None and not write:
        raise click.UsageError("--pick says what --write adds; add --write.")
    if not write:
        settings.become_owner()
    config = settings.load_config() if write or os.path.lexists(settings.config_path) else None
    kinds = installed()
    drafts = Drafts(settings.config_path, settings.environ, kinds=kinds)
    ca_file = settings.environ.get("SSL_CERT_FILE")
    added, refusal = None, None
    with Fetcher(config.http if config else HttpSettings(), version=__version__, ca_file=ca_file) as fetcher:
        taken = {entry.name for entry in config.sources} if config else set()
        address = f"https://{url}" if _BARE.fullmatch(url) else url
        try:
            found = probe(address, drafts=drafts, kinds=kinds.sources, fetcher=fetcher, taken=taken, now=now_utc())
        except ConfigError as error:
            raise click.UsageError(str(error).rpartition(": url: ")[2]) from None
        settings.secrets |= found.secrets
        if write and config and found.candidates:
            try:
                added = _added(settings, config, found, pick, drafts, fetcher)
            except ScanError as error:
                refusal = error
    redact = Redaction(settings.secrets)
    (candidates.print_json if as_json else candidates.print_text)(found, added, redact)
    if refusal is not None:
        raise refusal
    return OK if found.candidates else FAILED


def _added(
    settings: Settings, config: "Config", found: "Probed", pick: int | None, drafts: "Drafts", fetcher: "Fetcher"
) -> "Added":
    from scan.probe import add_candidate

    if pick is not None and pick > len(found.candidates):
        raise click.UsageError(f"There are no more than {len(found.candidates)} candidates.")
    return add_candidate(
        found.candidates[(pick or 1) - 1],
        config,
        drafts=drafts,
        fetcher=fetcher,
        environ=settings.environ,
        chosen=pick is not None,
    )
