"""Adapters made of YAML, with no more than the adapters' own types: the config room has its own tests."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from scan.config.units import duration
from scan.page import Page
from scan.sources import KINDS, Source
from scan.sources.follow import Follow
from scan.sources.following import Pages
from scan.sources.picks import Pick
from scan.sources.taking import Take

RECORDED = Path(__file__).parents[2] / "../shared/data"

COMMON = {"name", "kind", "details", "every", "enabled", "tags", "headers", "first_run", "expect"}


def build(entry: Mapping[str, Any]) -> Source:
    """Make the adapter of a config entry."""
    keys: dict[str, Any] = {key: value for key, value in entry.items() if key not in COMMON}
    if "pages" in keys:
        keys["pages"] = Pages(**keys["pages"])
    keys = {key: tuple(value) if isinstance(value, list) else value for key, value in keys.items()}
    if "timeout" in keys:
        keys["timeout"] = duration(keys["timeout"])
    if "follow" in keys:
        keys["follow"] = _follow(keys["follow"])
    long = {"html": Pick, "json": Take, "command": Take}.get(entry["kind"])
    if long is not None and "fields" in keys:
        keys["fields"] = {
            name: long(**pick) if isinstance(pick, dict) else pick for name, pick in keys["fields"].items()
        }
    return KINDS[entry["kind"]](**keys)


def _follow(entry: Mapping[str, Any]) -> Follow:
    long: dict[str, Any] = {"html": Pick, "json": Take}
    keys: dict[str, Any] = {
        key: {name: long[key](**one) if isinstance(one, dict) else one for name, one in value.items()}
        if key in long
        else value
        for key, value in entry.items()
    }
    return Follow(**keys)


def read(text: str) -> Any:
    """Read YAML, through libyaml as scan does: hundreds of tests do it."""
    return yaml.load(text, yaml.CSafeLoader)


def source(text: str) -> Source:
    """Make the adapter of a config entry in YAML."""
    return build(read(text))


def page(body: bytes | str, url: str = "https://example.org/list", **headers: str) -> Page:
    """Answer with a body."""
    raw = body.encode() if isinstance(body, str) else body
    return Page(url=url, body=raw, headers={name.replace("_", "-"): value for name, value in headers.items()})
