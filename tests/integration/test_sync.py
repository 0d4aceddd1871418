"""Lists had from real servers on this machine: what is believed of them, and what is kept."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from scan.config.loading import load
from scan.config.model import Config
from scan.fetch import Fetcher
from scan.fetch.settings import HttpSettings
from scan.lists.copies import Copies
from scan.sync import synced
from tests.web import Answer, Web

pytestmark = pytest.mark.integration

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
CONFIG = """\
lists: {{houses: {{url: "{url}", headers: {{X-Key: key-of-the-list}}}}}}
sources:
  - {{name: "{{Name}}", kind: json, url: "http://x/{{Site}}", every: "{{Every}}", fields: {{title: name}},
     expect: {{min_items: "{{Least}}"}}, each: {{from: houses}}}}
"""
GOOD = Answer(body=b"Name,Site,Every,Least\na,x,,1\nb,y,1h,2\n")


@dataclass
class World:
    """A config with one list, and runs that sync it."""

    folder: Path
    web: Web
    answers: list[Answer] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.config = self.folder / "scan.yaml"
        self.config.touch(mode=0o600)
        self.config.write_text(CONFIG.format(url=self.web.url("/list.csv")))

    def load(self, copies: Copies | None = None) -> Config:
        copies = copies or Copies(self.folder / "lists")
        return load(self.config, environ={}, copies=copies.get)

    def sync(self, answer: Answer, now: datetime = NOW) -> Config:
        self.web.serve("/list.csv", answer)
        copies = Copies(self.folder / "lists")
        settings = HttpSettings(retries=0, timeout=timedelta(seconds=5))
        with Fetcher(settings, version="1") as fetcher:
            config = synced(
                self.load(copies),
                copies=copies,
                load=lambda: self.load(copies),
                fetcher=fetcher,
                environ={},
                stop=lambda: False,
                now=now,
            )
        copies.keep({name: use.copy for name, use in config.list_uses.items()})
        return config


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with Web() as web:
        yield World(tmp_path, web)


def names(config: Config) -> list[str]:
    return [entry.name for entry in config.sources]


def test_a_list_is_asked_for_with_its_own_headers_and_kept(world: World) -> None:
    config = world.sync(GOOD)

    assert names(config) == names(world.load()) == ["a", "b"]
    assert [entry.every for entry in config.sources] == [None, timedelta(hours=1)]
    assert [entry.expect.min_items for entry in config.sources] == [1, 2]
    assert world.web.requests[0].headers["x-key"] == "key-of-the-list"
    assert config.list_uses["houses"].copy.synced_at == NOW


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (Answer(status=404), "gone (HTTP 404)"),
        (Answer(status=304), "no answer to work with (HTTP 304)"),
        (Answer(drop=True), ""),
        (Answer(body=b"<html>Sign in</html>"), "a web page, and no CSV"),
        (Answer(body=b"x", headers={"Content-Type": "text/html"}), "a web page, and no CSV"),
        (Answer(body=b""), "no rows"),
        (Answer(body=b"Name,Site,Every,Least\n"), "no rows"),
        (Answer(body=b'Name,Site,Every,Least\n"' + b"x" * 200_000), "no CSV: field larger than"),
        (Answer(body=b"Name,Place,Every,Least\na,x,,1\n"), "no one column is called 'Site'"),
        (Answer(body=b"Name,Site,Every\na,x,1h\n"), "with it the config would be wrong"),
        (Answer(body=b"Name,Site,Every,Least\n!!,x,,1\n"), "not one of its rows makes a source any more: row 2"),
    ],
)
def test_what_is_no_good_is_not_believed_and_what_was_there_is_kept(world: World, answer: Answer, why: str) -> None:
    world.sync(GOOD)
    later = NOW + timedelta(hours=1)

    for hours in (1, 2):
        config = world.sync(answer, NOW + timedelta(hours=hours))
        copy = config.list_uses["houses"].copy
        assert names(config) == names(world.load()) == ["a", "b"]
        assert why in str(copy.error)
        assert (copy.synced_at, copy.failing_since) == (NOW, later)
    assert any("houses is as it was on 2026-11-23 08:00 UTC: " in warning for warning in world.load().list_warnings)

    config = world.sync(Answer(body=b"Name,Site,Every,Least\nc,x,,1\n"), NOW + timedelta(hours=3))
    copy = config.list_uses["houses"].copy
    assert (names(config), copy.error, copy.failing_since) == (["c"], None, None)
    assert world.load().list_warnings == config.list_warnings == ()


def test_a_server_that_asks_to_be_left_alone_is_until_its_time(world: World) -> None:
    world.sync(GOOD)
    world.sync(Answer(status=429, headers={"Retry-After": "7200"}))

    config = world.sync(GOOD, NOW + timedelta(minutes=119))
    assert (len(world.web.requests), "HTTP 429" in str(config.list_uses["houses"].copy.error)) == (2, True)

    config = world.sync(GOOD, NOW + timedelta(hours=2))
    assert (len(world.web.requests), config.list_uses["houses"].copy.error) == (3, None)


def test_a_copy_from_another_address_is_not_taken_for_this_list_s(world: World) -> None:
    world.sync(GOOD)
    world.config.write_text(CONFIG.format(url=world.web.url("/other.csv")))

    assert names(world.load()) == []
    assert any("was never synced" in warning for warning in world.load().list_warnings)


def test_a_table_is_written_once_however_often_it_is_synced(world: World) -> None:
    world.sync(GOOD)
    (table,) = (world.folder / "lists").glob("*.table.json")
    written = table.stat().st_ino

    world.sync(GOOD, NOW + timedelta(hours=1))

    assert table.stat().st_ino == written
    assert world.load().list_uses["houses"].copy.synced_at == NOW + timedelta(hours=1)
