"""What a digest says, in words, before it is laid out as text or HTML: a subject, and sections of entries.

Every text in an `Outline` is clean: one line, of bounded length. Only the layouts know about markup.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from scan.channels.clean import one_line, web_link
from scan.model import Alert, AlertKind, Digest, Event, FieldChange, Item, Notice, Reason

FIRST_RUN = "Found on a first run: what matched when scan first looked there."
BACKLOG = "Found by a new or changed search among what was stored already."

_NOTES = {
    Event.CHANGED: "changed",
    Event.GONE: "gone: no longer listed",
    Event.SUSPICIOUS: "missing: the next runs will tell whether it is gone",
}
_ADVICE: Mapping[AlertKind, str] = {
    "suspicious": "nothing is taken for gone unless it stays so for two intervals",
    "held": "scan deliveries --state held lists them; release or drop them",
    "dead": "scan deliveries --state dead lists them; retry or drop them",
    "config_error": "its messages wait until it is mended",
    "start_failed": "its last lines, as the journal has them",
}
_MOST_REASONS = 6
_MOST_ATTRIBUTES = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One item as it is told.

    Attributes:
        headline: the title as a subject has it: shorter, and for a job with the employer.
        note: what happened to it; None for a new one.
        facts: who, where, when, what is special to it, and which sources have it.
        reasons: why it matched.
        lines: of a log.

    """

    title: str
    headline: str
    link: str | None = None
    note: str | None = None
    facts: tuple[str, ...] = ()
    changes: tuple[FieldChange, ...] = ()
    reasons: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """What one search found; of alerts, what `scan` has to say of itself.

    Attributes:
        counts: such as `2 new, 1 changed`.
        remark: said before the entries; None if there is nothing special about them.

    """

    search: str
    counts: str
    remark: str | None
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """A digest in words.

    Attributes:
        more: how many items are not told for want of room.
        remark: said before everything else; None if there is nothing to say.

    """

    subject: str
    profile: str
    sections: tuple[Section, ...]
    more: int
    remark: str | None = None


def outline(digest: Digest, max_items: int) -> Outline:
    """Put a digest into words, at most `max_items` of its items. Never raises, whatever the items hold."""
    told = digest.notices[:max_items]
    return Outline(
        subject=subject(digest),
        profile=one_line(digest.profile, 80),
        sections=(
            *_alert_section(digest.alerts, ZoneInfo(digest.zone)),
            *_sections(told, ZoneInfo(digest.zone), backlog=digest.backlog),
        ),
        more=len(digest.notices) - len(told),
    )


def subject(digest: Digest) -> str:
    """Say what is inside, in at most about 200 characters."""
    if digest.alerts:
        return _alert_subject(digest.alerts)
    if not digest.notices:
        return f"Nothing to tell ({one_line(digest.profile, 80)})"
    first, count = digest.notices[0], len(digest.notices)
    searches = list(dict.fromkeys(one_line(notice.search, 40) for notice in digest.notices))
    about = ", ".join(searches) if len(searches) <= 2 else f"{len(searches)} searches"
    headline = worded(first, ZoneInfo("UTC")).headline
    if count == 1:
        event = "" if first.event is Event.NEW else f"{first.event.capitalize()}: "
        return f"{_occasion(digest)}{event}{headline} ({about})"
    return f"{_occasion(digest)}{_counts(digest.notices)} for {about}: {headline}, …"


def _alert_subject(alerts: tuple[Alert, ...]) -> str:
    said = one_line(alerts[0].text, 140)
    return f"scan: {said}" if len(alerts) == 1 else f"scan: {_problems(alerts)}: {said}, …"


def _problems(alerts: tuple[Alert, ...]) -> str:
    """Count what is bad, and what is good again."""
    good = sum(alert.kind == "recovered" for alert in alerts)
    bad = len(alerts) - good
    counts = [f"{bad} problem{'s' if bad > 1 else ''}"] if bad else []
    return ", ".join(counts + ([f"{good} recover{'ies' if good > 1 else 'y'}"] if good else []))


def _alert_section(alerts: tuple[Alert, ...], zone: ZoneInfo) -> Iterable[Section]:
    """Lay alerts out like items: what is wrong, since when, and what to do about it."""
    if alerts:
        entries = (_alert(alert, zone) for alert in alerts)
        yield Section(search="scan", counts=_problems(alerts), remark=None, entries=tuple(entries))


