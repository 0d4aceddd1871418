"""What whoever runs `scan` should know: a source or channel in trouble, told once for as long as the trouble lasts.

Nothing here waits for an event. Everything that is wrong at present is read from the database and compared with the
alerts that are open, so that a run that is killed between a cause and its alert loses nothing and repeats nothing: the
next run begins by looking again.
"""

import hashlib
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime

import msgspec

from scan.cadence import SLACK, SourceState
from scan.config.model import Config, SourceEntry
from scan.model import AlertKind, Event
from scan.redaction import Redaction
from scan.run.matching import looks_at
from scan.store.database import Store
from scan.store.records import NewDelivery
from scan.store.trouble import GivenUp, NewAlert, OpenAlert, Trouble

log = logging.getLogger("scan.run")

FAILING_FOR = 2
"""Intervals of its own that a source may fail before anybody is told."""

LONGEST_TEXT = 500

Place = tuple[str, str]
"""A channel and one of its recipients."""


class Condition(msgspec.Struct, frozen=True, kw_only=True):
    """Something that is wrong.

    Attributes:
        subject: the source, the channel, or the channel with the recipient in brackets.
        affected: the channel that is in trouble itself, and the recipient if only that one is.

    """

    kind: AlertKind
    subject: str
    since: datetime
    text: str
    affected: tuple[str, str | None] | None = None


def raise_alerts(config: Config, store: Store, now: datetime) -> frozenset[str]:
    """Queue an alert for whatever is wrong and was not said yet, and one for each source that works again.

    Returns:
        The channels that have something to tell now.

    """
    if not config.alerts and not any(Event.SUSPICIOUS in search.on for search in config.searches):
        return frozenset()
    trouble = store.trouble()
    present = {(one.kind, one.subject): one for one in conditions(config, trouble, now)}
    said = {(alert.kind, alert.subject): alert for alert in trouble.open}
    ended = [alert for key, alert in said.items() if key not in present]
    fresh = [_alert(config, one) for key, one in present.items() if key not in said]
    raised = [alert for alert in (*fresh, *_recoveries(config, store, trouble, ended)) if alert.deliveries]
    if not (raised or ended):
        return frozenset()
    for alert in raised:
        facts = {"event": "alert_raised", "kind": alert.kind, "subject": alert.subject}
        log.log(logging.INFO if alert.kind == "recovered" else logging.WARNING, alert.text, extra=facts)
    return frozenset(store.record_alerts(now, raised, [alert.id for alert in ended]))


def conditions(config: Config, trouble: Trouble, now: datetime) -> Iterator[Condition]:
    """Name everything that is wrong with what is configured. Pure."""
    entries = {entry.name: entry for entry in config.sources if entry.enabled}
    said = {(alert.kind, alert.subject) for alert in trouble.open}
    for state in trouble.sources:
        if (entry := entries.get(state.name)) is not None:
            yield from _of_source(config, entry, state, now, told=("failing", state.name) in said)
    for held in trouble.held:
        what = f"{_counted(held.deliveries)} held back: the new items look like the known ones under other names"
        yield Condition(kind="held", subject=held.source, since=held.since, text=f"{held.source}: {what}")
    places = set(_places(config, {channel.name for channel in config.channels}))
    yield from (_of_dead(dead) for dead in trouble.given_up if (dead.channel, dead.recipient) in places)
    names = {channel for channel, _ in places}
    for channel in trouble.channels:
        if channel.state == "config_error" and channel.channel in names:
            yield Condition(
                kind="config_error",
                subject=channel.channel,
                since=now,
                text=f"{channel.channel} cannot be used: {channel.last_error}",
                affected=(channel.channel, None),
            )


