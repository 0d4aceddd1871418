"""Sources that are no job boards, from outside: a sitemap's index, a table, a calendar."""

import gzip

import pytest

from tests.cli.conftest import Scan
from tests.web import Answer, Web

pytestmark = pytest.mark.cli

SITEMAP = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{}</urlset>'


def sitemap(*pages: tuple[str, str]) -> bytes:
    rows = (f"<url><loc>{address}</loc><lastmod>{day}</lastmod></url>" for address, day in pages)
    return SITEMAP.format("".join(rows)).encode()


def found(scan: Scan, event: str = "new") -> list[str]:
    matches = scan("matches", "--json").json["matches"]
    return sorted(match["item"]["title"] for match in matches if match["event"] == event)


def test_a_sitemap_s_index_is_read_with_its_packed_parts_and_tells_what_changed(scan: Scan, web: Web) -> None:
    first, second = ("https://example.org/jobs/Cook-One/1", "2026-01-01"), ("https://example.org/about", "2026-01-01")
    part = web.serve(
        "/jobs.xml.gz",
        [
            Answer(body=gzip.compress(sitemap(first, second))),
            Answer(body=gzip.compress(sitemap(first, second))),
            Answer(body=gzip.compress(sitemap((first[0], "2026-02-02"), second))),
        ],
    )
    empty = web.serve("/empty.xml", Answer(body=SITEMAP.format("").encode()))
    index = "".join(f"<sitemap><loc>{address}</loc></sitemap>" for address in (empty, part))
    url = web.serve("/sitemap.xml", Answer(body=f"<sitemapindex>{index}</sitemapindex>".encode()))
    scan.configure(
        f"sources:\n  - {{name: pages, kind: sitemap, url: '{url}', include: [/jobs/]}}\n"
        "searches:\n  - {name: cooks, any: [cook], on: [new, changed]}\n"
    )

    runs = [scan.run()["items"] for _ in range(3)]

    assert [(run["new"], run["changed"], run["gone"]) for run in runs] == [(1, 0, 0), (0, 0, 0), (0, 1, 0)]
    assert found(scan) == found(scan, "changed") == ["Cook One"]


def test_a_table_s_columns_become_fields_that_conditions_read(scan: Scan, web: Web) -> None:
    table = "Grants;;\nId;Title;Amount\n1;Kitchen;12500\n2;Stove;900\n3;Oven;n/a\n".encode("cp1252")
    url = web.serve("/grants.csv", Answer(body=table))
    scan.configure(
        f"sources:\n  - {{name: grants, kind: csv, url: '{url}',"
        " fields: {key: Id, title: Title, attributes.amount: Amount}}\n"
        "searches:\n  - {name: large, where: 'has(attributes.amount) && attributes.amount > 1000'}\n"
    )

    first, second = scan.run(), scan.run()

    assert (first["items"]["new"], second["items"]["new"]) == (3, 0)
    assert found(scan) == ["Kitchen"]


def test_an_event_that_is_called_off_is_a_change_and_its_start_can_be_compared(scan: Scan, web: Web) -> None:
    def calendar(status: str) -> Answer:
        event = "BEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Council\r\nDTSTART;TZID=America/Chicago:20990901T190000\r\n"
        body = f"BEGIN:VCALENDAR\r\n{event}STATUS:{status}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
        return Answer(body=body.encode(), headers={"Content-Type": "text/calendar"})

    url = web.serve("/c.ics", [calendar("CONFIRMED"), calendar("CONFIRMED"), calendar("CANCELLED")])
    scan.configure(
        f"sources:\n  - {{name: council, kind: ical, url: '{url}'}}\n"
        "searches:\n"
        "  - {name: coming, where: 'timestamp(attributes.start) > now'}\n"
        "  - {name: off, on: [changed], where: \"attributes.status == 'cancelled'\"}\n"
    )

    runs = [scan.run()["items"] for _ in range(3)]

    assert [(run["new"], run["changed"]) for run in runs] == [(1, 0), (0, 0), (0, 1)]
    assert found(scan) == found(scan, "changed") == ["Council"]