def _alert(alert: Alert, zone: ZoneInfo) -> Entry:
    said, began = one_line(alert.text, 500), alert.since.astimezone(zone)
    since = "not well since" if alert.kind == "recovered" else "since"
    facts = (f"{since} {began.day} {began:%b} {began.year}, {began:%H:%M %Z}", _ADVICE.get(alert.kind, ""))
    lines = tuple(one_line(line, 300) for line in alert.lines)
    return Entry(title=said, headline=said, facts=tuple(filter(None, facts)), lines=lines)


def _occasion(digest: Digest) -> str:
    if digest.backlog:
        return "Already stored: "
    return "First run: " if all(notice.first_run for notice in digest.notices) else ""


def _counts(notices: Iterable[Notice]) -> str:
    tally = Counter(notice.event for notice in notices)
    return ", ".join(f"{tally[event]} {event}" for event in Event if tally[event])


def _sections(notices: tuple[Notice, ...], zone: ZoneInfo, *, backlog: bool) -> Iterable[Section]:
    """Group by search, in order of first appearance; first runs apart from what came later."""
    groups: dict[tuple[str, str | None], list[Notice]] = {}
    for notice in notices:
        groups.setdefault((notice.search, _remark(notice, backlog=backlog)), []).append(notice)
    for (search, remark), members in groups.items():
        yield Section(
            search=one_line(search, 80),
            counts=_counts(members),
            remark=remark,
            entries=tuple(worded(notice, zone) for notice in members),
        )


def _remark(notice: Notice, *, backlog: bool) -> str | None:
    if backlog:
        return BACKLOG
    return FIRST_RUN if notice.first_run else None


def worded(notice: Notice, zone: ZoneInfo) -> Entry:
    """Word one notice; one that cannot be worded becomes its link, so that the others still go out."""
    try:
        return _entry(notice, zone)
    except Exception:  # noqa: BLE001 - whatever is wrong with one item must not cost the others their message
        link = notice.item.url
        title = "(an item that cannot be shown)"
        return Entry(title=title, headline=title, link=web_link(link) if isinstance(link, str) else None)


def _entry(notice: Notice, zone: ZoneInfo) -> Entry:
    item = notice.item
    title = one_line(item.title) or "(without a title)"
    employer = one_line(item.organization or "", 50) if item.kind == "job" else ""
    return Entry(
        title=title,
        headline=one_line(title, 80) + (f" at {employer}" if employer else ""),
        link=web_link(item.url),
        note=_NOTES.get(notice.event),
        facts=tuple(fact for fact in facts(item, notice.sources, zone) if fact),
        changes=tuple(_change(change) for change in notice.changes),
        reasons=tuple(_reason(reason) for reason in notice.reasons[:_MOST_REASONS]),
    )


def facts(item: Item, sources: tuple[str, ...], zone: ZoneInfo) -> Iterable[str]:
    """Tell who, where, when, what is special to an item, and which sources have it; some may be empty."""
    yield one_line(item.organization or "", 120)
    yield one_line(item.location or "", 120)
    if item.published_at:
        yield f"published {day(item.published_at, zone)}"
    yield from _attributes(item.attributes)
    yield f"from {one_line(', '.join(sources), 120)}" if sources else ""


def day(moment: datetime, zone: ZoneInfo) -> str:
    """Give the day in a zone. Midnight UTC is how a mere date is stored: it stays that date everywhere."""
    utc = moment.astimezone(UTC)
    local = utc if utc.time() == time(0) else utc.astimezone(zone)
    return f"{local.day} {local:%b} {local.year}"


def _attributes(attributes: Mapping[str, object]) -> Iterable[str]:
    """Tell the first few plain ones; lists and tables are for programs."""
    plain = [(name, value) for name, value in attributes.items() if isinstance(value, str | int | float)]
    for name, value in plain[:_MOST_ATTRIBUTES]:
        shown = {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
        if shown:
            yield one_line(f"{name.replace('_', ' ')}: {shown}", 80)


def _change(change: FieldChange) -> FieldChange:
    def shown(value: str | None) -> str | None:
        return None if value is None else one_line(value, 200)

    return FieldChange(one_line(change.field, 60), shown(change.old), shown(change.new))


def _reason(reason: Reason) -> str:
    if reason.field is None:
        return one_line(reason.term, 160)
    found = f"“{one_line(reason.term, 80)}” in {one_line(reason.field, 40)}"
    return f"{found}: {one_line(reason.excerpt, 160)}" if reason.excerpt else found
