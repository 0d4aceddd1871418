"""`scan units`, and what `scan status` says of the timer."""

import os
from pathlib import Path
from typing import Any

import pytest

from tests.cli.boards import answer, config, job
from tests.cli.conftest import COMMAND, Scan
from tests.web import Web

pytestmark = pytest.mark.cli

SHOWN = """\
TimersCalendar={ OnCalendar=*-*-* *:00/15:00 UTC ; next_elapse=(null) }
NextElapseUSecRealtime=Mon 2126-11-23 10:00:40 UTC
NextElapseUSecMonotonic=infinity
LastTriggerUSec=Mon 2026-11-23 08:00:00 UTC
LoadState=loaded
ActiveState=active
SubState=waiting
UnitFileState=enabled

Result=success
ExecMainStatus=0
"""
"""As systemctl 252 and 257 show scan.timer and scan.service."""


def systemctl(scan: Scan, shown: str = SHOWN) -> Path:
    """Put a systemctl into the way that keeps what it is asked; returns where."""
    folder = scan.folder / "bin"
    folder.mkdir(exist_ok=True)
    script = folder / "systemctl"
    script.write_text(f"#!/bin/sh\necho \"$@\" >> {folder}/asked\ncat <<'EOF'\n{shown}EOF\n")
    script.chmod(0o755)
    scan.environ["PATH"] = f"{folder}:{os.environ['PATH']}"
    return folder / "asked"


@pytest.fixture
def ready(scan: Scan, web: Web) -> Scan:
    """A profile that has run once, every 15 minutes."""
    scan.configure(config(web.serve("/jobs", answer(job(1)))))
    scan.run()
    return scan


# --- scan units


def test_a_drop_in_is_printed_with_its_place(scan: Scan) -> None:
    scan.configure(config("http://127.0.0.1:9/").replace("every: 15m", "every: 5m"))
    ran = scan("units")
    assert ran.status == 0
    first, mark, *rest = ran.out.splitlines()
    assert first == "# /etc/systemd/system/scan@profile.timer.d/cadence.conf"
    assert str(scan.config) in mark
    assert "OnCalendar=*-*-* *:00/5:00 UTC" in rest
    assert list(scan.folder.iterdir()) == [scan.config]


def test_a_users_own_service_starts_this_very_scan(scan: Scan) -> None:
    scan.configure(config("http://127.0.0.1:9/").replace("every: 15m", "calendar: 02:00 America/Chicago"))
    scan.environ["XDG_STATE_HOME"] = str(scan.folder / "a b")
    ran = scan("units", "--user", "--install", "--dir", "units")
    assert (ran.status, ran.err) == (0, "")
    folder = scan.folder / "units"
    assert sorted(path.name for path in folder.iterdir()) == ["scan@profile.service", "scan@profile.timer"]
    service = (folder / "scan@profile.service").read_text()
    assert f"ExecStart={COMMAND} --config {scan.config} run" in service
    assert f'Environment="XDG_STATE_HOME={scan.folder}/a b"' in service
    assert "OnCalendar=*-*-* 02:00:00 America/Chicago" in (folder / "scan@profile.timer").read_text()


def test_what_scan_units_wrote_it_writes_anew_and_nothing_else(scan: Scan) -> None:
    scan.configure(config("http://127.0.0.1:9/"))
    drop_in = scan.folder / "scan@profile.timer.d" / "cadence.conf"
    assert scan("units", "--install", "--dir", ".").status == 0
    first = drop_in.read_text()
    scan.configure(config("http://127.0.0.1:9/").replace("every: 15m", "every: 1h"))
    assert scan("units", "--install", "--dir", ".").status == 0
    assert drop_in.read_text() != first
    drop_in.write_text("[Timer]\nOnCalendar=hourly\n")
    ran = scan("units", "--install", "--dir", ".")
    assert ran.status == 77
    assert "cadence.conf: scan units has not written it" in ran.err
    assert drop_in.read_text() == "[Timer]\nOnCalendar=hourly\n"


def test_a_masked_unit_stays_masked_and_nothing_is_written_by_halves(scan: Scan) -> None:
    scan.configure(config("http://127.0.0.1:9/"))
    (scan.folder / "scan@profile.timer").symlink_to("/dev/null")
    assert scan("units", "--user", "--install", "--dir", ".").status == 77
    assert not (scan.folder / "scan@profile.service").exists()
    assert (scan.folder / "scan@profile.timer").is_symlink()


