"""Runs at other times, by libfaketime in the service: a container has the clock of its host, and so has its systemd."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.cli.boards import answer, job
from tests.mail import Mailbox
from tests.system.booted.configs import config, mailed, told, watched
from tests.system.booted.service import BOOTED, Service
from tests.system.tools import elapses
from tests.web import Web

pytestmark = BOOTED

NOON = datetime(2027, 1, 20, 12, tzinfo=UTC)


def test_a_jump_of_the_clock_and_back_costs_nothing_and_tells_nothing_twice(
    service: Service, web: Web, mailbox: Mailbox
) -> None:
    ann, bea, cleo = (job(number, f"Engineer {name}") for number, name in enumerate(("Ann", "Bea", "Cleo")))
    web.serve("/jobs", [answer(ann), answer(ann, bea), answer(ann, bea, cleo)])
    service.configure(mailed(web, mailbox))
    for moment in (NOON, NOON + timedelta(days=3), NOON + timedelta(minutes=1), NOON + timedelta(minutes=2)):
        service.at(moment)
        service.start()
    assert [run["sources"]["not_due"] for run in service.events("run_finished")] == [0, 0, 0, 1]
    assert told(mailbox) == ["Engineer Ann", "Engineer Bea", "Engineer Cleo"]


def test_every_cadence_of_a_profile_is_kept_however_the_starts_jitter(service: Service, web: Web) -> None:
    quarterly, hourly = web.serve("/quarterly", answer(job(1))), web.serve("/hourly", answer(job(2)))
    other = f"  - {{name: hourly, kind: greenhouse, board: h, url: '{hourly}', every: 1h}}\n"
    service.configure(config(quarterly, other, more=", every: 15m"))
    service.machine("scan", "units", "--install")
    (line,) = service.timer_lines()
    slots = elapses(line, written(NOON), 5)
    late = [60, 0, 60, 60, 0]  # the worst that a minute's random delay can do, each time
    for slot, seconds in zip(slots, late, strict=True):
        service.at(slot + timedelta(seconds=seconds))
        service.start()
    assert len(web.asked("/quarterly")) == 5
    assert len(web.asked("/hourly")) == 2


@pytest.mark.parametrize(
    ("evening", "night"),
    [("2027-03-13T12:00", "2027-03-14T08:00"), ("2027-11-06T12:00", "2027-11-07T08:00")],
    ids=["spring", "autumn"],
)
def test_two_in_the_night_in_chicago_comes_once_in_either_night(
    service: Service, web: Web, evening: str, night: str
) -> None:
    web.serve("/jobs", answer(job(1)))
    service.configure(watched(web).replace("every: 15m", "calendar: 02:00 America/Chicago"))
    service.machine("scan", "units", "--install")
    since = datetime.fromisoformat(evening).replace(tzinfo=UTC)
    service.at(since - timedelta(days=1))
    service.start()
    starts = {at for line in service.timer_lines() for at in elapses(line, written(since), 2)}
    for start in sorted(start for start in starts if start < since + timedelta(days=1)):
        service.at(start)
        service.start()
    scanned = [run["started_at"][:16] for run in service.events("run_finished") if run["sources"]["ok"]]
    assert scanned[1:] == [night]


def written(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"
