"""`scan health`: how a profile is, for programs; and as the answer to one HTTP request on an accepted socket."""

import json
from collections.abc import Mapping

import click

from scan import status
from scan.cli.context import Settings
from scan.cli.door import UNKNOWN
from scan.cli.output import now_utc
from scan.cli.status import CHECK, judged
from scan.errors import ScanError
from scan.health import OverallHealth, SourceHealth

PATHS = ("/", "/health", "/healthz")
STDIN, STDOUT = 0, 1

OF_SOURCE: Mapping[SourceHealth, OverallHealth] = {
    "healthy": "healthy",
    "suspicious": "degraded",
    "failing": "unhealthy",
    "stale": "unhealthy",
    "not_started": "not_started",
}
"""A source's state in the words for the whole."""


@click.command(name="health")
@click.option("--http", "as_http", is_flag=True, help="Answer one HTTP request on standard input and output.")
@click.pass_obj
def command(settings: Settings, *, as_http: bool) -> int:
    """Print how the profile and each source is, as JSON. Exit status: 0 healthy, 1 degraded, 2 unhealthy, 3 unknown."""
    if as_http:
        _answer(settings)
        return 0
    document = _health_or_why_not(settings)
    click.echo(json.dumps(document, indent=2))
    return CHECK[document["status"]][0] if document["status"] in CHECK else UNKNOWN


def _answer(settings: Settings) -> None:
    """Answer with 200 if all is healthy, 503 if not, or with what the request deserves."""
    from scan.cli.one_request import answer, read

    asked = read(STDIN)
    if asked.code == 200 and asked.path not in PATHS:
        answer(STDOUT, asked, 404)
    elif asked.code == 200:
        document = _health_or_why_not(settings)
        answer(STDOUT, asked, 200 if document["status"] == "healthy" else 503, document)
    else:
        answer(STDOUT, asked, asked.code)


def _health_or_why_not(settings: Settings) -> status.Document:
    """Whoever asks gets an answer, whatever is wrong here."""
    try:
        settings.become_owner()
        return _health(settings)
    except ScanError as error:
        return {"status": "unknown", "error": str(error)}


def _health(settings: Settings) -> status.Document:
    """Say of the profile and of each enabled source: its status, its last run, and how old that is."""
    now = now_utc()
    document = judged(settings, now)
    last = document["last_run"]
    return {
        "status": document["status"],
        "profile": document["profile"],
        "last_run": None if last is None else last["finished_at"],
        "age_seconds": document.get("age_seconds"),
        "sources": {
            source["source"]: {
                "status": OF_SOURCE[source["health"]],
                "state": source["health"],
                "last_run": source["last_attempt_at"],
                "last_success": source["last_success_at"],
                "age_seconds": status.age(source["last_attempt_at"], now),
            }
            for source in document["sources"]
            if source["enabled"]
        },
    }
