"""The installed command in a terminal of a width, and what the terminal got."""

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios
from collections.abc import Mapping
from contextlib import closing

from tests.cli.conftest import PATIENCE, Scan

COLOURS = re.compile(r"\x1b\[[\d;]*m")
LINKS = re.compile(r"\x1b\]8;;([^\x1b]*)\x1b\\")


class Terminal:
    """A terminal: what it shows is read from `ours`, and `theirs` is given to a process."""

    def __init__(self, width: int = 80, height: int = 24) -> None:
        self.ours, self.theirs = pty.openpty()
        self.resize(width, height)

    def resize(self, width: int, height: int = 24) -> None:
        fcntl.ioctl(self.theirs, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))

    def close_theirs(self) -> None:
        os.close(self.theirs)
        self.theirs = -1

    def read(self) -> str:
        """Read to the end."""
        got = b""
        try:
            while part := os.read(self.ours, 65_536):
                got += part
        except OSError:  # how Linux says that the other end of a terminal is closed
            pass
        return got.decode().replace("\r\n", "\n")

    def read_until(self, text: str) -> str:
        """Read until a text has come.

        Raises:
            AssertionError: it does not come.

        """
        got = ""
        while text not in got:
            ready, _, _ = select.select([self.ours], [], [], PATIENCE)
            assert ready, got
            got += os.read(self.ours, 65_536).decode(errors="replace").replace("\r\n", "\n")
        return got

    def close(self) -> None:
        os.close(self.ours)
        if self.theirs >= 0:
            self.close_theirs()


def started(
    scan: Scan, terminal: Terminal, *arguments: str, environ: Mapping[str, str] | None = None
) -> "subprocess.Popen[bytes]":
    """Start a command with a terminal for everything."""
    return subprocess.Popen(
        scan.command(*arguments),
        env=scan.environment({"TERM": "xterm-256color", **(environ or {})}),
        cwd=scan.folder,
        stdin=terminal.theirs,
        stdout=terminal.theirs,
        stderr=terminal.theirs,
    )


def in_terminal(
    scan: Scan, *arguments: str, width: int = 80, environ: Mapping[str, str] | None = None, status: int = 0
) -> str:
    """Run a command with a terminal for everything, and give what the terminal got."""
    with closing(Terminal(width)) as terminal:
        process = started(scan, terminal, *arguments, environ=environ)
        terminal.close_theirs()
        shown = terminal.read()
    assert process.wait(PATIENCE) == status, shown
    return shown


def screen(shown: str) -> list[str]:
    """Give the lines that a terminal would have at the end, where they are written over."""
    lines, column = [""], 0
    for part in re.split(r"(\n|\r|\x1b\[K)", COLOURS.sub("", shown)):
        if part == "\n":
            lines.append("")
        elif part == "\x1b[K":
            lines[-1] = lines[-1][:column]
        elif part != "\r":
            lines[-1] = lines[-1][:column] + part + lines[-1][column + len(part) :]
        column = column + len(part) if part not in {"\n", "\r", "\x1b[K"} else column if part == "\x1b[K" else 0
    return [line.rstrip() for line in lines]


def plain(shown: str) -> str:
    """Leave colours and links out."""
    return LINKS.sub("", COLOURS.sub("", shown))


def widest(shown: str) -> int:
    """Measure the widest line as a terminal does, by the characters that the tests use."""
    return max(sum(2 if "\u3000" <= char <= "\u9fff" else 1 for char in line) for line in plain(shown).splitlines())
