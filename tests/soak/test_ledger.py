"""The ledger finds what it is there to find."""

from dataclasses import replace

import pytest

from tests.soak.ledger import Ledger, Message, Receipt, Shown, Stored, breaches

WANTED = Shown(source="s1", key="1", posting="P1", wanted=True)
OTHER = Shown(source="s1", key="2", posting="P2", wanted=False)
TOLD = Receipt(recipient="ann", identity="m1", body=b"P1", postings=("P1",), answered=True)
UNANSWERED = replace(TOLD, answered=False)
STORED = Stored(
    items={("s1", "1"), ("s1", "2")},
    matched={"P1"},
    sent={"m1": Message(recipient="ann", postings=("P1",))},
)


def ledger(*runs: tuple[tuple[Receipt, ...], bool], shown: tuple[Shown, ...] = (WANTED, OTHER)) -> Ledger:
    """Make the ledger of runs: what each told, and whether it ended by itself. The first one is shown all."""
    made = Ledger({"ann"})
    made.serve(shown)
    for receipts, survived in runs:
        for receipt in receipts:
            made.receive(receipt)
        made.close(survived=survived)
    return made


def test_what_was_told_once_is_well() -> None:
    made = ledger(((TOLD,), True), ((), True))
    assert breaches(made, STORED) == []
    assert made.copies == 0


@pytest.mark.parametrize("first", [((UNANSWERED,), True), ((TOLD,), False)])
def test_a_copy_is_well_where_nobody_could_know(first: tuple[tuple[Receipt, ...], bool]) -> None:
    made = ledger(first, ((TOLD,), True))
    made.serve((WANTED, OTHER))
    made.close(survived=True)
    assert breaches(made, STORED) == []
    assert made.copies == 1


def test_a_run_that_was_cut_off_may_repeat_its_last_message_only() -> None:
    later = replace(TOLD, identity="m2", postings=())
    stored = replace(STORED, sent={**STORED.sent, "m2": Message(recipient="ann", postings=())})
    seen = ledger(((), True), ((TOLD, later), False), ((later,), True))
    assert breaches(seen, stored) == []
    again = ledger(((), True), ((TOLD, later), False), ((TOLD,), True))
    assert breaches(again, stored) == ["sent again: m1 to ann"]


@pytest.mark.parametrize(
    ("runs", "stored", "said"),
    [
        ([((), True)], replace(STORED, sent={}), ["lost: P1 to ann", "matched, and not told: P1 to ann"]),
        ([((TOLD, TOLD), True)], STORED, ["sent again: m1 to ann"]),
        (
            [((UNANSWERED, replace(TOLD, body=b"P1!")), True)],
            STORED,
            ["another message of the same identity: m1 to ann"],
        ),
        (
            [((TOLD, replace(TOLD, identity="m2")), True)],
            replace(STORED, sent=dict.fromkeys(("m1", "m2"), STORED.sent["m1"])),
            ["doubled: P1 to ann, 2 times"],
        ),
        (
            [((replace(TOLD, postings=("P1", "P1")),), True)],
            replace(STORED, sent={"m1": Message(recipient="ann", postings=("P1", "P1"))}),
            ["doubled: P1 to ann, 2 times"],
        ),
        (
            [((replace(TOLD, postings=("P1", "X9")),), True)],
            replace(STORED, matched={"P1", "X9"}, sent={"m1": Message(recipient="ann", postings=("P1", "X9"))}),
            ["told, and never served: X9 to ann"],
        ),
        ([((TOLD,), True)], replace(STORED, matched=set()), ["told, and not matched: P1 to ann"]),
        ([((TOLD,), True)], replace(STORED, items={("s1", "1")}), ["not stored: s1 2"]),
        (
            [((TOLD,), True)],
            replace(STORED, items={*STORED.items, ("s1", "3")}),
            ["stored, and never served: s1 3"],
        ),
        ([((TOLD,), True)], replace(STORED, unsent={"held": 2}), ["left in the outbox: 2 held"]),
        ([((TOLD,), True)], replace(STORED, sent={}), ["received, and not recorded as sent: m1"]),
        (
            [((TOLD,), True)],
            replace(STORED, sent={**STORED.sent, "m2": STORED.sent["m1"]}),
            ["recorded as sent, and never received: m2"],
        ),
        (
            [((TOLD,), True)],
            replace(STORED, sent={"m1": Message(recipient="bob", postings=("P1",))}),
            ["sent and received differ: m1"],
        ),
        ([((TOLD,), True)], replace(STORED, damage=("page 7",)), ["damaged: page 7"]),
    ],
)
def test_what_is_not_well_is_reported(
    runs: list[tuple[tuple[Receipt, ...], bool]], stored: Stored, said: list[str]
) -> None:
    found = breaches(ledger(*runs), stored)
    assert [breach.startswith(expected) for breach, expected in zip(found, said, strict=True)] == [True] * len(said)


def test_what_only_a_run_that_was_cut_off_was_shown_need_not_be_stored_but_if_it_is_it_is_told() -> None:
    made = ledger(((), False), shown=(WANTED,))
    assert breaches(made, Stored(items=(), matched=(), sent={})) == []
    assert breaches(made, replace(STORED, items={("s1", "1")}, sent={})) == ["matched, and not told: P1 to ann"]
