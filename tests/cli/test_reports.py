"""Reports, as the installed command publishes them: after every run, and by `scan report` without one."""

import csv
import json
import subprocess
from pathlib import Path

import feedparser
import pytest

from tests.cli.boards import SEARCH, answer, config, job
from tests.cli.conftest import Scan
from tests.sheets import Sheets
from tests.web import Answer, Web

pytestmark = pytest.mark.cli


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_items_as_csv_after_every_run(scan: Scan, web: Web) -> None:
    url = web.serve("/jobs", [answer(job(1, "=HYPERLINK(0)"), job(2)), answer(job(2), job(3, "Späte Stelle"))])
    scan.configure(config(url, "reports:\n  - {kind: csv, to: out/items.csv}\n"))
    place = scan.folder / "out" / "items.csv"
    assert scan.run()["reports"] == {"published": 1, "failed": 0}
    assert [row["title"] for row in rows(place)] == ["'=HYPERLINK(0)", "Job 2"]
    assert scan.run()["reports"] == {"published": 1, "failed": 0}
    assert [row["title"] for row in rows(place)] == ["Job 2", "Späte Stelle"]
    assert [path.name for path in place.parent.iterdir()] == ["items.csv"]


def test_a_report_that_fails_is_told_and_changes_nothing_else(scan: Scan, web: Web) -> None:
    (scan.folder / "file").write_text("")
    reports = "reports:\n  - {kind: csv, to: file/items.csv}\n  - {kind: csv, to: items.csv}\n"
    scan.configure(config(web.serve("/jobs", answer(job(1))), reports))
    ran = scan("run", "--all")
    assert ran.status == 0
    events = {line["event"]: line for line in ran.log}
    finished = events["run_finished"]
    assert (finished["status"], finished["reports"]) == ("success", {"published": 1, "failed": 1})
    assert "Not a directory" in finished["errors"][0]
    assert events["report_failed"]["report"] == "csv"
    assert events["report_published"]["place"].endswith("items.csv")
    assert "1 of 2 reports failed" in finished["message"]
    assert "file/items.csv" in scan("status").out
    assert scan("runs", "--json").json["runs"][0]["reports"] == {"published": 1, "failed": 1}


def test_reports_are_published_without_a_run(scan: Scan, web: Web) -> None:
    url = web.serve("/jobs", answer(job(1, "Engineer")))
    scan.configure(config(url, f"{SEARCH}reports:\n  - {{kind: csv, to: items.csv}}\n"))
    early = scan("report")
    assert (early.status, early.err) == (1, "scan: there is nothing to report: no run has ended yet\n")
    scan.run()
    (scan.folder / "items.csv").unlink()
    asked = len(web.requests)
    for told in ("1 written", "0 written, 1 unchanged"):
        ran = scan("report")
        assert (ran.status, ran.out) == (0, f"report csv {scan.folder}/items.csv: {told}\n")
    assert len(rows(scan.folder / "items.csv")) == 1
    assert len(web.requests) == asked
    (scan.state / "profile.status.json").rename(scan.state / "away")
    assert scan("report").status == 1  # it would take the items for gone
    assert len(rows(scan.folder / "items.csv")) == 1
    (scan.state / "away").rename(scan.state / "profile.status.json")
    (scan.folder / "items.csv").unlink()
    (scan.folder / "items.csv").mkdir()
    ran = scan("report")
    assert (ran.status, ran.out) == (1, "")
    assert "is a folder" in ran.err


def test_without_reports_there_is_nothing_to_publish(scan: Scan, web: Web) -> None:
    scan.configure(config(web.serve("/jobs", Answer(body=b"{}"))))
    ran = scan("report")
    assert ran.status == 1
    assert "no report is configured" in ran.err


def test_what_is_wrong_with_a_report_is_told_with_its_place(scan: Scan) -> None:
    scan.configure("reports:\n  - {kind: cvs, to: a.csv}\n  - {kind: csv}\n  - {kind: csv, to: a.csv, name: x}\n")
    ran = scan("config", "check")
    assert ran.status == 78
    said = ran.err + ran.out
    assert "2:12: reports[0].kind: 'cvs' is no kind; did you mean 'csv'?" in said
    assert "3:5: reports[1].to" in said
    assert "reports[2].name" in said


def test_reports_do_not_write_over_the_config_or_over_each_other(scan: Scan) -> None:
    reports = "{kind: csv, to: a.csv}, {kind: jsonl, to: ./x/../a.csv}, {kind: csv, to: profile.yaml}"
    scan.configure(f"reports: [{reports}]\n")
    ran = scan("config", "check")
    assert ran.status == 78
    assert "reports[1].to: is the place of reports[0]; name another" in ran.err + ran.out
    assert "reports[2].to: is the place of the config itself; name another" in ran.err + ran.out


