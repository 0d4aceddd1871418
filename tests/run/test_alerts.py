"""When an alert is raised: the rule alone, and whole runs, with a clock set by hand and doubles for net and mail."""

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from scan.at_work import AtWork
from scan.cadence import SourceState
from scan.channels.base import Channel
from scan.channels.command import Command
from scan.channels.email import Email
from scan.config.model import Config, SourceEntry
from scan.errors import DeliveryError, FetchError
from scan.fetch import Fetcher
from scan.match.search import Search, Words
from scan.model import Event, RawItem
from scan.outcome import RunOutcome
from scan.run import Clock, Options, run
from scan.run.alerts import conditions, raise_alerts
from scan.run.tell import Handover
from scan.sources.collected import Collected
from scan.sources.greenhouse import Greenhouse
from scan.store.database import Store
from scan.store.records import BatchRow, ChannelState, RunStart
from scan.store.trouble import GivenUp, Held, OpenAlert, Trouble

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
ACME = SourceEntry(name="acme", source=Greenhouse(board="acme"))
LOG = Command(name="log", run=("log",))
MAIL = Email(name="mail", to=("a@example.org", "b@example.org"), from_="s@example.org", smtp="smtp://mail.example.org")
CONFIG = Config(path=Path("scan.yaml"), every=QUARTER, sources=(ACME,), channels=(LOG, MAIL), alerts=("log",))


def failing(minutes: int, **more: Any) -> SourceState:
    since = NOW - timedelta(minutes=minutes)
    return SourceState(name="acme", failing_since=since, last_status="failed", last_error="HTTP 500", **more)


def suspicious(**more: Any) -> SourceState:
    state = {"last_status": "suspicious", "last_error": "no items, 40 before", **more}
    return SourceState(name="acme", suspicious_since=NOW, **state)


def texts(trouble: Trouble, config: Config = CONFIG) -> list[tuple[str, str, str]]:
    return [(one.kind, one.subject, one.text) for one in conditions(config, trouble, NOW)]


# --- the rule


@pytest.mark.parametrize(
    ("minutes", "told"), [(0, False), (15, False), (28, False), (29, True), (30, True), (999, True)]
)
def test_a_source_fails_for_long_after_two_of_its_intervals(minutes: int, told: bool) -> None:
    found = texts(Trouble(sources=(failing(minutes),)))
    assert found == ([("failing", "acme", "acme fails: HTTP 500")] if told else [])


def test_the_interval_is_the_source_s_own() -> None:
    slow = replace(CONFIG, sources=(replace(ACME, every=timedelta(days=1)),))
    assert texts(Trouble(sources=(failing(999),)), slow) == []
    assert len(texts(Trouble(sources=(failing(2 * 1440),)), slow)) == 1


def test_a_failure_that_was_told_lasts_until_it_is_over_whatever_the_interval_is_now() -> None:
    told = OpenAlert(id=1, kind="failing", subject="acme", since=NOW)
    slow = replace(CONFIG, every=timedelta(days=1))
    assert len(texts(Trouble(sources=(failing(60),), open=(told,)), slow)) == 1


def test_a_suspicious_source_says_why() -> None:
    assert texts(Trouble(sources=(suspicious(),))) == [
        ("suspicious", "acme", "acme is suspicious: no items, 40 before")
    ]
    later = suspicious(last_status="failed", last_error="HTTP 500")
    assert texts(Trouble(sources=(later,)))[0][2] == "acme is suspicious: its last result is hard to believe"


@pytest.mark.parametrize("sources", [(), (replace(ACME, enabled=False),), (replace(ACME, name="beta"),)])
def test_sources_that_are_not_looked_at_are_nobody_s_trouble(sources: tuple[SourceEntry, ...]) -> None:
    both = Trouble(sources=(suspicious(), failing(999)))
    assert texts(both, replace(CONFIG, sources=sources)) == []


def test_held_and_dead_deliveries_are_counted_and_channels_out_of_order_named() -> None:
    trouble = Trouble(
        held=(Held(source="acme", deliveries=1, since=NOW),),
        given_up=(
            GivenUp(channel="log", recipient="log", deliveries=2, since=NOW, error="exit 1"),
            GivenUp(channel="mail", recipient="a@example.org", deliveries=1, since=NOW, error="550"),
            GivenUp(channel="removed", recipient="removed", deliveries=9, since=NOW, error="x"),
            GivenUp(channel="mail", recipient="removed@example.org", deliveries=9, since=NOW, error="x"),
        ),
        channels=(
            ChannelState(channel="mail", state="config_error", last_error="535"),
            ChannelState(channel="log", consecutive_failures=1, last_error="451"),
            ChannelState(channel="removed", state="config_error"),
        ),
    )
    assert texts(trouble) == [
        ("held", "acme", "acme: 1 delivery is held back: the new items look like the known ones under other names"),
        ("dead", "log", "log: 2 deliveries are given up: exit 1"),
        ("dead", "mail (a@example.org)", "mail (a@example.org): 1 delivery is given up: 550"),
        ("config_error", "mail", "mail cannot be used: 535"),
    ]


