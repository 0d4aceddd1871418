"""docs/report.png: the HTML report of a made-up profile, as Chromium shows it.

To make it anew: `python -m tests.reports.html.picture`.
"""

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from msgspec import structs

from scan.model import MatchRow, Reason
from scan.reports.past import PastRun
from scan.reports.view import View
from tests.integration.browser import chromium, opened
from tests.reports.html.pages import Lived, a_run, items, page
from tests.reports.samples import NOW, a_view, matched

PICTURE = Path(__file__).parents[3] / "docs" / "report.png"


def _match(number: int, title: str, organization: str, place: str, *reasons: tuple[str, str, str]) -> MatchRow:
    why = tuple(Reason(rule="any", term=term, field=field, excerpt=excerpt) for term, field, excerpt in reasons)
    return matched(number, title=title, organization=organization, location=place, attributes={}, reasons=why)


def profile() -> View:
    """Show a profile with three matches and one source in trouble."""
    memory = Lived(
        items=list(items(120)),
        met=[
            _match(
                1,
                "Backend Engineer, Tides",
                "Tern",
                "Remote",
                ("python", "text", "Python services that know when a…"),
                ("remote", "text", "…a harbour is deep enough. Remote, with two weeks a year at…"),
            ),
            _match(3, "Go Developer", "Nachtzug", "Remote, EU", ("go", "title", "Go Developer")),
            _match(
                4,
                "Site Reliability Engineer",
                "Acme Robotics",
                "Berlin",
                ("site reliability", "title", "Site Reliability Engineer"),
            ),
        ],
        runs=[_run(number) for number in range(9, 105)],
    )
    view = a_view(memory, "acme", "beta", "council", "globex")
    failing = {
        "health": "failing",
        "consecutive_failures": 8,
        "failing_since": "2026-11-21T08:00:00Z",
        "last_success_at": "2026-11-21T07:45:00Z",
        "error": "https://jobs.example.com/globex: gone (HTTP 404): the address is wrong, or what was there is closed",
    }
    sources = [{**one, "matches": 12, **(failing if one["source"] == "globex" else {})} for one in view.sources]
    summary = "3 ok, 1 failed, 120 items (4 new, 1 changed, 0 gone), 3 matches, 3 sent"
    last = {**view.status["last_run"], "status": "partial_failure", "summary": summary}
    return replace(
        view, profile="jobs", status={**view.status, "status": "degraded", "last_run": last, "sources": sources}
    )


def _run(number: int) -> PastRun:
    """Give the run of so many quarters of an hour ago; the last one found what is told."""
    last = number == 9
    return structs.replace(a_run(number), new=4 if last else int(number % 12 == 0), matched=3 if last else 0)


def main() -> None:
    """Write the picture."""
    with TemporaryDirectory() as folder, chromium() as browser:
        file = Path(folder, "index.html")
        file.write_text(page(profile()), encoding="utf-8")
        with opened(browser, file, width=1200, now=f"{NOW:%Y-%m-%dT%H:%M}:00Z") as seen:
            seen.page.screenshot(path=PICTURE, clip={"x": 0, "y": 0, "width": 1200, "height": 830})


if __name__ == "__main__":
    main()
