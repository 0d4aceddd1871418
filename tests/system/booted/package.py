"""The Debian package, as a user installs it."""

import shutil
from pathlib import Path

from tests.system.booted.machine import Machine


def install(machine: Machine, package: Path) -> None:
    """Install a package on a machine that is on."""
    shutil.copy(package, machine.path("/srv"))
    machine("apt-get", "--quiet", "--quiet", "--yes", "install", f"/srv/{package.name}")
