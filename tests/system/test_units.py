"""The shipped units, as systemd's own tools read them. A missing tool fails: these tests never skip."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.system.tools import SHIPPED, UNITS, analyze, complaints, install, settings, tool

pytestmark = pytest.mark.system

SERVICE, OF_PROFILE = UNITS / "scan.service", UNITS / "scan@.service"
TIMER, TIMER_OF_PROFILE = UNITS / "scan.timer", UNITS / "scan@.timer"
FAILURE, HEALTH = UNITS / "scan-failure@.service", UNITS / "scan-health@.service"
SOCKET = UNITS / "scan-health.socket"
SERVICES = [SERVICE, OF_PROFILE, FAILURE, HEALTH]


def lines(unit: Path) -> list[str]:
    return [line for line in unit.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]


def sandbox(unit: Path) -> set[str]:
    """Give everything from the first line of the sandbox on."""
    found = lines(unit)
    return set(found[found.index("NoNewPrivileges=yes") :])


# --- as a whole


@pytest.mark.parametrize("name", SHIPPED)
def test_systemd_has_nothing_to_complain_of(tmp_path: Path, name: str) -> None:
    install(tmp_path)
    assert complaints(tmp_path, name) == []


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("scan.service", "SuccessExitStatus=3 75 143", "SuccessExitStatus=3 75 tired"),
        ("scan.service", "ProtectHome=yes", "ProtectHoome=yes"),
        ("scan.service", "ExecStart=/", "ExecStart=/nowhere/"),
        ("scan@.service", "Type=oneshot", "Type=oneshoot"),
        ("scan-failure@.service", "ExecStart=/", "ExecStart=/nowhere/"),
        ("scan-health.socket", "Accept=yes", "Accept=perhaps"),
        ("scan@.timer", "OnBootSec=2min", "OnBootSec=2 moons"),
    ],
)
def test_systemd_complains_of_a_slip(tmp_path: Path, name: str, good: str, bad: str) -> None:
    install(tmp_path)
    unit = tmp_path / name
    text = unit.read_text(encoding="utf-8")
    assert good in text
    unit.write_text(text.replace(good, bad), encoding="utf-8")
    assert complaints(tmp_path, name) != []


@pytest.mark.parametrize(
    ("unit", "most"),
    [(SERVICE, 1.1), (OF_PROFILE, 1.1), (FAILURE, 1.1), (HEALTH, 0.3)],
    ids=lambda value: str(value)[-20:],
)
def test_a_service_is_exposed_no_more_than_it_must_be(unit: Path, most: float) -> None:
    result = analyze("security", "--offline=true", "--threshold=100", unit)
    found = re.search(r"exposure level for \S+: (\d+\.\d)", result.stdout)
    assert found is not None, result.stdout + result.stderr
    assert float(found[1]) <= most


def test_nothing_but_the_timers_and_the_socket_can_be_enabled() -> None:
    assert {name for name in SHIPPED if "[Install]" in lines(UNITS / name)} == {
        "scan.timer",
        "scan@.timer",
        "scan-health.socket",
    }


def test_a_distribution_enables_nothing_by_itself(tmp_path: Path) -> None:
    folder = tmp_path / "usr/lib/systemd/system"
    folder.mkdir(parents=True)
    install(folder)
    presets = tmp_path / "usr/lib/systemd/system-preset"
    presets.mkdir()
    (presets / "85-scan.preset").write_bytes((UNITS / "scan.preset").read_bytes())
    (presets / "99-all.preset").write_text("enable *\n", encoding="utf-8")
    subprocess.run([tool("systemctl"), f"--root={tmp_path}", "preset-all"], capture_output=True, check=True, timeout=60)
    assert list(tmp_path.rglob("*.wants/scan*")) == []


# --- one beside the other


def test_a_profiles_units_differ_from_the_plain_ones_in_their_profile_alone() -> None:
    plain, of_profile = lines(SERVICE), lines(OF_PROFILE)
    assert [line for line in of_profile if line not in plain] == [
        "Description=Scan the sources of the profile %i once",
        "OnFailure=scan-failure@%i.service",
        "ExecStart=/usr/bin/scan --profile %i run",
        "LogExtraFields=SCAN_PROFILE=%i",
    ]
    assert [line for line in plain if line not in of_profile] == [
        "Description=Scan the configured sources once",
        "OnFailure=scan-failure@scan.service",
        "ExecStart=/usr/bin/scan run",
    ]
    timer, timer_of_profile = lines(TIMER), lines(TIMER_OF_PROFILE)
    assert [line for line in timer if not line.startswith("Desc")] == [
        line for line in timer_of_profile if not line.startswith("Desc")
    ]


def test_what_tells_of_a_failure_is_shut_in_as_what_failed() -> None:
    assert sandbox(FAILURE) == sandbox(SERVICE) == sandbox(OF_PROFILE)
    assert settings(FAILURE, "StateDirectory") == []


def test_what_answers_for_the_health_is_shut_in_further() -> None:
    network = ("RestrictAddressFamilies=", "IPAddressDeny=")
    assert {line for line in sandbox(SERVICE) if not line.startswith(network)} <= set(lines(HEALTH))
    assert settings(HEALTH, "PrivateNetwork") == ["yes"]
    assert settings(HEALTH, "RestrictAddressFamilies") == ["AF_UNIX"]
    assert settings(HEALTH, "IPAddressDeny") == ["any"]
    assert not [key for key in ("StateDirectory", "ReadWritePaths", "RuntimeDirectory") if settings(HEALTH, key)]


# --- the service


def test_what_a_timer_and_a_person_start_ends_green_unless_the_run_failed() -> None:
    assert settings(SERVICE, "Type") == ["oneshot"]
    assert settings(SERVICE, "SuccessExitStatus") == ["3 75 143"]


@pytest.mark.parametrize("limit", ["MemoryMax", "TasksMax", "TimeoutStartSec", "TimeoutStopSec"])
@pytest.mark.parametrize("unit", [SERVICE, OF_PROFILE, FAILURE], ids=lambda unit: unit.name)
def test_what_goes_astray_is_stopped(unit: Path, limit: str) -> None:
    assert len(settings(unit, limit)) == 1


def test_a_run_that_is_alive_may_renew_its_time() -> None:
    assert settings(SERVICE, "NotifyAccess") == ["main"]


def test_the_failure_of_a_start_is_told_and_the_failure_to_tell_is_not() -> None:
    assert settings(SERVICE, "OnFailure") == ["scan-failure@scan.service"]
    assert settings(FAILURE, "OnFailure") == []
    assert settings(FAILURE, "SupplementaryGroups") == ["systemd-journal"]
    assert settings(FAILURE, "RuntimeDirectoryPreserve") == ["yes"]


# --- the timer


def test_the_timer_names_quarters_of_every_hour_in_utc() -> None:
    (calendar,) = settings(TIMER, "OnCalendar")
    result = analyze("calendar", "--base-time=2026-10-25 00:10:00 UTC", "--iterations=5", calendar)
    assert result.returncode == 0, result.stderr
    slots = re.findall(r"(?:Next elapse|Iter\. #\d|Iteration #\d): \w+ (\S+ \S+) UTC", result.stdout)
    assert slots == [f"2026-10-25 {time}:00" for time in ("00:15", "00:30", "00:45", "01:00", "01:15")]


def test_the_endpoint_is_on_this_machine_only_and_bounded() -> None:
    (address,) = settings(SOCKET, "ListenStream")
    assert address.startswith("127.0.0.1:")
    assert settings(SOCKET, "MaxConnections") == ["64"]


# --- the user and its folders


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_the_user_of_a_service_is_the_one_that_sysusers_makes(tmp_path: Path, unit: Path) -> None:
    declared = tmp_path / "usr/lib/sysusers.d/scan.conf"
    declared.parent.mkdir(parents=True)
    declared.write_bytes((UNITS / "scan.sysusers").read_bytes())
    (tmp_path / "etc").mkdir()
    result = subprocess.run(
        [tool("systemd-sysusers"), f"--root={tmp_path}", "--dry-run"],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert result.returncode == 0, result.stderr
    (user,) = settings(unit, "User")
    assert f"Creating user '{user}'" in result.stderr


def test_the_folders_are_the_same_whoever_makes_them(tmp_path: Path) -> None:
    declared = dict(re.findall(r"^d (\S+) (\d{4} \S+ \S+) -$", (UNITS / "scan.tmpfiles").read_text(), re.MULTILINE))
    modes = {key: settings(SERVICE, f"{key}DirectoryMode")[0] for key in ("Configuration", "State", "Logs")}
    assert declared == {
        "/etc/scan": f"{modes['Configuration']} root root",
        "/var/lib/scan": f"{modes['State']} scan scan",
        "/var/log/scan": f"{modes['Logs']} scan scan",
    }
    installed = tmp_path / "usr/lib/tmpfiles.d/scan.conf"
    installed.parent.mkdir(parents=True)
    installed.write_text((UNITS / "scan.tmpfiles").read_text().replace("scan scan", "root root"))
    command = [tool("systemd-tmpfiles"), f"--root={tmp_path}", "--create", "scan.conf"]
    result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (result.returncode, result.stderr) == (0, "")
    assert (tmp_path / "var/lib/scan").stat().st_mode & 0o777 == 0o750
