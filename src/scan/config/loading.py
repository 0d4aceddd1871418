"""A file to a `Config`, or a `ConfigError` with everything that is wrong in it."""

import gc
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from scan.config import checks, future
from scan.config.checks import CloseLook
from scan.config.document import MappingNode, Node, Refused, compose, position
from scan.config.each import Copies, Expansion, nothing_synced
from scan.config.entries import Entries, Known
from scan.config.findings import Findings
from scan.config.keys import keys_of
from scan.config.kinds import Kinds, installed
from scan.config.machine import machine_zone
from scan.config.manners import warn_of_load, watching
from scan.config.model import Config
from scan.config.overrides import with_overrides
from scan.config.placeholders import Placeholders
from scan.config.reader import Reader
from scan.config.tables import INVALID, Slot, Table
from scan.errors import ConfigError, NotPermitted

LARGEST = 10_000_000
"""Bytes; 10,000 sources take one million."""


def load(
    path: Path,
    *,
    environ: Mapping[str, str],
    overrides: Mapping[str, object] = MappingProxyType({}),
    kinds: Kinds | None = None,
    close_look: CloseLook | None = None,
    copies: Copies = nothing_synced,
) -> Config:
    """Read a profile.

    Args:
        path: the file, as the user gave it; so it stands in messages.
        environ: for `${env:NAME}`, and `CREDENTIALS_DIRECTORY` for `${credential:NAME}`.
        overrides: values that win over the file's, by dotted path, as one would write them in YAML; None is not given.
        kinds: of sources, channels and reports; those that ship with `scan` unless given.
        close_look: asked about each channel once nothing else is wrong.
        copies: gives what there is of a list.

    Raises:
        ConfigError: with every problem, each `FILE:LINE:COLUMN: PATH: what is wrong; what would be right`.
        NotPermitted: the file may not be read.

    """
    text, mode = _read(path)
    return parse(
        path, text, mode, environ=environ, overrides=overrides, kinds=kinds, close_look=close_look, copies=copies
    )


def parse(
    path: Path,
    text: str,
    mode: int,
    *,
    environ: Mapping[str, str],
    overrides: Mapping[str, object] = MappingProxyType({}),
    kinds: Kinds | None = None,
    close_look: CloseLook | None = None,
    copies: Copies = nothing_synced,
) -> Config:
    """Read a profile's text, as `load` does a file's.

    Args:
        path: for messages, and what relative paths are relative to.
        text: of the file.
        mode: the file's permissions.
        environ: as for `load`, as what follows.
        overrides: values that win over the file's.
        kinds: of entries.
        close_look: asked about each channel.
        copies: of lists.

    Raises:
        ConfigError: with every problem.

    """
    with _uncollected():
        try:
            root = with_overrides(compose(text), overrides)
        except Refused as error:
            raise ConfigError(f"{path}:{error.line}:{error.column}: {error.message}") from None
        return _config(
            path, mode, root, environ=environ, kinds=kinds or installed(), close_look=close_look, copies=copies
        )


def _config(
    path: Path,
    mode: int,
    root: Node,
    *,
    environ: Mapping[str, str],
    kinds: Kinds,
    close_look: CloseLook | None,
    copies: Copies,
) -> Config:
    findings, known = Findings(), Known()
    placeholders = Placeholders(environ, path.absolute().parent, findings.hide)
    reader = Reader(findings, placeholders)
    table = _table(reader, kinds, known, Expansion(reader, placeholders, known, copies))
    if isinstance(root, MappingNode):
        root.value.sort(key=lambda pair: pair[0].value != "lists")  # for what comes after it
    values = table.read(root, findings)
    checks.check_names(known, findings)
    if values is not INVALID:
        checks.check_cadence(root, values, findings)
        checks.check_places(path, root, values, findings)
    if close_look is not None and not findings.errors:
        checks.look_closely(root, values, close_look, findings)
    if findings.errors:
        raise ConfigError(*findings.lines(findings.errors, root, str(path)))
    exposed = checks.exposed_secrets(mode, findings)
    findings.warnings += exposed
    if not any(entry.enabled for entry in values.get("sources", ())):
        findings.warn(root, "nothing to do: no source is configured and enabled")
    if values.get("timezone") is None:
        values["timezone"] = machine_zone(environ)
    config = Config(
        path=path,
        secrets=frozenset(findings.secrets),
        list_uses={
            name: replace(use, rejected=tuple(map(findings.masked, use.rejected))) for name, use in known.uses.items()
        },
        **values,
    )
    warn_of_load(config, root, findings)
    return replace(
        config,
        warnings=findings.lines(findings.warnings, root, str(path)),
        exposed=findings.lines(exposed, root, str(path)),
        list_warnings=findings.lines(findings.of_lists, root, str(path)),
    )


def _table(reader: Reader, kinds: Kinds, known: Known, expansion: Expansion) -> Table:
    """Prepare the keys of the whole config."""
    entries = Entries(reader, kinds, known)
    lists = {
        "sources": expansion.sources(watching(entries.source(), reader.findings)),
        "searches": reader.list_of(entries.search()),
        "channels": reader.list_of(entries.channel()),
        "reports": reader.list_of(entries.report()),
    }
    table = reader.table("a config", tuple(key for key in keys_of(Config) if key.name not in lists), future=future.KEYS)
    slots = {name: Slot(name, read, absent=()) for name, read in lists.items()}
    slots["lists"] = expansion.lists(table.slots["lists"])
    slots["alerts"] = entries.naming_channels(table.slots["alerts"])
    return replace(table, slots={**table.slots, **slots})


def _read(path: Path) -> tuple[str, int]:
    """Read a file's text and permissions."""
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            content = file.read(LARGEST + 1)
    except FileNotFoundError:
        raise ConfigError(f"{path}: no such file; `scan config init` writes one to start with") from None
    except PermissionError:
        raise NotPermitted(f"{path}: may not be read; use sudo, or join the group that may read it") from None
    except (OSError, ValueError) as error:  # ValueError: a NUL character in the path
        reason = (error.strerror or "unreadable").lower() if isinstance(error, OSError) else "no path"
        raise ConfigError(f"{path}: {reason}; a readable YAML file would be right") from None
    if len(content) > LARGEST:
        raise ConfigError(f"{path}: larger than 10MB; split it into profiles")
    try:
        return content.decode("utf-8-sig"), mode
    except UnicodeDecodeError as error:
        line, column = position(content[: error.start].decode("utf-8-sig", "replace"), error.start)
        raise ConfigError(f"{path}:{line}:{column}: not UTF-8; save it as UTF-8") from None


@contextmanager
def _uncollected() -> Iterator[None]:
    """Pause the garbage collector: it finds nothing in a growing tree, and looks for three quarters of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
