"""How everything is, for Prometheus: a text file for the textfile collector of its node exporter.

    - kind: prometheus
      to: /var/lib/prometheus/node-exporter/scan.prom

All are gauges with the label `profile`, those of a source also with `source`. A run is a success here unless every
source failed; times are seconds since 1970, a moment that never came is left out. Worth an alert:

- `time() - scan_last_success_timestamp_seconds > 2 * scan_interval_seconds`
- `time() - node_textfile_mtime_seconds{file="scan.prom"} > 1800`, for a file that is not written any more
- `scan_source_last_run_success == 0`, `scan_source_suspicious == 1`
- `scan_outbox_deliveries{state="dead"} > 0`

The service may not write to the collector's folder: either allow it (`ReadWritePaths=`), or let it write to its own
(`to: /var/lib/scan/scan.prom`) and link to that from the collector's, which follows the link.

Source: https://prometheus.io/docs/instrumenting/exposition_formats/ and https://prometheus.io/docs/practices/naming/,
read 2026-11; the collector as of node_exporter 1.5.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple, get_args

from scan.health import OverallHealth
from scan.reports.base import FileReport
from scan.reports.view import View
from scan.status import moment

_SUCCESS = ("success", "partial_failure")
"""Of a run: something went through."""

Sample = tuple[Mapping[str, str], float | None]
"""Labels beside the profile's, and a value; None is left out."""


class Gauge(NamedTuple):
    """One metric with its samples."""

    name: str
    help: str
    samples: Iterable[Sample]


class Prometheus(FileReport, kind="prometheus"):
    """Gauges for the textfile collector."""

    mode = 0o644

    def render(self, view: View) -> Iterator[bytes]:
        """Write the gauges, each under its help and type."""
        for gauge in (*_of_profile(view), *_of_last_run(view), *_of_sources(view)):
            lines = list(_lines(gauge, view.profile))
            if lines:
                head = f"# HELP scan_{gauge.name} {gauge.help}\n# TYPE scan_{gauge.name} gauge\n"
                yield (head + "".join(lines)).encode()


def _of_profile(view: View) -> Iterator[Gauge]:
    status = view.status
    outbox = [({"state": state}, count) for state, count in status["deliveries"].items()]
    states = [({"state": state}, state == status["status"]) for state in get_args(OverallHealth)]
    yield Gauge("build_info", "The version of scan that wrote this.", [({"version": view.version}, 1)])
    yield Gauge("health", "1 for the state that the profile is in.", states)
    yield Gauge("interval_seconds", "How often a run is due.", _one(status["every_seconds"]))
    yield Gauge("database_size_bytes", "What the database takes.", _one(status["database_bytes"]))
    yield Gauge("outbox_deliveries", "What is still to be told, or was given up, by state.", outbox)
    success = view.known.last_success()
    yield Gauge("last_success_timestamp_seconds", "When a run last was a success.", _one(_seconds(success)))


def _of_last_run(view: View) -> Iterator[Gauge]:
    run = view.status["last_run"]
    sources = [({"status": name}, run["sources"][name]) for name in ("ok", "failed", "suspicious", "not_due", "left")]
    items = [({"change": name}, run["items"][name]) for name in ("new", "changed", "unchanged", "returned", "gone")]
    finished_at = moment(run["finished_at"])
    yield Gauge("last_run_timestamp_seconds", "When the last run ended.", _one(_seconds(finished_at)))
    yield Gauge("last_run_success", "Whether the last run was a success.", _one(run["status"] in _SUCCESS))
    yield Gauge("last_run_duration_seconds", "How long the last run took.", _one(run["duration_seconds"]))
    yield Gauge("last_run_sources", "The last run's sources, by what became of them.", sources)
    yield Gauge("last_run_items", "The last run's items, by what became of them.", items)
    yield Gauge("last_run_matches", "New matches of the last run.", _one(run["matches"]["new"]))
    yield Gauge("last_run_deliveries_sent", "What the last run told.", _one(run["deliveries"]["sent"]))
    yield Gauge("last_run_deliveries_failed", "What the last run could not tell.", _one(run["deliveries"]["failed"]))


def _of_sources(view: View) -> Iterator[Gauge]:
    sources = [source for source in view.sources if source["enabled"]]

    def each(name: str, help_: str, value: Any) -> Gauge:
        return Gauge(f"source_{name}", help_, [({"source": source["source"]}, value(source)) for source in sources])

    yield each("last_run_success", "Whether the source could be read when it was last tried.", _was_read)
    yield each("last_attempt_timestamp_seconds", "When the source was last tried.", _at("last_attempt_at"))
    yield each("last_success_timestamp_seconds", "When the source was last read.", _at("last_success_at"))
    yield each("consecutive_failures", "How often in a row the source failed.", lambda one: one["consecutive_failures"])
    yield each("suspicious", "Whether its result is hard to believe.", lambda one: one["suspicious_since"] is not None)
    yield each("items", "Items that the source lists.", lambda one: one["items"])
    yield each("interval_seconds", "How often the source is due.", lambda one: one["every_seconds"])


def _was_read(source: Mapping[str, Any]) -> bool | None:
    return None if source["last_attempt_at"] is None else source["consecutive_failures"] == 0


def _at(name: str) -> Callable[[Mapping[str, Any]], float | None]:
    return lambda source: _seconds(moment(source[name]))


def _seconds(when: datetime | None) -> float | None:
    return None if when is None else when.timestamp()


def _one(value: float | None) -> list[Sample]:
    return [({}, value)]


def _lines(gauge: Gauge, profile: str) -> Iterator[str]:
    for labels, value in gauge.samples:
        if value is not None:
            pairs = ",".join(f'{name}="{_escaped(text)}"' for name, text in {"profile": profile, **labels}.items())
            yield f"scan_{gauge.name}{{{pairs}}} {_number(value)}\n"


def _number(value: float) -> str:
    """Write a value, whole numbers without a fraction."""
    return str(int(value)) if value == int(value) else repr(float(value))


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("\n", r"\n").replace('"', r"\"")
