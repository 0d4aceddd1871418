"""docs/config.md, from the declarations."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal, get_args, get_origin
from zoneinfo import ZoneInfo

from scan.cadence import Calendar
from scan.channels.base import Channel
from scan.config import future, keys
from scan.config.keys import Key, keys_of
from scan.config.kinds import Kinds, shipped
from scan.config.model import Config, SourceEntry
from scan.config.writing import written
from scan.declare import Address, Hours, SecretText, Size, TextFile
from scan.match.search import FIELDS, Search, Words
from scan.sources.base import Source

_ENTRIES = frozenset({"sources", "searches", "channels", "reports"})

_TYPES: Mapping[Any, str] = {
    str: "text",
    SecretText: "secret text",
    int: "whole number",
    float: "number",
    bool: "boolean",
    timedelta: "duration",
    Size: "size",
    Address: "address",
    Path: "path",
    TextFile: "path",
    Hours: "part of the day",
    ZoneInfo: "time zone",
    Calendar: "local times",
    Any: "anything",
}

_PREFACE = """\
# The config

<!-- Made by scan.config.reference() from the declarations in the code; do not edit. -->

One YAML file a profile. Unknown keys, keys given twice, tags, and aliases that repeat much are errors.
`scan config check` tells every error at once, each as `FILE:LINE:COLUMN: PATH: what is wrong; what would be right`.
`scan config show` prints the config as it works, `scan config schema` a JSON Schema for editors, `scan config init`
writes a config to start with.

A text is read by what its key takes: `NO`, `15:30` and `0600` stay texts where a text is taken. A key without a value
has its default.

| what is taken | how it is written |
|---|---|
| duration | `90s`, `15m`, `2h`, `1d`, `1h30m`, `500ms`, or ISO 8601: `PT15M`, `P1D` |
| size | `500KB`, `20MB`; `64MiB` in powers of 1024 |
| boolean | `true` or `false` |
| address | `https:`, `http:` or `file:`; a relative `file:` address lies in the config's folder |
| path | a relative one lies in the config's folder |
| part of the day | `22:00-07:00`, in `timezone` |
| local times | `02:00 America/Chicago`, or several: `02:00,14:30 Europe/Berlin` |
| list | `[a, b]`; a single entry needs no brackets |

Any text may hold values from elsewhere:

| written | is |
|---|---|
| `${env:NAME}`, `${env:NAME:-default}` | an environment variable; the default where it is unset or empty |
| `${file:PATH}` | a file's text without the line end; a relative path lies in the config's folder |
| `${credential:NAME}` | a file in `$CREDENTIALS_DIRECTORY`, which systemd fills by `LoadCredential=` |
| `$${` | a plain `${` |

