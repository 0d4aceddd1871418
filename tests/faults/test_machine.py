"""Runs in whatever order of news, edits, losses, refusals, crashes and changed configs: what is told stays right.

The run, the store and the sources' adapter are the real ones, on a real SQLite file; only the network is played, and a
crash is an exception that nothing catches.
"""

import json
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Literal, cast

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from scan.at_work import AtWork
from scan.channels.base import Channel
from scan.channels.webhook import Webhook
from scan.config.model import Config, SourceEntry
from scan.declare import SecretText
from scan.errors import DeliveryError
from scan.fetch import Fetcher
from scan.match.search import Search, Words
from scan.page import Page
from scan.run import Clock, Options, run
from scan.run.tell import Handover
from scan.sources.greenhouse import Greenhouse
from scan.store.database import Store
from scan.store.outbox import MAX_ATTEMPTS, MAX_IN_DOUBT
from scan.store.records import BatchRow, RunStart
from tests.cli.boards import board, job
from tests.store.statements import CARELESS, before_each, set_up

pytestmark = [pytest.mark.long, pytest.mark.timeout(600)]  # for looking for the shortest way to a failure

SOURCES = ("acme", "mirror")
CHANNELS = ("hook", "pager")
WORDS = ("engineer", "cook")
LONGEST_PAUSE = timedelta(hours=7)

Manner = Literal[
    "takes it",
    "refuses for now",
    "refuses for good",
    "is misconfigured",
    "takes it, and nobody hears",
    "is not heard",
    "crash before",
    "crash unsent",
    "crash taken",
    "crash recorded",
]
MANNERS: tuple[Manner, ...] = Manner.__args__  # type: ignore[attr-defined]  # what Literal keeps them in


class Crash(BaseException):
    """The process ends here."""


class Played:
    """Boards that answer at once, in place of the network."""

    def __init__(self, boards: dict[str, dict[int, str]]) -> None:
        self._boards = boards

    def drive(self, conversations: Iterable[tuple[Any, Any]], **_: object) -> Iterator[tuple[Any, Any]]:
        for task, conversation in conversations:
            request = next(conversation)
            jobs = [job(number, title) for number, title in self._boards[task.entry.name].items()]
            page = Page(url=request.url, status=200, headers={"content-type": "application/json"}, body=board(jobs))
            try:
                conversation.send(page)
            except StopIteration as end:
                yield task, end.value


@cache
def empty_database() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        Store.open(f"sqlite:///{folder}/scan.db", create=True).close()
        return (Path(folder) / "scan.db").read_bytes()


