"""Publishing every report of a config, each in its kind's way; one's failure is no other's."""

import logging
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from typing import NamedTuple

from scan.errors import ScanError
from scan.page import Request
from scan.publish import files, pings, sheets
from scan.publish.world import LONGEST, World
from scan.reports.base import FileReport, Report
from scan.reports.ping import Ping
from scan.reports.sheets import Sheets
from scan.reports.view import View

log = logging.getLogger("scan.publish")


class Published(NamedTuple):
    """What became of the reports.

    Attributes:
        done: what was published, one line each.
        errors: what was not, and why, one line each, without secrets.

    """

    done: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()


class Publisher:
    """Publishes the reports of a config. Nothing here raises: what fails is logged."""

    def __init__(self, reports: Sequence[Report], world: World) -> None:
        self._pings = [report for report in reports if isinstance(report, Ping)]
        self._others = [report for report in reports if not isinstance(report, Ping)]
        self._world = world

    def begin(self, run_id: str) -> None:
        """Ping that a run has begun."""
        self._ping(lambda ping: ping.start(run_id))

    def publish(self, view: View) -> Published:
        """Publish everything, pings last; without a run, nobody is pinged."""
        world, outcome = self._world, view.outcome
        results = [
            self._try(report, LONGEST, partial(self._hand_over, report, view))
            for report in self._others
            if not world.stop()
        ]
        if outcome is not None:
            results += self._ping(lambda ping: ping.end(outcome, world.exit_status(outcome), world.log()))
        return Published(
            done=tuple(said for well, said in results if well), errors=tuple(said for well, said in results if not well)
        )

    def break_off(self, run_id: str, error: str) -> None:
        """Ping that an error has ended a run."""
        said = self._world.redact(error)
        self._ping(lambda ping: ping.broken(run_id, said, self._world.log()))

    def _hand_over(self, report: Report, view: View) -> str:
        """Publish one report in its kind's way; returns what was done, in words."""
        match report:
            case FileReport():
                return files.write(report, view, self._world.patience())
            case Sheets():
                return sheets.write(report, view, self._world)
            case _:
                raise NotImplementedError(f"nothing here publishes a report of kind {report.kind}")

    def _ping(self, signal: Callable[[Ping], Request]) -> list[tuple[bool, str]]:
        """Send every ping's signal."""
        return [self._try(ping, ping.timeout, partial(self._signal, ping, signal)) for ping in self._pings]

    def _signal(self, ping: Ping, signal: Callable[[Ping], Request]) -> str:
        return pings.send(ping, signal(ping), self._world.ask)

    def _try(self, report: Report, ahead: timedelta, act: Callable[[], str]) -> tuple[bool, str]:
        """Do one thing; returns whether that went well, and what was done or went wrong."""
        self._world.beat(f"report {report.kind}", ahead)
        about = {"report": report.kind, "place": report.label}
        try:
            said = act()
        except ScanError as error:
            wrong, bug = self._world.redact(str(error)), None
        except Exception as error:  # noqa: BLE001 - a bug, be it a plug-in's, costs its own report only
            wrong, bug = self._world.redact(f"{type(error).__name__}: {error}"), error
        else:
            log.info("report %s: %s", report.label, said, extra={"event": "report_published", **about})
            return True, f"report {report.label}: {said}"
        facts = {"event": "report_failed", **about, "error": wrong}
        log.warning("report %s failed: %s", report.label, wrong, extra=facts, exc_info=bug)
        return False, f"report {report.label}: {wrong}"
