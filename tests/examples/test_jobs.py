"""System D, the job scanner: its sentences one by one, on the example profile and over three weeks of a real board.

    Sources with adapters; one failing source never aborts the run, and its error is logged and kept in its health
    record. Items are normalized, upserted or, if unchanged, only touched (last_seen); new and changed items are
    matched against the search criteria; matches are sent by e-mail, each once, with sent, skipped, duplicate and
    failed counted per source. All items of a run share one timestamp. A transaction per source. Interval from the
    config (15 min if unset; validated range). A run by hand exits 0 or non-zero. Precedence: command line, then
    environment, then config. SQLite in WAL mode by default, another database by DATABASE_URL; migrations at start.
    Text or JSON logs; secrets never in a log.

What must come of the recorded board is counted straight from its JSON. Elsewhere: `tests/cli/test_timeline.py` (all
steps of two boards), `tests/faults` (runs killed at every step), `tests/store/test_migrations.py`,
`tests/cli/test_secrets.py`.
"""

import json
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from scan.store.migrations import REVISION
from tests.examples.jobs_weeks import (
    AGAIN,
    MIRRORED,
    NO_MAIL,
    PASSWORD,
    RECORDINGS,
    STEPS,
    TERN_FAILS,
    TOKEN,
    TOO_EARLY,
    Weeks,
    jobs,
    lived,
    set_up,
    wanted,
)
from tests.examples.simulated import EXAMPLES, by_source
from tests.gate import Gate
from tests.mail import Mailbox
from tests.store.old import make_old
from tests.timeline import content, expected
from tests.web import Answer, Web

pytestmark = [pytest.mark.cli, pytest.mark.recorded]


@pytest.fixture(scope="module")
def weeks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Weeks]:
    with lived(tmp_path_factory.mktemp("jobs")) as weeks:
        yield weeks


# --- sources with adapters


def test_each_source_has_an_adapter(weeks: Weeks) -> None:
    rows = by_source(weeks.result(0))
    assert {name: (row["kind"], row["new"]) for name, row in rows.items()} == {
        "acme": ("greenhouse", len(jobs(0))),
        "papermoon": ("lever", 4),
        "tern": ("ashby", 4),
        "square": ("json", 4),
    }


def test_one_failing_source_never_aborts_the_run(weeks: Weeks) -> None:
    states = {name: row["status"] for name, row in by_source(weeks.result(TERN_FAILS)).items()}
    assert states == {"acme": "ok", "papermoon": "unchanged", "tern": "failed", "square": "unchanged"}


def test_its_error_is_logged_and_kept_in_its_health_record(weeks: Weeks) -> None:
    (failed,) = (line for line in weeks.ran[TERN_FAILS].log if line["event"] == "source_failed")
    assert (failed["level"], failed["source"]) == ("warning", "tern")
    assert "HTTP 503" in failed["error"]
    record, before, after = (weeks.sources[step]["tern"] for step in (TERN_FAILS, TERN_FAILS - 1, TERN_FAILS + 1))
    assert (record["health"], record["error"], record["consecutive_failures"]) == ("failing", failed["error"], 1)
    assert (record["items"], record["last_success_at"]) == (before["items"], before["last_success_at"])
    assert (after["health"], after["error"], after["consecutive_failures"]) == ("healthy", None, 0)


# --- items are normalized, upserted or only touched


def test_items_are_normalized(weeks: Weeks) -> None:
    written = {job["title"] for job in jobs(STEPS[-1]).values()}
    assert any(title != " ".join(title.split()) for title in written)  # so they come
    titles = {item["title"] for item in weeks.known("items", "--source", "acme")}
    assert titles >= {" ".join(title.split()) for title in written}
    assert all(title == " ".join(title.split()) for title in titles)


def test_items_are_upserted_as_the_recorded_board_changes(weeks: Weeks) -> None:
    for step, counts in enumerate(expected([recording.read_bytes() for recording in RECORDINGS])):
        assert {name: weeks.row(step, "acme")[name] for name in counts} == counts, step


def test_unchanged_items_are_only_touched(weeks: Weeks) -> None:
    items = {item["url"]: item for item in weeks.known("items", "--source", "acme")}
    first, last = weeks.result(0)["started_at"], weeks.result(AGAIN)["started_at"]
    same = [
        url
        for url, job in jobs(0).items()
        if all(url in jobs(n) and content(job) == content(jobs(n)[url]) for n in STEPS)
    ]
    assert len(same) > 50
    for url in same:
        assert (items[url]["first_seen_at"], items[url]["last_seen_at"], items[url]["changed_at"]) == (
            first,
            last,
            None,
        )


