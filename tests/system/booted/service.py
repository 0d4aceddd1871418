"""The installed `scan` in a machine, used as whoever administers the machine does: files, systemctl, journalctl."""

import json
import re
import shutil
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.faults.left import Left, look
from tests.system.booted.machine import Done, Machine

UNITS = "scan.timer scan.service scan@*.timer scan@*.service scan-failure@*.service scan-health.socket"

FRESH = f"""
systemctl disable --quiet scan.timer scan-health.socket
systemctl stop {UNITS}
umount /var/lib/scan
rm -rf /etc/systemd/system/scan* /run/scan-failure /var/lib/systemd/timers/stamp-scan*
rm -rf /root/.local/state/scan /root/.config/scan /etc/scan/* /etc/scan/.[a-z]* /var/log/scan/* /var/lib/scan/*
systemctl daemon-reload
systemctl reset-failed {UNITS}
journalctl --sync
"""
"""Leaves nothing of another test; what is not there need not go."""

CATCH_UP = """
echo "$0" | systemd-cat --identifier=catch-up
until journalctl --quiet --identifier=catch-up --lines=1 --output=cat | grep --quiet "$0"; do :; done
"""

FINISHED, FAILED = "39f53479d3a045ac8e11786248231fbf", "be02cf6855d2428ba40df7e9d022f03d"
"""What systemd says when a start has ended, well or not (SD_MESSAGE_UNIT_STARTED and SD_MESSAGE_UNIT_FAILED)."""

PATIENCE = 60

BOOTED = [pytest.mark.system, pytest.mark.booted, pytest.mark.timeout(600)]
"""The marks of a test that needs a machine; making the package and the machine is in its time, too."""

Line = dict[str, Any]
"""A line of the journal, by its fields."""


