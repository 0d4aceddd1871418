"""`scan probe` from outside: an address, the entry that is printed or written, and a run with it."""

import json
import stat
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.cli.boards import board, job
from tests.cli.conftest import Scan
from tests.guess.pages import JOBS, page_of_jobs
from tests.web import Answer, Web

pytestmark = pytest.mark.cli

RECORDED = Path(__file__).parents[2] / "../shared/data"
CONFIG = """\
# My places.
every: 15m    # as often as that
http: {retries: 0, timeout: 5s, max_body:   5MB}   # é

sources:
  - name: old       # the first
    kind:   feed
    url: '%s'
    # every: 1h

# What for.
searches:
  - {name: all, any: [engineer, gardener]}
"""
JSON = {"Content-Type": "application/json"}
HTML = {"Content-Type": "text/html; charset=utf-8"}
FEED = b"<rss version='2.0'><channel><item><guid>1</guid><title>News of the day</title></item></channel></rss>"


def serve(web: Web, path: str, name: str, **headers: str) -> str:
    return web.serve(path, Answer(body=(RECORDED / name).read_bytes(), headers=headers))


@pytest.fixture
def old(web: Web) -> str:
    return web.serve("/old.xml", Answer(body=FEED))


def test_a_recorded_page_is_recognized_written_and_run_silently(scan: Scan, web: Web, old: str) -> None:
    scan.configure(CONFIG % old)
    before = scan.config.read_text(encoding="utf-8")
    address = serve(web, "/jobs", "html/page_0006-everdrop-recruitee-com.html", **HTML)

    shown = scan("probe", address)
    assert shown.status == 0, shown.err
    assert "1. html, known by 12 parts of the page that are alike (confidence: medium): 12 items" in shown.out
    assert f"    url: {address}\n" in shown.out
    assert "Internship Online Marketing / Performance Marketing (m/f/d) (München , Bayern , Germany)" in shown.out
    assert scan.config.read_text(encoding="utf-8") == before

    written = scan("probe", address, "--write", "--json")
    assert written.status == 0, written.err
    added = written.json["added"]
    assert (added["file"], added["before"]) == (str(scan.config), False)

    entry = "".join(f"  {line}\n" for line in written.json["candidates"][0]["yaml"].splitlines())
    lines = before.splitlines(keepends=True)
    at = lines.index("    # every: 1h\n") + 1
    assert scan.config.read_text(encoding="utf-8") == "".join([*lines[:at], entry, *lines[at:]])

    first, second = scan.run(), scan.run()
    assert {one["source"]: one["new"] for one in first["by_source"]} == {"old": 1, added["name"]: 12}
    assert second["items"]["new"] == second["items"]["changed"] == second["items"]["gone"] == 0

    again = scan("probe", address, "--write")
    assert again.status == 0
    assert f"{added['name']} is there already" in again.out
    assert len(scan.config.read_text(encoding="utf-8").splitlines()) == len(lines) + len(entry.splitlines())


def test_a_json_api_is_mapped_and_its_pages_are_followed(scan: Scan, web: Web, old: str) -> None:
    def answer(number: int) -> Answer:
        rows = [
            {"id": n, "title": f"Flat number {n} by the park", "link": f"/flats/{n}", "listed_on": "2026-11-02"}
            for n in range(number * 10, number * 10 + (10 if number < 3 else 0))
        ]
        filters = {"filters": [{"name": f"Filter number {n}", "id": n} for n in range(40)]}
        return Answer(body=json.dumps({**filters, "total": 20, "results": rows}).encode(), headers=JSON)

    web.serve("/api", lambda asked: answer(int(asked.query.get("page", "1"))))
    scan.configure(CONFIG % old)
    address = web.url("/api?page=1")

    written = scan("probe", address, "--write", "--json")
    assert written.status == 0, written.err
    best = written.json["candidates"][0]
    assert best["entry"] == {
        "name": best["entry"]["name"],
        "kind": "json",
        "url": web.url("/api?page={page}"),
        "items": "results",
        "fields": {"key": "id", "title": "title", "url": "link", "published_at": "listed_on"},
        "pages": {"start": 1, "total": "total"},
    }
    assert [item["title"] for item in best["items"]] == [f"Flat number {n} by the park" for n in range(10, 15)]
    first, second = scan.run(), scan.run()
    assert {one["source"]: one["new"] for one in first["by_source"]}[best["entry"]["name"]] == 20
    assert second["items"]["new"] == 0