# --- new and changed items are matched


def test_new_and_changed_items_are_matched_against_the_search_criteria(weeks: Weeks) -> None:
    found = weeks.known("matches")
    for step in STEPS[1:]:
        at, now = weeks.result(step)["started_at"], jobs(step)
        events = {(m["event"], m["item"]["url"]) for m in found if m["at"] == at and m["item"]["source"] == "acme"}
        seen = [jobs(earlier) for earlier in range(step)]
        ever = {url: board[url] for board in seen for url in board}
        new = {("new", url) for url, job in now.items() if url not in ever and wanted(job["title"])}
        changed = {
            ("changed", url)
            for url, job in now.items()
            if url in seen[-1]
            and content(job) != content(ever[url])
            and wanted(job["title"])
            and wanted(ever[url]["title"])
        }
        assert events == new | changed, step


# --- matches are sent by e-mail, each once, and counted per source


def test_matches_are_sent_by_e_mail_each_once(weeks: Weeks) -> None:
    told = [match for match in weeks.known("matches") if match["deliveries"] == {"sent": 1}]
    mailed = Counter(
        re.findall(r"^ *(https?://\S+)\r?$", "\n".join(text for mails in weeks.mails for text in mails), re.MULTILINE)
    )
    assert mailed == Counter(match["item"]["url"] for match in told)
    assert len(told) > 60


def test_sent_skipped_duplicate_and_failed_are_counted_per_source(weeks: Weeks) -> None:
    def counted(step: int, source: str) -> tuple[int, ...]:
        return tuple(weeks.row(step, source)[word] for word in ("matched", "sent", "skipped", "duplicate", "failed"))

    engineers = sum(wanted(job["title"]) for job in jobs(0).values())
    assert counted(0, "acme") == (engineers, engineers, 0, 0, 0)
    assert counted(0, "square") == (3, 0, 3, 0, 0)  # its first run is a baseline
    assert counted(MIRRORED, "square") == (0, 0, 0, 1, 0)
    matched, sent, *_, failed = counted(NO_MAIL, "acme")
    assert (sent, failed) == (0, matched)
    assert matched > 0
    matched, sent, *_, failed = counted(NO_MAIL + 1, "acme")
    assert (sent, failed) == (matched + weeks.row(NO_MAIL, "acme")["matched"], 0)


def test_a_run_on_the_same_boards_tells_nothing(weeks: Weeks) -> None:
    again = weeks.result(AGAIN)
    assert (again["sources"]["unchanged"], again["matches"]["new"], weeks.mails[AGAIN]) == (4, 0, [])


# --- one timestamp, a transaction per source


def test_all_items_of_a_run_share_one_timestamp(weeks: Weeks) -> None:
    items = weeks.known("items") + weeks.known("items", "--gone")
    started = [weeks.result(step)["started_at"] for step in STEPS]
    assert {item["first_seen_at"] for item in items} <= set(started)
    assert {item["gone_at"] for item in items} <= {None, *started}
    assert {item["source"] for item in items if item["first_seen_at"] == started[0]} == set(by_source(weeks.result(0)))


def test_a_transaction_per_source_a_killed_run_keeps_those_it_took_in_whole(tmp_path: Path) -> None:
    with Web() as web, Mailbox(login=("scan", PASSWORD)) as mailbox:
        profile = set_up(tmp_path, web, mailbox.port)
        gate = Gate(Answer(body=(EXAMPLES / "jobs/data/tern.json").read_bytes()))
        web.serve("/data/tern.json", gate)
        with profile.start("run") as running, gate:
            assert running.stdout is not None
            lines = [json.loads(running.stdout.readline()) for _ in range(4)]
            running.kill()
            running.wait(60)
        taken_in = sorted(line["source"] for line in lines if line["event"] == "source_finished")
        assert taken_in == ["acme", "papermoon", "square"]
        items = profile("items", "--json").json["items"]
        assert Counter(item["source"] for item in items) == {"acme": 8, "papermoon": 4, "square": 4}
        assert mailbox.messages == []

        again = profile("run", "--all").log[-1]
        assert {name: row["new"] for name, row in by_source(again).items()} == {
            "acme": 0,
            "papermoon": 0,
            "tern": 4,
            "square": 0,
        }
        assert again["deliveries"]["pending"] == 0
        sent = again["deliveries"]["sent"]
        assert sent == again["matches"]["new"] + 7  # what the killed run had matched, too


