"""What the terminal is, and what it can do."""

import os
import shutil
import sys
from collections.abc import Mapping
from urllib.parse import quote

OLDEST_VTE = 5000
"""Version 0.50 of the library in GNOME's, Xfce's and many other terminals: the first to know links."""

PROGRAMS = frozenset({"iTerm.app", "WezTerm", "vscode", "ghostty", "zed", "Hyper", "rio", "mintty"})
TERMS = ("xterm-kitty", "xterm-ghostty", "alacritty", "foot", "contour", "wezterm", "rio")
SIGNS = ("WT_SESSION", "KONSOLE_VERSION", "DOMTERM")
"""Who knows links: https://github.com/Alhadis/OSC8-Adoption, read 2026-11-23."""

COLOURS = {
    **dict.fromkeys(("healthy", "success"), "green"),
    **dict.fromkeys(("degraded", "suspicious", "stale", "partial failure", "interrupted"), "yellow"),
    **dict.fromkeys(("unhealthy", "failing", "failed", "failure"), "red"),
}
"""Of the words for how something is. The words say all: a colour only makes them easy to find."""

SCHEMES = ("http://", "https://")
LONGEST_LINK = 2083
"""Bytes that VTE takes for an address: https://gist.github.com/egmontkob/eb114294efbcd5adb1944c9f3cb5feda."""

PRINTABLE = "".join(map(chr, range(0x21, 0x7F)))
"""All that may stand in a link, as the same text says."""


def room() -> int | None:
    """Tell how wide a line may be: the terminal's width; None where no terminal is."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def shows_colours(environ: Mapping[str, str]) -> bool:
    """Tell whether standard output is to have colours: a terminal, unless NO_COLOR or FORCE_COLOR says otherwise.

    https://no-color.org and https://force-color.org: whatever they hold, if it is not nothing.
    """
    if environ.get("NO_COLOR"):
        return False
    if environ.get("FORCE_COLOR"):
        return True
    return environ.get("TERM") != "dumb" and sys.stdout.isatty()


def shows_links() -> bool:
    """Tell whether standard output is a terminal that makes links clickable, or FORCE_HYPERLINK says so."""
    forced = os.environ.get("FORCE_HYPERLINK")
    if forced is not None:
        return forced != "0"
    return sys.stdout.isatty() and knows_links(os.environ)


def knows_links(environ: Mapping[str, str]) -> bool:
    """Recognize a terminal that knows links by what it says of itself."""
    term = environ.get("TERM", "")
    if term.startswith(("screen", "tmux", "dumb")):  # between us and the terminal, and older ones garble them
        return False
    vte = environ.get("VTE_VERSION", "")
    return (
        (vte.isdecimal() and int(vte) >= OLDEST_VTE)
        or environ.get("TERM_PROGRAM") in PROGRAMS
        or term.startswith(TERMS)
        or any(sign in environ for sign in SIGNS)
    )


def linked(text: str, address: str | None) -> str:
    """Make a text a link (OSC 8), if it leads to the web. Nothing in the address can end the sequence early."""
    if address is None or not address.lower().startswith(SCHEMES):
        return text
    target = quote(address, safe=PRINTABLE, errors="replace")
    return text if len(target) > LONGEST_LINK else f"\x1b]8;;{target}\x1b\\{text}\x1b]8;;\x1b\\"
