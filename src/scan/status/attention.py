"""What needs somebody: what is wrong, and the command that mends it, or shows more of it. Pure."""

import shlex
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from scan.phrases import ago, counted, short, span
from scan.status.judging import Document, late_after, moment


class Attention(NamedTuple):
    """One thing that needs somebody.

    Attributes:
        kind: what sort of thing, by a name that stays.
        subject: the source, channel or unit that it is about; None for the profile as a whole.
        text: what is wrong.
        command: what mends it, or shows more of it; None where only time does.

    """

    kind: str
    subject: str | None
    text: str
    command: str | None


def needs_attention(document: Document, *, now: datetime, scan: str) -> list[Attention]:
    """List what needs somebody, the most pressing first: the profile, its timer, channels, lists and sources.

    Args:
        document: as `judge` gives it, with `timer`, if there is one.
        now: aware UTC.
        scan: how `scan` is called for this profile.

    """
    timer = document.get("timer")
    return [
        *_of_runs(document, now, scan),
        *_of_timer(timer, scan),
        *_of_channels(document, scan),
        *(one for of in document["lists"] for one in _of_list(of, now, scan)),
        *(one for source in document["sources"] if source["enabled"] for one in _of_source(source, now, scan)),
    ]


def _of_runs(document: Document, now: datetime, scan: str) -> Iterator[Attention]:
    last, running, timer = document["last_run"], document["running"], document.get("timer")
    by_hand = f"{scan} run"
    if last is None and running is None:
        yield Attention("not_started", None, "no run has ended yet", by_hand)
    if document["interrupted"]:
        yield Attention("interrupted", None, "the last run was interrupted; the next one makes up for it", by_hand)
    every = document["every_seconds"]
    if running is not None and (long := _seconds(running["since"], now)) > every:
        yield Attention("running_long", None, f"a run has been going for {span(long)}", f"kill {running['pid']}")
    if last is None:
        return
    if (age := document["age_seconds"]) > late_after(document) and running is None:
        journal = f"journalctl{_option(timer)} -u {timer['service']} -n 50" if timer and timer["active"] else None
        text = f"the last run ended {span(age)} ago, and one is due every {span(every)}"
        yield Attention("late", None, text, journal or by_hand)
    for error in last["errors"]:
        yield Attention("run", None, f"the last run: {error}", f"{scan} runs {short(last['run_id'])}")


def _of_timer(timer: Mapping[str, Any] | None, scan: str) -> Iterator[Attention]:
    if timer is None:
        return
    unit, option = timer["unit"], _option(timer)
    starts = f"systemctl{option} enable --now {unit}"
    if not timer["active"]:
        yield Attention("timer_off", unit, f"{unit} is off: no run starts by itself", starts)
    elif not timer["enabled"]:
        yield Attention("timer_disabled", unit, f"{unit} is off after the next boot", starts)
    if timer["failure"]:
        journal = f"journalctl{option} -u {timer['service']} -n 50"
        yield Attention("timer_failed", unit, f"the last start by {unit} failed: {timer['failure']}", journal)
    if timer["active"] and timer["fits"] is False:
        installs = f"{scan} units{option} --install"
        yield Attention("timer_unfit", unit, f"{unit} does not fit the config's cadence", installs)


def _of_channels(document: Document, scan: str) -> Iterator[Attention]:
    for channel in document["channels"]:
        name = channel["channel"]
        text = f"{name} {_STATES.get(channel['state'], 'fails')}: {channel['last_error']}"
        yield Attention("channel", name, text, f"{scan} channels test {shlex.quote(name)}")
    if dead := document["deliveries"].get("dead"):
        text = f"{counted(dead, 'delivery was', 'deliveries were')} given up: retry or drop them"
        yield Attention("dead", None, text, f"{scan} deliveries --state dead")
    for held in document["held"]:
        name, many = held["source"], counted(held["deliveries"], "delivery is", "deliveries are")
        text = f"{name}: {many} held back, as the new items look like the known ones under other names"
        yield Attention("held", name, text, f"{scan} deliveries release {shlex.quote(name)}")
    for removed in document["removed"]:
        whom = f"{removed['channel']} ({removed['recipient']})"
        many = counted(removed["deliveries"], "delivery waits", "deliveries wait")
        text = f"{whom} is not in the config any more: {many} for its return, or to be dropped"
        yield Attention("removed", removed["channel"], text, f"{scan} deliveries")


_STATES = {"config_error": "cannot be used", "paused": "fails, and is tried again later"}


def _of_list(of: Mapping[str, Any], now: datetime, scan: str) -> Iterator[Attention]:
    name, check = of["list"], f"{scan} config check"
    if of["error"]:
        used = f"used as it was {ago(moment(of['synced_at']), now)}" if of["synced_at"] else "there is no copy of it"
        yield Attention("unsynced", name, f"the list {name} cannot be synced, {used}: {of['error']}", f"{scan} run")
    if of["rejected"]:
        left = counted(of["rejected"], "row is", "rows are")
        yield Attention("rows", name, f"the list {name}: {left} left out; {of['rejected_rows'][0]}", check)


def _of_source(source: Mapping[str, Any], now: datetime, scan: str) -> Iterator[Attention]:
    name, error, named = source["source"], source["error"], shlex.quote(source["source"])
    shows = f"{scan} preview {named}"
    if source["health"] == "failing":
        since = source["failing_since"]
        during = f" for {span(_seconds(since, now))}" if since else ""
        text = f"{name} fails{during}, {source['consecutive_failures']} times in a row: {error}"
        yield Attention("failing", name, text.replace(", 1 times in a row", ""), shows)
    elif source["health"] == "suspicious":
        text = f"{name} is suspicious, and nothing is taken for gone: {error}"
        yield Attention("suspicious", name, text, shows)
    elif source["health"] == "stale":
        last = moment(source["last_success_at"])
        when = "never" if last is None else f"{span(_seconds(source['last_success_at'], now))} ago"
        text = f"{name}: last success {when}, though it is due every {span(source['every_seconds'])}"
        yield Attention("stale", name, f"{text}: {error}" if error else text, f"{scan} run {named}")


def _option(timer: Mapping[str, Any] | None) -> str:
    return " --user" if timer and timer["user"] else ""


def _seconds(since: str, now: datetime) -> float:
    then = moment(since)
    return timedelta(0).total_seconds() if then is None else (now - then).total_seconds()