# --- interval, exit status, precedence


def test_the_interval_is_15_minutes_if_unset(weeks: Weeks) -> None:
    assert weeks.result(TOO_EARLY)["sources"]["not_due"] == 4
    assert weeks.result(AGAIN)["sources"]["not_due"] == 0
    assert "OnCalendar=*-*-* *:00/15:00 UTC" in weeks.profile("units").out


@pytest.mark.parametrize("interval", ["10s", "32d", "soon"])
def test_its_range_is_validated(weeks: Weeks, tmp_path: Path, interval: str) -> None:
    config = tmp_path / "jobs.yaml"
    config.write_text(f"{weeks.profile.config.read_text()}every: {interval}\n")
    ran = weeks.profile("--config", str(config), "run")
    assert (ran.status, interval in ran.err, "every" in ran.err) == (78, True, True)


def test_a_run_exits_0_or_non_zero(weeks: Weeks) -> None:
    statuses = [ran.status for ran in weeks.ran]
    assert statuses == [3 if step in {TERN_FAILS, NO_MAIL} else 0 for step in STEPS] + [0, 0, 1]


def test_the_command_line_comes_before_the_environment_before_the_config(weeks: Weeks, tmp_path: Path) -> None:
    config = tmp_path / "jobs.yaml"
    own = "logging: {level: error}\ndatabase: sqlite:////c.db\n"
    config.write_text(weeks.profile.config.read_text() + own)
    environ = {"SCAN_CONFIG": str(config), "SCAN_LOG_LEVEL": "warning", "DATABASE_URL": "sqlite:////e.db"}
    options = ("--log-level", "debug", "--database-url", "sqlite:////o.db")
    for given, variables, expected_ in (
        ((), {}, ("error", "sqlite:////c.db")),
        ((), environ, ("warning", "sqlite:////e.db")),
        (options, environ, ("debug", "sqlite:////o.db")),
    ):
        shown = weeks.profile("--config", str(config), *given, "config", "show", environ=variables).out
        found = (
            re.search(r"^  level: (\w+)$", shown, re.MULTILINE),
            re.search(r"^database: (\S+)$", shown, re.MULTILINE),
        )
        assert tuple(match and match[1] for match in found) == expected_


# --- the database


def test_it_is_sqlite_in_wal_mode_by_default(weeks: Weeks) -> None:
    with closing(sqlite3.connect(weeks.profile.database)) as database:
        assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_another_database_by_database_url_and_migrations_at_start(weeks: Weeks, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    make_old(other, "0001")
    own, before = weeks.profile.database, weeks.profile("runs", "--json").json
    ran = weeks.profile("run", "--all", "--json", environ={"DATABASE_URL": f"sqlite:///{other}"})
    assert ran.json["sources"]["total"] == 4
    with closing(sqlite3.connect(other)) as database:
        assert database.execute("SELECT version_num FROM alembic_version").fetchone() == (REVISION,)
        assert database.execute("SELECT count(*) FROM run").fetchone() == (1,)
    assert own.exists()
    assert weeks.profile("runs", "--json").json == before


# --- logs


def test_logs_are_json_or_text(weeks: Weeks) -> None:
    assert all(line["event"] for ran in weeks.ran for line in ran.log)
    text = weeks.profile("--log-format", "text", "run", "--all").out.splitlines()
    assert re.fullmatch(r"\d\d:\d\d:\d\d run started", text[0])
    assert re.fullmatch(r"\d\d:\d\d:\d\d 0 ok, 4 failed, 0 items .*", text[-1])


def test_secrets_are_never_in_a_log(weeks: Weeks) -> None:
    assert weeks.web.asked("/data/square.json")[0].headers["authorization"] == f"Bearer {TOKEN}"
    shown = [weeks.profile(*command).out for command in (("config", "show"), ("status",), ("deliveries",))]
    written = "".join(shown + [ran.out + ran.err for ran in weeks.ran])
    kept = b"".join(path.read_bytes() for path in weeks.profile.state.iterdir())
    for secret in (PASSWORD, TOKEN):
        assert secret not in written
        assert secret.encode() not in kept
