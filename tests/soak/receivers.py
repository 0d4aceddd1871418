"""Those who are told: a mail server with two mailboxes, a web server with two hooks, all with moods of their own."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from random import Random
from typing import Any

from tests.mail import Mailbox, Received
from tests.soak.ledger import Ledger, Receipt
from tests.soak.stored import postings_in
from tests.web import Answer, Asked

ANN, BOB = "ann@example.org", "bob@example.org"
TOLD = (ANN, BOB, "hook")
"""Who waits for postings; `ops` is told of trouble only."""

MAIL_MOODS: Mapping[str, Mapping[str, Any]] = {
    "mail: down": {},
    "mail: 451 to a recipient": {"refuse": {ANN: "451 4.7.1 try again later"}},
    "mail: 550 to a recipient": {"refuse": {BOB: "550 5.1.1 no such user"}},
    "mail: 452 to the message": {"fail_data": "452 4.3.1 no space"},
    "mail: 554 to the message": {"fail_data": "554 5.7.1 spam"},
    "mail: takes it, then drops": {"accept_then_drop": True},
    "mail: drops at DATA": {"drop": "DATA"},
    "mail: login refused": {"refuse": {"MAIL": "530 5.7.0 log in first"}},
}
HOOK_MOODS: Mapping[str, tuple[Answer, bool]] = {
    "hook: 500": (Answer(status=500), False),
    "hook: 429 with Retry-After": (Answer(status=429, headers={"Retry-After": "1800"}), False),
    "hook: 400": (Answer(status=400), False),
    "hook: 404": (Answer(status=404), False),
    "hook: takes it, no answer": (Answer(drop=True), True),
    "hook: takes it, half an answer": (Answer(body=b"{}", cut=True), True),
}
WELL = Answer(status=204)


class Receivers:
    """Takes messages, and has them written down.

    Attributes:
        happened: what went wrong, by name: with mail, in how many runs; with hooks, with how many messages.

    """

    def __init__(self, ledger: Ledger, chance: Random, rate: float) -> None:
        """Begin; `rate` is the share of runs in which the mail server is in trouble, and of requests a hook spoils."""
        self.happened: Counter[str] = Counter()
        self._ledger, self._chance, self._rate = ledger, chance, rate
        self._fair = True
        self._mood: str | None = None
        self._stack = ExitStack()
        self.mailbox = self._stack.enter_context(Mailbox(took=self._mail))

    def close(self) -> None:
        self._stack.close()

    def change(self, *, fair: bool) -> None:
        """Choose moods for the next run; `fair` is none."""
        self._fair = fair
        self._mood = self._chance.choice(list(MAIL_MOODS)) if self._is_moody() else None
        if self._mood:
            self.happened[self._mood] += 1
        self._stack.close()
        if self._mood != "mail: down":
            manners = MAIL_MOODS[self._mood] if self._mood else {}
            self.mailbox = Mailbox(port=self.mailbox.port, took=self._mail, **manners)
            self._stack.enter_context(self.mailbox)

    def hook(self, asked: Asked) -> Answer:
        """Take a message at `/hook` or `/ops`."""
        mood = self._chance.choice(list(HOOK_MOODS)) if self._is_moody() else None
        answer, takes = HOOK_MOODS[mood] if mood else (WELL, True)
        if mood:
            self.happened[mood] += 1
        if takes:
            titles = [notice["item"]["title"] for notice in json.loads(asked.body)["notices"]]
            self._ledger.receive(
                Receipt(
                    recipient=asked.path.strip("/"),
                    identity=asked.headers["idempotency-key"],
                    body=asked.body,
                    postings=postings_in(" ".join(titles)),
                    answered=mood is None,
                )
            )
        return answer

    def _mail(self, received: Received) -> None:
        (recipient,) = received.recipients
        part = received.message.get_body(("plain",))
        assert part is not None
        self._ledger.receive(
            Receipt(
                recipient=recipient,
                identity=received.message["Message-ID"].strip("<>").partition("@")[0],
                body=received.raw,
                postings=postings_in("\n".join(_titles(part.get_content()))),
                answered=self._mood != "mail: takes it, then drops",
            )
        )

    def _is_moody(self) -> bool:
        return not self._fair and self._chance.random() < self._rate


def _titles(text: str) -> Iterator[str]:
    """Find the lines of an e-mail that begin a notice."""
    return (line for line in text.splitlines() if line.startswith("* "))