class Service:
    """`scan` as the system's service."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self._mark = ""

    def begin(self) -> None:
        """Start as after the installation, with nothing enabled, configured, stored or logged."""
        self.machine("sh", "-c", FRESH, check=False)
        self.mark()

    def mark(self) -> None:
        """Forget what the journal has had so far."""
        (self._mark,) = [line.removeprefix("-- cursor: ") for line in self._journalctl("--lines=0", "--show-cursor")]

    # --- what is written

    def configure(self, text: str, *, profile: str = "scan", mode: str = "640") -> None:
        """Write a profile's config, for the service alone to read."""
        path = f"/etc/scan/{profile}.yaml"
        self.machine.write(path, text)
        self.machine("sh", "-c", f"chown root:scan {path} && chmod {mode} {path}")

    def drop_in(self, text: str, *, unit: str = "scan.service", name: str = "test") -> None:
        """Change a unit."""
        self.machine.write(f"/etc/systemd/system/{unit}.d/{name}.conf", text)
        self.machine("systemctl", "daemon-reload")

    def tick(self, every: str) -> None:
        """Have the timer start a run that often, exactly."""
        self.drop_in(
            f"[Timer]\nOnCalendar=\nOnCalendar={every}\nRandomizedDelaySec=0\nAccuracySec=1us\n", unit="scan.timer"
        )

    def idle(self) -> None:
        """Have the timer on, and start nothing. systemd forgets how a service was that nothing refers to."""
        self.tick("2099-01-01")
        self.machine("systemctl", "start", "scan.timer")

    def always(self) -> None:
        """Have every source looked at in each run, due or not."""
        self.drop_in("[Service]\nExecStart=\nExecStart=/usr/bin/scan run --all\n", name="always")

    def at(self, moment: datetime) -> None:
        """Have runs take place at a moment, as far as they see."""
        (library,) = self.machine.path("/usr/lib").glob("*/faketime/libfaketime.so.1")
        clock = f'"LD_PRELOAD=/usr/lib/{library.parts[-3]}/faketime/libfaketime.so.1" FAKETIME_DONT_FAKE_MONOTONIC=1'
        moment_there = f'"FAKETIME=@{moment:%Y-%m-%d %H:%M:%S}"'
        self.drop_in(f"[Service]\nEnvironment={clock} {moment_there}\n", name="clock")

    # --- what is done

    def start(self, *, check: bool = True) -> Done:
        """Start a run, and wait for its end."""
        return self.machine("systemctl", "start", "scan.service", check=check)

    def begin_run(self) -> None:
        """Start a run, and let it run."""
        self.machine("systemctl", "start", "--no-block", "scan.service")

    def pass_seconds(self, count: int) -> None:
        """Let slots of the clock pass that are a second apart, as a timer of systemd's own sees them."""
        name = f"seconds-{uuid.uuid4().hex}"
        slots = (f"--unit={name}", "--on-calendar=*:*:*", "--timer-property=AccuracySec=1us")
        self.machine("systemd-run", "--quiet", *slots, "true")
        self.until(has_ended, unit=f"{name}.service", times=count)
        self.machine("systemctl", "stop", f"{name}.timer")

    # --- what is seen

    def show(self, *properties: str, unit: str = "scan.service") -> tuple[str, ...]:
        """Give properties of a unit, in their order."""
        shown = self.machine("systemctl", "show", f"--property={','.join(properties)}", unit).out
        found = dict(line.split("=", 1) for line in shown.splitlines())
        return tuple(found.get(name, "") for name in properties)

    def timer_lines(self) -> list[str]:
        """Give when the timer starts a run: its `OnCalendar=` lines as systemd has read them."""
        shown = self.machine("systemctl", "show", "--property=TimersCalendar", "scan.timer").out
        return re.findall(r"OnCalendar=(.*?) ;", shown)

    def status(self) -> Any:
        """Give what `scan status` says to root."""
        return json.loads(self.machine("scan", "status", "--json").out)

    def runs(self) -> list[Any]:
        """Give the runs that are recorded, newest first."""
        return list(json.loads(self.machine("scan", "runs", "--json").out)["runs"])

    def left(self, folder: Path) -> Left:
        """Look into the database, by way of a copy in a folder: SQLite does not find its way into the machine."""
        for file in self.machine.path("/var/lib/scan").glob("scan.db*"):
            shutil.copy(file, folder)
        return look(folder / "scan.db")

    def journal(self, unit: str = "scan.service") -> list[Line]:
        """Give what the journal has of a unit since the mark, oldest first."""
        self._catch_up()
        lines = self._journalctl("--output=json", f"--unit={unit}", f"--after-cursor={self._mark}")
        return [json.loads(line) for line in lines]

    def _catch_up(self) -> None:
        """Wait until the journal has whatever was said to it so far: `journalctl --sync` does not wait for output."""
        self.machine("timeout", "50", "sh", "-c", CATCH_UP, uuid.uuid4().hex)

    def events(self, *names: str) -> list[Line]:
        """Give the events that runs have logged since the mark; all, or those of some names."""
        found = map(event, self.journal())
        return [one for one in found if one and (not names or one["event"] in names)]

    def said(self, unit: str = "scan.service") -> str:
        """Give the text of the journal since the mark."""
        return "\n".join(str(line["MESSAGE"]) for line in self.journal(unit))

    def until(self, wanted: Callable[[Line], bool], *, unit: str = "scan.service", times: int = 1) -> Line:
        """Wait for a line of the journal since the mark, or for the so-many-th of its kind; give it."""
        for line in self._follow(unit):
            times -= wanted(line)
            if not times:
                return line
        raise AssertionError(f"not in the journal of {unit}:\n{self.said(unit)}")

    def _follow(self, unit: str) -> Iterator[Line]:
        which = [f"--unit={unit}", f"--after-cursor={self._mark}"]
        command = ["journalctl", "--quiet", "--all", "--no-tail", "--follow", "--output=json", *which]
        with self.machine.start("timeout", str(PATIENCE), *command) as process:
            assert process.stdout is not None
            try:
                yield from map(json.loads, process.stdout)
            finally:
                self.machine.end(process)

    def _journalctl(self, *arguments: str) -> list[str]:
        return self.machine("journalctl", "--no-pager", "--quiet", "--all", *arguments).out.splitlines()


def event(line: Line) -> dict[str, Any]:
    """Read what a run has logged; nothing where the line is not a run's."""
    return json.loads(line["MESSAGE"]) if line["MESSAGE"].startswith("{") else {}


def is_event(name: str) -> Callable[[Line], bool]:
    """Recognize an event."""
    return lambda line: event(line).get("event") == name


def has_ended(line: Line) -> bool:
    """Recognize that a start has ended, well or not."""
    return line.get("MESSAGE_ID") in {FINISHED, FAILED}
