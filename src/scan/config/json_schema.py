"""The config as a JSON Schema (2020-12), for editors: completion, descriptions, and most mistakes seen while typing."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal, get_args, get_origin
from zoneinfo import ZoneInfo

from scan.cadence import Calendar
from scan.config import keys
from scan.config.keys import Key, keys_of
from scan.config.kinds import Kinds, installed
from scan.config.model import Config, SourceEntry
from scan.config.writing import written
from scan.declare import Address, Hours, SecretText, Size, TextFile
from scan.match.search import FIELDS, Search, Words

Schema = dict[str, Any]

_NAME = {"type": "string", "pattern": r"^([A-Za-z0-9._-]|\{[^{}]+\}){1,100}$"}
_PLACEHOLDER = {"type": "string", "pattern": r"\{"}
_TEXTS: Mapping[Any, Schema] = {
    str: {"type": "string"},
    SecretText: {"type": "string"},
    Path: {"type": "string"},
    TextFile: {"type": "string"},
    Hours: {"type": "string", "pattern": r"^[0-9]{1,2}:[0-9]{2} ?- ?[0-9]{1,2}:[0-9]{2}$|\{"},
    ZoneInfo: {"type": "string"},
    Address: {"type": "string", "pattern": r"^([Hh][Tt][Tt][Pp][Ss]?://|[Ff][Ii][Ll][Ee]:|\{)"},
    timedelta: {"type": "string", "pattern": r"^([0-9]+(ms|[dhms]))+$|^[Pp]|\{"},
    Size: {"type": "string", "pattern": r"^[0-9]+\s*([KkMmGgTt][Ii]?)?[Bb]$|\{"},
    Calendar: {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]},
    bool: {"anyOf": [{"type": "boolean"}, _PLACEHOLDER]},
    Any: {},
}


def schema(kinds: Kinds | None = None) -> Schema:
    """Make the schema of a whole config; of its sources, channels and reports, by kind."""
    kinds = kinds or installed()
    own = tuple(key for key in keys_of(Config) if key.name not in {"sources", "searches", "channels", "reports"})
    properties = {
        **_properties(own),
        "sources": _entries("source", kinds.sources),
        "searches": {"type": "array", "items": _search()},
        "channels": _entries("channel", kinds.channels),
        "reports": _entries("report", kinds.reports, named=False),
    }
    definitions = {f"source.{kind}": _source(kind, adapter) for kind, adapter in kinds.sources.items()}
    definitions |= {f"channel.{kind}": _of_kind(kind, keys_of(adapter)) for kind, adapter in kinds.channels.items()}
    definitions |= {f"report.{kind}": _of_kind(kind, keys_of(adapter)) for kind, adapter in kinds.reports.items()}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "The config of scan",
        "type": ["object", "null"],
        "properties": properties,
        "additionalProperties": False,
        "$defs": definitions,
    }


def _entries(noun: str, kinds: Mapping[str, object], *, named: bool = True) -> Schema:
    """Describe a list of entries, each of which is what its kind says."""
    by_kind = [
        {
            "if": {"properties": {"kind": {"const": kind}}, "required": ["kind"]},
            "then": {"$ref": f"#/$defs/{noun}.{kind}"},
        }
        for kind in kinds
    ]
    kind = {"enum": list(kinds), "description": f"what kind of {noun} it is"}
    required = ["name", "kind"] if named else ["kind"]
    entry = {"type": "object", "required": required, "properties": {"kind": kind}, "allOf": by_kind}
    return {"type": ["array", "null"], "items": entry}


def _source(kind: str, adapter: type) -> Schema:
    return _of_kind(kind, keys_of(SourceEntry) + keys_of(adapter))


def _of_kind(kind: str, declared: tuple[Key, ...]) -> Schema:
    described = _mapping(declared)
    return {**described, "properties": {"kind": {"const": kind}, **described["properties"]}}


def _search() -> Schema:
    described = _mapping(keys_of(Search) + keys_of(Words))
    words = {**_mapping(keys_of(Words)), "description": "the words of one field"}
    return {**described, "properties": {**described["properties"], **dict.fromkeys(FIELDS, words)}}


def _mapping(declared: tuple[Key, ...]) -> Schema:
    return {
        "type": "object",
        "properties": _properties(declared),
        "required": [key.name for key in declared if key.required],
        "additionalProperties": False,
    }


def _properties(declared: tuple[Key, ...]) -> dict[str, Schema]:
    return {key.name: _key(key) for key in declared}


def _key(key: Key) -> Schema:
    described = _NAME if key.name == "name" else _type(key.annotation)
    limits = f" ({key.doc.range})" if key.doc.range else ""
    described = {"description": key.doc.text + limits, **described}
    if key.doc.example:
        described = {**described, "examples": [key.doc.example]}
    default = written(key.default, key.annotation)
    if default not in (None, [], {}):
        described = {**described, "default": default}
    return described


def _type(annotation: Any) -> Schema:
    members = [_member(member) for member in keys.members(annotation)]
    if keys.allows_none(annotation):
        members.append({"type": "null"})
    return members[0] if len(members) == 1 else {"anyOf": members}


def _member(annotation: Any) -> Schema:
    if annotation in _TEXTS:
        return _TEXTS[annotation]
    if annotation in {int, float}:
        return {"anyOf": [{"type": "integer" if annotation is int else "number"}, _PLACEHOLDER]}
    if get_origin(annotation) is Literal or keys.is_choice(annotation):
        values = get_args(annotation) or annotation
        return {"anyOf": [{"enum": [str(value) for value in values]}, _PLACEHOLDER]}
    if keys.is_list(annotation):
        item = _type(get_args(annotation)[0])
        return {"anyOf": [{"type": "array", "items": item}, item]}
    if keys.is_mapping(annotation):
        return {"type": "object", "additionalProperties": _type(get_args(annotation)[1])}
    return _mapping(keys_of(annotation))
