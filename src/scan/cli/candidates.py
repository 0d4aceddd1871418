"""What a probe found, for people and for programs."""

import textwrap
from typing import Any

import click
import msgspec

from scan.cli.documents import print_json as print_document
from scan.cli.output import counted, safe, titled
from scan.config.drafts import as_entry
from scan.flat import plain
from scan.model import Item
from scan.probe import Added, Candidate, Probed
from scan.redaction import MASK, Redaction

_SHOWN_OF_OTHERS = 2
"""Items of the candidates after the best."""

_MOST_FAILURES = 8


def print_json(found: Probed, added: Added | None, redact: Redaction) -> None:
    """Print one document: the candidates, best first, and what was added to the config."""
    document = {
        "url": found.url,
        "what": found.what,
        "error": found.error,
        "candidates": [{**plain(one), "yaml": as_entry(one.entry)} for one in found.candidates],
        "tried": list(found.tried),
        "added": added and msgspec.to_builtins(added),
    }
    print_document(_masked(document, redact))


def print_text(found: Probed, added: Added | None, redact: Redaction) -> None:
    """Print the candidates, best first; or, on standard error, why there are none."""
    if not found.candidates:
        for line in _nothing(found):
            click.echo(safe(redact(line)), err=True)
        return
    for number, candidate in enumerate(found.candidates, start=1):
        for line in _lines(candidate, number, redact):
            click.echo(line)
    if added is not None:
        what = "is there already" if added.before else "is added"
        click.echo(safe(f"{added.file}: {added.name} {what}; scan preview {added.name} shows what it gives"))


def _lines(candidate: Candidate, number: int, redact: Redaction) -> "list[str]":
    """Write one candidate: what it is, its entry, its first items, and what is odd about them."""
    entry = redact(as_entry(candidate.entry))
    shown = candidate.items if number == 1 else candidate.items[:_SHOWN_OF_OTHERS]
    many = counted(candidate.total, "item", "items") + (", and there are more pages" if candidate.goes_on else "")
    head = f"{number}. {candidate.kind}, known by {candidate.because} (confidence: {candidate.confidence}): {many}"
    lines = [safe(redact(head)), "", *(f"  {safe(line)}" for line in entry.splitlines()), ""]
    lines += ["  The *** hides a secret of the address: write ${env:NAME} there.", ""] if MASK in entry else []
    for item in shown:
        lines += [f"     {safe(redact(text))}" for text in _item(item)]
    lines += [f"     cut short: {safe(redact(candidate.truncated))}"] if candidate.truncated else []
    lines += [
        f"     left out: {safe(one.reason)}: {safe(one.example)}" for one in candidate.rejected[:_SHOWN_OF_OTHERS]
    ]
    lines += [f"     warning: {safe(one)}" for one in candidate.warnings[:_SHOWN_OF_OTHERS]]
    lines += [f"     not tried: {safe(redact(candidate.problem))}"] if candidate.problem else []
    return [*lines, ""]


def _item(item: Item) -> "list[str]":
    facts = [item.location or "", f"{item.published_at:%Y-%m-%d}" if item.published_at else ""]
    more = ", ".join(filter(None, facts))
    return [f"{titled(item)}{f' ({more})' if more else ''}", *([f"    {item.url}"] if item.url else [])]


def _nothing(found: Probed) -> "list[str]":
    if found.error is not None:
        said = f"scan: {found.error}; see that the address opens in a browser, from this machine"
    else:
        said = (
            f"scan: nothing was recognized behind {found.url}: it is {found.what or 'unknown'}; try the address of the"
            " list itself, or write an entry of kind html or json by hand (docs/sources.md)"
        )
    tried = [f"  tried {textwrap.shorten(line, 400, placeholder=' …')}" for line in found.tried[:_MOST_FAILURES]]
    return [said, *tried]


def _masked(value: Any, redact: Redaction) -> Any:
    """Take the secrets out of every text."""
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, dict):
        return {name: _masked(inner, redact) for name, inner in value.items()}
    return [_masked(inner, redact) for inner in value] if isinstance(value, list | tuple) else value
