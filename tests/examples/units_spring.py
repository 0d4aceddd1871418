"""A spring of the example profile `units`: nights, and what its buildings, its list and its spreadsheet were like."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.cli.conftest import Ran
from tests.examples.simulated import Example, by_source, day, installed
from tests.sheets import Sheets
from tests.web import Answer, Web

BOOK = "spreadsheet-of-the-landlady"
TABS = ("Scan Status", "Availability")
LOG = "/var/log/scan/units.log"
LOFT, MILL, BREWERY, YARD = "Harbor Loft", "Mill House", "Old Brewery", "Rope Yard"
EVERY_FLOOR = "&".join(f"floor={number}" for number in range(1, 16))
"""Of the addresses in the list, so that an error has more than 200 characters."""
BROKEN = Answer(body=b"<html><title>Down for maintenance</title><p>We are sorry.</p></html>")
"""What a building's site answers in one night: no JSON."""


def units(*rows: tuple[str, str, int]) -> Answer:
    """Give a building's answer: names, prices and bedrooms of what is free."""
    free = [
        {"id": name, "name": name, "price": price, "bedrooms": beds, "available": True} for name, price, beds in rows
    ]
    return Answer(body=json.dumps({"units": free}).encode(), headers={"Content-Type": "application/json"})


@dataclass
class Spring:
    """What happened.

    Attributes:
        ran: each run by its time, UTC.
        tabs: the spreadsheet's two tabs after each run.
        calls: what each run asked of the spreadsheet: the writing requests.
        synced: how often each run asked for the list.

    """

    profile: Example
    google: Sheets
    web: Web
    ran: dict[str, Ran] = field(default_factory=dict)
    tabs: dict[str, dict[str, list[list[object]]]] = field(default_factory=dict)
    calls: dict[str, list[str]] = field(default_factory=dict)
    synced: dict[str, int] = field(default_factory=dict)

    def run(self, when: str, *arguments: str) -> None:
        """Run at a time."""
        self.google.clock = day(when).timestamp
        before = len(self.google.calls())
        self.ran[when] = self.profile.at(day(when))("run", *arguments)
        asked = self.google.calls()[before:]
        self.calls[when] = [call for call in asked if call.startswith("POST")]
        self.synced[when] = sum("Buildings" in call for call in asked)
        written = self.google.books[BOOK].tabs
        self.tabs[when] = {tab: self.google.rows(BOOK, tab) for tab in TABS if tab in written}

    def list_buildings(self, *names: str) -> None:
        """Write the list into the spreadsheet; the reports' tabs stay as they are."""
        kept = {title: tab.rows for title, tab in self.google.books[BOOK].tabs.items()} if self.google.books else {}
        rows = [[name, self.web.url(f"/data/{name.lower().replace(' ', '-')}.json?{EVERY_FLOOR}")] for name in names]
        pages = [["Building", "Link"], [BREWERY, self.web.url("/data/old-brewery.html")]]
        self.google.share(BOOK, {**kept, "Buildings": [["Building", "Link"], *rows], "Pages": pages})

    def result(self, when: str) -> Any:
        """Give a run's whole result."""
        return self.ran[when].log[-1]

    def looked_at(self, when: str) -> list[str]:
        """Name the buildings that a run looked at."""
        return sorted(by_source(self.result(when)))


@contextmanager
def lived(folder: Path) -> Iterator[Spring]:
    """Run the profile over a spring; its servers are there until the `with` block ends."""
    with Web() as web, Sheets() as google:
        profile = set_up(folder, web, google)
        spring = Spring(profile, google, web)
        spring.list_buildings(LOFT, MILL)
        spring.run("2027-03-12 08:00")  # 02:00 in Chicago
        spring.run("2027-03-12 08:20")  # by hand
        web.serve("/data/harbor-loft.json", BROKEN)
        web.serve("/data/mill-house.json", units(("4C", "$2,950", 3), ("2B", "$1,700", 1)))
        spring.run("2027-03-13 08:40")  # the machine is back 40 minutes too late,
        spring.run("2027-03-13 08:55")  # and starts again
        web.serve("/data/harbor-loft.json", units(("Unit 310", "$2,480", 2)))
        google.refuse = [*[None] * reads(google), Answer(status=403)]
        spring.run("2027-03-14 08:00")  # 03:00, as there is no 02:00
        spring.run("2027-03-15 08:30")  # 03:30: an hour and a half too late
        spring.list_buildings(LOFT, MILL, YARD)
        web.serve("/data/rope-yard.json", units(("Y1", "$990", 0)))
        spring.run("2027-03-16 07:00", "--skip-sync")
        spring.run("2027-03-17 07:00")
        spring.run("2027-04-13 07:00")
        yield spring


def set_up(folder: Path, web: Web, google: Sheets) -> Example:
    profile = installed("units", folder, web, {LOG: str(folder / "units.log")})
    profile.credential("google", google.credentials)
    profile.environ |= {"SHEET_ID": BOOK, "SHEETS_EMULATOR_HOST": google.root}
    return profile


def reads(google: Sheets) -> int:
    """Tell how many requests the last run made before it wrote the first tab."""
    calls = google.calls()
    last = [place for place, call in enumerate(calls) if call.startswith("POST")]
    return last[-2] - last[-3] - 1
