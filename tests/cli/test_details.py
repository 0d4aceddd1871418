"""Pages of single items: read for what a search may want, remembered, and never in the way of the list."""

import json
from typing import Any

import pytest

from tests.cli.conftest import Scan
from tests.web import Answer, Web

pytestmark = pytest.mark.cli

ENGINEERS = "searches:\n  - {name: python, title: {any: [engineer]}, text: {any: [python]}}\n"


class Board:
    """A company's postings, as SmartRecruiters answers; each one's page says what is in `texts`."""

    def __init__(self, web: Web) -> None:
        self.web = web
        self.names: dict[int, str] = {}
        self.texts: dict[int, str | Answer] = {}
        self.etag: str | None = None
        web.serve("/postings", lambda _: self._list())

    def post(self, number: int, name: str, text: str | Answer = "Python") -> None:
        self.names[number], self.texts[number] = name, text
        self.web.serve(f"/postings/{number}", lambda _: self._page(number))

    def asked(self) -> list[int]:
        """Which pages were asked for since last time."""
        numbers = [int(asked.path.rpartition("/")[2]) for asked in self.web.requests if asked.path != "/postings"]
        self.web.requests.clear()
        return numbers

    def _list(self) -> Answer:
        rows = [{"id": str(number), "name": name, "company": {"name": "Acme"}} for number, name in self.names.items()]
        body = json.dumps({"totalFound": len(rows), "content": rows}).encode()
        return Answer(body=body, etag=f'"{self.etag}"' if self.etag else None)

    def _page(self, number: int) -> Answer:
        text = self.texts[number]
        if isinstance(text, Answer):
            return text
        sections = {"jobDescription": {"title": "Job", "text": f"<p>{text}</p>"}}
        return Answer(body=json.dumps({"id": str(number), "jobAd": {"sections": sections}}).encode())


@pytest.fixture
def board(web: Web) -> Board:
    return Board(web)


def configure(scan: Scan, board: Board, rest: str = ENGINEERS, more: str = "") -> None:
    url = board.web.url("/postings?limit=100&offset=0")
    entry = f"{{name: acme, kind: smartrecruiters, company: Acme, url: '{url}'{more}}}"
    scan.configure(f"every: 15m\nhttp: {{retries: 0, timeout: 5s}}\nsources:\n  - {entry}\n{rest}")


def texts(scan: Scan) -> dict[str, str]:
    found: list[dict[str, Any]] = scan("items", "--json").json["items"]
    return {item["title"]: item["text"] for item in found}


def test_the_pages_that_a_search_may_want_are_read_once(scan: Scan, board: Board) -> None:
    board.post(1, "Engineer", "We use Python")
    board.post(2, "Gardener")
    board.post(3, "Sales Engineer", "We sell")
    configure(scan, board)

    first = scan.run()
    assert board.asked() == [1, 3]
    assert (first["items"]["new"], first["matches"]["new"]) == (3, 1)
    assert texts(scan) == {"Engineer": "Job\nWe use Python", "Gardener": "", "Sales Engineer": "Job\nWe sell"}

    second = scan.run()
    assert board.asked() == []
    assert (second["items"]["new"], second["items"]["changed"], second["matches"]["new"]) == (0, 0, 0)

    board.post(4, "Data Engineer", "Python, too")
    third = scan.run()
    assert board.asked() == [4]
    assert (third["items"]["new"], third["items"]["changed"], third["matches"]["new"]) == (1, 0, 1)


def test_a_changed_item_has_its_page_read_again_and_keeps_it_if_that_fails(scan: Scan, board: Board) -> None:
    board.post(1, "Engineer", "We use Python")
    configure(scan, board)
    scan.run()
    board.asked()

    board.post(1, "Senior Engineer", Answer(status=500))
    changed = scan.run()
    assert board.asked() == [1]
    assert changed["items"]["changed"] == 1
    assert texts(scan) == {"Senior Engineer": "Job\nWe use Python"}

    board.post(1, "Senior Engineer", "We use Python and Go")
    again = scan.run()
    assert board.asked() == [1]
    assert again["items"]["changed"] == 0
    assert texts(scan) == {"Senior Engineer": "Job\nWe use Python and Go"}
    assert scan.run()["items"]["changed"] == 0
    assert board.asked() == []


