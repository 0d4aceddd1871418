"""What an operator meets on a bad day: one clear line, the right exit status, nothing lost."""

import os
import resource
import shutil
import sqlite3
import subprocess
from pathlib import Path

import pytest

from tests.cli.boards import SEARCH, answer, config, job
from tests.cli.conftest import PATIENCE, Ran, Scan
from tests.cli.users import OPENED, needs_root
from tests.web import Web

pytestmark = pytest.mark.cli

NOBODY = 65534


@pytest.fixture
def ready(scan: Scan, web: Web) -> Scan:
    """A profile that has run once."""
    scan.configure(config(web.serve("/jobs", [answer(job(1)), answer(job(1), job(2, "Engineer"))]), SEARCH))
    scan.run()
    return scan


def refused(ran: Ran, status: int, *said: str) -> None:
    assert ran.status == status, (ran.out, ran.err)
    lines = ran.err.strip().splitlines()
    assert len(lines) == 1, ran.err
    for words in said:
        assert words in lines[0]


def without_rights(scan: Scan, *arguments: str) -> Ran:
    """Run as root without what makes root special: what belongs to others is as closed as to anybody."""
    powers = ",".join(f"-{power}" for power in ("dac_override", "dac_read_search", "fowner", "setuid", "setgid"))
    return ran(scan, ["setpriv", f"--bounding-set={powers}", *scan.command(*arguments)])


