"""`scan units` and what `scan status` says of the timer, on a machine where systemd runs."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.cli.boards import answer, job
from tests.gate import Gate
from tests.system.booted.configs import config, watched
from tests.system.booted.service import BOOTED, Service, has_ended
from tests.web import Web

pytestmark = BOOTED


@pytest.fixture
def ready(service: Service, web: Web) -> Service:
    web.serve("/jobs", answer(job(1)))
    service.configure(watched(web))
    return service


def kinds(service: Service) -> list[str]:
    """Give what `scan status` says is wrong with the timer."""
    return [one["kind"] for one in service.status()["attention"] if one["kind"].startswith("timer")]


def test_the_shipped_timer_fits_the_default_cadence(ready: Service) -> None:
    ready.start()
    assert kinds(ready) == ["timer_off"]
    assert "systemctl enable --now scan.timer" in ready.machine("scan", "status").out
    ready.machine("systemctl", "enable", "--now", "scan.timer")
    ready.start()  # or joins the one that follows a boot
    timer = ready.status()["timer"]
    assert (timer["enabled"], timer["active"], timer["fits"], timer["failure"]) == (True, True, True, None)
    assert timedelta(0) < datetime.fromisoformat(timer["next_at"]) - datetime.now(UTC) <= timedelta(minutes=16)
    assert kinds(ready) == []


def test_a_timer_that_is_off_after_the_next_boot_is_said(ready: Service) -> None:
    ready.machine("systemctl", "start", "scan.timer")
    assert kinds(ready) == ["timer_disabled"]


def test_a_config_whose_cadence_changed_is_said_and_installed(ready: Service, web: Web) -> None:
    ready.machine("systemctl", "enable", "--now", "scan.timer")
    ready.configure(watched(web).replace("every: 15m", "every: 1h"))
    ready.start()
    assert kinds(ready) == ["timer_unfit"]
    assert "scan units --install" in ready.machine("scan", "status").out
    installed = ready.machine("scan", "units", "--install").out
    assert installed.startswith("written: /etc/systemd/system/scan.timer.d/cadence.conf\n")
    assert ready.timer_lines() == ["*-*-* *:00:00 UTC"]
    assert kinds(ready) == []
    again = ready.machine("scan", "units", "--install").out
    assert again.endswith("scan.timer starts by it from now on.\n")


def test_a_failed_start_is_said_until_one_goes_well(ready: Service, web: Web) -> None:
    ready.machine("systemctl", "enable", "--now", "scan.timer")
    ready.configure("every: never\n")
    ready.start(check=False)
    assert ready.status()["timer"]["failure"] == "exit status 78"
    assert kinds(ready) == ["timer_failed"]
    ready.configure(watched(web))
    ready.start()
    assert kinds(ready) == []


@pytest.mark.parametrize(
    ("cadence", "lines", "triggers"),
    [
        ("every: 40m", [], "OnUnitActiveUSec=40min"),
        ("calendar: 02:30 Europe/Berlin", ["*-*-* 02:30:00 Europe/Berlin", "Sun *-03-* 03:00:00 Europe/Berlin"], ""),
    ],
)
def test_any_cadence_is_read_by_systemd_as_it_is_meant(
    ready: Service, web: Web, cadence: str, lines: list[str], triggers: str
) -> None:
    ready.configure(watched(web).replace("every: 15m", cadence))
    ready.machine("scan", "units", "--install")
    ready.machine("systemctl", "enable", "--now", "scan.timer")
    ready.start()
    assert sorted(ready.timer_lines()) == lines
    assert triggers in "".join(ready.show("TimersMonotonic", unit="scan.timer"))
    assert kinds(ready) == []


def test_another_profile_has_units_state_and_status_of_its_own(ready: Service, web: Web) -> None:
    gate = Gate(answer(job(2)))
    news = config(web.serve("/news", gate)).replace("every: 15m", "every: 1h")
    ready.configure(news, profile="news")
    ready.machine("scan", "--profile", "news", "units", "--install")
    ready.machine("systemctl", "enable", "--now", "scan@news.timer")
    ready.machine("systemctl", "start", "--no-block", "scan@news.service")
    with gate:
        ready.start()  # beside it
    ready.until(has_ended, unit="scan@news.service")
    assert [one["MESSAGE"] for one in ready.journal("scan@news.service") if one.get("SCAN_PROFILE") == "news"] != []
    shown = ready.machine("scan", "--profile", "news", "status").out
    assert "news: healthy" in shown
    assert "scan@news.timer" in shown
    assert ready.machine("sh", "-c", "ls /var/lib/scan/*.db").out.split() == [
        "/var/lib/scan/news.db",
        "/var/lib/scan/scan.db",
    ]
    ready.machine("systemctl", "disable", "--now", "scan@news.timer")


def test_a_user_has_a_timer_without_root(service: Service, web: Web) -> None:
    machine = service.machine
    web.serve("/jobs", answer(job(1)))
    machine("sh", "-c", "useradd --create-home eve && loginctl enable-linger eve")
    (uid,) = machine("id", "--user", "eve").out.split()
    machine("systemctl", "start", f"user@{uid}.service")

    def eve(*command: str) -> str:
        return machine(*command, user="eve", environ={"XDG_RUNTIME_DIR": f"/run/user/{uid}"}).out

    machine.write("/home/eve/.config/scan/scan.yaml", config(web.url("/jobs")))
    machine("chown", "--recursive", "eve:eve", "/home/eve")
    said = eve("scan", "units", "--user", "--install")
    assert "Next: systemctl --user enable --now scan.timer" in said
    eve("systemctl", "--user", "enable", "--now", "scan.timer")
    eve("systemctl", "--user", "start", "scan.service")
    shown = eve("scan", "status")
    assert "scan: healthy" in shown
    assert "scan.timer, next start in" in shown
    assert machine("find", "/home/eve", "!", "-user", "eve").out == ""
    machine("sh", "-c", "loginctl terminate-user eve && loginctl disable-linger eve")
