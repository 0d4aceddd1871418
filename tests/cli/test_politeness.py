"""How servers are treated, from outside: not too often, not when they want to be left alone, as robots.txt says."""

import json
import sqlite3
import ssl
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import trustme

from scan import __version__
from tests.cli.boards import answer, job
from tests.cli.conftest import Scan
from tests.tunnel import Tunnel
from tests.web import Answer, Web

pytestmark = pytest.mark.cli

OTHER = "127.0.0.2"


def boards(web: Web, *paths: str, http: str = "retries: 0", more: str = "") -> str:
    rows = "".join(
        f"  - {{name: {path}, kind: greenhouse, board: {path}, url: '{web.url('/' + path)}'}}\n" for path in paths
    )
    return f"http: {{{http}}}\nevery: 15m\nsources:\n{rows}{more}"


def statuses(run: Any) -> dict[str, str]:
    return {source["source"]: source["status"] for source in run["by_source"]}


def errors(run: Any) -> dict[str, str]:
    return {source["source"]: source["error"] for source in run["by_source"] if source["error"]}


def paths(web: Web) -> list[str]:
    return sorted(asked.path for asked in web.requests)


def later(scan: Scan, statement: str, **moved: timedelta) -> None:
    """Let time pass, by setting back what was remembered."""
    values = {name: _text(datetime.now(UTC) - ago) for name, ago in moved.items()}
    with closing(sqlite3.connect(scan.database)) as database, database:
        database.execute(statement, values)


def ago(scan: Scan, spans: Sequence[timedelta]) -> None:
    """Have all hosts been asked so long ago."""
    moments = json.dumps([(datetime.now(UTC) - span).isoformat() for span in spans])
    with closing(sqlite3.connect(scan.database)) as database, database:
        database.execute("UPDATE host SET asked = ?", (moments,))


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")


def test_who_asks_says_so_and_may_say_it_better(scan: Scan, web: Web) -> None:
    web.serve("/a", answer(job(1)))
    ours = f"scan/{__version__} (watches for new items; libcurl)"
    for http, agent in (("retries: 0", ours), ("user_agent: me/1 (+x)", "me/1 (+x)")):
        scan.configure(boards(web, "a", http=http))
        scan.run()
        assert web.requests[-1].headers["user-agent"] == agent


def test_the_sources_of_one_host_share_its_limits(scan: Scan, web: Web) -> None:
    names = [f"b{number}" for number in range(6)]
    for name in names:
        web.serve(f"/{name}", Answer(body=answer(job(1)).body, delay=0.05))
    with Web(address=OTHER) as other:
        other.serve("/o", answer(job(1)))
        more = f"  - {{name: o, kind: greenhouse, board: o, url: '{other.url('/o')}'}}\n"

        scan.configure(boards(web, *names, http="per_host: 2", more=more))
        assert set(statuses(scan.run()).values()) == {"ok"}
        assert web.busiest <= 2

        scan.configure(boards(web, *names[:3], http="min_interval: 300ms", more=more))
        asked = len(web.requests)
        scan.run()
        starts = [request.at for request in web.requests[asked:]]
        assert max(starts) - min(starts) >= 0.3
        assert len(starts) == 3


def test_a_host_that_wants_to_be_left_alone_for_a_day_is_whoever_s_the_sources_are(scan: Scan, web: Web) -> None:
    web.serve("/a", [Answer(status=429, headers={"Retry-After": "86400"}), answer(job(1))])
    web.serve("/b", answer(job(2)))
    with Web(address=OTHER) as other:
        other.serve("/o", answer(job(3)))
        more = f"  - {{name: o, kind: greenhouse, board: o, url: '{other.url('/o')}'}}\n"
        scan.configure(boards(web, "a", "b", more=more))
        assert scan("run", "a").status == 1

        for _ in range(2):
            run = scan.run()
            assert (list(statuses(run)), run["sources"]["not_due"]) == (["o"], 2)
        assert paths(web) == ["/a"]

        later(scan, "UPDATE host SET closed_until = :then", then=timedelta(seconds=1))
        later(scan, "UPDATE source SET not_before = :then", then=timedelta(seconds=1))
        assert statuses(scan.run()) == {"a": "ok", "b": "ok", "o": "unchanged"}


