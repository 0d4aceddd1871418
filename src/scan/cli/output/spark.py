"""A row of numbers as a small picture."""

from collections.abc import Callable, Iterator, Sequence

from scan.phrases import took

BARS = "▁▂▃▄▅▆▇█"


def spark(values: Sequence[float | None]) -> str:
    """Draw a bar for each value, against the largest; a gap where there is none. Only nothing has the lowest bar."""
    highest = max(filter(None, values), default=0)
    return "".join(" " if value is None else _bar(value, highest) for value in values)


def _bar(value: float, highest: float) -> str:
    if value <= 0:
        return BARS[0]
    return BARS[max(1, round(value / highest * (len(BARS) - 1)))]


def pictures(seconds: Sequence[float | None], new: Sequence[float | None]) -> Iterator[str]:
    """Draw how long runs took and how many items were new, the oldest first; nothing of one run alone."""
    say: Callable[[float], str]
    for noun, values, say in (("took", seconds, took), ("new", new, str)):
        known = [value for value in values if value is not None]
        if len(known) > 1:
            yield f"{noun:6}{spark(values)}  {say(min(known))} to {say(max(known))}"