def test_a_failing_page_loses_no_item_and_is_given_up_after_some_tries(scan: Scan, board: Board) -> None:
    board.post(1, "Engineer", Answer(status=404))
    board.post(2, "Python Engineer", "Whatever")
    cautious = "searches:\n  - {name: paid, title: {any: [engineer]}, none: [unpaid]}\n"
    configure(scan, board, cautious)

    first = scan.run()
    assert (first["sources"]["ok"], first["items"]["new"], first["matches"]["new"]) == (1, 2, 1)
    assert board.asked() == [1, 2]
    second = scan.run()
    assert (board.asked(), second["matches"]["new"]) == ([1], 0)
    third = scan.run()
    assert (board.asked(), third["matches"]["new"]) == ([1], 1), "given up: the search takes the item as it is"
    assert third["items"]["changed"] == 0
    fourth = scan.run()
    assert (board.asked(), fourth["matches"]["new"]) == ([], 0)


def test_a_search_that_a_page_can_only_confirm_is_told_at_once_and_once(scan: Scan, board: Board) -> None:
    board.post(1, "Engineer", Answer(status=500))
    configure(scan, board, "searches:\n  - {name: engineers, title: {any: [engineer]}, on: [new, changed]}\n")
    assert scan.run()["matches"]["new"] == 1
    board.post(1, "Engineer", "Here it is")
    completed = scan.run()
    assert (completed["matches"]["new"], completed["items"]["changed"]) == (0, 0)
    assert texts(scan) == {"Engineer": "Job\nHere it is"}


def test_no_more_pages_are_read_in_a_run_than_the_entry_allows(scan: Scan, board: Board) -> None:
    for number in range(1, 6):
        board.post(number, f"Engineer {number}", "Python")
    configure(scan, board, more=", details: 2")
    counts = []
    for _ in range(4):
        run = scan.run()
        counts.append((board.asked(), run["items"]["new"], run["items"]["changed"], run["matches"]["new"]))
    assert counts == [([1, 2], 5, 0, 2), ([3, 4], 0, 0, 2), ([5], 0, 0, 1), ([], 0, 0, 0)]

    configure(scan, board, more=", details: 0")
    board.post(6, "Engineer 6")
    scan.run()
    assert board.asked() == []
    assert texts(scan)["Engineer 1"] == "Job\nPython", "what was read stays"


def test_an_unchanged_list_is_not_skipped_while_pages_are_outstanding(scan: Scan, board: Board) -> None:
    board.post(1, "Engineer", Answer(status=503))
    board.etag = "v1"
    configure(scan, board)
    assert scan.run()["matches"]["new"] == 0
    board.post(1, "Engineer", "Python")
    assert scan.run()["matches"]["new"] == 1
    assert board.asked() == [1, 1]
    assert scan.run()["by_source"][0]["status"] == "unchanged"
    assert scan.run()["by_source"][0]["http_status"] == 304
    assert board.asked() == []


def test_another_search_has_the_pages_read_that_it_may_want(scan: Scan, board: Board) -> None:
    board.post(1, "Engineer", "Python")
    board.post(2, "Gardener", "Roses, unpaid")
    board.post(3, "Gardener", "Roses")
    board.etag = "v1"
    configure(scan, board)
    scan.run()
    scan.run()
    assert board.asked() == [1]

    gardeners = "  - {name: gardeners, title: {any: [gardener]}, text: {any: [roses]}, none: [unpaid]}\n"
    configure(scan, board, ENGINEERS + gardeners)
    found = scan.run()
    assert board.asked() == [2, 3]
    assert (found["matches"]["new"], found["items"]["changed"]) == (1, 0)
    assert scan.run()["by_source"][0]["status"] == "unchanged"


def test_what_the_first_run_found_is_baseline_even_if_its_page_comes_later(scan: Scan, board: Board) -> None:
    board.post(1, "Engineer", Answer(status=503))
    out = "channels:\n  - {name: out, kind: stdout}\n"
    configure(scan, board, ENGINEERS + out, more=", first_run: baseline")
    scan.run()
    board.post(1, "Engineer", "Python")
    completed = scan.run()
    assert completed["matches"]["new"] == 1
    assert completed["deliveries"]["pending"] == 0
    states = [row["state"] for row in scan("deliveries", "--json").json["deliveries"]]
    assert states == ["baseline"]


