"""The files themselves. Whether systemd takes them is seen in tests/system."""

from datetime import timedelta

import pytest

from scan.units import MARK, Schedule, drop_in, user_service, user_timer
from scan.units.texts import span

MINUTE = timedelta(minutes=1)
NIGHT = ("*-*-* 02:00:00 Europe/Berlin", "Sun *-03-* 03:00:00 Europe/Berlin")


def settings(text: str) -> list[str]:
    """Pick the lines that say something."""
    return [line for line in text.splitlines() if line and not line.startswith(("#", "["))]


def test_a_drop_in_clears_the_shipped_cadence_and_repeats_what_that_takes_away() -> None:
    assert settings(drop_in(Schedule(every=5 * MINUTE), "/etc/scan/scan.yaml")) == [
        "OnCalendar=",
        "OnCalendar=*-*-* *:00/5:00 UTC",
        "OnBootSec=2min",
        "RandomizedDelaySec=20s",
    ]


def test_an_interval_that_is_no_slot_follows_the_last_start() -> None:
    assert settings(drop_in(Schedule(every=40 * MINUTE), "/etc/scan/scan.yaml")) == [
        "OnCalendar=",
        "OnUnitActiveSec=2400s",
        "OnBootSec=2min",
        "RandomizedDelaySec=0s",
    ]


def test_a_time_of_day_is_kept_and_made_up_but_not_started_after_each_boot_besides() -> None:
    assert settings(drop_in(Schedule(times=NIGHT), "/etc/scan/scan.yaml")) == [
        "OnCalendar=",
        *(f"OnCalendar={line}" for line in NIGHT),
        "Persistent=true",
        "RandomizedDelaySec=0s",
    ]
    mixed = settings(drop_in(Schedule(times=NIGHT, every=60 * MINUTE), "/etc/scan/scan.yaml"))
    assert "OnBootSec=2min" not in mixed
    assert "OnCalendar=*-*-* *:00:00 UTC" in mixed
    assert "OnBootSec=2min" in settings(drop_in(Schedule(times=NIGHT, every=40 * MINUTE), "/etc/scan/scan.yaml"))


@pytest.mark.parametrize(("minutes", "delay"), [(1, "4s"), (5, "20s"), (15, "60s"), (60, "60s"), (1440, "60s")])
def test_the_delay_is_a_small_part_of_the_interval(minutes: int, delay: str) -> None:
    assert f"RandomizedDelaySec={delay}" in settings(drop_in(Schedule(every=minutes * MINUTE), "/etc/scan/scan.yaml"))


def test_a_users_timer_starts_after_the_login_and_can_be_enabled() -> None:
    text = user_timer(Schedule(every=15 * MINUTE), "/home/me/100%.yaml")
    assert "OnStartupSec=2min" in text
    assert "WantedBy=timers.target" in text
    assert "Description=Scan the sources of /home/me/100%%.yaml when they are due" in text


def test_a_users_service_names_its_command_as_systemd_reads_it() -> None:
    text = user_service(["/opt/a b/scan"], '/home/me/100%/$x "y".yaml', {"XDG_STATE_HOME": "/s p/$a"})
    assert 'ExecStart="/opt/a b/scan" --config "/home/me/100%%/$$x \\"y\\".yaml" run' in text
    assert 'Environment="XDG_STATE_HOME=/s p/$a"' in text


def test_every_file_begins_with_the_mark_by_which_it_is_known_again() -> None:
    wanted, path = Schedule(every=MINUTE), "/etc/scan/scan.yaml"
    for text in (drop_in(wanted, path), user_timer(wanted, path), user_service(["/usr/bin/scan"], path, {})):
        assert text.startswith(MARK)
        assert text.endswith("\n")


def test_spans_are_written_without_loss() -> None:
    assert [span(timedelta(seconds=seconds)) for seconds in (0, 60, 90.5)] == ["0s", "60s", "90500ms"]