def _of_source(
    config: Config, entry: SourceEntry, state: SourceState, now: datetime, *, told: bool
) -> Iterator[Condition]:
    """Say what is wrong with a source. One that fails is told of after a while (at once if it ends runs), and then
    until it works again.
    """
    if state.suspicious_since is not None:
        reason = state.last_error if state.last_status == "suspicious" else "its last result is hard to believe"
        text = f"{entry.name} is suspicious: {reason}"
        yield Condition(kind="suspicious", subject=entry.name, since=state.suspicious_since, text=text)
    if state.failing_since is not None:
        every = config.cadence_of(entry)
        patience = FAILING_FOR * every - min(every / 10, SLACK)
        if told or state.quarantined or now - state.failing_since >= patience:
            text = f"{entry.name} fails: {state.last_error}"
            yield Condition(kind="failing", subject=entry.name, since=state.failing_since, text=text)


def _of_dead(dead: GivenUp) -> Condition:
    subject = dead.channel if dead.recipient == dead.channel else f"{dead.channel} ({dead.recipient})"
    return Condition(
        kind="dead",
        subject=subject,
        since=dead.since,
        text=f"{subject}: {_counted(dead.deliveries)} given up: {dead.error}",
        affected=(dead.channel, dead.recipient),
    )


def _counted(deliveries: int) -> str:
    return "1 delivery is" if deliveries == 1 else f"{deliveries} deliveries are"


def _recoveries(config: Config, store: Store, trouble: Trouble, ended: Sequence[OpenAlert]) -> Iterator[NewAlert]:
    """Tell of each source that works again, if anybody was told that it did not."""
    ill = {state.name for state in trouble.sources}
    entries = {entry.name for entry in config.sources if entry.enabled} - ill
    over: dict[str, list[OpenAlert]] = {}
    for alert in ended:
        if alert.kind in {"suspicious", "failing"} and alert.subject in entries:
            over.setdefault(alert.subject, []).append(alert)
    states = store.source_states(list(over)) if over else {}
    for name, alerts in over.items():
        count = states[name].last_count if name in states else None
        works = f"works again: {count} items" if count else "has no items any more, which is believed now"
        condition = Condition(
            kind="recovered",
            subject=name,
            since=min(alert.since for alert in alerts),
            text=f"{name} {works}",
        )
        suspicious = any(alert.kind == "suspicious" for alert in alerts)
        yield _alert(config, condition, suspicious=suspicious, ends=tuple(alert.id for alert in alerts))


def _alert(config: Config, condition: Condition, *, suspicious: bool = False, ends: tuple[int, ...] = ()) -> NewAlert:
    """Address a condition to everybody who is to hear of it."""
    redact: Callable[[str], str] = Redaction(config.secrets)
    return NewAlert(
        kind=condition.kind,
        subject=condition.subject,
        since=condition.since,
        text=redact(condition.text)[:LONGEST_TEXT],
        deliveries=tuple(
            NewDelivery(id=_identity(place, condition), channel=place[0], recipient=place[1], state="pending")
            for place in _audience(config, condition, suspicious=suspicious or condition.kind == "suspicious")
        ),
        ends=ends,
    )


def _audience(config: Config, condition: Condition, *, suspicious: bool) -> list[Place]:
    """Name whom a condition is told to: not by way of what is broken, unless there is no other."""
    names = set(config.alerts)
    if suspicious:
        names |= _listening(config, condition.subject)
    places = _places(config, names)
    if condition.affected is None:
        return places
    channel, recipient = condition.affected
    if recipient is None:
        return [place for place in places if place[0] != channel]
    return [place for place in places if place != condition.affected] or places


def _listening(config: Config, source: str) -> set[str]:
    """Name the channels of the searches that want to know when a source turns suspicious."""
    entry = next(entry for entry in config.sources if entry.name == source)
    every = [channel.name for channel in config.channels]
    searches = (search for search in config.searches if Event.SUSPICIOUS in search.on and looks_at(search, entry))
    return {name for search in searches for name in search.notify or every}


def _places(config: Config, names: Iterable[str]) -> list[Place]:
    return [(c.name, recipient) for c in config.channels if c.name in names for recipient in c.recipients()]


def _identity(place: Place, condition: Condition) -> str:
    """Identify what is told to whom: computed again after a crash, it is the same."""
    parts = ("alert", *place, condition.kind, condition.subject, condition.since.isoformat())
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
