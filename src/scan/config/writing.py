"""Values to what one would write in YAML: the way back from `scan.config.reader`."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from scan.cadence import Calendar
from scan.config import keys
from scan.config.keys import Key, keys_of
from scan.config.units import duration_text, size_text
from scan.declare import Hours, SecretText, Size, TextFile
from scan.redaction import MASK


def written(value: Any, annotation: Any = None) -> Any:
    """Write a value of a type as plain texts, numbers, lists and mappings. Declared secrets are masked."""
    members = keys.members(annotation)
    if SecretText in members and value:
        return MASK
    if Size in members and value is not None:
        return size_text(value)
    if isinstance(value, tuple | list):
        return [written(item) for item in value]
    if isinstance(value, Mapping):
        return {name: written(inner) for name, inner in value.items()}
    return section(value) if keys.is_section(type(value)) and type(value) not in _TEXTS else _scalar(value)


def section(value: Any) -> dict[str, Any]:
    """Write a dataclass's keys."""
    return select(value, keys_of(type(value)))


def select(owner: object, declared: tuple[Key, ...]) -> dict[str, Any]:
    """Write some keys of a dataclass."""
    return {key.name: written(getattr(owner, key.attribute), key.annotation) for key in declared}


def _scalar(value: Any) -> Any:
    text = next((text for kind, text in _TEXTS.items() if isinstance(value, kind)), None)
    return text(value) if text else value


def _calendar_text(value: Calendar) -> str:
    return f"{','.join(time.strftime('%H:%M') for time in value.times)} {value.zone.key}"


_TEXTS: Mapping[type, Callable[[Any], str]] = {
    str: str,
    Path: str,
    ZoneInfo: str,
    timedelta: duration_text,
    Calendar: _calendar_text,
    TextFile: lambda file: str(file.path),
    Hours: lambda hours: f"{hours.start:%H:%M}-{hours.end:%H:%M}",
}
