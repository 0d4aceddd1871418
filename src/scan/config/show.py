"""A config as it works: defaults filled in, secrets masked."""

from collections.abc import Mapping
from typing import Any

import yaml

from scan.channels.base import Channel
from scan.config.keys import keys_of
from scan.config.model import Config, SourceEntry
from scan.config.secret_texts import SELECTORS, is_secret_name
from scan.config.writing import section, select
from scan.match.search import Search
from scan.redaction import MASK, Redaction


def shown(config: Config) -> dict[str, Any]:
    """Show the effective config: plain values under the keys of the YAML, in the order of their declaration."""
    entries = {
        "sources": [_source(entry) for entry in config.sources],
        "searches": [_search(search) for search in config.searches],
        "channels": [_channel(channel) for channel in config.channels],
        "reports": [{"kind": report.kind, **section(report)} for report in config.reports],
    }
    values = {
        key.name: entries[key.name] if key.name in entries else select(config, (key,))[key.name]
        for key in keys_of(Config)
    }
    masked: dict[str, Any] = _masked(values, Redaction(config.secrets))
    return masked


def as_yaml(value: Mapping[str, Any]) -> str:
    """Write plain values as YAML."""
    return yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=120)


def _source(entry: SourceEntry) -> dict[str, Any]:
    name, *common = keys_of(SourceEntry)
    own = keys_of(type(entry.source))
    return {
        **select(entry, (name,)),
        "kind": entry.source.kind,
        **select(entry.source, own),
        **select(entry, tuple(common)),
    }


def _search(search: Search) -> dict[str, Any]:
    name, sources, *rest = keys_of(Search)
    fields: dict[str, Any] = {field: section(words) for field, words in search.fields.items()}
    return {**select(search, (name, sources)), **section(search.words), **fields, **select(search, tuple(rest))}


def _channel(channel: Channel) -> dict[str, Any]:
    name, *rest = keys_of(type(channel))
    return {**select(channel, (name,)), "kind": channel.kind, **select(channel, tuple(rest))}


def _masked(value: Any, redaction: Redaction) -> Any:
    """Mask what secretly named keys hold, and every secret inside a text."""
    if isinstance(value, str):
        return redaction(value)
    if isinstance(value, list):
        return [_masked(item, redaction) for item in value]
    if isinstance(value, dict):
        return {name: _masked_at(name, inner, redaction) for name, inner in value.items()}
    return value


def _masked_at(name: str, value: Any, redaction: Redaction) -> Any:
    if name in SELECTORS and isinstance(value, dict):
        return {field: _masked(inner, redaction) for field, inner in value.items()}
    return MASK if value and is_secret_name(name) else _masked(value, redaction)