def test_who_names_a_source_insists(scan: Scan, web: Web) -> None:
    web.serve("/a", [Answer(status=503, headers={"Retry-After": "7200"}), answer(job(1))])
    scan.configure(boards(web, "a", "b"))
    web.serve("/b", answer(job(2)))
    scan("run", "a")

    assert statuses(scan("run", "a", "--json").json) == {"a": "ok"}
    assert statuses(scan.run()) == {"a": "unchanged", "b": "ok"}


def test_robots_txt_is_obeyed_and_read_once_a_day(scan: Scan, web: Web) -> None:
    robots = "User-agent: *\nDisallow: /private\n\nUser-agent: other\nDisallow: /\n"
    web.serve("/robots.txt", Answer(body=robots.encode()))
    web.serve("/open", answer(job(1)))
    web.serve("/private", answer(job(2)))
    web.serve("/moved", Answer(status=302, headers={"Location": "/private"}))
    scan.configure(boards(web, "open", "private", "moved", http="robots: obey, retries: 0"))
    forbidden = "the host's robots.txt forbids it (robots: obey)"

    for status in ("ok", "unchanged"):
        run = scan.run()
        assert statuses(run) == {"open": status, "private": "failed", "moved": "failed"}
        assert {name: forbidden in error for name, error in errors(run).items()} == {"private": True, "moved": True}
    assert paths(web) == ["/moved", "/moved", "/open", "/open", "/robots.txt"]
    (shown,) = scan("preview", "private", "--json").json["sources"]
    assert forbidden in shown["error"]

    later(scan, "UPDATE robots SET read_at = :then", then=timedelta(hours=25))
    web.serve("/robots.txt", Answer(status=404))
    assert statuses(scan.run()) == {"open": "unchanged", "private": "ok", "moved": "ok"}

    scan.configure(boards(web, "open", "private", http="robots: ignore"))
    scan.run()
    assert paths(web).count("/robots.txt") == 2


def test_a_robots_txt_that_cannot_be_read_forbids_everything_of_its_host_unless_one_is_known(
    scan: Scan, web: Web
) -> None:
    web.serve("/robots.txt", [Answer(status=503), Answer(body=b"User-agent: *\nDisallow: /b\n"), Answer(status=500)])
    web.serve("/a", answer(job(1)))
    web.serve("/b", answer(job(2)))
    scan.configure(boards(web, "a", "b", http="robots: obey, retries: 0"))

    unreadable = "the host's robots.txt cannot be read (HTTP 503), so nothing is asked for there"
    assert [unreadable in error for error in errors(scan.run()).values()] == [True, True]
    assert paths(web) == ["/robots.txt"]
    assert list(errors(scan.run())) == ["b"]

    later(scan, "UPDATE robots SET read_at = :then", then=timedelta(days=3))
    assert list(errors(scan.run())) == ["b"]
    assert len(web.asked("/robots.txt")) == 3


def test_a_crawl_delay_keeps_requests_apart(scan: Scan, web: Web) -> None:
    web.serve("/robots.txt", Answer(body=b"User-agent: scan\nCrawl-delay: 0.3\n"))
    for path in ("a", "b", "c"):
        web.serve(f"/{path}", answer(job(1)))
    scan.configure(boards(web, "a", "b", "c", http="robots: obey"))

    scan.run()

    starts = [asked.at for asked in web.requests if asked.path != "/robots.txt"]
    assert max(starts) - min(starts) >= 0.3