def test_several_candidates_are_ranked_and_any_can_be_picked(scan: Scan, web: Web, old: str) -> None:
    items = "".join(
        f"<item><title>{title}</title><link>{web.url(f'/j/{n}')}</link></item>" for n, title in enumerate(JOBS)
    )
    web.serve("/feed.xml", Answer(body=f"<rss version='2.0'><channel>{items}</channel></rss>".encode()))
    head = '<link rel="alternate" type="application/rss+xml" href="/feed.xml">'
    address = web.serve("/jobs/", Answer(body=page_of_jobs(head, "/j/").encode(), headers=HTML))
    scan.configure(CONFIG % old)

    found = scan("probe", address, "--json").json["candidates"]
    assert [(one["kind"], one["confidence"]) for one in found] == [("feed", "high"), ("html", "medium")]
    assert found[0]["because"] == "a feed that the page announces, with what the page shows"

    assert scan("probe", address, "--write", "--pick", "2").status == 0
    assert "    kind: html\n" in scan.config.read_text(encoding="utf-8")
    too_many = scan("probe", address, "--write", "--pick", "9")
    assert (too_many.status, "no more than 2 candidates" in too_many.err) == (2, True)


def test_a_board_is_recognized_by_what_a_page_embeds_and_its_key_comes_from_there(
    scan: Scan, web: Web, old: str
) -> None:
    scan.configure(CONFIG % old)
    frame = '<html><body><iframe src="https://careers.recruiteecdn.com/x.png"></iframe></body></html>'
    offers = {"offers": [{"id": 7, "title": "Gardener", "status": "published", "careers_url": "https://x.example/o/7"}]}
    web.serve("/api/offers/", Answer(body=json.dumps(offers).encode(), headers=JSON))
    address = web.serve("/careers", Answer(body=frame.encode(), headers=HTML)).replace("127.0.0.1", "acme.localhost")
    best = scan("probe", address, "--json").json["candidates"][0]
    assert (best["kind"], best["confidence"]) == ("recruitee", "high")
    assert best["entry"]["url"] == f"http://acme.localhost:{web.port}/api/offers/"
    assert [item["title"] for item in best["items"]] == ["Gardener"]


def test_a_file_is_probed_as_the_config_reads_files(scan: Scan, old: str) -> None:
    scan.configure(CONFIG % old)
    (scan.folder / "boards").mkdir()
    (scan.folder / "boards" / "acme.json").write_bytes(board([job(1, "Engineer"), job(2, "Gardener")]))
    written = scan("probe", "file:boards/acme.json", "--write")
    assert written.status == 0, written.err
    assert "    url: file:boards/acme.json\n" in scan.config.read_text(encoding="utf-8")
    assert scan.run()["items"]["new"] == 3


def test_without_a_config_an_address_is_probed_all_the_same_and_nothing_is_left(scan: Scan, old: str) -> None:
    ran = scan("probe", old)
    assert ran.status == 0, ran.err
    assert "1. feed, known by what it holds (confidence: high): 1 item" in ran.out
    assert list(scan.folder.iterdir()) == []
    refused = scan("probe", old, "--write")
    assert (refused.status, "no such file" in refused.err) == (78, True)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"<html><body><h1>About us</h1><p>We are here.</p></body></html>", "nothing was recognized behind"),
        (b"", "nothing was recognized behind"),
        (b'{"ok": false, "error": "Document not found"}', "it is JSON"),
        (b"\x89PNG\r\n\x1a\n", "nothing was recognized behind"),
    ],
)
def test_nothing_recognized_is_said_with_what_to_do_and_an_exit_status(
    scan: Scan, web: Web, old: str, body: bytes, said: str
) -> None:
    scan.configure(CONFIG % old)
    address = web.serve("/about", Answer(body=body))
    documented, ran = scan("probe", address, "--json"), scan("probe", address, "--write")
    assert (documented.status, documented.json["candidates"], documented.json["added"]) == (1, [], None)
    assert (ran.status, ran.out) == (1, "")
    assert said in ran.err
    assert "docs/sources.md" in ran.err
    assert scan.config.read_text(encoding="utf-8") == CONFIG % old


def test_an_address_that_does_not_answer_is_an_error_with_its_reason(scan: Scan, web: Web) -> None:
    gone = scan("probe", web.serve("/gone", Answer(status=410)))
    assert (gone.status, "HTTP 410" in gone.err) == (1, True)
    refused = scan("probe", "http://127.0.0.1:1/")
    assert (refused.status, "connection refused" in refused.err.lower()) == (1, True)
    for address in ("ftp://example.org/", "nowhere", "https://"):
        assert scan("probe", address).status == 2


def test_a_broken_config_is_refused_before_anything_is_asked(scan: Scan, web: Web, old: str) -> None:
    scan.configure("sources: [{name: x, kind: feeed}]\n")
    ran = scan("probe", old, "--write")
    assert (ran.status, "'feeed' is no kind" in ran.err) == (78, True)
    assert web.requests == []


def test_a_config_that_is_written_in_a_way_in_which_nothing_can_be_added_stays(scan: Scan, old: str) -> None:
    scan.configure("{sources: []}\n")
    ran = scan("probe", old, "--write")
    assert (ran.status, "add it by hand" in ran.err) == (78, True)
    assert scan.config.read_text(encoding="utf-8") == "{sources: []}\n"