def test_systemd_reads_what_was_written_and_the_next_step_is_said(scan: Scan) -> None:
    scan.configure(config("http://127.0.0.1:9/"))
    asked = systemctl(scan, SHOWN.replace("=enabled", "=disabled"))
    ran = scan("units", "--user", "--install")
    assert ran.status == 0, ran.err
    assert (scan.folder / "config/systemd/user/scan@profile.timer").exists()
    assert asked.read_text().startswith("--user daemon-reload\n--user show ")
    assert "Next: systemctl --user enable --now scan@profile.timer" in ran.out


def test_without_systemd_the_files_are_written_and_the_rest_is_said(scan: Scan) -> None:
    scan.configure(config("http://127.0.0.1:9/"))
    systemctl(scan).with_name("systemctl").write_text("#!/bin/sh\nexit 1\n")
    ran = scan("units", "--user", "--install")
    assert ran.status == 0
    assert "Next: systemctl --user daemon-reload; systemctl --user enable --now scan@profile.timer" in ran.out


def test_a_folder_that_may_not_be_written_is_one_line(scan: Scan) -> None:
    scan.configure(config("http://127.0.0.1:9/"))
    ran = scan("units", "--install", "--dir", "/proc/scan")
    assert ran.status == 77
    assert len(ran.err.splitlines()) == 1
    assert "/proc/scan" in ran.err


def test_a_profile_whose_name_systemd_would_escape_is_refused(scan: Scan) -> None:
    path = scan.folder / "my jobs.yaml"
    path.write_text(config("http://127.0.0.1:9/"))
    path.chmod(0o600)
    ran = scan("--config", str(path), "units")
    assert ran.status == 78
    assert "rename the file" in ran.err


# --- scan status


def timer(scan: Scan) -> Any:
    return scan("status", "--json").json["timer"]


def test_a_timer_that_is_well_is_one_line(ready: Scan) -> None:
    asked = systemctl(ready)
    out = ready("status").out
    (line,) = [line for line in out.splitlines() if line.startswith("timer:")]
    assert "scan@profile.timer, next start in 36" in line
    assert "!" not in out
    assert len(asked.read_text().splitlines()) == 1
    assert timer(ready)["fits"] is True


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "ActiveState=active",
            "ActiveState=inactive",
            "! scan@profile.timer is off: no run starts by itself\n    systemctl",
        ),
        ("=enabled", "=disabled", "is off after the next boot\n    systemctl enable --now"),
        ("SubState=waiting", "SubState=running", "scan@profile.timer, running now, last start"),
        (
            "Result=success\nExecMainStatus=0",
            "Result=exit-code\nExecMainStatus=78",
            "the last start by scan@profile.timer failed: exit status 78\n    journalctl",
        ),
        (
            "Result=success\nExecMainStatus=0",
            "Result=timeout\nExecMainStatus=15",
            "the last start by scan@profile.timer failed: it took too long\n    journalctl",
        ),
        ("*:00/15:00", "*:00/30:00", "! scan@profile.timer does not fit the config's cadence\n    scan --config "),
        ("LoadState=loaded", "LoadState=not-found", "timer: none (scan --config "),
    ],
)
def test_whatever_is_wrong_with_it_is_said_with_its_cure(ready: Scan, old: str, new: str, said: str) -> None:
    assert old in SHOWN
    systemctl(ready, SHOWN.replace(old, new))
    assert said in ready("status").out


def test_a_timer_fits_the_cadence_of_the_config_as_it_was_at_the_last_run(ready: Scan) -> None:
    systemctl(ready)
    ready.configure(ready.config.read_text().replace("every: 15m", "every: 5m"))
    assert timer(ready)["fits"] is True
    ready.run()
    assert timer(ready)["fits"] is False
    assert "schedule" not in ready("status", "--json").json


def test_before_the_first_run_nothing_is_said_of_its_cadence(scan: Scan) -> None:
    scan.configure(config("http://127.0.0.1:9/"))
    systemctl(scan)
    assert timer(scan)["fits"] is None
