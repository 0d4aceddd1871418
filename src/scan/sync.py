"""Syncing: the lists that sources are made of, had anew before a run. One that cannot be had is used as it was."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import msgspec

from scan.cadence import LONGEST_WAIT, awaits
from scan.config.model import Config
from scan.errors import ConfigError, FetchError, ListError, SheetError
from scan.fetch import Conversation, Fetcher
from scan.lists.copies import Copies
from scan.lists.copy import Copy
from scan.lists.origin import Origin
from scan.lists.pages import of_page
from scan.lists.table import Table, of_cells
from scan.page import Page, Request, Validators
from scan.redaction import Redaction
from scan.sheets import Spreadsheet
from scan.sources.statuses import demand_success

_ACCEPT = "text/csv, text/plain;q=0.9, */*;q=0.5"
_NOT_MODIFIED = 304


def synced(
    config: Config,
    *,
    copies: Copies,
    load: Callable[[], Config],
    fetcher: Fetcher,
    environ: Mapping[str, str],
    stop: Callable[[], bool],
    now: datetime,
) -> Config:
    """Have every list anew that the config uses; returns the config as it is with them.

    A list that makes no source any more although it did, or with which the config cannot be read, is not believed.

    Args:
        config: as it is with the copies so far.
        copies: take the new ones; nothing is written to disk.
        load: reads the config with the copies that count at present.
        fetcher: asks for them.
        environ: of the process.
        stop: true once there is no time for it any more: what was not had by then is as it was.
        now: aware UTC.

    """
    redact = Redaction(config.secrets)
    for name, copy in _had(config, copies, fetcher, environ, stop, now).items():
        if name not in config.list_uses:  # the file was changed just now
            continue
        before = copies.get(name, config.list_uses[name].origin)
        copies.put(name, msgspec.structs.replace(copy, error=copy.error and redact(copy.error)))
        if copy.table != before.table:
            fresh, wrong = _with_it(config, name, load)
            if wrong is not None:
                copies.put(name, _as_it_was(before, wrong, now))
            config = fresh
    uses = {name: replace(use, copy=copies.get(name, use.origin)) for name, use in config.list_uses.items()}
    return replace(config, list_uses=uses)


def _with_it(config: Config, name: str, load: Callable[[], Config]) -> tuple[Config, str | None]:
    """Read the config with a new list; or tell why it is left as it was."""
    try:
        fresh = load()
    except ConfigError as error:
        return config, f"with it the config would be wrong: {error.problems[0]}"
    use = fresh.list_uses.get(name)
    if use is not None and config.list_uses[name].sources and not use.sources:
        return config, f"not one of its rows makes a source any more: {use.rejected[0]}"
    return fresh, None


def _had(
    config: Config,
    copies: Copies,
    fetcher: Fetcher,
    environ: Mapping[str, str],
    stop: Callable[[], bool],
    now: datetime,
) -> dict[str, Copy]:
    """Ask for every list, of addresses all at once; what fails is the old copy with the reason."""
    old = {name: copies.get(name, use.origin) for name, use in config.list_uses.items()}
    origins = {name: use.origin for name, use in config.list_uses.items()}
    waiting = {name for name, copy in old.items() if awaits(copy.not_before, now)}
    asked = [
        (name, _question(origins[name], copy))
        for name, copy in old.items()
        if origins[name].url and name not in waiting
    ]
    answers: dict[str, Page | FetchError] = dict(fetcher.drive(asked, stop=stop))
    had: dict[str, Copy] = {name: _of_answer(old[name], answer, now) for name, answer in answers.items()}
    for name, origin in origins.items():
        if origin.sheet is not None and name not in waiting and not stop():
            had[name] = _of_sheet(origin, old[name], fetcher, environ, now)
    return had


def _question(origin: Origin, copy: Copy) -> Conversation[Page | FetchError]:
    validators = Validators() if copy.table is None else copy.validators
    return (yield Request(url=origin.url or "", accept=_ACCEPT, headers=origin.headers, validators=validators))


def _of_answer(copy: Copy, answer: Page | FetchError, now: datetime) -> Copy:
    try:
        if isinstance(answer, FetchError):
            raise answer
        if answer.status == _NOT_MODIFIED and copy.table is not None and copy.validators != Validators():
            return _good(copy, copy.table, copy.validators, now)
        demand_success(answer)
        return _good(copy, of_page(answer), answer.validators, now)
    except FetchError as error:
        return _as_it_was(copy, error.reason, now, wait=error.retry_after)
    except ListError as error:
        return _as_it_was(copy, str(error), now)


def _of_sheet(origin: Origin, copy: Copy, fetcher: Fetcher, environ: Mapping[str, str], now: datetime) -> Copy:
    sheet = Spreadsheet(origin.sheet or "", origin.credentials or "", ask=fetcher.get, environ=environ)
    try:
        return _good(copy, of_cells(sheet.rows(origin.tab)), Validators(), now)
    except (SheetError, ListError) as error:
        return _as_it_was(copy, str(error), now, wait=getattr(error, "retry_after", None))


def _good(copy: Copy, table: Table, validators: Validators, now: datetime) -> Copy:
    return Copy(origin=copy.origin, table=table, synced_at=now, validators=validators)


def _as_it_was(copy: Copy, error: str, now: datetime, *, wait: float | None = None) -> Copy:
    """Keep the last good copy, and why there is no newer one."""
    return msgspec.structs.replace(
        copy,
        error=error,
        failing_since=copy.failing_since or now,
        not_before=None if wait is None else now + min(timedelta(seconds=wait), LONGEST_WAIT),
    )
