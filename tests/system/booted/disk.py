"""A disk for a machine's state, which has what was written to it and not what was only about to be."""

from tests.system.booted.machine import Machine

STATE = "/var/lib/scan"

MOUNT = """
set -e
cp --sparse=always "$1" "$1.next"
! mountpoint --quiet "$2" || umount --lazy "$2"
mv "$1.next" "$1"
mount -o loop "$1" "$2"
"""


class Disk:
    """An ext4 file system on a disk of its own, at the place of the state."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self._image = f"{machine.folder}/state.img"

    def plug_in(self) -> None:
        """Put it into a machine that is off."""
        self.machine.beside("sh", "-c", 'truncate --size=64M "$0" && mkfs.ext4 -q "$0"', self._image)
        self._mount()

    def lose_power(self) -> None:
        """Cut the machine's power: the disk has what was written to it by then. What the kernel held back is lost."""
        self.machine.pull_the_plug()
        self._mount()

    def _mount(self) -> None:
        self.machine.beside("sh", "-c", MOUNT, "sh", self._image, f"{self.machine.folder}/root{STATE}")

    def take_out(self) -> None:
        """Take it out of a machine that is off."""
        self.machine.beside("umount", f"{self.machine.folder}/root{STATE}")
