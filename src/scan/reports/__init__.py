"""What is known, shown: one small pure file a kind. `scan.publish` does the writing.

To add a kind: its file, its test, and its line in `KINDS`; one that is not a file also needs its way in `scan.publish`.
"""

from scan.declare import Catalogue
from scan.reports.base import Document, FileReport, Report
from scan.reports.view import Known, PastRun, SourceSpan, View

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
