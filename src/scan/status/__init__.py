"""What the last run left for whoever looks, and what that says now.

`scan status` and `scan health` read it and nothing else, so that they answer at once, need no database and see a run in
progress. Nothing heavy may be imported here.
"""

from scan.status.attention import Attention, needs_attention
from scan.status.file import VERSION, Document, read, write
from scan.status.judging import age, judge, late_after, moment

__all__ = [
    "VERSION",
    "Attention",
    "Document",
    "age",
    "judge",
    "late_after",
    "moment",
    "needs_attention",
    "read",
    "write",
]