class Telling(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        (self.folder / "scan.db").write_bytes(empty_database())
        self.store = Store.open(f"sqlite:///{self.folder}/scan.db", create=False)
        set_up(self.store, CARELESS)
        self.now = datetime(2026, 11, 23, 8, tzinfo=UTC)
        self.boards: dict[str, dict[int, str]] = {name: {} for name in SOURCES}
        self.channels: tuple[str, ...] = CHANNELS
        self.words: tuple[str, ...] = ("engineer",)
        self.manners: dict[str, Manner] = {}
        self.runs: dict[str, tuple[str, ...]] = {}
        self.shown: set[tuple[str, int, str]] = set()
        self.taken: list[tuple[str, str, bytes]] = []
        self.doubts: Counter[str] = Counter()
        self.tries: Counter[str] = Counter()
        self.refused: set[str] = set()

    def teardown(self) -> None:
        self.calm()
        self.store.close()
        shutil.rmtree(self.folder)

    # --- what happens

    @initialize()
    def begin(self) -> None:
        self.boards["acme"][1] = "Engineer 1"

    @rule(
        source=st.sampled_from(SOURCES), number=st.integers(1, 4), word=st.sampled_from(("Engineer", "Cook", "Clerk"))
    )
    def show(self, source: str, number: int, word: str) -> None:
        """Show a posting, for the first time, edited, or once more."""
        self.boards[source][number] = f"{word} {number}"

    @rule(source=st.sampled_from(SOURCES))
    def show_elsewhere(self, source: str) -> None:
        """Show what one board has on the other, too."""
        here, there = self.boards[source], self.boards[SOURCES[source == SOURCES[0]]]
        there.update(here)

    @rule(source=st.sampled_from(SOURCES), number=st.integers(1, 4))
    def withdraw(self, source: str, number: int) -> None:
        self.boards[source].pop(number, None)

    @rule(channels=st.sampled_from((CHANNELS, CHANNELS[:1], CHANNELS[1:])))
    def change_channels(self, channels: tuple[str, ...]) -> None:
        self.channels = channels

    @rule(words=st.sampled_from((WORDS, WORDS[:1], WORDS[1:])))
    def change_search(self, words: tuple[str, ...]) -> None:
        self.words = words

    @rule(
        manners=st.fixed_dictionaries({name: st.sampled_from(MANNERS) for name in CHANNELS}),
        crash=st.none() | st.integers(1, 90),
        minutes=st.sampled_from((15, 15, 60, 600)),
    )
    def run_once(self, manners: dict[str, Manner], crash: int | None, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        self.manners = manners
        try:
            with self.crashing(crash):
                self.run()
        except Crash:
            pass

    @rule()
    def calm(self) -> None:
        """Let everybody be well: in two runs all is told, and a third one tells nothing."""
        self.manners = {}
        for _ in range(2):
            self.now += LONGEST_PAUSE
            self.run()
        told = len(self.taken)
        self.now += LONGEST_PAUSE
        self.run()
        assert len(self.taken) == told
        self.nothing_is_lost()

    # --- how

    def run(self) -> None:
        number = len(self.runs) + 1
        start = RunStart(
            id=f"run-{number:05}",
            profile="scan",
            trigger="timer",
            host="box",
            pid=number,
            version="1",
            started_at=self.now,
        )
        self.runs[start.id] = self.channels
        self.shown |= {(name, number, title) for name, jobs in self.boards.items() for number, title in jobs.items()}
        run(
            self.config(),
            store=self.store,
            fetcher=cast("Fetcher", Played(self.boards)),
            send=self.send,
            publisher=None,
            work=AtWork(Path(os.devnull), "run"),
            start=start,
            options=Options(everything=True),
            clock=Clock(now=self.now, wall=lambda: self.now, monotonic=lambda: 0.0),
            stop=lambda: False,
            progress=lambda *_: None,
        )

    def config(self) -> Config:
        return Config(
            path=Path("scan.yaml"),
            sources=tuple(SourceEntry(name=name, source=Greenhouse(board=name)) for name in SOURCES),
            searches=(Search(name="jobs", words=Words(any=self.words)),),
            channels=tuple(
                Webhook(name=name, url=SecretText(f"https://{name}.example.org/")) for name in self.channels
            ),
        )

    @contextmanager
    def crashing(self, at: int | None) -> Iterator[None]:
        """End the process before a statement."""
        left = [at or -1]

        def count(*_: object) -> None:
            left[0] -= 1
            if not left[0]:
                raise Crash

        with before_each(self.store, count):
            yield

    def send(self, channel: Channel, batch: BatchRow, handover: Handover) -> None:
        """Hand over, or fail, as the channel does just now."""
        self.tries[batch.message_id] += 1
        manner = self.manners.get(channel.name, "takes it")
        before: dict[Manner, Callable[[], BaseException]] = {
            "refuses for now": lambda: DeliveryError("busy"),
            "is misconfigured": lambda: DeliveryError("no such login", config=True),
            "crash before": Crash,
        }
        if manner in before:
            failure = before[manner]
            raise failure()
        handover.arm()
        self.doubts[batch.message_id] += 1
        if manner == "refuses for good":
            self.doubts[batch.message_id] -= 1
            self.refused.add(batch.message_id)
            raise DeliveryError("never", permanent=True)
        if manner == "crash unsent":
            raise Crash
        if manner == "is not heard":
            raise DeliveryError("silence", in_doubt=True)
        self.taken.append((channel.name, batch.message_id, batch.payload))
        if manner == "takes it, and nobody hears":
            raise DeliveryError("silence", in_doubt=True)
        if manner == "crash taken":
            raise Crash
        handover.accepted(200, "")
        self.doubts[batch.message_id] -= 1
        if manner == "crash recorded":
            raise Crash

    # --- what must hold

    def rows(self, query: str) -> list[Any]:
        with self.store.reading() as connection:
            return list(connection.sqlalchemy.exec_driver_sql(query).all())

    @invariant()
    def copies_are_the_same_and_no_more_than_doubts(self) -> None:
        identities: dict[tuple[str, str], set[tuple[str, bytes]]] = {}
        for channel, key, payload in self.taken:
            for notice in json.loads(payload)["notices"]:
                identities.setdefault((channel, notice["id"]), set()).add((key, payload))
        assert all(len(found) == 1 for found in identities.values())
        for key, number in Counter(key for _, key, _ in self.taken).items():
            assert number <= 1 + self.doubts[key]

    @invariant()
    def nobody_hears_twice_of_an_item_or_of_the_same_posting_elsewhere(self) -> None:
        messages = {(channel, key): payload for channel, key, payload in self.taken}
        told = [
            (channel, notice["item"])
            for (channel, _), payload in messages.items()
            for notice in json.loads(payload)["notices"]
        ]
        items = Counter((channel, item["source"], item["key"]) for channel, item in told)
        postings = Counter((channel, item["title"]) for channel, item in told)
        assert {*items.values(), *postings.values()} <= {1}

    @invariant()
    def only_what_was_shown_and_fits_is_told(self) -> None:
        for _, _, payload in self.taken:
            for notice in json.loads(payload)["notices"]:
                item = notice["item"]
                assert item["title"].split()[0].lower() in WORDS
                assert (item["source"], int(item["key"]), item["title"]) in self.shown

    @invariant()
    def sent_was_taken_and_given_up_had_its_chances(self) -> None:
        taken = {key for _, key, _ in self.taken}
        for key, state in self.rows("SELECT message_id, state FROM batch WHERE state IN ('sent', 'dead')"):
            if state == "sent":
                assert key in taken
            else:
                doubtful = self.doubts[key] >= MAX_IN_DOUBT or self.tries[key] >= MAX_ATTEMPTS
                assert key in self.refused or doubtful

    @invariant()
    def no_doubt_is_forgotten(self) -> None:
        for key, state, in_doubt in self.rows("SELECT message_id, state, in_doubt FROM batch"):
            assert in_doubt + (state == "armed") >= self.doubts[key]

    @invariant()
    def a_match_is_for_the_channels_of_its_run_and_whole(self) -> None:
        rows = self.rows(
            "SELECT match.id, run_id, duplicate, delivery.channel FROM match LEFT JOIN delivery ON match_id = match.id"
        )
        told: dict[tuple[int, str, bool], set[str]] = {}
        for match, run_id, duplicate, channel in rows:
            told.setdefault((match, run_id, bool(duplicate)), set()).update(filter(None, [channel]))
        for (_, run_id, duplicate), channels in told.items():
            assert channels == (set() if duplicate else set(self.runs[run_id]))

    def nothing_is_lost(self) -> None:
        """Every posting that is listed and fits was matched; every delivery of a channel that is there is settled."""
        matched = {
            (source, int(key))
            for source, key in self.rows(
                "SELECT source.name, key FROM match JOIN item ON item.id = item_id "
                "JOIN source ON source.id = match.source_id"
            )
        }
        for source, jobs in self.boards.items():
            for number, title in jobs.items():
                if title.split()[0].lower() in self.words:
                    assert (source, number) in matched
        untold = self.rows(
            "SELECT match.id FROM match WHERE duplicate AND fingerprint NOT IN "
            "(SELECT fingerprint FROM match WHERE NOT duplicate)"
        )
        assert not untold
        waiting = self.rows("SELECT channel FROM delivery WHERE state NOT IN ('sent', 'dead')")
        assert not {channel for (channel,) in waiting} & set(self.channels)
        received = {notice["id"] for _, _, payload in self.taken for notice in json.loads(payload)["notices"]}
        assert received >= {delivery for (delivery,) in self.rows("SELECT id FROM delivery WHERE state = 'sent'")}


TestTelling = Telling.TestCase
TestTelling.settings = settings(max_examples=settings().max_examples // 4, stateful_step_count=20)
