"""What a run says, as it is found in the journal."""

import json
from collections import Counter

import pytest

from tests.cli.boards import answer, job
from tests.system.booted.configs import config
from tests.system.booted.service import BOOTED, Line, Service, event
from tests.system.building import ROOT
from tests.web import Web

pytestmark = BOOTED

JQ = """jq -R 'fromjson? | select(.event == "source_failed")'"""
PRIORITIES = {"debug": "7", "info": "6", "warning": "4", "error": "3"}

LIBRARY = """
import logging, os, sys, warnings

def speak(event, _):
    if event == "sqlite3.connect" and not said:
        said.append(event)
        warnings.warn("this way of doing things ends")
        logging.getLogger("library").error("first line\\nsecond line")
        print("printed", flush=True)
        os.write(2, b"written past all of Python\\n")
        if "BUG" in os.environ:
            raise RuntimeError("a bug that knows " + os.environ["BUG"])

said = []
sys.addaudithook(speak)
"""
"""Put where Python looks for it: what libraries do, in the middle of a run."""


def one_good_one_bad(web: Web) -> str:
    web.serve("/jobs", answer(job(1, "Ingénieur ☃")))
    missing = f"  - {{name: missing, kind: greenhouse, board: missing, url: '{web.url('/missing')}'}}\n"
    return config(web.url("/jobs"), missing)


def test_each_line_is_json_with_the_priority_of_its_level(service: Service, web: Web) -> None:
    service.configure(one_good_one_bad(web))
    service.start()
    said = [line for line in service.journal() if line["_TRANSPORT"] == "stdout"]
    levels = Counter(event(line)["level"] for line in said)
    assert set(levels) == {"info", "warning"}
    assert [line["PRIORITY"] for line in said] == [PRIORITIES[event(line)["level"]] for line in said]
    assert {line["SYSLOG_IDENTIFIER"] for line in said} == {"scan"}
    assert len({event(line)["run_id"] for line in said}) == 1


@pytest.mark.parametrize("sources", [250, 1500])
def test_the_result_of_many_sources_is_one_line_however_long(service: Service, sources: int) -> None:
    service.machine.write("/etc/scan/jobs.csv", "title\nEngineer\n")
    entry = "  - {{name: source-{}, kind: csv, url: 'file:jobs.csv', fields: {{title: title}}}}\n"
    service.configure("sources:\n" + "".join(map(entry.format, range(sources))))
    service.start()
    (line,) = [line for line in service.journal() if event(line).get("event") == "run_finished"]
    assert len(event(line)["by_source"]) == sources
    assert (line["PRIORITY"], line["SYSLOG_IDENTIFIER"]) == ("6", "scan")
    assert len({line["_SYSTEMD_INVOCATION_ID"] for line in service.journal() if event(line)}) == 1


def test_the_journal_leaves_nothing_out_of_what_a_large_profile_says(service: Service) -> None:
    service.drop_in("[Service]\nExecStart=\nExecStart=/usr/bin/seq 120000\n")
    service.start()
    caught_up = "until journalctl --identifier=scan --output=cat --lines=1 | grep --quiet 120000; do :; done"
    service.machine("timeout", "50", "sh", "-c", caught_up)
    count = "journalctl --identifier=scan --output=cat --boot | grep --count --line-regexp '[0-9]*'"
    assert service.machine("sh", "-c", count).out == "120000\n"


def test_warnings_alone_are_asked_for_as_usual(service: Service, web: Web) -> None:
    service.configure(one_good_one_bad(web))
    service.start()
    shown = service.machine("journalctl", "--unit=scan", "--priority=warning", "--output=cat", "--boot").out
    assert json.loads(shown.splitlines()[-1])["event"] == "source_failed"


def test_jq_reads_them_beside_what_systemd_says(service: Service, web: Web) -> None:
    service.configure(one_good_one_bad(web))
    service.start()
    command = f"journalctl -u scan -o cat | {JQ}"
    assert command in (ROOT / "docs/systemd.md").read_text(encoding="utf-8")
    done = service.machine("sh", "-c", command)
    assert done.err == ""
    assert '"source": "missing"' in done.out
    assert "source_finished" not in done.out


def test_what_libraries_say_is_there_too(service: Service, web: Web) -> None:
    service.configure(one_good_one_bad(web))
    service.machine.write("/usr/lib/library/sitecustomize.py", LIBRARY)
    service.drop_in("[Service]\nEnvironment=PYTHONPATH=/usr/lib/library\n")
    service.start()
    found = {line["MESSAGE"]: line for line in service.journal() if not event(line)}
    assert found["printed"]["PRIORITY"] == "6"
    assert found["written past all of Python"]["PRIORITY"] == "6"
    warned, failed = [one for one in service.events() if one["logger"] in {"py.warnings", "library"}]
    assert (warned["level"], "this way of doing things ends" in warned["message"]) == ("warning", True)
    assert (failed["level"], failed["message"]) == ("error", "first line\nsecond line")


def test_the_traceback_of_a_bug_is_an_error_without_a_secret(service: Service, web: Web) -> None:
    service.configure(
        one_good_one_bad(web) + "channels: [{name: me, kind: webhook, url: 'http://127.0.0.1/${env:BUG}'}]\n"
    )
    service.machine.write("/usr/lib/library/sitecustomize.py", LIBRARY)
    service.drop_in("[Service]\nEnvironment=PYTHONPATH=/usr/lib/library BUG=tk_hunter2\n")
    assert service.start(check=False).status == 1
    assert service.show("Result", "ExecMainStatus") == ("exit-code", "70")
    traceback = traceback_of(service.journal())
    assert traceback[0]["MESSAGE"] == "Traceback (most recent call last):"
    assert "RuntimeError: a bug that knows ***" in [line["MESSAGE"] for line in traceback]
    assert {line["PRIORITY"] for line in traceback} == {"3"}
    assert "hunter2" not in service.said()


def traceback_of(lines: list[Line]) -> list[Line]:
    own = [line for line in lines if line["_TRANSPORT"] == "stdout"]
    (start,) = [number for number, line in enumerate(own) if line["MESSAGE"].startswith("Traceback")]
    return own[start:]


def test_what_stops_a_run_before_it_begins_is_an_error(service: Service) -> None:
    service.configure("every: never\n")
    service.start(check=False)
    shown = service.machine("journalctl", "--unit=scan", "--priority=err", "--output=cat", "--boot").out
    assert any(line.startswith("/etc/scan/scan.yaml:1:8: every: ") for line in shown.splitlines())