def test_the_config_keeps_its_permissions_and_a_link_to_it_stays_one(scan: Scan, old: str) -> None:
    real = scan.folder / "real.yaml"
    real.write_bytes(b"\xef\xbb\xbfevery: 1h\r\n")
    real.chmod(0o640)
    scan.config.symlink_to(real)
    assert scan("probe", old, "--write").status == 0
    assert scan.config.is_symlink()
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    assert real.read_bytes().startswith(b"\xef\xbb\xbfevery: 1h\r\nsources:\r\n  - name: old\r\n")


def test_secrets_in_the_address_and_the_config_are_not_shown_and_placeholders_stay(scan: Scan, web: Web) -> None:
    scan.configure('sources: []\nchannels: [{name: hook, kind: webhook, url: "${env:HOOK}"}]\n')
    web.serve(
        "/feed", lambda asked: Answer(body=FEED) if asked.query.get("token") == "tell-nobody-1" else Answer(status=403)
    )
    environ = {"HOOK": "https://hook.example/secret-hook-path", "FEED_TOKEN": "tell-nobody-1"}

    shown = scan("probe", web.url("/feed?token=tell-nobody-1"), environ=environ)
    assert shown.status == 0, shown.err
    assert "tell-nobody-1" not in shown.out + shown.err
    assert "The *** hides a secret of the address" in shown.out

    written = scan("probe", web.url("/feed?token=${env:FEED_TOKEN}"), "--write", "--json", environ=environ)
    assert written.status == 0, written.err
    assert "tell-nobody-1" not in written.out + written.err
    text = scan.config.read_text(encoding="utf-8")
    assert "?token=${env:FEED_TOKEN}\n" in text
    assert 'url: "${env:HOOK}"' in text


def test_what_does_not_answer_a_second_time_is_not_written(scan: Scan, web: Web, old: str) -> None:
    scan.configure(CONFIG % old)
    address = web.serve("/jobs", [Answer(body=page_of_jobs().encode(), headers=HTML), Answer(status=500)])
    ran = scan("probe", address, "--write")
    assert (ran.status, "not added, for asked once more it failed" in ran.err) == (1, True)
    assert "1. html, known by" in ran.out
    assert scan.config.read_text(encoding="utf-8") == CONFIG % old


def test_a_hostile_page_writes_neither_to_the_terminal_nor_into_the_config(scan: Scan, web: Web, old: str) -> None:
    scan.configure(CONFIG % old)
    secret = scan.folder / "secret"
    secret.write_text("the-secret-of-a-file")
    rows = [
        {f"${{file:{secret}}}": n, "title": f"\x1b]0;owned\x07Job\x1b[2J {n}", "url": f"https://x.example/{n}"}
        for n in range(4)
    ]
    body = json.dumps({"a\nchannels: [{name: evil, kind: command, run: [rm]}]\nb": rows}).encode()
    address = web.serve("/api", Answer(body=body, headers=JSON))
    shown, written = scan("probe", address), scan("probe", address, "--write")
    assert (shown.status, written.status) == (0, 0)
    for ran in (shown, written):
        assert "\x1b" not in ran.out + ran.err
        assert "\x07" not in ran.out + ran.err
        assert "the-secret-of-a-file" not in ran.out + ran.err
    assert scan("config", "check").status == 0
    assert "channels: []" in scan("config", "show").out
    assert scan.run()["items"]["new"] == 5


def test_what_a_page_leads_to_in_a_private_network_is_not_asked_for(scan: Scan, web: Web, old: str) -> None:
    scan.configure(CONFIG % old)
    with Web(address="127.0.0.2") as inner:
        feed = inner.serve("/feed.xml", Answer(body=FEED))
        for link in (feed, f"file://{quote(str(scan.folder))}/feed.xml"):
            head = f'<link rel="alternate" type="application/rss+xml" href="{link}">'
            address = web.serve("/page", Answer(body=f"<html><head>{head}</head></html>".encode(), headers=HTML))
            assert scan("probe", address).status == 1
        assert inner.requests == []


def test_what_lacks_a_key_of_one_s_own_is_recognized_and_not_written(scan: Scan, old: str) -> None:
    scan.configure(CONFIG % old)
    ran = scan("probe", "https://www.usajobs.gov/Search/Results?k=gardener", "--json")
    assert ran.status == 0
    best = ran.json["candidates"][0]
    assert best["entry"]["key"] == "${credential:usajobs}"
    assert "USAJOBS_EMAIL" in best["problem"]
    refused = scan("probe", "https://www.usajobs.gov/Search/Results?k=gardener", "--write")
    assert (refused.status, "not added" in refused.err) == (1, True)
    assert scan.config.read_text(encoding="utf-8") == CONFIG % old
