"""What is known, shown: one small pure file a kind. `scan.publish` does the writing.

To add a kind: its file, its test, and its line in `KINDS`; one that is not a file also needs its way in `scan.publish`.
What they show is loaded when first used: every config reads what kinds there are, few runs report.
"""

from typing import TYPE_CHECKING

from scan.declare import Catalogue
from scan.reports.base import Document, FileReport, Report

if TYPE_CHECKING:
    from scan.reports.past import PastRun, SourceSpan
    from scan.reports.view import Known, View

__all__ = ["KINDS", "Document", "FileReport", "Known", "PastRun", "Report", "SourceSpan", "View"]

KINDS: Catalogue[type[Report]] = Catalogue(
    {
        "html": "scan.reports.html:Html",
        "csv": "scan.reports.csv:Csv",
        "jsonl": "scan.reports.jsonl:Jsonl",
        "feed": "scan.reports.feed:Feed",
        "prometheus": "scan.reports.prometheus:Prometheus",
        "sheets": "scan.reports.sheets:Sheets",
        "ping": "scan.reports.ping:Ping",
    }
)
"""Every kind by its name, in the order of the manual."""


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from scan.reports import view

    return getattr(view, name)
