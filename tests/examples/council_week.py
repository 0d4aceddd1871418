"""A week of the example profile `council`: a recorded calendar, a recorded portal and a county's made-up meetings.

What is not there yet on a day was taken out.
"""

import json
import re
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.cli.conftest import Ran
from tests.examples.simulated import EXAMPLES, Example, day, installed
from tests.mail import Mailbox
from tests.web import Answer, Web

RECORDED = Path(__file__).parents[2] / "../shared/data/municipal"
EVENTS = json.loads((EXAMPLES / "council/data/events.json").read_bytes())
DATA = sorted(path.name for path in (EXAMPLES / "council/data").iterdir())
LOGS = "/var/log/scan/council"

LANDMARKS, ZONING, OPERATIONS = "M=A&amp;ID=670695&amp;", "M=A&amp;ID=670687&amp;", "M=M&amp;ID=669540&amp;"
"""In the addresses of two agendas and of the only minutes."""


def calendar(*missing: str) -> Answer:
    """Give the recorded page without the links to some documents."""
    page = (RECORDED / "legistar_nyc_events.html").read_text(encoding="utf-8")
    for document in missing:
        page, found = re.subn(rf' href="[^"]*{re.escape(document)}[^"]*"', "", page)
        assert found == 1, document
    return Answer(body=page.encode())


def events(**published: str) -> Answer:
    """Give the county's meetings, with further documents: `_2204A="2026-11-24"` is an agenda of that day."""
    rows = [dict(row) for row in EVENTS]
    for row in rows:
        if agenda := published.get(f"_{row['EventId']}A"):
            row |= {
                "EventAgendaFile": "https://files.example.com/A.pdf",
                "EventAgendaLastPublishedUTC": f"{agenda}T09:00:00",
            }
        if published.get(f"_{row['EventId']}M"):
            row["EventMinutesFile"] = "https://files.example.com/M.pdf"
    return Answer(body=json.dumps(rows).encode(), headers={"Content-Type": "application/json"})


def recorded_datasets() -> list[dict[str, Any]]:
    return list(json.loads((RECORDED / "ckan_package_search.json").read_bytes())["result"]["results"])


def datasets(count: int) -> Answer:
    """Give the portal's oldest so many datasets, the most recently changed first."""
    rows = recorded_datasets()[-count:]
    return Answer(body=json.dumps({"success": True, "result": {"count": count, "results": rows}}).encode())


@dataclass
class Week:
    """What happened.

    Attributes:
        town: the profile.
        ran: each run by its time.
        mails: the subjects of what the clerk was sent, by the run's time.

    """

    town: Example
    log: Path
    ran: dict[str, Ran] = field(default_factory=dict)
    mails: dict[str, list[str]] = field(default_factory=dict)

    def told(self, when: str) -> dict[str, list[str]]:
        """Give the documents that a run told of: by search, the meetings' or datasets' titles."""
        moment = day(when)
        found: dict[str, list[str]] = {}
        for match in self.matches:
            if moment <= day(match["at"][:19]) < moment + timedelta(minutes=30):
                found.setdefault(match["search"], []).append(match["item"]["title"])
        return found

    @property
    def matches(self) -> list[Any]:
        document = self.town("matches", "--limit", "500", "--json").json
        assert document["next_offset"] is None
        return list(document["matches"])


def lived(folder: Path) -> Week:
    """Run the profile over a week."""
    with Web() as web, Mailbox() as mailbox:
        town = installed("council", folder, web, {"smtp://127.0.0.1": mailbox.url, LOGS: str(folder / "logs")})
        week = Week(town, folder / "logs/council.log")
        broken = Answer(body=b"<html><body><p>The calendar has moved.</p></body></html>")
        for when, page, county, portal in (
            ("2026-11-23 08:00", calendar(LANDMARKS, ZONING, OPERATIONS), events(), datasets(7)),
            ("2026-11-23 09:00", calendar(LANDMARKS, ZONING, OPERATIONS), events(), datasets(7)),
            ("2026-11-24 08:00", calendar(ZONING, OPERATIONS), events(_2204A="2026-11-24"), datasets(8)),
            ("2026-11-25 08:00", calendar(), events(_2204A="2026-11-24", _2203M="2026-11-25"), datasets(10)),
            ("2026-11-25 09:00", calendar(), events(_2204A="2026-11-24", _2203M="2026-11-25"), datasets(10)),
            ("2026-11-26 08:00", broken, events(_2204A="2026-11-26", _2203M="2026-11-25"), datasets(10)),
            ("2026-11-27 08:00", calendar(), events(_2204A="2026-11-26", _2203M="2026-11-25"), datasets(10)),
        ):
            web.serve("/data/Calendar.html", page)
            web.serve("/data/events.json", county)
            web.serve("/data/packages.json", portal)
            before = len(mailbox.messages)
            week.ran[when] = town.at(day(when))("run")
            week.mails[when] = [str(sent.message["Subject"]) for sent in mailbox.messages[before:]]
    return week
