from datetime import UTC, datetime, timedelta

from scan.cadence import SourceState
from scan.config.model import SourceEntry
from scan.declare import Address
from scan.fetch.remembered import HostMemory
from scan.fetch.urls import Place
from scan.page import Page, Request
from scan.run.task import Task
from scan.run.turns import insist, whose_turn_it_is
from scan.sources.base import Batch, Source
from scan.sources.command import Command
from scan.sources.greenhouse import Greenhouse
from scan.sources.lever import Lever
from scan.sources.remotive import Remotive
from scan.sources.rippling import Rippling

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
RIPPLING = Place("https", "api.rippling.com", 443)
GREENHOUSE = Place("https", "boards-api.greenhouse.io", 443)


class Unstartable(Source, kind="unstartable", item_kind="item", complete=True):
    def start(self) -> Request:
        raise ZeroDivisionError

    def parse(self, page: Page) -> Batch:
        raise NotImplementedError


def task(source: Source, name: str = "a") -> Task:
    entry = SourceEntry(name=name, source=source)
    return Task(entry=entry, state=SourceState(name=name), every=timedelta(minutes=15), seconds=1)


def names(tasks: list[Task], memory: HostMemory) -> list[str]:
    return [one.entry.name for one in whose_turn_it_is(tasks, memory)]


def test_sources_of_a_host_that_wants_to_be_left_alone_wait_and_no_others() -> None:
    memory = HostMemory(wall=lambda: NOW)
    tasks = [
        task(Greenhouse(board="a"), "closed"),
        task(Greenhouse(board="b", url=Address("file:///a.json")), "file"),
        task(Greenhouse(board="c", url=Address("https://mirror.example/c")), "mirror"),
        task(Greenhouse(board="d", url=Address("http://[broken")), "broken"),
        task(Lever(site="e"), "other"),
        task(Command(run=("list-it",)), "program"),
        task(Unstartable(), "buggy"),
    ]
    assert len(names(tasks, memory)) == 7

    memory.close(GREENHOUSE, 60, 429)
    assert names(tasks, memory) == ["file", "mirror", "broken", "other", "program", "buggy"]

    insist(tasks[1:], memory)
    assert memory.closed(GREENHOUSE) is not None
    insist(tasks[:1], memory)
    assert len(names(tasks, memory)) == 7


def test_so_many_have_their_turn_as_a_service_has_room_for() -> None:
    memory = HostMemory(wall=lambda: NOW)
    memory.ask(RIPPLING, [601.0] * 50 + [599.0] * 97)
    tasks = [task(Rippling(board=str(number)), str(number)) for number in range(9)]

    assert names(tasks, memory) == ["0", "1", "2"]
    assert names([task(Remotive(search=str(number)), str(number)) for number in range(9)], memory) == list("0123")


def test_what_a_service_allows_within_a_moment_is_waited_for_in_the_run() -> None:
    tasks = [task(Lever(site=str(number)), str(number)) for number in range(9)]
    assert len(names(tasks, HostMemory(wall=lambda: NOW))) == 9
