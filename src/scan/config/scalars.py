"""Texts to values, by declared type. YAML 1.2's core schema: `true` is a boolean, `yes`, `NO` and `15:30` are texts.

A reader raises ValueError: with a message that says what is wrong and what would be right, or without one where
"is not a NOUN; CURE" says it all. Messages never quote the text: the caller knows whether it may be shown.
"""

import posixpath
import re
import zoneinfo
from collections.abc import Callable, Iterable
from datetime import time
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec

from scan.cadence import Calendar
from scan.declare import Hours, TextFile

_BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
_NUMBER = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]{1,2})?")
_TIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")
_HOURS = re.compile(rf"{_TIME.pattern} ?- ?{_TIME.pattern}")
_LARGEST_FILE = 100_000
_WEB = re.compile(r"https?://[^\s/?#]+\S*", re.IGNORECASE)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


class Scalar(msgspec.Struct, frozen=True):
    """How one type of text is read.

    Attributes:
        read: text to value.
        noun: what it is, with its article.
        cure: how to write one.

    """

    read: Callable[[str], Any]
    noun: str
    cure: str


def boolean(text: str) -> bool:
    """Read `true` or `false`."""
    if text not in _BOOLEANS:
        raise ValueError
    return _BOOLEANS[text]


def integer(text: str) -> int:
    """Read a whole number, in decimal."""
    if not _INTEGER.fullmatch(text):
        raise ValueError
    return int(text)


def number(text: str) -> float:
    """Read a number; infinity and NaN are none."""
    if not _NUMBER.fullmatch(text):
        raise ValueError
    return float(text)


def zone(text: str) -> zoneinfo.ZoneInfo:
    """Find an IANA time zone by its name."""
    try:
        return zoneinfo.ZoneInfo(text)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):  # OSError: the name of a folder, such as America
        names = zoneinfo.available_timezones()
        cities = [name for name in sorted(names) if name.rpartition("/")[2].lower() == text.lower()]
        raise ValueError(
            f"no such time zone; {meant(text, names, cities) or 'write one such as Europe/Berlin'}"
        ) from None


def calendar(texts: Iterable[str]) -> Calendar:
    """Read `02:00 America/Chicago`, `02:00,14:30 Europe/Berlin`, or a list of these in one zone."""
    times: set[time] = set()
    zones: set[str] = set()
    for text in texts:
        clock, _, name = text.rpartition(" ")
        zones.add(name)
        for part in clock.split(","):
            match = _TIME.fullmatch(part.strip())
            if match is None:
                raise ValueError("not local times and their zone; write 02:00 America/Chicago")
            times.add(time(int(match[1]), int(match[2])))
    if not zones:
        raise ValueError("no times; write 02:00 America/Chicago")
    if len(zones) > 1:
        raise ValueError("times in different zones; one zone would be right")
    return Calendar(times=tuple(sorted(times)), zone=zone(zones.pop()))


def address_in(folder: Path) -> Callable[[str], str]:
    """Make a reader of `http:`, `https:` and `file:` addresses; relative `file:` ones lie in the folder."""
    base = quote(str(folder))

    def address(text: str) -> str:
        if _WEB.fullmatch(text):
            return text
        if text[:5].lower() == "file:" and len(text) > len("file:"):
            path = text[5:].removeprefix("//localhost/") if text[5:].startswith("//localhost/") else text[5:]
            return f"file://{posixpath.normpath(posixpath.join(base, path.removeprefix('//')))}"
        if text[:4].lower() == "http":
            raise ValueError("no address; write https://HOST/PATH, without spaces")
        if _SCHEME.match(text):
            raise ValueError("an address of another scheme; http:, https: or file: would be right")
        raise ValueError("an address without its scheme; write https://… or file:…")

    return address


def path_in(folder: Path) -> Callable[[str], Path]:
    """Make a reader of paths; relative ones lie in the folder."""

    def path(text: str) -> Path:
        if text.startswith("~"):
            raise ValueError("not expanded here; write the whole path, or ${env:HOME}/…")
        if not text or "\0" in text:
            raise ValueError
        return folder / text

    return path


def text_file_in(folder: Path) -> Callable[[str], TextFile]:
    """Make a reader of files, such as templates; relative paths lie in the folder."""
    place = path_in(folder)

    def text_file(text: str) -> TextFile:
        path = place(text)
        try:
            with path.open("rb") as file:
                content = file.read(_LARGEST_FILE + 1)
        except OSError as error:
            raise ValueError(f"not readable ({error.strerror}); the path of a text file would be right") from None
        if len(content) > _LARGEST_FILE:
            raise ValueError("larger than 100KB; a shorter file would be right")
        try:
            return TextFile(path, content.decode("utf-8-sig"))
        except UnicodeDecodeError:
            raise ValueError("not UTF-8; save it as UTF-8") from None

    return text_file


def hours(text: str) -> Hours:
    """Read `22:00-07:00`."""
    match = _HOURS.fullmatch(text)
    if match is None:
        raise ValueError
    start, end = time(int(match[1]), int(match[2])), time(int(match[3]), int(match[4]))
    if start == end:
        raise ValueError("no time at all; two different times would be right")
    return Hours(start, end)


def choice(values: Iterable[Any]) -> Scalar:
    """Make a reader of one of a few values."""
    known = {str(value): value for value in values}
    listed = ", ".join(known)

    def pick(text: str) -> Any:
        if text in known:
            return known[text]
        raise ValueError(f"not one of {listed}" + (f"; {hint}" if (hint := meant(text, known)) else ""))

    return Scalar(pick, f"one of {listed}", f"write {listed.replace(', ', ' or ')}")


def guessed(text: str) -> bool | int | float | str:
    """Read a text that is not quoted by YAML 1.2's core schema, where no type is declared."""
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _NUMBER.fullmatch(text) else text


def meant(text: str, known: Iterable[str], first: Iterable[str] = ()) -> str:
    """Ask whether a known word was meant; empty if none is close."""
    close = [*first, *get_close_matches(text, sorted(known), n=1, cutoff=0.6)]
    return f"did you mean {close[0]!r}?" if close else ""
