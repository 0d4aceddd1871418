"""Times told from now: "Posted 5 Days Ago", "yesterday", "30+ days ago", "3h ago"."""

import re
from datetime import datetime, timedelta

_PREFIX = r"(?:(?:re)?posted|published|updated|added|listed|active|created)?(?: on)?:? *"
_DAY = re.compile(rf"{_PREFIX}(just now|now|just posted|today|yesterday)", re.IGNORECASE)
_AGO = re.compile(
    rf"{_PREFIX}(?:about |over |almost |more than )?(an?|one|[0-9]{{1,3}}) ?\+? ?"
    r"(seconds?|secs?|s|minutes?|mins?|hours?|hrs?|hr|h|days?|d|weeks?|wks?|w|months?|mos?|years?|yrs?|y) ago",
    re.IGNORECASE,
)
_SPANS = {
    "s": timedelta(seconds=1),
    "mi": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
    "mo": timedelta(days=30),
    "y": timedelta(days=365),
}


def relative(text: str, now: datetime) -> datetime | None:
    """Resolve a time that is told in English from `now`, whose zone says when a day begins; None if it is none.

    What is told in days or longer is the midnight of its day.
    """
    if day := _DAY.fullmatch(text):
        if "now" in day[1].lower():
            return now
        return _midnight(now - timedelta(days=1 if day[1].lower() == "yesterday" else 0))
    ago = _AGO.fullmatch(text)
    if not ago:
        return None
    count = int(ago[1]) if ago[1].isdigit() else 1
    unit = ago[2].lower()
    span = _SPANS[unit[:2] if unit[0] == "m" else unit[0]]
    before = now - count * span
    return before if span < timedelta(days=1) else _midnight(before)


def _midnight(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)
