"""Reports, as the installed command publishes them: after every run, and by `scan report` without one."""

import csv
from pathlib import Path

import pytest

from tests.cli.boards import SEARCH, answer, config, job
from tests.cli.conftest import Scan
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
    assert "1 reports failed" in finished["message"]
    assert "file/items.csv" in scan("status").out
    assert scan("runs", "--json").json["runs"][0]["reports"] == {"published": 1, "failed": 1}


def test_reports_are_published_without_a_run(scan: Scan, web: Web) -> None:
    url = web.serve("/jobs", answer(job(1, "Engineer")))
    scan.configure(config(url, f"{SEARCH}reports:\n  - {{kind: csv, to: items.csv}}\n"))
    early = scan("report")
    assert (early.status, early.err) == (1, "scan: there is nothing to report: nothing was scanned yet\n")
    scan.run()
    (scan.folder / "items.csv").unlink()
    asked = len(web.requests)
    for told in ("1 written", "0 written, 1 unchanged"):
        ran = scan("report")
        assert (ran.status, ran.out) == (0, f"report csv {scan.folder}/items.csv: {told}\n")
    assert len(rows(scan.folder / "items.csv")) == 1
    assert len(web.requests) == asked
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
