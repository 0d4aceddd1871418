"""A row of numbers as a small picture."""

from collections.abc import Sequence

BARS = "▁▂▃▄▅▆▇█"


def spark(values: Sequence[float | None]) -> str:
    """Draw a bar for each value, against the largest; a gap where there is none. Only nothing has the lowest bar."""
    highest = max(filter(None, values), default=0)
    return "".join(" " if value is None else _bar(value, highest) for value in values)


def _bar(value: float, highest: float) -> str:
    if value <= 0:
        return BARS[0]
    return BARS[max(1, round(value / highest * (len(BARS) - 1)))]