def test_a_server_that_asks_to_wait_is_not_asked_again_before(scan: Scan, board: Board) -> None:
    board.post(1, "Engineer", Answer(status=429, headers={"Retry-After": "3600"}))
    board.post(2, "Engineer II", "Python")
    configure(scan, board)
    assert scan.run()["items"]["new"] == 2
    assert board.asked() == [1]
    assert scan("run", "--json").json["sources"]["not_due"] == 1


def test_preview_reads_the_pages_and_changes_nothing(scan: Scan, board: Board) -> None:
    board.post(1, "Engineer", "Python")
    configure(scan, board)
    (seen,) = scan("preview", "--json").json["sources"]
    assert seen["items"][0]["item"]["text"] == "Job\nPython"
    assert [match["search"] for match in seen["items"][0]["matches"]] == ["python"]
    assert not scan.database.exists()
    scan.run()
    board.asked()
    (seen,) = scan("preview", "--json").json["sources"]
    assert (seen["items"][0]["change"], seen["items"][0]["matches"] != []) == ("unchanged", True)
    assert board.asked() == []


def test_lists_of_ones_own_are_followed(scan: Scan, web: Web) -> None:
    web.serve("/list", Answer(body=b"<base href=/jobs/><ul><li><a href=1>Engineer</a><li><a href=2>Cook</a></ul>"))
    web.serve("/jobs/1", Answer(body=b"<h1>x</h1><div class=d>Python <b>for</b> us</div><p class=pay>$ 90k</p>"))
    scan.configure(f"""
sources:
  - name: site
    kind: html
    url: {web.url("/list")}
    items: li
    fields: {{title: a, url: "a@href"}}
    follow:
      html:
        text: .d
        attributes.pay: {{select: .pay, number: true}}
        attributes.currency: {{select: .pay, currency: true}}
searches:
  - {{name: well-paid, title: {{any: [engineer]}}, where: "attributes.pay >= 80000 && attributes.currency == 'USD'"}}
""")
    first, second = scan.run(), scan.run()
    assert first["matches"]["new"] == 1
    assert [asked.path for asked in web.requests] == ["/list", "/jobs/1", "/list"]
    assert second["by_source"][0]["status"] == "unchanged"


def test_a_sitemap_says_which_pages_have_changed(scan: Scan, web: Web) -> None:
    def sitemap(*dates: str) -> Answer:
        urls = (f"<url><loc>{web.url(f'/jobs/{n}/Job')}</loc><lastmod>{d}</lastmod></url>" for n, d in enumerate(dates))
        return Answer(body=f"<urlset>{''.join(urls)}</urlset>".encode())

    def posting(text: str) -> Answer:
        job = json.dumps({"@type": "JobPosting", "title": "Engineer", "description": text, "url": "/elsewhere"})
        return Answer(body=f'<script type="application/ld+json">{job}</script>'.encode())

    web.serve("/sitemap.xml", [sitemap("2026-11-01", "2026-11-01"), sitemap("2026-11-01", "2026-11-09")])
    for number in (0, 1):
        web.serve(f"/jobs/{number}/Job", [posting("Python"), posting("Python and Go")])
    entry = f"{{name: map, kind: sitemap, url: '{web.url('/sitemap.xml')}', follow: {{jsonld: true}}}}"
    scan.configure(f"sources:\n  - {entry}\nsearches:\n  - {{name: go, any: [go], on: [new, changed]}}\n")

    first, second, third = (scan.run() for _ in range(3))

    assert [asked.path for asked in web.requests if "jobs" in asked.path] == [
        "/jobs/0/Job",
        "/jobs/1/Job",
        "/jobs/1/Job",
    ]
    assert [(run["items"]["new"], run["items"]["changed"]) for run in (first, second, third)] == [
        (2, 0),
        (0, 1),
        (0, 0),
    ]
    assert [run["matches"]["new"] for run in (first, second, third)] == [0, 1, 0]
    stored = {item["url"]: item["text"] for item in scan("items", "--json").json["items"]}
    assert stored == {web.url("/jobs/0/Job"): "Python", web.url("/jobs/1/Job"): "Python and Go"}
