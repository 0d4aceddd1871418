"""Cells of tables whose numbers are written as texts."""

import re

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,14})(?P<fraction>\.[0-9]{1,15})?")


def plain_number(text: str) -> int | float | None:
    """Read a number as JSON writes one; None for anything else, such as `007`, `12,000` or `1e5`."""
    found = _NUMBER.fullmatch(text)
    if not found:
        return None
    return float(text) if found["fraction"] else int(text)
