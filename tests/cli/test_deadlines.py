"""What slow servers cost the others: nothing, and what they do not get done comes first the next time."""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from threading import Event

import pytest

from tests.cli.boards import SEARCH, answer, job
from tests.cli.conftest import Scan
from tests.web import Answer, Asked, Script, Web

pytestmark = pytest.mark.cli

PATIENCE = 20
SOURCES = 10


def sources(urls: Iterable[tuple[str, str]]) -> str:
    """Write the entries of boards, each by its name."""
    return "".join(f"  - {{name: {name}, kind: greenhouse, board: x, url: '{url}'}}\n" for name, url in urls)


class Town:
    """A slow host and three quick ones, with many boards each; each board has one job of its own."""

    def __init__(self, slow: Web, quick: list[Web]) -> None:
        self.slow, self.quick = slow, quick
        self.quick[0].serve("/hook", Answer(status=204))
        self.sources: list[tuple[str, str]] = []
        for server in (slow, *quick):
            for number in range(SOURCES):
                serial = len(self.sources)
                url = server.serve(f"/{number}", answer(job(serial, f"Engineer {serial}")))
                self.sources.append((f"s{serial}", url))

    def config(self, http: str, more: str = "") -> str:
        rows = sources(self.sources)
        hook = f"channels:\n  - {{name: hook, kind: webhook, url: '{self.quick[0].url('/hook')}'}}\n"
        return f"every: 15m\nhttp: {{{http}}}\n{more}sources:\n{rows}{SEARCH}{hook}"

    def have_slow(self, wrap: Callable[[Answer], Script]) -> None:
        for number in range(SOURCES):
            self.slow.serve(f"/{number}", wrap(answer(job(number, f"Engineer {number}"))))

    def told(self) -> list[set[str]]:
        """Give the jobs that each message told of."""
        bodies = [json.loads(asked.body) for asked in self.quick[0].asked("/hook")]
        return [{notice["item"]["title"] for notice in body["notices"]} for body in bodies]

    def boards_asked(self, server: Web) -> list[Asked]:
        return [asked for asked in server.requests if asked.path != "/hook"]

    def forget(self) -> None:
        for server in (self.slow, *self.quick):
            server.requests.clear()


@pytest.fixture
def town() -> Iterator[Town]:
    with ExitStack() as servers:
        slow, *quick = (servers.enter_context(Web(address=f"127.0.1.{number}")) for number in range(1, 5))
        yield Town(slow, quick)


SLOW = {f"Engineer {number}" for number in range(SOURCES)}
QUICK = {f"Engineer {number}" for number in range(SOURCES, 4 * SOURCES)}


@pytest.mark.parametrize("manner", ["hangs", "drips"])
def test_a_slow_host_does_not_hold_the_others_and_what_it_left_comes_first(scan: Scan, town: Town, manner: str) -> None:
    def slowly(whole: Answer) -> Answer:
        return Answer(hang=True) if manner == "hangs" else Answer(body=whole.body, headers=whole.headers, drip=0.1)

    town.have_slow(slowly)
    scan.configure(town.config("concurrency: 6, per_host: 4", "deadline: 3s\n"))
    ran = scan("run", "--json")

    assert ran.status == 75
    assert (ran.json["sources"]["ok"], ran.json["sources"]["left"]) == (3 * SOURCES, SOURCES)
    assert ran.json["errors"] == ["the deadline came first: 10 sources are left for the next run"]
    assert town.told() == [QUICK]
    assert len(town.boards_asked(town.slow)) == 4

    asked_in_vain = {asked.path for asked in town.boards_asked(town.slow)}
    town.have_slow(lambda whole: whole)
    town.forget()
    scan.configure(town.config("concurrency: 1"))
    ran = scan("run", "--all", "--json")

    assert (ran.status, ran.json["sources"]["ok"]) == (0, 4 * SOURCES)
    assert town.told() == [SLOW]
    paths = [asked.path for asked in town.boards_asked(town.slow)]
    assert len(paths) == SOURCES
    assert set(paths[-4:]) == asked_in_vain, "those that were not even asked come first of all"
    last = town.boards_asked(town.slow)[-1].at
    assert all(last < asked.at for server in town.quick for asked in town.boards_asked(server))

    town.forget()
    ran = scan("run", "--all", "--json")
    assert (ran.status, ran.json["sources"]["left"], town.told()) == (0, 0, [])


def test_the_others_are_done_before_a_slow_host_has_answered_at_all(scan: Scan, town: Town) -> None:
    all_asked = Event()

    def late(whole: Answer) -> Script:
        def wait(_: Asked) -> Answer:
            all_asked.wait(PATIENCE)
            return whole

        return wait

    def count(whole: Answer) -> Script:
        def quick(_: Asked) -> Answer:
            if sum(len(server.requests) for server in town.quick) == 3 * SOURCES:
                all_asked.set()
            return whole

        return quick

    town.have_slow(late)
    for index, server in enumerate(town.quick, 1):
        for number in range(SOURCES):
            serial = index * SOURCES + number
            server.serve(f"/{number}", count(answer(job(serial, f"Engineer {serial}"))))
    scan.configure(town.config("concurrency: 6, per_host: 4, retries: 0"))
    ran = scan.run()

    assert all_asked.is_set()
    assert (ran["status"], ran["sources"]["ok"]) == ("success", 4 * SOURCES)
    assert town.told() == [SLOW | QUICK]
    assert scan.run()["matches"]["new"] == 0


def test_the_slowest_sources_start_first(scan: Scan, town: Town) -> None:
    urls = {}
    for number, (name, seconds) in enumerate({"quick": 0.0, "slow": 0.8, "medium": 0.4}.items()):
        urls[name] = town.quick[0].serve(f"/{name}", answer(job(number), delay=seconds))
    scan.configure(f"every: 15m\nhttp: {{per_host: 1}}\nsources:\n{sources(urls.items())}")
    scan.run()
    ran = scan.run()

    assert [asked.path for asked in town.quick[0].requests[-3:]] == ["/slow", "/medium", "/quick"]
    took = {row["source"]: row["duration_seconds"] for row in ran["by_source"]}
    assert took["slow"] > took["medium"] > took["quick"]


def test_what_has_begun_is_finished_before_anything_else_of_its_host_begins(scan: Scan, town: Town) -> None:
    web = town.quick[0]
    rows = ""
    for name in "abcd":
        for page in (1, 2, 3):
            items = b'[{"id": "%d"}]' % page if page < 3 else b"[]"
            web.serve(f"/{name}?page={page}", Answer(body=items, headers={"Content-Type": "application/json"}))
        pages = "pages: {start: 1, until_empty: true}, fields: {key: id, title: id}"
        rows += f"  - {{name: {name}, kind: json, url: '{web.url(f'/{name}')}?page={{page}}', {pages}}}\n"
    scan.configure(f"every: 15m\nhttp: {{per_host: 1}}\nsources:\n{rows}")
    assert scan.run()["items"]["new"] == 8

    asked = [one.path for one in web.requests]
    in_hand = [{path for path in asked[:end] if 0 < asked[:end].count(path) < 3} for end in range(len(asked))]
    assert max(map(len, in_hand)) <= 2, "one that is asked, and one whose answer is being read"
