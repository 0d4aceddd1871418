"""What people read: tables, times, and text that cannot drive a terminal."""

from scan.cli.output.moments import now_utc, when
from scan.cli.output.table import Cell, table
from scan.cli.output.terminal import room
from scan.cli.output.text import columns, cut, folded, safe, titled
from scan.phrases import ago, counted, span

__all__ = [
    "Cell",
    "ago",
    "columns",
    "counted",
    "cut",
    "folded",
    "now_utc",
    "room",
    "safe",
    "span",
    "table",
    "titled",
    "when",
]
