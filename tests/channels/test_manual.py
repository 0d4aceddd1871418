"""docs/channels.md is made from the channels themselves.

To write it anew: `SCAN_REWRITE=1 pytest tests/channels/test_manual.py`.
"""

import dataclasses
import os
from importlib import import_module
from pathlib import Path

from scan.channels import KINDS, as_json, base, template
from tests.manuals import keys, markdown

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
