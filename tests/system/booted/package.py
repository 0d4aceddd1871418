"""The Debian package, as `make deb` makes it and as a user installs it."""

import fcntl
import shutil
import subprocess
from pathlib import Path

from tests.system.booted.machine import Machine

CHECKOUT = Path(__file__).parents[3]


def build() -> Path:
    """Build the package unless it is there and nothing in it is newer; one test process at a time."""
    work = CHECKOUT / ".work"
    work.mkdir(exist_ok=True)
    with (work / "deb.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        made = subprocess.run(
            ["make", "--no-print-directory", "deb"], cwd=CHECKOUT, capture_output=True, text=True, check=False
        )
    assert made.returncode == 0, made.stderr
    return CHECKOUT / made.stdout.splitlines()[-1]


def install(machine: Machine, package: Path) -> None:
    """Install a package on a machine that is on."""
    shutil.copy(package, machine.path("/srv"))
    machine("apt-get", "--quiet", "--quiet", "--yes", "install", f"/srv/{package.name}")