def test_matches_as_a_feed_that_changes_with_them_only(scan: Scan, web: Web) -> None:
    url = web.serve("/jobs", [answer(job(1, "Engineer <T>")), answer(job(1, "Engineer <T>"), job(2, "Engineer & Co"))])
    scan.configure(config(url, f"{SEARCH}reports:\n  - {{kind: feed, to: site/matches.xml}}\n"))
    place = scan.folder / "site" / "matches.xml"
    scan.run()
    first, written_at = place.read_bytes(), place.stat().st_mtime_ns
    assert place.stat().st_mode & 0o777 == 0o644
    assert scan("report").out.endswith("0 written, 1 unchanged\n")
    assert place.stat().st_mtime_ns == written_at
    scan.run()
    feed = feedparser.parse(place.read_bytes())
    assert not feed.bozo
    assert [entry.title for entry in feed.entries] == ["Engineer & Co", "Engineer <T>"]
    assert feed.entries[1].id == feedparser.parse(first).entries[0].id


def test_gauges_that_promtool_accepts(scan: Scan, web: Web) -> None:
    bad = f"  - {{name: bad, kind: greenhouse, board: b, url: '{web.serve('/bad', Answer(status=500))}'}}\n"
    collector = scan.folder / "collector"
    collector.mkdir()
    (collector / "scan.prom").symlink_to(scan.folder / "state" / "scan.prom")
    url = web.serve("/jobs", answer(job(1, "Engineer")))
    scan.configure(config(url, f"{bad}{SEARCH}reports:\n  - {{kind: prometheus, to: collector/scan.prom}}\n"))
    before = ""
    for _ in range(2):
        assert scan("run", "--all").status == 3
        text = (collector / "scan.prom").read_text()
        assert (collector / "scan.prom").is_symlink()
        assert (collector / "scan.prom").stat().st_mode & 0o777 == 0o644
        assert text != before
        before = text
        checked = subprocess.run(
            ["promtool", "check", "metrics"], input=text, capture_output=True, text=True, timeout=60, check=False
        )
        assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")
    assert 'scan_source_last_run_success{profile="profile",source="bad"} 0' in before
    assert 'scan_source_consecutive_failures{profile="profile",source="bad"} 2' in before
    assert 'scan_last_run_success{profile="profile"} 1' in before


def test_items_as_json_lines_are_those_of_scan_items(scan: Scan, web: Web) -> None:
    url = web.serve("/jobs", answer(job(1, "=1+1"), job(2)))
    scan.configure(config(url, "reports:\n  - {kind: jsonl, to: items.jsonl}\n"))
    for _ in range(2):
        scan.run()
        lines = (scan.folder / "items.jsonl").read_text(encoding="utf-8").splitlines()
        assert [json.loads(line) for line in lines] == scan("items", "--json").json["items"][::-1]


def test_sources_and_items_in_a_google_sheet_after_every_run(scan: Scan, web: Web) -> None:
    with Sheets() as google:
        google.share("book-id-1234", {})
        scan.environ = {"SHEETS_EMULATOR_HOST": google.root, "SHEET": "book-id-1234"}
        (scan.folder / "google.json").write_text(google.credentials)
        report = 'sheet: "${env:SHEET}", credentials: "${file:google.json}", items_tab: Jobs'
        bad = f"  - {{name: bad, kind: greenhouse, board: b, url: '{web.serve('/bad', Answer(status=500))}'}}\n"
        url = web.serve("/jobs", [answer(job(1, "=HYPERLINK(0)"), job(2)), answer(job(2))])
        scan.configure(
            config(url, f"{bad}{SEARCH}timezone: America/Chicago\nreports:\n  - {{kind: sheets, {report}}}\n")
        )

        for titles in (["=HYPERLINK(0)", "Job 2"], ["Job 2"]):
            assert scan.run()["reports"] == {"published": 1, "failed": 0}
            assert [row[1] for row in google.rows("book-id-1234", "Jobs")[1:]] == titles
            status = google.rows("book-id-1234", "Scan Status")
            assert status[1][1:] == [2, 1, 1, len(titles)]
            assert [row[:3] for row in status[4:]] == [["acme", "greenhouse", "ok"], ["bad", "greenhouse", "failed"]]
            assert "HTTP 500" in str(status[5][5])

        google.books.clear()
        ran = scan("--log-level", "debug", "run", "--all")
        assert (ran.status, ran.log[-1]["reports"]) == (3, {"published": 0, "failed": 1})
        assert "there is no such spreadsheet" in scan("status").out
        assert scan("report").status == 1
        seen = ran.out + ran.err + scan("status").out + scan("config", "show").out + scan("runs", "--json").out
        assert [secret for secret in ("PRIVATE KEY", "ya29.", "book-id-1234") if secret in seen] == []
