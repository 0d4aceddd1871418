"""Rendered reports -> files, and whatever else a kind of report is. None of them can fail or hang a run."""

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import timedelta
from typing import NamedTuple

from scan.errors import ReportError, ScanError
from scan.publish import files
from scan.reports import FileReport, Report, View

__all__ = ["LONGEST", "Published", "publish"]

log = logging.getLogger("scan.publish")

LONGEST = timedelta(minutes=2)
"""For one report; it is given up after that."""


class Published(NamedTuple):
    """What became of the reports.

    Attributes:
        done: what was published, one line each.
        errors: what was not, and why, one line each, without secrets.

    """

    done: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()


def publish(
    reports: Sequence[Report],
    view: View,
    *,
    stop: Callable[[], bool],
    beat: Callable[[str, timedelta], None],
    redact: Callable[[str], str],
    clock: Callable[[], float] = time.monotonic,
) -> Published:
    """Publish every report; one's failure is no other's.

    Args:
        reports: of the config.
        view: what they are made of.
        stop: true once the run has been asked to end: nothing more is published then.
        beat: told what comes next, and how long it may take.
        redact: takes secrets out of what is told of a failure.
        clock: monotonic seconds.

    """
    done: list[str] = []
    errors: list[str] = []
    for report in reports:
        if stop():
            break
        beat(f"report {report.kind}", LONGEST)
        well, said = _publish(report, view, _patience(stop, clock), redact)
        (done if well else errors).append(f"report {report.label}: {said}")
    return Published(tuple(done), tuple(errors))


def _publish(report: Report, view: View, bounded: files.Bounded, redact: Callable[[str], str]) -> tuple[bool, str]:
    """Publish one report; returns whether that went well, and what was done or went wrong."""
    about = {"report": report.kind, "place": report.label}
    try:
        said = _hand_over(report, view, bounded)
    except ScanError as error:
        wrong, bug = redact(str(error)), None
    except Exception as error:  # noqa: BLE001 - a bug, be it a plug-in's, costs its own report only
        wrong, bug = redact(f"{type(error).__name__}: {error}"), error
    else:
        log.info("report %s: %s", report.label, said, extra={"event": "report_published", **about})
        return True, said
    facts = {"event": "report_failed", **about, "error": wrong}
    log.warning("report %s failed: %s", report.label, wrong, extra=facts, exc_info=bug)
    return False, wrong


def _hand_over(report: Report, view: View, bounded: files.Bounded) -> str:
    """Publish one report in its kind's way; returns what was done, in words."""
    match report:
        case FileReport():
            return files.write(report, view, bounded)
        case _:
            raise NotImplementedError(f"nothing here publishes a report of kind {report.kind}")


def _patience(stop: Callable[[], bool], clock: Callable[[], float]) -> files.Bounded:
    """Pass a report's parts on for as long as it may take."""
    until = clock() + LONGEST.total_seconds()

    def bounded(parts: Iterable[bytes]) -> Iterator[bytes]:
        for part in parts:
            if stop():
                raise ReportError("the run was asked to end")
            if clock() > until:
                raise ReportError(f"not finished after {LONGEST.total_seconds():.0f} seconds; given up")
            yield part

    return bounded