def ran(scan: Scan, command: list[str]) -> Ran:
    done = subprocess.run(
        command,
        env=scan.environment(),
        cwd=scan.folder,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def give_away(*paths: Path) -> None:
    for path in paths:
        os.chown(path, NOBODY, NOBODY)


# --- the config


def test_a_missing_config_is_named(scan: Scan) -> None:
    refused(scan("run"), 78, str(scan.config))


def test_every_problem_of_a_config_is_told_at_once_at_its_place(scan: Scan) -> None:
    scan.configure("sources:\n  - {name: a, kind: greenhose, board: x}\n  - {name: b, kind: feed}\nserches: []\n")
    ran = scan("run")
    assert ran.status == 78
    places = [line.split(" ")[0] for line in ran.err.strip().splitlines()]
    assert places == [f"{scan.config}:2:21:", f"{scan.config}:3:5:", f"{scan.config}:4:1:"]
    assert "greenhouse" in ran.err
    assert "searches" in ran.err
    assert not scan.state.exists()


@needs_root
def test_a_config_of_somebody_else_is_not_permitted(scan: Scan) -> None:
    scan.configure(config("http://127.0.0.1:9/"))
    give_away(scan.config)
    refused(without_rights(scan, "run"), 77, str(scan.config))


@needs_root
def test_a_state_folder_of_somebody_else_is_not_permitted(ready: Scan) -> None:
    give_away(ready.state, *ready.state.iterdir())
    refused(without_rights(ready, "run"), 77, "belongs to the user")


@needs_root
def test_root_becomes_the_owner_of_the_state_so_that_no_file_becomes_roots(scan: Scan, web: Web) -> None:
    scan.configure(config(web.serve("/jobs", answer(job(1)))))
    scan.state.mkdir(parents=True)
    give_away(scan.config, scan.state, scan.folder)
    for folder in scan.folder.parents:
        folder.chmod(folder.stat().st_mode | 0o011)
    done = ran(scan, ["unshare", "--mount", "sh", "-c", OPENED, *scan.command("run", "--json")])
    assert done.out, done.err
    assert done.json["status"] == "success"
    assert {path.stat().st_uid for path in scan.state.iterdir()} == {NOBODY}


def test_a_secret_that_everybody_can_read_ends_a_run_that_is_strict_before_any_work(scan: Scan, web: Web) -> None:
    hook = "channels: [{name: me, kind: webhook, url: 'http://127.0.0.1:9/', secret: whsec_aHVudGVyMg==}]\n"
    scan.configure(config(web.serve("/jobs", answer(job(1))), hook))
    assert scan("config", "check", "--strict-perms").status == 0
    scan.config.chmod(0o644)
    for command in (("config", "check"), ("run",)):
        strict = scan(*command, "--strict-perms")
        assert strict.status == 77
        (told,) = strict.err.splitlines()
        assert "channels[0].secret: a secret in a file that everybody can read; chmod o-r" in told
        assert "aHVudGVyMg" not in told
    assert web.asked("/jobs") == []
    assert not scan.database.exists()
    assert scan("config", "check").status == scan("run").status == 0


@pytest.mark.parametrize(
    ("name", "kind", "status"),
    [
        ("profile.lock", "symlink", 77),
        ("profile.lock", "hard link", 77),
        ("profile.db", "hard link", 74),
        ("profile.db", "pipe", 74),
        ("profile.at-work", "hard link", 0),
        ("profile.status.json", "pipe", 0),
    ],
)
def test_what_lies_in_the_place_of_a_file_of_ours_is_refused_or_passed_over_and_left_as_it_is(
    ready: Scan, web: Web, name: str, kind: str, status: int
) -> None:
    victim, place = ready.folder / "victim", ready.state / name
    victim.write_bytes(ready.database.read_bytes() if name.endswith(".db") else b"precious")
    before = victim.read_bytes()
    place.unlink()
    match kind:
        case "symlink":
            place.symlink_to(victim)
        case "hard link":
            place.hardlink_to(victim)
        case _:
            os.mkfifo(place)
    asked = len(web.asked("/jobs"))
    done = ready("run", "--all")
    assert "Traceback" not in done.err
    assert done.status == status, done.err
    assert len(web.asked("/jobs")) == asked + (status == 0)
    assert victim.read_bytes() == before


def test_a_log_that_cannot_be_written_is_one_line_before_any_work(scan: Scan, web: Web) -> None:
    scan.configure(config(web.serve("/jobs", answer(job(1))), f"logging: {{file: '{scan.folder}'}}\n"))
    refused(scan("run"), 74, f"scan: {scan.folder}: the log cannot be written there")
    assert web.requests == []


def test_a_log_on_a_full_disk_is_one_line_and_the_run_goes_on(scan: Scan, web: Web) -> None:
    scan.configure(config(web.serve("/jobs", answer(job(1))), "logging: {file: /dev/full}\n"))
    ran = scan("run")
    assert (ran.status, ran.log[-1]["status"]) == (0, "success")
    assert ran.err == "scan: /dev/full: the log cannot be written: [Errno 28] No space left on device\n"


# --- the database


def remains_usable(scan: Scan) -> None:
    """After the trouble is over, the next run makes up for everything."""
    result = scan.run()
    assert (result["items"]["new"], result["matches"]["new"]) == (1, 1)


@pytest.mark.parametrize("damage", [b"", b"garbage, not a database" * 100])
def test_an_empty_or_foreign_database_is_never_a_fresh_start(ready: Scan, damage: bytes) -> None:
    good = ready.folder / "backup.db"
    shutil.copy(ready.database, good)
    for path in ready.state.glob("profile.db*"):
        path.unlink()
    ready.database.write_bytes(damage)
    refused(ready("run", "--all"), 74, str(ready.database))
    assert ready.database.read_bytes() == damage
    shutil.copy(good, ready.database)
    remains_usable(ready)


def test_a_damaged_database_is_one_line(ready: Scan) -> None:
    whole = ready.database.read_bytes()
    ready.database.write_bytes(whole[:100] + b"\xff" * (len(whole) - 100))
    refused(ready("run", "--all"), 74, str(ready.database))
    ready.database.write_bytes(whole)
    remains_usable(ready)


def test_a_database_that_vanished_is_no_fresh_start(ready: Scan) -> None:
    for path in ready.state.glob("profile.db*"):
        path.unlink()
    refused(ready("run", "--all"), 74, "missing", "backup", "profile.status.json")


def test_a_newer_database_is_refused(ready: Scan) -> None:
    with sqlite3.connect(ready.database) as connection:
        connection.execute("update alembic_version set version_num = '9999'")
    connection.close()
    refused(ready("run", "--all"), 74, "9999", "newer")
    assert ready("items").status == 74


def test_a_locked_database_is_one_line_and_the_next_run_makes_up_for_it(ready: Scan) -> None:
    other = sqlite3.connect(ready.database, isolation_level=None)
    other.execute("begin immediate")
    refused(ready("run", "--all"), 74, "locked")
    other.execute("rollback")
    other.close()
    remains_usable(ready)


@needs_root
def test_a_read_only_database_is_one_line_and_status_still_answers(ready: Scan) -> None:
    for path in (*ready.state.iterdir(), ready.state):
        path.chmod(0o500 if path.is_dir() else 0o400)
    refused(without_rights(ready, "run", "--all"), 74, "read-only")
    assert "healthy" in without_rights(ready, "status").out
    for path in (ready.state, *ready.state.iterdir()):
        path.chmod(0o700 if path.is_dir() else 0o600)
    remains_usable(ready)


def test_a_full_disk_is_one_line_and_nothing_is_sent_or_lost(ready: Scan) -> None:
    size = ready.database.stat().st_size
    done = subprocess.run(
        ready.command("run", "--all"),
        env=ready.environment(),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size // 4, size // 4)),
    )
    refused(Ran(done.returncode, done.stdout, done.stderr), 74, "disk")
    remains_usable(ready)


def test_a_database_server_that_does_not_answer_is_69(scan: Scan, tmp_path: Path) -> None:
    del tmp_path
    scan.configure(config("http://127.0.0.1:9/"))
    ran = scan("run", environ={"DATABASE_URL": "postgresql+psycopg://scan:hunter2@127.0.0.1:9/scan"})
    assert ran.status in {69, 74}  # 74 where no driver for PostgreSQL is installed
    assert "hunter2" not in ran.out + ran.err


def test_a_command_line_that_makes_no_sense_is_2(scan: Scan) -> None:
    assert scan("run", "--nonsense").status == 2
    assert scan("nonsense").status == 2
