"""The shipped units, as systemd's own tools read them. A missing tool fails: these tests never skip."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.system

UNITS = Path(__file__).parents[2] / "packaging" / "systemd"
SERVICE = UNITS / "scan.service"
TIMER = UNITS / "scan.timer"
# A key that systemd 257 brought; earlier versions name it and go on.
KNOWN_COMPLAINT = "Unknown key 'DeferReactivation' in section [Timer], ignoring."


def analyze(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["systemd-analyze", "--no-pager", *arguments], capture_output=True, text=True, check=False, timeout=60
    )


def settings(unit: Path, key: str) -> list[str]:
    return re.findall(rf"^{key}=(.*)$", unit.read_text(encoding="utf-8"), re.MULTILINE)


def verify(folder: Path, service: str) -> list[str]:
    """Give what `systemd-analyze verify` complains of, in a folder that holds both units."""
    installed = folder / SERVICE.name
    installed.write_text(service, encoding="utf-8")
    timer = folder / TIMER.name
    timer.write_bytes(TIMER.read_bytes())
    result = analyze("verify", "--man=no", installed, timer)
    complaints = [line for line in result.stderr.splitlines() if str(folder) in line or "scan." in line]
    assert bool(result.returncode) <= bool(complaints), result.stderr
    return [line for line in complaints if KNOWN_COMPLAINT not in line]


def installed_service() -> str:
    """Give the service as it would be installed where this test's `scan` is."""
    command = Path(sys.executable).with_name("scan")
    assert settings(SERVICE, "ExecStart") == ["/usr/bin/scan run"]
    return SERVICE.read_text(encoding="utf-8").replace("/usr/bin/scan", str(command))


def test_systemd_has_nothing_to_complain_of(tmp_path: Path) -> None:
    assert verify(tmp_path, installed_service()) == []


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ("SuccessExitStatus=3 75 143", "SuccessExitStatus=3 75 tired"),
        ("ProtectHome=yes", "ProtectHoome=yes"),
        ("ExecStart=/", "ExecStart=/nowhere/"),
        ("Type=oneshot", "Type=oneshoot"),
    ],
)
def test_systemd_complains_of_a_slip(tmp_path: Path, good: str, bad: str) -> None:
    service = installed_service()
    assert good in service
    assert verify(tmp_path, service.replace(good, bad)) != []


def test_the_service_is_exposed_no_more_than_it_must_be() -> None:
    result = analyze("security", "--offline=true", "--threshold=11", SERVICE)
    assert result.returncode == 0, result.stdout
    assert re.search(r"exposure level for scan\.service: (0\.\d|1\.[01])\b", result.stdout), result.stdout


def test_the_timer_names_quarters_of_every_hour_in_utc() -> None:
    (calendar,) = settings(TIMER, "OnCalendar")
    result = analyze("calendar", "--base-time=2026-10-25 00:10:00 UTC", "--iterations=5", calendar)
    assert result.returncode == 0, result.stderr
    slots = re.findall(r"(?:Next elapse|Iter\. #\d|Iteration #\d): \w+ (\S+ \S+) UTC", result.stdout)
    assert slots == [f"2026-10-25 {time}:00" for time in ("00:15", "00:30", "00:45", "01:00", "01:15")]


def test_what_a_timer_and_a_person_start_ends_green_unless_the_run_failed() -> None:
    assert settings(SERVICE, "Type") == ["oneshot"]
    assert settings(SERVICE, "SuccessExitStatus") == ["3 75 143"]


def test_only_the_timer_is_enabled() -> None:
    assert "[Install]" in TIMER.read_text(encoding="utf-8")
    assert "[Install]" not in SERVICE.read_text(encoding="utf-8")


def test_the_user_of_the_service_is_the_one_that_sysusers_makes(tmp_path: Path) -> None:
    declared = tmp_path / "usr/lib/sysusers.d/scan.conf"
    declared.parent.mkdir(parents=True)
    declared.write_bytes((UNITS / "scan.sysusers").read_bytes())
    (tmp_path / "etc").mkdir()
    result = subprocess.run(
        ["systemd-sysusers", f"--root={tmp_path}", "--dry-run"], capture_output=True, text=True, check=False, timeout=60
    )
    assert result.returncode == 0, result.stderr
    (user,) = settings(SERVICE, "User")
    assert f"Creating user '{user}'" in result.stderr


@pytest.mark.parametrize("limit", ["MemoryMax", "TasksMax", "TimeoutStartSec", "TimeoutStopSec"])
def test_a_run_that_goes_astray_is_stopped(limit: str) -> None:
    assert len(settings(SERVICE, limit)) == 1


def test_a_run_that_is_alive_may_renew_its_time() -> None:
    assert settings(SERVICE, "NotifyAccess") == ["main"]
