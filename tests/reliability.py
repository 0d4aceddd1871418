"""docs/reliability.md, whose tables those who found them write."""

import sys
from collections.abc import Sequence
from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs" / "reliability.md"
END = "<!-- end -->"


def keep(task: str, lines: Sequence[str]) -> None:
    """Put what a task of the Makefile found into the page, between its marks."""
    begin = f"<!-- what `make {task}` found: begin -->"
    before, _, rest = PAGE.read_text("utf-8").partition(begin)
    _, _, after = rest.partition(END)
    PAGE.write_text("\n".join([before + begin, "", *lines, "", END]) + after, "utf-8")


def say(text: str, end: str = "\n") -> None:
    """Tell whoever waits for it."""
    sys.stdout.write(text + end)
    sys.stdout.flush()
