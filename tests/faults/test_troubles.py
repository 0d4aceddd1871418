"""Receivers in trouble, and a full disk. `make faults` has more of them, and the slow ones."""

import pytest

from tests.faults.story import Findings
from tests.faults.trials import Stage
from tests.faults.troubles import FULL_AT, endure, fill_up

pytestmark = pytest.mark.cli


def flawless(findings: Findings) -> None:
    assert findings.broken == []
    assert (findings.lost, findings.renamed) == (0, 0)


@pytest.mark.parametrize(
    "trouble",
    [
        "mail server down",
        "mail server greylists",
        "mail server refuses one of two",
        "mail server accepts, then drops",
        "mail server hangs at .",
        "mail server drops at DATA",
        "webhook 500",
        "webhook 429 with Retry-After",
        "webhook takes it, half a response",
        "webhook takes it, no response",
        "webhook 400",
    ],
)
def test_a_receiver_in_trouble_costs_nothing_but_what_nobody_can_know(impatient: Stage, trouble: str) -> None:
    flawless(endure(impatient, trouble))


@pytest.mark.parametrize("statement", FULL_AT)
def test_a_disk_that_is_full_costs_nothing_but_one_copy_of_what_was_sent(impatient: Stage, statement: str) -> None:
    flawless(fill_up(impatient, statement))
