"""The lists that sources are made of, synced before something is scanned."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from scan.cli.context import Settings

if TYPE_CHECKING:  # start-up: imported where the work begins
    from scan.config.model import Config


def with_lists(
    settings: Settings, config: "Config", now: datetime, *, stop: Callable[[], bool], keep: bool
) -> "Config":
    """Have the lists anew that the config uses, unless they are taken as they were synced.

    Args:
        settings: know the copies.
        config: as it is with these.
        now: aware UTC.
        stop: true once there is no time for it any more.
        keep: write the new copies to disk.

    Raises:
        StoreError: they cannot be written.

    """
    if not config.list_uses or settings.copies.as_synced:
        return config
    from scan.sync import synced

    with settings.fetcher(config) as fetcher:
        config = synced(
            config,
            copies=settings.copies,
            load=settings.load_config,
            fetcher=fetcher,
            environ=settings.environ,
            stop=stop,
            now=now,
        )
    if keep:
        settings.copies.keep({name: use.copy for name, use in config.list_uses.items()})
    return config
