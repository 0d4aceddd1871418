"""What needs somebody, and the command that mends it."""

from datetime import timedelta
from typing import Any

import pytest

from scan.status import judge, needs_attention
from tests.status.documents import NOW, document, source

TIMER = {
    "unit": "scan.timer", "service": "scan.service", "user": False, "enabled": True, "active": True, "running": False,
    "next_at": None, "last_at": None, "failure": None, "fits": True,
}  # fmt: skip


def needs(
    timer: dict[str, Any] | None = None, *, later: timedelta = timedelta(0), **more: Any
) -> list[tuple[str, ...]]:
    judged = judge(document(**more), now=NOW + later, lock_free=False)
    found = needs_attention({**judged, "timer": timer}, now=NOW + later, scan="scan")
    return [(one.kind, str(one.subject), one.text, str(one.command)) for one in found]


def test_where_all_is_well_nobody_is_needed() -> None:
    assert needs(TIMER) == []


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        (
            {"channels": [{"channel": "me", "state": "config_error", "last_error": "535 no"}]},
            ("channel", "me", "me cannot be used: 535 no", "scan channels test me"),
        ),
        (
            {"channels": [{"channel": "it's me", "state": "paused", "last_error": "no route"}]},
            (
                "channel",
                "it's me",
                "it's me fails, and is tried again later: no route",
                "scan channels test 'it'\"'\"'s me'",
            ),
        ),
        (
            {"deliveries": {"dead": 2}},
            ("dead", "None", "2 deliveries were given up: retry or drop them", "scan deliveries --state dead"),
        ),
        (
            {"held": [{"source": "acme", "deliveries": 1, "since": None}]},
            (
                "held",
                "acme",
                "acme: 1 delivery is held back, as the new items look like the known ones under other names",
                "scan deliveries release acme",
            ),
        ),
        (
            {"removed": [{"channel": "old", "recipient": "a@b.c", "deliveries": 3}]},
            (
                "removed",
                "old",
                "old (a@b.c) is not in the config any more: 3 deliveries wait for its return, or to be dropped",
                "scan deliveries",
            ),
        ),
        (
            {"running": {"run_id": "1", "pid": 7, "since": "2026-11-23T07:30:00Z"}},
            ("running_long", "None", "a run has been going for 30 min", "kill 7"),
        ),
    ],
)
def test_each_trouble_has_its_words_and_its_command(more: dict[str, Any], expected: tuple[str, ...]) -> None:
    assert needs(TIMER, **more) == [expected]


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        (
            {"consecutive_failures": 3, "failing_since": "2026-11-23T06:00:00Z", "error": "HTTP 500"},
            ("failing", "acme", "acme fails for 2 h, 3 times in a row: HTTP 500", "scan preview acme"),
        ),
        (
            {"suspicious_since": "2026-11-23T06:00:00Z", "error": "0 items where there were 40"},
            (
                "suspicious",
                "acme",
                "acme is suspicious, and nothing is taken for gone: 0 items where there were 40",
                "scan preview acme",
            ),
        ),
        (
            {"last_success_at": "2026-11-22T07:00:00Z"},
            ("stale", "acme", "acme: last success 1 d ago, though it is due every 15 min", "scan run acme"),
        ),
    ],
)
def test_a_source_that_is_not_well_is_shown_or_run(changed: dict[str, Any], expected: tuple[str, ...]) -> None:
    assert needs(sources=[source(**changed)]) == [expected]
    assert needs(sources=[source(**changed, enabled=False)]) == []


def test_an_error_of_the_last_run_leads_to_the_run() -> None:
    last = {
        **document()["last_run"],
        "errors": ["pruning failed: disk"],
        "run_id": "019abcde-0000-7000-8000-000000000001",
    }
    assert needs(last_run=last) == [("run", "None", "the last run: pruning failed: disk", "scan runs 019abcde-0000")]


def test_a_run_that_is_late_is_looked_for_where_its_starts_are_noted() -> None:
    late = "the last run ended 1 h ago, and one is due every 15 min"
    hour = timedelta(hours=1)
    assert needs(None, later=hour, sources=[]) == [("late", "None", late, "scan run")]
    assert needs(TIMER, later=hour, sources=[]) == [("late", "None", late, "journalctl -u scan.service -n 50")]
    off = needs({**TIMER, "active": False}, later=hour, sources=[])
    assert [one[0] for one in off] == ["late", "timer_off"]
    assert off[1][3] == "systemctl enable --now scan.timer"


@pytest.mark.parametrize(
    ("changed", "kind", "command"),
    [
        ({"active": False}, "timer_off", "systemctl --user enable --now scan.timer"),
        ({"enabled": False}, "timer_disabled", "systemctl --user enable --now scan.timer"),
        ({"failure": "exit status 78"}, "timer_failed", "journalctl --user -u scan.service -n 50"),
        ({"fits": False}, "timer_unfit", "scan units --user --install"),
    ],
)
def test_a_timer_that_is_not_right_is_mended_by_its_own_systemd(
    changed: dict[str, Any], kind: str, command: str
) -> None:
    ((found, unit, _, mends),) = needs({**TIMER, "user": True, **changed})
    assert (found, unit, mends) == (kind, "scan.timer", command)
