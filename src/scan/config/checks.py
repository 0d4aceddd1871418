"""What only shows when the whole config is read: names that nothing has, keys that exclude each other."""

import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from scan.channels.base import Channel
from scan.config.document import Node
from scan.config.entries import Known
from scan.config.findings import Finding, Findings, find, shown
from scan.config.scalars import meant
from scan.declare import Problem
from scan.reports.base import FileReport

CloseLook = Callable[[Channel], Iterable[Problem]]
"""Finds what is wrong with a channel and takes long to find out."""


def check_names(known: Known, findings: Findings) -> None:
    """Find what searches refer to and nothing is called. What a list may bring tomorrow is no error."""
    sources = {*known.sources, *known.groups, *(f"tag:{tag}" for tag in known.tags)}
    for node, name in known.sources_named:
        if name not in sources:
            is_tag = name.startswith("tag:")
            tell = findings.warn if (known.open_tags if is_tag else known.open_names) else findings.error
            tell(node, _unknown("tag" if is_tag else "source", name, sources))
    for node, name in known.channels_named:
        if name not in known.channels:
            findings.error(node, _unknown("channel", name, known.channels))


def check_cadence(root: Node, values: Mapping[str, object], findings: Findings) -> None:
    """Refuse `every` beside `calendar`."""
    if values.get("calendar") is not None and "every" in values:
        findings.error(find(root, ("calendar",)), "excludes every; keep one of them")


def check_places(file: Path, root: Node, values: Mapping[str, Any], findings: Findings) -> None:
    """Refuse reports that would write over the config, or over each other."""
    taken = {os.path.realpath(file): "the config itself"}
    for index, report in enumerate(values.get("reports", ())):
        if isinstance(report, FileReport):
            place = os.path.realpath(report.to)
            if place in taken:
                node = find(root, ("reports", index, "to"))
                findings.error(node, f"is the place of {taken[place]}; name another")
            taken[place] = f"reports[{index}]"


def look_closely(root: Node, values: Mapping[str, Any], look: CloseLook, findings: Findings) -> None:
    """Have every channel looked at; each is sound as far as its values show."""
    for index, channel in enumerate(values.get("channels", ())):
        for problem in look(channel):
            findings.error(find(root, ("channels", index, *problem.path)), problem.message)


def exposed_secrets(mode: int, findings: Findings) -> list[Finding]:
    """Find every secret that stands in a file which everybody can read."""
    message = "a secret in a file that everybody can read; chmod o-r, or ${credential:NAME}"
    return [Finding(node, message) for node in findings.literals if node.start_mark] if mode & 0o004 else []


def _unknown(noun: str, name: str, known: Iterable[str]) -> str:
    known = sorted(known)
    listed = ", ".join(known[:10]) + (", …" if len(known) > 10 else "")
    cure = meant(name, known) or (f"there are {listed}" if known else f"there is no {noun} at all")
    return f"no {noun} is called {shown(name)!r}; {cure}"
