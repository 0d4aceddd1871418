"""An item's story, for people: itself, what happened to it, and what each search makes of it."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import msgspec

from scan.cli.output import columns, cut, folded, room, safe, titled, when
from scan.cli.output.terminal import linked, shows_links
from scan.explain import Change, Found, Opinion, Story
from scan.match.explanation import Condition
from scan.store.history import Absence, Telling

if TYPE_CHECKING:  # only named here
    from scan.redaction import Redaction

WIDTH = 80
"""Of lines that are wrapped, where no terminal says otherwise."""

EXCERPT = 60
"""Characters of an old and a new value."""

FIELDS = ("source", "key", "kind", "title", "organization", "location", "url", "published_at", "updated_at")
HASHES = ("content_hash", "fingerprint")

At = Callable[[datetime | None], str]
"""Writes a time for people."""


def lines(story: Story, zone: ZoneInfo | None, redact: "Redaction") -> Iterator[str]:
    """Write an item's story."""

    def at(moment: datetime | None) -> str:
        return when(moment, zone)

    yield from _item(story, at)
    yield from ("", "HISTORY")
    for moment, happened in sorted(_history(story, at, redact), key=lambda event: event[0]):
        first, *more = happened
        yield f"  {at(moment)}  {first}"
        yield from (f"  {'':16}    {line}" for line in more)
    yield from ("", "SEARCHES")
    for opinion in story.searches:
        yield from (f"  {line}" for line in _opinion(opinion, story.stored.item.source))
    if not story.searches:
        yield "  the config has none"


def _item(story: Story, at: At) -> Iterator[str]:
    stored, item = story.stored, story.stored.item
    yield safe(titled(item))
    yield ""
    fields = {"id": stored.id, **{name: getattr(item, name) for name in FIELDS}}
    fields |= {f"attributes.{name}": value for name, value in sorted(item.attributes.items())}
    fields |= {name: getattr(item, name) for name in HASHES}
    shown = {safe(name): _shown(value, at) for name, value in fields.items() if value is not None}
    width = max(map(columns, shown))
    links = shows_links()
    for name, value in shown.items():
        text = linked(safe(value), value) if links and name == "url" else safe(value)
        yield f"{name}{' ' * (width - columns(name))}  {text}"
    if not story.configured:
        yield f"The config has no source {safe(item.source)} any more."
    if item.text:
        yield ""
        yield from _wrapped(item.text)


def _shown(value: object, at: At) -> str:
    if isinstance(value, datetime):
        return at(value)
    if isinstance(value, bytes):
        return value.hex()
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _wrapped(text: str) -> Iterator[str]:
    """Break a text into lines, keeping its own."""
    width = min(room() or WIDTH, 100)
    for line in text.split("\n"):
        yield from folded(safe(line), width)


def _history(story: Story, at: At, redact: "Redaction") -> Iterator[tuple[datetime, list[str]]]:
    """List what happened, each with its time, as one line and perhaps more below it."""
    yield story.stored.first_seen_at, ["first seen"]
    for absence in story.absences:
        yield from _absence(absence)
    for moment in dict.fromkeys(change.at for change in story.changes):
        yield moment, ["changed", *(_change(change) for change in story.changes if change.at == moment)]
    for found in story.matches:
        yield found.match.at, [_match(found), *(_telling(telling, at, redact) for telling in found.tellings)]


def _absence(absence: Absence) -> Iterator[tuple[datetime, list[str]]]:
    if absence.gone_at is not None:
        yield absence.gone_at, ["gone"]
    else:
        yield absence.seen_at, ["last seen in the source's window"]
    if absence.returned_at is not None:
        yield absence.returned_at, ["back"]


def _change(change: Change) -> str:
    old, new = _apart(change.change.old, change.change.new)
    return f"{safe(change.change.field)}: {old} → {new}"


def _apart(old: str | None, new: str | None) -> tuple[str, str]:
    """Show two values from shortly before they part."""
    if old is None or new is None:
        return _value(old), _value(new)
    same = next((place for place, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    start = max(0, same - EXCERPT // 3) if max(len(old), len(new)) > EXCERPT else 0
    return _value(old, start), _value(new, start)


def _value(value: str | None, start: int = 0) -> str:
    if value is None:
        return "nothing"
    return f"“{'…' if start else ''}{cut(safe(value[start:]), EXCERPT)}”"


def _match(found: Found) -> str:
    match = found.match
    line = f"{safe(match.search)} matched ({match.event})"
    if match.duplicate:
        return f"{line}; not told, as another source had the same"
    return line if found.tellings else f"{line}; nobody to tell, or told too long ago to be kept"


def _telling(telling: Telling, at: At, redact: "Redaction") -> str:
    whom = telling.channel if telling.recipient == telling.channel else f"{telling.channel}, {telling.recipient}"
    line = f"{safe(whom)}: {telling.state}{f' {at(telling.at)}' if telling.at else ''}"
    if telling.attempts and telling.state not in {"sent", "baseline"}:
        line += f", tried {telling.attempts}×"  # noqa: RUF001  # the sign for times
    if telling.next_at is not None:
        line += f", next try {at(telling.next_at)}"
    return f"{line}: {safe(redact(telling.error))}" if telling.error else line


def _opinion(opinion: Opinion, source: str) -> Iterator[str]:
    events = "" if opinion.on == ("new",) else f" (on {', '.join(opinion.on)})"
    if opinion.verdict == "looks_elsewhere":
        yield f"{safe(opinion.search)}{events}: does not look at {safe(source)}"
        return
    yield f"{safe(opinion.search)}{events}: {opinion.verdict}"
    conditions = [(f"{condition.rule}: {condition.term}", condition) for condition in opinion.conditions]
    width = min(max((columns(safe(text)) for text, _ in conditions), default=0), 40)
    for text, condition in conditions:
        shown, evidence = f"  {'yes' if condition.held else 'NO '}  {safe(text)}", _evidence(condition)
        padding = " " * (7 + width - columns(shown))
        whole = f"{shown}{padding}  {evidence}".rstrip()
        yield from [whole] if columns(whole) + 2 <= (room() or 200) else [shown, f"         {evidence}"]
    if not conditions:
        yield "  yes  no conditions: everything matches"


def _evidence(condition: Condition) -> str:
    if condition.note is not None:
        return f"({safe(condition.note)})"
    if condition.field is not None:
        return f"{condition.field}: {safe(condition.excerpt)}"
    return "" if condition.rule == "where" else "not found"