# --- who is told


@dataclass
class OneLook:
    """A store that sees one trouble, and keeps what is raised."""

    seen: Trouble
    raised: list[Any] = field(default_factory=list)
    over: list[int] = field(default_factory=list)

    def trouble(self) -> Trouble:
        return self.seen

    def source_states(self, names: Iterable[str]) -> dict[str, SourceState]:
        return {name: SourceState(name=name, last_count=40) for name in names}

    def record_alerts(self, now: datetime, raised: Iterable[Any], over: Iterable[int]) -> set[str]:
        assert now == NOW
        self.raised, self.over = list(raised), list(over)
        return {delivery.channel for alert in self.raised for delivery in alert.deliveries}


def raised(trouble: Trouble, config: Config = CONFIG) -> OneLook:
    store = OneLook(trouble)
    raise_alerts(config, cast("Store", store), NOW)
    return store


def whom(trouble: Trouble, config: Config = CONFIG) -> list[list[tuple[str, str]]]:
    return [[(one.channel, one.recipient) for one in alert.deliveries] for alert in raised(trouble, config).raised]


EVERYBODY = [("log", "log"), ("mail", "a@example.org"), ("mail", "b@example.org")]
BOTH = replace(CONFIG, alerts=("log", "mail"))


def test_every_recipient_of_the_named_channels_is_told_each_under_an_identity_that_stays() -> None:
    trouble = Trouble(sources=(suspicious(),))
    assert whom(trouble, BOTH) == [EVERYBODY]
    (first,), (again,) = raised(trouble, BOTH).raised, raised(trouble, BOTH).raised
    ids = [delivery.id for delivery in first.deliveries]
    assert len(set(ids)) == 3
    assert ids == [delivery.id for delivery in again.deliveries]


def test_a_channel_out_of_order_is_told_on_the_others_only() -> None:
    broken = Trouble(channels=(ChannelState(channel="mail", state="config_error", last_error="535"),))
    assert whom(broken, BOTH) == [[("log", "log")]]
    assert raised(broken, replace(CONFIG, alerts=("mail",))).raised == []


def test_dead_deliveries_are_told_to_the_others_or_to_whom_they_were_for_if_there_is_nobody_else() -> None:
    dead = Trouble(given_up=(GivenUp(channel="log", recipient="log", deliveries=1, since=NOW, error="x"),))
    assert whom(dead, BOTH) == [EVERYBODY[1:]]
    assert whom(dead) == [EVERYBODY[:1]]


def test_a_search_on_suspicion_adds_its_channels_for_its_sources() -> None:
    search = Search(name="s", words=Words(any=("x",)), on=(Event.SUSPICIOUS,), notify=("mail",), sources=("acme",))
    config = replace(CONFIG, searches=(search,))
    trouble = Trouble(sources=(suspicious(), failing(60)))
    assert whom(trouble, config) == [EVERYBODY, EVERYBODY[:1]]
    elsewhere = replace(search, sources=("beta",))
    assert whom(trouble, replace(config, searches=(elsewhere,)))[0] == EVERYBODY[:1]
    to_all = replace(config, searches=(replace(search, notify=()),), alerts=())
    assert whom(trouble, to_all) == [EVERYBODY]


def test_without_anybody_to_tell_nothing_is_looked_at() -> None:
    assert raise_alerts(replace(CONFIG, alerts=()), cast("Store", None), NOW) == frozenset()


def test_what_was_said_is_not_said_again() -> None:
    said = OpenAlert(id=1, kind="suspicious", subject="acme", since=NOW)
    store = raised(Trouble(sources=(suspicious(),), open=(said,)))
    assert (store.raised, store.over) == ([], [])


def test_the_end_of_a_source_s_trouble_is_told_and_that_of_a_channel_s_is_not() -> None:
    open_ = (
        OpenAlert(id=1, kind="suspicious", subject="acme", since=NOW - QUARTER),
        OpenAlert(id=2, kind="failing", subject="acme", since=NOW),
        OpenAlert(id=3, kind="dead", subject="log", since=NOW),
        OpenAlert(id=4, kind="failing", subject="removed", since=NOW),
    )
    store = raised(Trouble(open=open_))
    (alert,) = store.raised
    assert (alert.kind, alert.text, alert.since, alert.ends) == (
        "recovered",
        "acme works again: 40 items",
        NOW - QUARTER,
        (1, 2),
    )
    assert store.over == [1, 2, 3, 4]


def test_a_source_that_answers_and_is_suspicious_now_does_not_work_again() -> None:
    told = OpenAlert(id=1, kind="failing", subject="acme", since=NOW)
    store = raised(Trouble(sources=(suspicious(),), open=(told,)))
    assert ([alert.kind for alert in store.raised], store.over) == (["suspicious"], [1])


