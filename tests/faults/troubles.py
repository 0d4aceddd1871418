"""Receivers that are down, slow, moody, silent or forgetful, and a disk that is full at the worst moment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.faults.story import Findings, Story
from tests.faults.trials import EVER, Stage
from tests.faults.world import BOB, Hook, takes
from tests.web import Answer

BOUND = 15.0
"""Seconds within which a run ends whatever a receiver does, with the time-outs of one second that are set here."""

COMMANDS = ("greeting", "EHLO", "MAIL", "RCPT", "DATA", ".", "QUIT")


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """How a receiver behaves in one run; in the next it is well again.

    Attributes:
        mail: of the mail server (see `tests.mail.Mailbox`); None if there is none at all.
        hook: of the web server.
        status: the run's exit status.
        copies: messages that are received once more, because nobody could know.
        given_up: alerts that are refused for good.

    """

    mail: Mapping[str, Any] | None = field(default_factory=dict)
    hook: Hook = takes
    status: int = 3
    copies: int = 0
    given_up: int = 0


def says(answer: Answer, *, taken: bool) -> Hook:
    return lambda _: (answer, taken)


LATER = {"Retry-After": "60"}
MAIL_TROUBLES: dict[str, Trouble] = {
    "mail server down": Trouble(mail=None),
    "mail server drips": Trouble(mail={"drip": 0.3}),
    "mail server greylists": Trouble(mail={"refuse": {"RCPT": "451 4.7.1 try again later"}}),
    "mail server refuses one of two": Trouble(mail={"refuse": {BOB: "550 5.1.1 no such user"}}, given_up=4),
    "mail server is full": Trouble(mail={"fail_data": "452 4.3.1 no space"}),
    "mail server accepts, then drops": Trouble(mail={"accept_then_drop": True}, copies=2),
    **{f"mail server hangs at {at}": Trouble(mail={"hang": at}, status=0 if at == "QUIT" else 3) for at in COMMANDS},
    **{
        f"mail server drops at {at}": Trouble(mail={"drop": at}, status=0 if at == "QUIT" else 3) for at in COMMANDS[1:]
    },
}
WEB_TROUBLES: dict[str, Trouble] = {
    "webhook 500": Trouble(hook=says(Answer(status=500), taken=False)),
    "webhook 429 with Retry-After": Trouble(hook=says(Answer(status=429, headers=LATER), taken=False)),
    "webhook takes it, half a response": Trouble(hook=says(Answer(body=b"{}", cut=True), taken=True), copies=3),
    "webhook takes it, no response": Trouble(hook=says(Answer(drop=True), taken=True), copies=3),
    "webhook takes it, silence": Trouble(hook=says(Answer(hang=True), taken=True), copies=3),
    "webhook 404": Trouble(hook=says(Answer(status=404), taken=False)),
    "webhook 400": Trouble(hook=says(Answer(status=400), taken=False), given_up=4),
}
TROUBLES = MAIL_TROUBLES | WEB_TROUBLES

FULL_AT: dict[str, int] = {
    "before INSERT INTO item (": 0,
    "before INSERT INTO delivery": 0,
    "before INSERT INTO batch": 0,
    "before UPDATE batch to claimed": 0,
    "before UPDATE batch to armed": 0,
    "before UPDATE batch to sent": 1,
    "before UPDATE delivery to sent": 1,
}
"""Where the disk is full, and how many messages are then received twice."""


def endure(stage: Stage, name: str) -> Findings:
    """Run once while a receiver misbehaves, then until all is quiet."""
    trouble = TROUBLES[name]
    with stage.ordinary() as story:
        _misbehave(stage, trouble)
        ran = story.run("changed", status=trouble.status)
        story.check("I16", ran.seconds < BOUND, f"{name}: took {ran.seconds:.1f} s")
        _behave(stage)
        findings = story.finish(("changed", "back"), EVER)
        _expect(story, name, copies=trouble.copies, given_up=trouble.given_up)
        return findings


def fill_up(stage: Stage, at: str) -> Findings:
    """Let the disk be full from a statement on, then run until all is quiet."""
    with stage.ordinary() as story:
        ran = story.run("changed", status=74, whole=True, full_at=at)
        said = [line for line in ran.err.splitlines() if not line.startswith("{")]
        story.check("I16", len(said) == 1, f"full {at}: {said}")
        findings = story.finish(("changed", "back"), EVER)
        _expect(story, f"full {at}", copies=FULL_AT[at], given_up=0)
        return findings


def _misbehave(stage: Stage, trouble: Trouble) -> None:
    stage.world.hook = trouble.hook
    if trouble.mail is None:
        stage.world.close_mailbox()
    else:
        stage.world.open_mailbox(**trouble.mail)


def _behave(stage: Stage) -> None:
    stage.world.hook = takes
    stage.world.open_mailbox()


def _expect(story: Story, name: str, *, copies: int, given_up: int) -> None:
    found = story.findings
    story.check("I3", found.copies == copies, f"{name}: {found.copies} copies, {copies} expected")
    story.check("I1", found.given_up == given_up, f"{name}: {found.given_up} given up, {given_up} expected")
