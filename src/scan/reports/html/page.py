"""All that the page shows, put together, and the page written."""

import base64
import functools
import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from importlib.resources import files
from typing import Any, NamedTuple

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from scan.phrases import took
from scan.reports.html import figures
from scan.reports.html.activity import Day, days_until, start_of
from scan.reports.html.advice import Advised, advised
from scan.reports.html.charts import spark
from scan.reports.html.histories import MOST, histories, state_of
from scan.reports.html.items import data, share
from scan.reports.html.matches import by_day
from scan.reports.html.words import NONE, counted, moment, number
from scan.reports.past import PastRun
from scan.reports.view import View

_MOST_MATCHES = 60
_MOST_RUNS = 3000
_RUNS_DRAWN = 96
_MOST_TROUBLES = 50
_BUFFERED = 200

_HEADLINES = {
    "healthy": ("ok", "It works", "All is well"),
    "degraded": ("warn", "Something needs you", "It works, with trouble"),
    "unhealthy": ("bad", "It is not working", "It is not working"),
    "not_started": ("none", "Nothing has run yet", "Nothing has run yet"),
}
"""Of each state: its style, and the headline where something needs attention, and where nothing does."""


class Tile(NamedTuple):
    """A figure to be seen at a glance."""

    name: str
    figure: str
    about: str
    place: str
    drawing: Markup = Markup("")


def render(view: View, *, days: int, max_items: int) -> Iterator[bytes]:
    """Write the page, its items as they are read.

    Args:
        view: what is known.
        days: of history.
        max_items: that the page's own search may find.

    """
    stream = _template().stream(**_page(_counted(view), days, max_items))
    stream.enable_buffering(_BUFFERED)
    for part in stream:
        yield part.encode()


@functools.cache
def _template() -> Any:
    environment = Environment(
        autoescape=True,
        loader=FunctionLoader(_asset),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"coded": coded, "number": number}
    return environment.get_template("page.html")


def _asset(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def coded(text: str) -> Markup:
    """Set what stands between backticks as code."""
    pieces = enumerate(text.split("`"))
    return Markup("").join(Markup("<code>{}</code>").format(piece) if place % 2 else piece for place, piece in pieces)


def _policy(script: str, style: str) -> str:
    """Let nothing in but this page's own script and style, known by their hashes."""
    sources = {"script-src": _hash(script), "style-src": _hash(style), "img-src": "data:"}
    allowed = "; ".join(f"{name} {source}" for name, source in sources.items())
    closed = "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    return f"default-src 'none'; {allowed}; {closed}"


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _counted(view: View) -> View:
    """Say of each source how many items it lists: the status knows only of its last whole result."""
    counts = view.known.listed_counts([source["source"] for source in view.sources])
    sources = [{**source, "items": counts.get(source["source"], 0)} for source in view.sources]
    return replace(view, status={**view.status, "sources": sources})


def _page(view: View, count: int, max_items: int) -> Mapping[str, Any]:
    days = days_until(view.now, view.zone, count, view.known)
    past = view.known.past_runs(start_of(days[0].date, view.zone), limit=_MOST_RUNS)
    script, style = _asset("page.js"), _asset("page.css")
    wrong = tuple(advised(view))
    level, *headlines = _HEADLINES[view.status["status"]]
    found = [row for row in view.known.matches(limit=2 * _MOST_MATCHES) if not row.duplicate]
    names = [source["source"] for source in view.sources]
    listed = [source["items"] for source in view.sources]
    most = share(listed, max_items)
    return {
        "profile": view.profile,
        "version": view.version,
        "zone": view.zone.key or "",
        "policy": _policy(script, style),
        "script": script,
        "style": style,
        "made": moment(view.now, view.zone),
        "every": view.status.get("every_seconds") or 0,
        "state": view.status["status"],
        "level": level,
        "headline": headlines[not wrong],
        "sentence": _sentence(view, wrong),
        "tiles": _tiles(view, days, past),
        "troubles": wrong,
        "call": view.call,
        "most_troubles": _MOST_TROUBLES,
        "match_days": tuple(by_day(found[:_MOST_MATCHES], view.zone)),
        "matches_shown": min(len(found), _MOST_MATCHES),
        "matches_left": len(found) > _MOST_MATCHES,
        "matches": sum(source["matches"] for source in view.sources),
        "figures": (figures.new_items(days), figures.match_rate(days), figures.runs(past[:_RUNS_DRAWN], view.zone)),
        "days": count,
        "histories": histories(view, days, wrong),
        "sources": len(names),
        "most_sources": MOST,
        "items": sum(listed),
        "items_shown": sum(min(items, most) for items in listed),
        "items_each": most,
        "data": data(view, names, most),
    }


def _sentence(view: View, wrong: Sequence[Advised]) -> str:
    """Say in two sentences how it is and what the last run did."""
    last = view.status["last_run"]
    if last is None:
        return "The page fills with the first run."
    things = f"{counted(len(wrong), 'thing needs', 'things need')} attention." if wrong else ""
    return " ".join(filter(None, (things, f"The last run: {last['summary']}.")))


def _tiles(view: View, days: Sequence[Day], past: Sequence[PastRun]) -> tuple[Tile, ...]:
    """Give the figures that are looked at every day."""
    recent = [run for run in past if run.started_at > view.now - timedelta(days=1)]
    well = sum(state_of(source) == "healthy" for source in view.sources)
    enabled = sum(bool(source["enabled"]) for source in view.sources)
    last = view.status["last_run"]
    failed = sum(run.status in {"failure", "partial_failure"} for run in recent)
    return (
        Tile(
            "New matches",
            number(sum(run.matched for run in recent)),
            f"in 24 hours; {number(sum(source['matches'] for source in view.sources))} in all",
            "matches",
            spark([day.total("matched") for day in days]),
        ),
        Tile(
            "New items",
            number(sum(run.new for run in recent)),
            f"in 24 hours; {number(sum(source['items'] for source in view.sources))} listed now",
            "items",
            spark([day.total("new") for day in days]),
        ),
        Tile("Sources well", f"{number(well)} of {number(enabled)}", _unwell(view), "sources"),
        Tile(
            "Last run",
            took(last["duration_seconds"]) if last else NONE,
            f"{counted(len(recent), 'run')} in 24 hours" + (f"; {number(failed)} with failures" if failed else ""),
            "runs",
            spark([run.duration_seconds or 0 for run in past[: len(days)]][::-1]),
        ),
    )


def _unwell(view: View) -> str:
    tally = Counter(state for source in view.sources if (state := state_of(source)) != "healthy")
    unwell = ", ".join(f"{number(count)} {state.replace('_', ' ')}" for state, count in tally.items())
    return unwell or ("all of them" if view.sources else "none is configured")