def test_no_secret_and_no_endless_text_is_in_an_alert() -> None:
    error = "https://u:hunter22@example.org " + "x" * 1000
    trouble = Trouble(sources=(suspicious(last_error=error),))
    (alert,) = raised(trouble, replace(CONFIG, secrets=frozenset({"hunter22"}))).raised
    assert "hunter22" not in alert.text
    assert len(alert.text) == 500


# --- whole runs


@dataclass
class World:
    """A database, a clock that is set by hand, a board that answers as told, and channels that keep what they get."""

    store: Store
    config: Config
    now: datetime = NOW
    runs: int = 0
    refusal: dict[str, DeliveryError] = field(default_factory=dict)
    told: list[tuple[str, Any]] = field(default_factory=list)

    def run(self, answer: Collected, *, after: timedelta = QUARTER) -> RunOutcome:
        self.runs += 1
        self.now += after
        self.told.clear()
        return run(
            self.config,
            store=self.store,
            fetcher=cast("Fetcher", Network(answer)),
            send=self.send,
            publisher=None,
            work=AtWork(Path(os.devnull), "run"),
            start=RunStart(
                id=f"{self.runs:036}",
                profile="scan",
                trigger="manual",
                host="box",
                pid=1,
                version="1",
                started_at=self.now,
            ),
            options=Options(everything=True),
            clock=Clock(now=self.now, wall=lambda: self.now, monotonic=lambda: 0.0),
            stop=lambda: False,
            progress=lambda *_: None,
        )

    def send(self, channel: Channel, batch: BatchRow, handover: Handover) -> None:
        if channel.name in self.refusal:
            raise self.refusal[channel.name]
        handover.arm()
        self.told.append((channel.name, json.loads(batch.payload)))
        handover.accepted(None, "")

    def alerts(self) -> list[tuple[str, str]]:
        return [(channel, alert["kind"]) for channel, message in self.told for alert in message["alerts"]]


@dataclass
class Network:
    """Answers every source alike."""

    answer: Collected

    def drive(self, conversations: Iterable[tuple[Any, Any]], **_: Any) -> Iterator[tuple[Any, Collected]]:
        yield from ((task, self.answer) for task, _conversation in conversations)


FULL = Collected(items=tuple(RawItem(key=n, title=f"Job {n}") for n in range(40)), complete=True)
EMPTY = Collected(complete=True)
DOWN = Collected(error=FetchError("https://example.org", "HTTP 500", status=500))


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    store = Store.open(f"sqlite:///{tmp_path}/scan.db", create=True)
    other = Command(name="other", run=("other",))
    search = Search(name="jobs", words=Words(any=("job",)), notify=("other",))
    yield World(store, replace(CONFIG, channels=(LOG, other), searches=(search,)))
    store.close()


def test_a_failing_source_is_told_of_once_after_two_intervals_and_once_when_it_works(world: World) -> None:
    kinds = []
    for answer in (FULL, DOWN, DOWN, DOWN, DOWN, DOWN, FULL, FULL):
        world.run(answer)
        kinds.append(world.alerts())
    assert kinds == [[], [], [], [("log", "failing")], [], [], [("log", "recovered")], []]


def test_a_machine_that_slept_does_not_take_one_failure_for_a_long_one(world: World) -> None:
    world.run(FULL)
    world.run(DOWN, after=timedelta(days=3))
    assert world.alerts() == []


def test_a_source_that_stays_empty_is_believed_and_that_is_said_once(world: World) -> None:
    texts = []
    for answer in (FULL, EMPTY, EMPTY, EMPTY, EMPTY):
        world.run(answer)
        texts += [alert["text"] for _, message in world.told for alert in message["alerts"]]
    assert texts == ["acme is suspicious: no items, 40 before", "acme has no items any more, which is believed now"]


def test_what_was_given_up_is_told_in_the_same_run_by_another_channel_and_not_again(world: World) -> None:
    world.refusal["other"] = DeliveryError("550 no", permanent=True)
    world.run(FULL)
    assert world.alerts() == [("log", "dead")]
    world.run(FULL)
    assert world.told == []


def test_a_channel_out_of_order_is_told_of_again_after_it_was_in_order(world: World) -> None:
    broken = DeliveryError("535 no", config=True)
    found = []
    for refusal, count in ((broken, 40), (broken, 40), (None, 40), (broken, 41), (broken, 41)):
        world.refusal = {} if refusal is None else {"other": refusal}
        items = tuple(RawItem(key=n, title=f"Job {n}") for n in range(count))
        world.run(Collected(items=items, complete=True))
        found.append(world.alerts())
    assert found == [[("log", "config_error")], [], [], [("log", "config_error")], []]


def test_an_alert_that_a_killed_run_left_unsaid_is_told_by_the_next(world: World) -> None:
    world.run(FULL)
    listening, world.config = world.config, replace(world.config, alerts=())
    world.run(EMPTY)  # as if it had died before it looked
    assert world.told == []
    world.config = listening
    world.run(FULL)
    kinds = [[alert["kind"] for alert in message["alerts"]] for _, message in world.told]
    assert kinds == [["suspicious"], ["recovered"]]
