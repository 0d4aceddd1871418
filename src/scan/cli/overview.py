"""`scan status` for people: how it is, what needs somebody, the sources, the last runs, when the next one starts."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import click

from scan.cli.output.spark import pictures
from scan.cli.output.table import Cell, table
from scan.cli.output.terminal import COLOURS, room
from scan.cli.output.text import folded, safe
from scan.cli.timer import timer_line
from scan.phrases import ago, size, took, words
from scan.status import Attention, Document, moment

MOST_NEEDS, MOST_OF_A_KIND = 8, 3
"""Things that need somebody, listed at most; and of those, say, that fail."""

FEW_SOURCES, MOST_SOURCES = 12, 8
"""So many sources are all listed; of more so many, and those first that are not well."""

MOST_RUNS = 3

ORDER = ("failing", "suspicious", "stale", "not_started", "healthy", "disabled")


def overview(
    document: Document, needs: Sequence[Attention], *, now: datetime, scan: str, of_user: bool, whole: bool
) -> Iterator[str]:
    """Write one screen, line by line.

    Args:
        document: what `scan status --json` prints.
        needs: what needs somebody.
        now: aware UTC.
        scan: how `scan` is called for this profile.
        of_user: whether it is a user's own systemd that runs it.
        whole: list everything, however much it is.

    """
    yield from _head(document, now)
    yield from _needs(needs, scan, whole=whole)
    if document["sources"]:
        yield ""
        yield from _sources(document["sources"], now, scan, whole=whole)
    if document["runs"]:
        yield ""
        yield from _runs(document["runs"], now)
    yield ""
    yield from _folded(f"timer: {timer_line(document['timer'], scan=scan, of_user=of_user, now=now)}")
    if undelivered := ", ".join(f"{count} {name}" for name, count in document["deliveries"].items() if count):
        yield from _folded(f"undelivered: {undelivered} ({scan} deliveries)")
    if document["database_bytes"] is not None:
        yield f"database: {size(document['database_bytes'])}"


def _head(document: Document, now: datetime) -> Iterator[str]:
    yield f"{safe(document['profile'])}: {_coloured(document['status'], bold=True)}"
    running, last = document["running"], document["last_run"]
    if running:
        yield f"running: PID {running['pid']}, started {ago(moment(running['since']), now)}"
    if last is None:
        yield from _folded(f"no run yet; config: {document['config']}")
        return
    when = ago(moment(last["finished_at"]), now)
    yield from _folded(f"last run: {when}, {words(last['status'])}: {last['summary']}")


def _needs(needs: Sequence[Attention], scan: str, *, whole: bool) -> Iterator[str]:
    shown = needs if whole else _pressing(needs)
    if shown:
        yield ""
    for one in shown:
        for number, line in enumerate(_folded(one.text, indent=2)):
            yield line if number else f"{click.style('!', fg='red', bold=True)} {line[2:]}"
        if one.command:
            yield f"    {click.style(safe(one.command), fg='cyan')}"
    if rest := [one.kind for one in needs if one not in shown]:
        counts = ", ".join(f"{rest.count(kind)} {words(kind)}" for kind in dict.fromkeys(rest))
        yield from _folded(f"and {len(rest)} more: {counts} ({scan} status --all)", indent=2)


def _pressing(needs: Sequence[Attention]) -> Sequence[Attention]:
    """Pick the first ones, and not all of one kind."""
    picked: list[Attention] = []
    for one in needs:
        if sum(other.kind == one.kind for other in picked) < MOST_OF_A_KIND and len(picked) < MOST_NEEDS:
            picked.append(one)
    return picked


def _sources(sources: Sequence[Mapping[str, Any]], now: datetime, scan: str, *, whole: bool) -> Iterator[str]:
    """Lay out the sources, those first that are not well; of many the rest is only counted."""
    ranked = sorted(sources, key=lambda source: ORDER.index(_state(source)))
    shown = ranked if whole or len(ranked) <= FEW_SOURCES else ranked[:MOST_SOURCES]
    heads = ("SOURCE", "KIND", "STATE", "LAST SUCCESS", "ITEMS", "MATCHES", "ERROR")
    yield table(heads, [_source(source, now) for source in shown])
    rest = [_state(source) for source in ranked[len(shown) :]]
    if rest:
        counts = [f"{rest.count(state)} {words(state)}" for state in ORDER if state in rest]
        yield from _folded(f"and {len(rest)} more: {', '.join(counts)} ({scan} status --all)")


def _source(source: Mapping[str, Any], now: datetime) -> tuple[object, ...]:
    state = _state(source)
    return (
        source["source"],
        source["kind"],
        Cell(state, COLOURS.get(state)),
        ago(moment(source["last_success_at"]), now),
        source["items"],
        source["matches"],
        source["error"],
    )


def _state(source: Mapping[str, Any]) -> str:
    state: str = source["health"] if source["enabled"] else "disabled"
    return state


def _runs(runs: Sequence[Mapping[str, Any]], now: datetime) -> Iterator[str]:
    """Lay out the last runs; how long they took and what was new, in a picture of them all."""
    oldest_first = list(reversed(runs))
    yield from pictures([run["duration_seconds"] for run in oldest_first], [run["new"] for run in oldest_first])
    heads = ("RUN", "STATUS", "TOOK", "OK", "FAILED", "NEW", "MATCHES", "SENT")
    yield table(heads, [_run(run, now) for run in runs[:MOST_RUNS]])


def _run(run: Mapping[str, Any], now: datetime) -> tuple[object, ...]:
    status, seconds = words(run["status"]), run["duration_seconds"]
    return (
        ago(moment(run["started_at"]), now),
        Cell(status, COLOURS.get(status)),
        None if seconds is None else took(seconds),
        *(run[name] for name in ("ok", "failed", "new", "matches", "sent")),
    )


def _folded(text: str, *, indent: int = 0) -> Iterator[str]:
    """Break a text into lines that fit the terminal; elsewhere it is one."""
    width, margin = room(), " " * indent
    lines = [safe(text)] if width is None else folded(safe(text), max(width - indent, 10))
    return (f"{margin}{line}" for line in lines)


def _coloured(word: str, *, bold: bool = False) -> str:
    return click.style(word, fg=COLOURS.get(word), bold=bold)
