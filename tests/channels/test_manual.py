"""docs/channels.md is made from the channels themselves.

To write it anew: `SCAN_REWRITE=1 pytest tests/channels/test_manual.py`.
"""

import dataclasses
import os
import re
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any, get_args, get_type_hints

from scan.channels import KINDS, Channel, as_json, base, template
from scan.declare import Doc

MANUAL = Path(__file__).parents[2] / "docs" / "channels.md"

INTRODUCTION = """\
# Channels

Whom to tell, and how. Each entry of `channels:` has the keys of every channel and those of its kind; a search names
the channels it tells by `notify`. Every recipient has a message of its own, which is kept, and tried again under one
identity, until it is accepted or given up (`scan deliveries`).

In its `quiet_hours` nothing is sent to a channel, by whatever run: what is found meanwhile waits, and goes out with the
first run after them. They are local times of the config's `timezone`. In the nights when the clocks change, a time that
comes twice counts the first time, and one that is left out counts when the clock jumps over it.
"""


def keys(declared: type[Channel], left_out: frozenset[str] = frozenset()) -> str:
    """Write a table of a class's keys."""
    hints = get_type_hints(declared, include_extras=True)
    lines = ["| key | meaning | default | example |", "|---|---|---|---|"]
    for field in dataclasses.fields(declared):
        doc = next((extra for extra in get_args(hints[field.name]) if isinstance(extra, Doc)), None)
        if doc is None or field.name in left_out:
            continue
        example = f"`{doc.example}`" if doc.example else ""
        bounds = f"; {doc.range}" if doc.range else ""
        lines.append(f"| `{field.name.rstrip('_')}` | {doc.text}{bounds} | {shown(field)} | {example} |")
    return "\n".join(lines) + "\n" if len(lines) > 2 else ""


def shown(field: "dataclasses.Field[Any]") -> str:
    if field.default is dataclasses.MISSING:
        return "required" if field.default_factory is dataclasses.MISSING else "none"
    if isinstance(field.default, timedelta):
        return f"{field.default.total_seconds():g}s"
    return "none" if field.default is None else str(field.default)


def markdown(docstring: str | None) -> str:
    """Make fenced blocks of indented ones: JSON, Jinja2 or YAML, as they look."""

    def fenced(block: re.Match[str]) -> str:
        text = re.sub(r"^    ", "", block[0], flags=re.MULTILINE)
        language = "jinja" if "{{" in text else "json" if text.startswith("{") else "yaml"
        return f"```{language}\n{text}```\n"

    return re.sub(r"(?:^    .*\n)(?:\n?    .*\n)*", fenced, f"{(docstring or '').strip()}\n", flags=re.MULTILINE)


def manual() -> str:
    pages = [INTRODUCTION, "## Keys of every channel\n", keys(base.Channel)]
    common = frozenset(field.name for field in dataclasses.fields(base.Channel))
    for kind, declared in KINDS.items():
        pages += [f"## {kind}\n", markdown(import_module(declared.__module__).__doc__), keys(declared, common)]
    pages += ["## Templates\n", markdown(template.__doc__)]
    pages += ["## The JSON\n", markdown(as_json.__doc__)]
    return "\n".join(page for page in pages if page)


def test_the_manual_is_what_the_channels_say() -> None:
    if "SCAN_REWRITE" in os.environ:
        MANUAL.write_text(manual(), encoding="utf-8")
    assert MANUAL.read_text(encoding="utf-8") == manual()


def test_the_manual_tells_of_every_kind_and_key() -> None:
    for kind, declared in KINDS.items():
        assert f"## {kind}\n" in manual()
        for field in dataclasses.fields(declared):
            assert f"`{field.name.rstrip('_')}`" in manual()
