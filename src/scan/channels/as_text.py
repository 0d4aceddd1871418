"""A digest as plain text."""

from collections.abc import Iterable

from scan.channels.digest import Entry, Outline, Section
from scan.model import FieldChange


def as_text(outline: Outline) -> str:
    """Lay a digest out as lines, the last with its line end."""
    blocks = [outline.remark] if outline.remark else []
    for section in outline.sections:
        blocks.append("\n".join(_heading(section)))
        blocks.extend("\n".join(_entry(entry)) for entry in section.entries)
    if outline.more:
        blocks.append(f"and {outline.more} more")
    blocks.append(f"-- \nscan, profile {outline.profile}")
    return "\n\n".join(blocks) + "\n"


def _heading(section: Section) -> Iterable[str]:
    heading = f"{section.search}: {section.counts}"
    yield heading
    yield "-" * len(heading)
    if section.remark:
        yield section.remark


def _entry(entry: Entry) -> Iterable[str]:
    yield f"* [{entry.note}] {entry.title}" if entry.note else f"* {entry.title}"
    if entry.facts:
        yield f"  {' · '.join(entry.facts)}"
    if entry.link:
        yield f"  {entry.link}"
    for change in entry.changes:
        yield f"  {_change(change)}"
    for reason in entry.reasons:
        yield f"  matched {reason}"
    for line in entry.lines:
        yield f"  | {line}"


def _change(change: FieldChange) -> str:
    return f"{change.field}: {change.old or '(nothing)'} -> {change.new or '(nothing)'}"
