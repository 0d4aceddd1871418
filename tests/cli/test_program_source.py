"""Sources of kind `command`, as a user has them: real programs, run by the installed command."""

import json
import os
import signal
from pathlib import Path

import pytest

from tests.cli.conftest import Scan
from tests.processes import ends

pytestmark = pytest.mark.cli


def script(scan: Scan, body: str) -> None:
    """Write the program that the configs here run; it lies beside the config."""
    path = scan.folder / "list.sh"
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)


def configure(scan: Scan, more: str = "", rest: str = "") -> None:
    scan.configure(f"sources:\n  - {{name: list, kind: command, run: [./list.sh, 'a b', $HOME]{more}}}\n{rest}")


def test_lines_become_items_and_the_second_run_is_silent(scan: Scan) -> None:
    script(scan, """printf '{"key": 1, "title": "Engineer"}\\n{"key": 2, "title": "%s and %s"}\\n' "$1" "$2" """)
    configure(scan, rest="searches:\n  - {name: engineers, any: [engineer]}\n")

    first, second = scan.run(), scan.run()

    assert (first["items"]["new"], first["matches"]["new"]) == (2, 1)
    items = scan("items", "--json").json["items"]
    assert {item["title"] for item in items} == {"Engineer", "a b and $HOME"}  # no shell has read the arguments
    assert second["by_source"][0]["status"] == "unchanged"
    assert (second["items"]["new"], second["matches"]["new"]) == (0, 0)


def test_nothing_printed_with_success_is_an_empty_list_and_with_failure_it_is_none(scan: Scan) -> None:
    script(scan, "cat lines 2>/dev/null || exit 0")
    configure(scan)
    (scan.folder / "lines").write_text('{"title": "One"}\n')
    scan.run()
    (scan.folder / "lines").unlink()

    emptied = scan.run()["by_source"][0]
    assert (emptied["status"], emptied["seen"], emptied["gone"]) == ("suspicious", 0, 0)

    script(scan, "echo '{\"title\": \"Half\"}'; echo 'the cache is locked' >&2; exit 3")
    ran = scan("run", "--all", "--json")
    failed = ran.json["by_source"][0]
    assert ran.status == 1
    assert (failed["status"], failed["new"]) == ("failed", 0)
    assert failed["error"] == "command:./list.sh: exit status 3: the cache is locked"
    assert len(scan("items", "--json").json["items"]) == 1


def test_the_program_gets_its_own_secrets_and_none_of_ours_and_no_output_shows_them(scan: Scan) -> None:
    script(scan, 'env > seen; echo "login with $API_TOKEN failed" >&2; exit 1')
    configure(scan, more=", env: {API_TOKEN: '${env:GIVEN}', SITE: Berlin}")
    scan.environ = {"GIVEN": "tok-93c2f0a1", "DATABASE_PASSWORD": "sesame-open"}

    ran = scan("run", "--all", "--json", "--no-send")

    seen = dict(line.split("=", 1) for line in (scan.folder / "seen").read_text().splitlines())
    assert (seen["API_TOKEN"], seen["SITE"]) == ("tok-93c2f0a1", "Berlin")
    assert seen.keys() <= {"API_TOKEN", "SITE", "PATH", "HOME", "LANG", "TZ", "PWD", "SHLVL", "_", "OLDPWD"}
    status, shown = scan("status", "--json"), scan("config", "show")
    for text in (ran.out, ran.err, status.out, shown.out):
        assert "tok-93c2f0a1" not in text
        assert "sesame-open" not in text
    assert "login with *** failed" in ran.json["by_source"][0]["error"]


@pytest.mark.parametrize(
    ("body", "more", "error"),
    [
        ("sleep 60 & echo $! > child; wait", ", timeout: 1s", "killed after 1 s"),
        ("echo $$ > child; yes", "", "printed more than 100000 bytes, and was killed"),
        ("echo $$ > child; kill -9 $$", "", "ended by signal 9"),
    ],
)
def test_a_program_that_misbehaves_fails_its_source_and_is_ended(scan: Scan, body: str, more: str, error: str) -> None:
    script(scan, body)
    configure(scan, more, rest="http: {max_body: 100KB}\n")
    assert scan.run()["by_source"][0]["error"] == f"command:./list.sh: {error}"
    assert ends(int((scan.folder / "child").read_text()))


def test_a_program_that_is_not_there_is_told_with_its_cure(scan: Scan) -> None:
    configure(scan)
    error = scan.run()["by_source"][0]["error"]
    assert error == "command:./list.sh: cannot be started: No such file or directory; mend the source's run"


def test_a_run_that_is_stopped_ends_the_program_with_all_it_started(scan: Scan) -> None:
    ready = scan.folder / "ready"
    script(scan, "sleep 60 & echo $! > child; echo > ready; wait")
    configure(scan, more=", timeout: 10m")
    os.mkfifo(ready)
    run = scan.start("run", "--all", "--json")
    ready.read_text()  # until the program is there
    run.send_signal(signal.SIGTERM)
    out, _ = run.communicate(timeout=30)
    assert run.returncode == 143
    assert json.loads(out)["status"] == "interrupted"
    assert ends(int((scan.folder / "child").read_text()))


def test_programs_run_side_by_side(scan: Scan, tmp_path: Path) -> None:
    """Each program waits for another one: alone, none would end."""
    script(scan, """if [ "$2" = first ]; then echo > "$1"; else read x < "$1"; fi; echo '{"title": "Met"}'""")
    os.mkfifo(tmp_path / "meet")
    entries = "".join(
        f"  - {{name: {name}, kind: command, run: [./list.sh, {tmp_path}/meet, {name}], timeout: 20s}}\n"
        for name in ("first", "second")
    )
    scan.configure(f"sources:\n{entries}")
    assert [source["status"] for source in scan.run()["by_source"]] == ["ok", "ok"]


def test_preview_asks_the_program_too_and_a_dry_run_does_not(scan: Scan) -> None:
    script(scan, """echo >> asked; echo '{"title": "One"}'""")
    configure(scan)
    assert scan("run", "--dry-run").status == 0
    assert not (scan.folder / "asked").exists()
    assert scan("preview", "--json").json["sources"][0]["items"][0]["item"]["title"] == "One"
    assert not scan.database.exists()
