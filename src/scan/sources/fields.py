"""The fields that a config may fill from a page: `title`, `url`, …, and `attributes.NAME`."""

from collections.abc import Iterable, Mapping
from zoneinfo import ZoneInfo

from scan.declare import Problem
from scan.model import RawItem, RawTime

TARGETS = ("key", "title", "url", "organization", "location", "text", "published_at", "updated_at")

TIMES = ("published_at", "updated_at")

_ATTRIBUTE = "attributes."


def unknown_targets(fields: Iterable[str]) -> Iterable[Problem]:
    """Find the names that no item has."""
    for target in fields:
        if target not in TARGETS and not (target.startswith(_ATTRIBUTE) and target != _ATTRIBUTE):
            known = ", ".join(TARGETS)
            yield Problem(("fields", target), f"an item has no field {target!r}; it has {known} and attributes.NAME")


def attribute_of(target: str) -> str | None:
    """Give NAME of `attributes.NAME`; None for any other target."""
    return target.removeprefix(_ATTRIBUTE) if target.startswith(_ATTRIBUTE) else None


def item_of(values: Mapping[str, object], *, base: str = "") -> RawItem:
    """Make an item of values by target; those of the item's own fields are of the right type, None for nothing."""
    own = {target: value for target, value in values.items() if target in TARGETS and value is not None}
    attributes = {
        name: value
        for target, value in values.items()
        if (name := attribute_of(target)) is not None and value is not None
    }
    return RawItem(**own, base=base, attributes=attributes)  # type: ignore[arg-type] # by target, as said above


def zoned(value: object, target: str, zone: str | None) -> object:
    """Give a time that is a plain text the zone that its source's times are in."""
    return RawTime(value=value, zone=zone) if zone and target in TIMES and isinstance(value, str) else value


def zone_problem(zone: str) -> str | None:
    """Say what is wrong with a time zone's name."""
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        return f"no time zone {zone!r}; an IANA name such as America/Chicago"
    return None