What comes in that way (from 4 characters on) is secret. So is what a key holds whose name ends in the word password,
token, secret, key, authorization or cookie, and a password in an address. All are masked in `config show`, logs and
errors.
"""


def reference(kinds: Kinds | None = None) -> str:
    """Write the manual of every key, in Markdown."""
    kinds = kinds or shipped()
    return "\n".join(
        [
            _PREFACE,
            *_config(),
            *_sources(kinds),
            *_searches(),
            *_channels(kinds),
            *_reports(kinds),
            *_plugins(),
            *_planned(),
        ]
    )


def _config() -> Iterator[str]:
    own = [key for key in keys_of(Config) if key.name not in _ENTRIES]
    yield from _table("## The whole", [key for key in own if not keys.is_section(key.annotation)])
    for key in own:
        if keys.is_section(key.annotation):
            yield from _table(f"## `{key.name}:` {key.doc.text}", keys_of(key.annotation))


def _sources(kinds: Kinds) -> Iterator[str]:
    yield from _table("## `sources:` where to look", (*keys_of(SourceEntry), *keys_of(Source)), kinds=kinds.sources)
    common = {key.name: key for key in keys_of(Source)}
    for kind, adapter in kinds.sources.items():
        own = [key for key in keys_of(adapter) if key != common.get(key.name)]
        yield from _table(f"### kind `{kind}`", own)


def _searches() -> Iterator[str]:
    yield from _table("## `searches:` what to look for", (*keys_of(Search), *keys_of(Words)))
    fields = ", ".join(f"`{field}`" for field in FIELDS)
    yield f"`any`, `all` and `none` may also stand beneath {fields}, and then look in that field only.\n"


def _channels(kinds: Kinds) -> Iterator[str]:
    yield from _table("## `channels:` whom to tell", keys_of(Channel), kinds=kinds.channels)
    common = {key.name: key for key in keys_of(Channel)}
    for kind, adapter in kinds.channels.items():
        own = [key for key in keys_of(adapter) if key != common.get(key.name)]
        if own:
            yield from _table(f"### kind `{kind}`", own)


def _reports(kinds: Kinds) -> Iterator[str]:
    yield "## `reports:` what is shown, and where\n"
    yield f"`kind` is required: {', '.join(f'`{kind}`' for kind in kinds.reports)}. Each has keys of its own.\n"
    for kind, adapter in kinds.reports.items():
        yield from _table(f"### kind `{kind}`", keys_of(adapter))


def _table(title: str, declared: Sequence[Key], kinds: Iterable[str] = ()) -> Iterator[str]:
    yield f"{title}\n"
    yield "| key | takes | default | meaning |\n|---|---|---|---|"
    for key in declared:
        yield f"| `{key.name}` | {_type(key.annotation)} | {_default(key)} | {_meaning(key)} |"
        if kinds and key.name == "name":
            yield f"| `kind` | {', '.join(f'`{kind}`' for kind in kinds)} | required | each has keys of its own |"
    yield ""
    for key in declared:
        for inner in _sections(key.annotation):
            yield from _table(f"#### `{key.name}`", keys_of(inner))


def _meaning(key: Key) -> str:
    text = key.doc.text + (f"; {key.doc.range}" if key.doc.range else "")
    text += f" (`{key.doc.example}`)" if key.doc.example else ""
    return text.replace("|", "\\|")


def _default(key: Key) -> str:
    if key.required:
        return "required"
    default = written(key.default, key.annotation)
    if default is None or isinstance(default, dict) or default == []:
        return ""
    return f"`{_literal(default)}`"


def _literal(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_literal, value))}]"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _type(annotation: Any) -> str:
    return " or ".join(_member(member) for member in keys.members(annotation))


def _member(annotation: Any) -> str:
    if annotation in _TYPES:
        return _TYPES[annotation]
    if get_origin(annotation) is Literal or keys.is_choice(annotation):
        return ", ".join(f"`{value}`" for value in get_args(annotation) or annotation)
    if keys.is_list(annotation):
        return f"list: {_type(get_args(annotation)[0])}"
    if keys.is_mapping(annotation):
        return f"mapping to {_type(get_args(annotation)[1])}"
    return "the keys below"


def _sections(annotation: Any) -> Iterator[type]:
    """Find the mappings with declared keys inside a type."""
    for member in keys.members(annotation):
        if keys.is_section(member) and member not in _TYPES:
            yield member
        elif keys.is_mapping(member) or keys.is_list(member):
            for inner in get_args(member):
                yield from _sections(inner)


def _plugins() -> Iterator[str]:
    yield "## Plug-ins\n"
    yield (
        "Packages add kinds through the entry-point groups `scan.sources`, `scan.channels` and `scan.reports`;\n"
        "`examples/plugin` is one to start from. `scan config check` names those that cannot be used, and why.\n"
    )


def _planned() -> Iterator[str]:
    """Name what is refused so far, so that nobody looks for it."""
    yield "## Not yet supported\n"
    yield f"Refused by name, for now: {', '.join(f'`{key}`' for key in future.KEYS)}.\n"
    yield "`executor: {kind: local}` says what is done anyway, and is taken.\n"
