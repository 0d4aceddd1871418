"""What holds for every kind of channel, and the one that needs no server."""

import io
import os
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from scan import deliver
from scan.channels import KINDS
from scan.channels.base import Channel
from scan.channels.command import Command
from scan.channels.email import Email
from scan.channels.ntfy import Ntfy
from scan.channels.stdout import Stdout
from scan.channels.webhook import Webhook
from scan.declare import SecretText
from scan.errors import DeliveryError
from scan.page import Page, Request
from tests.deliver.handovers import Recorded

CHANNELS: dict[str, Channel] = {
    "command": Command(name="log", run=("/bin/true",)),
    "ntfy": Ntfy(name="phone", url=SecretText("https://ntfy.example.org/topic")),
    "stdout": Stdout(name="screen"),
    "webhook": Webhook(name="hook", url=SecretText("https://example.org/")),
}


def send(channel: Channel, handover: Recorded) -> None:
    deliver.send(
        channel,
        channel.recipients()[0],
        "m1",
        "a\n日本\n".encode(),
        handover,
        ask=_accept,
        environ=os.environ,
        now=lambda: datetime(2026, 11, 21, tzinfo=UTC),
    )


def _accept(request: Request) -> Page:
    return Page(url=request.url)


@pytest.mark.parametrize("kind", sorted(KINDS.keys() - {"apprise", "email"}))
def test_every_kind_can_be_sent(kind: str) -> None:
    handover = Recorded()
    send(CHANNELS[kind], handover)
    assert handover.events == ["armed", "accepted"]


def test_a_mail_server_that_is_down_is_temporary() -> None:
    channel = Email(name="me", to=("me@example.org",), from_="scan@example.org", smtp="smtp://127.0.0.1:1")
    handover = Recorded()
    with pytest.raises(DeliveryError, match=r"127\.0\.0\.1:1: Connection refused") as refused:
        send(channel, handover)
    assert handover.events == []
    assert (refused.value.permanent, refused.value.config, refused.value.in_doubt) == (False, False, False)


def test_a_kind_that_nothing_sends_is_a_bug() -> None:
    with pytest.raises(NotImplementedError, match="pigeon"):
        send(type("Pigeon", (Channel,), {}, kind="pigeon")(name="coo"), Recorded())


class Terminal(io.StringIO):
    """Where people read."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("standard_output", "there"), [(Terminal, True), (io.StringIO, False)])
def test_a_message_is_printed_where_people_read(
    monkeypatch: pytest.MonkeyPatch, standard_output: Callable[[], io.StringIO], there: bool
) -> None:
    output, errors = standard_output(), io.StringIO()
    monkeypatch.setattr("sys.stdout", output)
    monkeypatch.setattr("sys.stderr", errors)
    send(CHANNELS["stdout"], Recorded())
    assert (output.getvalue(), errors.getvalue()) == (("a\n日本\n", "") if there else ("", "a\n日本\n"))


class Closed(Terminal):
    """A terminal that is gone."""

    def write(self, text: str) -> int:
        raise BrokenPipeError(32, "Broken pipe", text)


def test_a_terminal_that_is_gone_has_not_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout", Closed())
    handover = Recorded()
    with pytest.raises(DeliveryError, match="Broken pipe"):
        send(CHANNELS["stdout"], handover)
    assert handover.events == ["armed"]
