"""Pages as the HTML report writes them, of made-up profiles."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from scan.model import Event, Reason, StoredItem
from scan.reports.html import Html
from scan.reports.past import PastRun, SourceSpan
from scan.reports.view import View
from tests.reports.samples import NOW, Memory, a_view, matched, stored

SCRIPT = "</script><script>window.planted = 1</script><img src=x onerror='window.planted = 2'><!--"
"""What nobody may execute."""

TITLES = (
    "Senior Backend Engineer (Python)",
    "Data Engineer",
    "Werkstudent Softwareentwicklung (m/w/d)",
    "Product Designer",
)
PLACES = ("Berlin", "Remote, Europe", "Köln")


def page(view: View, **keys: Any) -> str:
    """Write a page."""
    return b"".join(Html(to=Path("report"), **keys).render(view)).decode()


class Lived(Memory):
    """A memory in which every source was looked at four times a day, in the last ten days."""

    def source_spans(self, start: datetime, end: datetime) -> list[SourceSpan]:
        del end
        age = (NOW - start).days
        if age > 10:
            return []
        return [self._span(name, age) for name in ("acme", "beta", "council", "globex")]

    def _span(self, name: str, age: int) -> SourceSpan:
        broken = name == "globex" and age < 2
        new = 0 if broken else (len(name) * (age + 3)) % 7
        return SourceSpan(
            source=name,
            runs=4,
            failed=4 * broken,
            suspicious=int(name == "council" and age == 0),
            seen=40,
            new=new,
            changed=1,
            gone=0,
            matched=new // 3,
            duration_seconds=2.5,
        )


def items(count: int) -> Iterator[StoredItem]:
    """Give items of three sources, the oldest first."""
    for number in range(1, count + 1):
        yield stored(
            number,
            ("acme", "beta", "council")[number % 3],
            title=f"{TITLES[number % 4]} {number}",
            location=PLACES[number % 3],
            attributes={"salary_max": 50_000 + number},
            first_seen_at=NOW - timedelta(hours=count - number),
        )


def a_run(number: int) -> PastRun:
    """Give the run of so many quarters of an hour ago."""
    status = {3: "partial_failure", 5: "failure", 8: "interrupted"}.get(number, "success")
    return PastRun(
        id=str(number),
        status=status,
        trigger="timer",
        started_at=NOW - timedelta(minutes=15 * number),
        finished_at=NOW,
        duration_seconds=2.0 + number % 5,
        error=None,
        new=1,
        matched=number % 3,
    )


def busy(count: int = 120) -> View:
    """Show a profile with a bit of everything: matches, sources in trouble, hostile texts, and `count` items."""
    python = Reason(rule="any", term="python", field="title", excerpt="Senior Backend Engineer (Python)")
    remote = Reason(rule="all", term="re:remo\\w+", field="text", excerpt="…we are a fully Remote team of twelve…")
    where = Reason(rule="where", term="attributes.salary_max >= 90000 && '<b>' != ''")
    script = Reason(rule="any", term="planted", field="title", excerpt=SCRIPT)
    memory = Lived(
        items=list(items(count)),
        left=[stored(9000 + n, title=f"Left {n}", last_seen_at=NOW - timedelta(hours=n)) for n in range(3)],
        met=[
            matched(1, title=TITLES[0], location="Berlin", reasons=(python, remote, where)),
            matched(2, title="Data Engineer", told={"pending": 1}, event=Event.CHANGED),
            matched(3, title=f"{SCRIPT}\u202elive\u202c", url="javascript:window.planted=3", reasons=(script,)),
            matched(20, "all", title="אבא 123 abc", reasons=()),
            matched(21, duplicate=True, title="Told before"),
        ],
        runs=[a_run(number) for number in range(20)],
    )
    view = a_view(memory, "acme", "beta", "council", "globex", "off")
    return replace(view, status=_troubled(view.status))


def _troubled(status: Any) -> dict[str, Any]:
    changed: dict[str, dict[str, Any]] = {
        "globex": {
            "health": "failing",
            "consecutive_failures": 8,
            "failing_since": "2026-11-21T08:00:00Z",
            "last_success_at": "2026-11-21T07:45:00Z",
            "error": f"https://globex.example/jobs: gone (HTTP 404): {SCRIPT}\u202e",
        },
        "council": {"health": "suspicious", "suspicious_since": "2026-11-23T07:00:00Z", "error": "no items, 40 before"},
        "off": {"enabled": False, "last_success_at": None, "last_attempt_at": None},
    }
    sources = [{**source, **changed.get(source["source"], {})} for source in status["sources"]]
    channel = {"channel": "team", "state": "config_error", "consecutive_failures": 2, "last_error": "login refused"}
    return {**status, "status": "degraded", "sources": sources, "channels": [channel], "deliveries": {"dead": 2}}