def test_a_source_that_fails_is_tried_less_and_less_often_and_at_once_by_its_name(scan: Scan, web: Web) -> None:
    web.serve("/bad", [*[Answer(status=500)] * 7, answer(job(1))])
    web.serve("/good", answer(job(2)))
    scan.configure(boards(web, "bad", "good"))
    for _ in range(6):
        scan.run()

    def asked_after(ago: timedelta) -> bool:
        later(scan, "UPDATE source SET last_attempt_at = :then, last_success_at = :then", then=ago)
        before = len(web.asked("/bad"))
        assert "good" in statuses(scan("run", "--json").json)
        return len(web.asked("/bad")) > before

    assert not asked_after(timedelta(minutes=20))  # after six failures: fifteen minutes, doubled four times
    assert not asked_after(timedelta(hours=3, minutes=50))
    assert asked_after(timedelta(hours=4))
    assert not asked_after(timedelta(hours=5, minutes=50))
    assert statuses(scan("run", "bad", "--json").json) == {"bad": "ok"}
    assert asked_after(timedelta(minutes=15))


@pytest.fixture
def services(scan: Scan, tmp_path: Path) -> Iterator[tuple[Web, Tunnel]]:
    """Every service there is, behind a proxy that the config names."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("api.rippling.com", "remotive.com").configure_cert(context)
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    scan.environ = {"SSL_CERT_FILE": str(tmp_path / "ca.pem")}
    with Web(tls=context) as web, Tunnel(web.port) as tunnel:
        yield web, tunnel


def configured(scan: Scan, tunnel: Tunnel, rows: Sequence[str]) -> None:
    entries = "".join(f"  - {{{row}}}\n" for row in rows)
    scan.configure(f"http: {{proxy: '{tunnel.url}', per_host: 32}}\nevery: 15m\nsources:\n{entries}")


def test_a_service_is_asked_as_often_as_it_allows_over_all_runs(scan: Scan, services: tuple[Web, Tunnel]) -> None:
    web, tunnel = services
    for number in range(102):
        web.serve(f"/platform/api/ats/v1/board/b{number}/jobs", Answer(body=b"[]"))
    configured(scan, tunnel, [f"name: b{number}, kind: rippling, board: b{number}" for number in range(102)])

    first, second = scan.run(), scan.run()

    assert (first["sources"]["ok"], first["sources"]["not_due"], first["sources"]["failed"]) == (100, 2, 0)
    assert (second["sources"]["ok"], second["sources"]["not_due"]) == (0, 102)
    assert (len(web.requests), set(tunnel.hosts)) == (100, {"api.rippling.com:443"})

    ago(scan, [timedelta(minutes=10)] * 100)
    third = scan.run()
    assert third["sources"]["ok"] == 100
    assert {"b100", "b101"} <= statuses(third).keys()  # those that waited come first


def test_a_service_that_allows_four_requests_a_day_is_not_asked_a_fifth_time(
    scan: Scan, services: tuple[Web, Tunnel]
) -> None:
    web, tunnel = services
    web.serve("/api/remote-jobs", Answer(body=b'{"job-count": 0, "jobs": []}'))
    configured(scan, tunnel, ["name: r, kind: remotive, every: 1h"])
    assert "remotive allows 4 requests in 1 d, 30 s apart; 6h or longer would be right" in scan("config", "check").err
    assert statuses(scan.run()) == {"r": "ok"}
    ago(scan, [timedelta(hours=hours) for hours in (20, 3, 2, 1)])

    assert scan.run()["sources"]["not_due"] == 1
    why = errors(scan("run", "r", "--json").json)["r"]
    assert "the service allows 4 requests in 1 d, 30 s apart, and has been asked so often; next in " in why
    assert len(web.requests) == 1


def test_a_mirror_of_a_service_has_its_own_limits(scan: Scan, web: Web) -> None:
    url = web.serve("/jobs", Answer(body=b'{"job-count": 0, "jobs": []}'))
    rows = (f"  - {{name: r{number}, kind: remotive, url: '{url}'}}\n" for number in range(9))
    scan.configure(f"every: 15m\nsources:\n{''.join(rows)}")

    assert scan("config", "check").err == ""
    assert scan.run()["sources"]["ok"] == 9
