"""Messages over real servers on this machine."""

import json
import ssl
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import trustme

from scan import deliver
from scan.channels.email import Email
from scan.channels.relay import Relay
from scan.channels.webhook import Webhook, signature
from scan.declare import SecretText
from scan.deliver import smtp
from scan.errors import DeliveryError
from scan.fetch import Fetcher
from scan.fetch.settings import HttpSettings
from scan.page import Page, Request
from tests.channels.samples import ME, changed, digest, gone, item, notice
from tests.deliver.handovers import FullDiskError, Recorded, Refusing
from tests.mail import Mailbox
from tests.web import Answer, Web

pytestmark = pytest.mark.integration

WHOLE = ["EHLO", "MAIL", "RCPT", "DATA", ".", "QUIT"]
DIGEST = digest(notice(), changed(), gone())


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def certificate(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


@pytest.fixture
def trusted(authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))


def email(url: str, *, timeout: float = 10.0, to: str = ME) -> Email:
    return Email(name="me", to=(to,), from_="Scan <scan@example.org>", smtp=url, timeout=timedelta(seconds=timeout))


def no_web(_: Request) -> Page:
    raise AssertionError


def send(channel: Email, handover: Recorded, payload: bytes | None = None) -> None:
    recipient = channel.recipients()[0]
    deliver.send(
        channel,
        recipient,
        DIGEST.id,
        payload or channel.compose(DIGEST, recipient),
        handover,
        ask=no_web,
        environ={},
        now=lambda: datetime(2026, 11, 21, tzinfo=UTC),
    )


def refused(channel: Email, events: list[str]) -> DeliveryError:
    """Send, expect to be refused after some events, and give the refusal."""
    handover = Recorded()
    with pytest.raises(DeliveryError) as raised:
        send(channel, handover)
    assert handover.events == events
    assert "sesame" not in str(raised.value)
    assert "127.0.0.1" in str(raised.value)
    return raised.value


def kind(error: DeliveryError) -> str:
    kinds = {"permanent": error.permanent, "config": error.config, "in doubt": error.in_doubt}
    (found,) = [name for name, holds in kinds.items() if holds] or ["temporary"]
    return found


def test_a_message_arrives_as_it_was_composed() -> None:
    handover = Recorded()
    with Mailbox() as mailbox:
        channel = email(mailbox.url)
        send(channel, handover)
    (received,) = mailbox.messages
    assert (received.sender, received.recipients) == ("scan@example.org", (ME,))
    assert received.raw == channel.compose(DIGEST, ME)
    assert isinstance(received.message, EmailMessage)
    assert received.message["Subject"].startswith("1 new, 1 changed, 1 gone for backend, kitchen")
    assert mailbox.conversations == [WHOLE]
    assert handover.receipts == [(250, "2.0.0 Ok: queued as 1")]


def test_nothing_of_a_message_leaves_before_it_is_armed_and_acceptance_is_noted_before_goodbye() -> None:
    events: list[str] = []
    with Mailbox(heard=events.append) as mailbox:
        send(email(mailbox.url), Recorded(events))
    assert events == ["EHLO", "MAIL", "RCPT", "armed", "DATA", ".", "accepted", "QUIT"]


def test_nothing_is_sent_if_it_cannot_be_armed() -> None:
    with Mailbox() as mailbox, pytest.raises(FullDiskError):
        send(email(mailbox.url), Refusing())
    assert mailbox.conversations == [["EHLO", "MAIL", "RCPT", "QUIT"]]
    assert mailbox.messages == []


def test_what_cannot_be_noted_as_accepted_is_the_callers_error() -> None:
    class Forgetful(Recorded):
        def accepted(self, code: int | None, receipt: str) -> None:
            raise FullDiskError(code, receipt)

    with Mailbox() as mailbox, pytest.raises(FullDiskError):
        send(email(mailbox.url), Forgetful())
    assert len(mailbox.messages) == 1


def test_lines_that_are_or_begin_with_a_dot_arrive_whole() -> None:
    payload = b"Subject: dots\r\n\r\n.\r\n..two\r\n.a\r\nend\r\n"
    with Mailbox() as mailbox:
        send(email(mailbox.url), Recorded(), payload)
    assert mailbox.messages[0].raw == payload


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("security", ["implicit", "starttls"])
@pytest.mark.parametrize("login", [None, ("scan", "sesame")])
def test_a_message_travels_encrypted(certificate: ssl.SSLContext, security: Any, login: tuple[str, str] | None) -> None:
    with Mailbox(tls=certificate, security=security, login=login) as mailbox:
        send(email(mailbox.url), Recorded())
    assert len(mailbox.messages) == 1
    started = ["EHLO", "STARTTLS"] if security == "starttls" else []
    logged_in = ["AUTH"] if login else []
    assert mailbox.conversations == [[*started, "EHLO", *logged_in, *WHOLE[1:]]]


@pytest.mark.parametrize("security", ["implicit", "starttls"])
def test_a_certificate_of_nobody_we_trust_is_refused(certificate: ssl.SSLContext, security: Any) -> None:
    with Mailbox(tls=certificate, security=security, login=("scan", "sesame")) as mailbox:
        error = refused(email(mailbox.url), [])
    assert kind(error) == "config"
    assert "certificate" in str(error)
    assert not any("AUTH" in commands for commands in mailbox.conversations)


@pytest.mark.usefixtures("trusted")
def test_a_certificate_for_somebody_else_is_refused(authority: trustme.CA) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("mail.example.org").configure_cert(context)
    with Mailbox(tls=context) as mailbox:
        assert kind(refused(email(mailbox.url), [])) == "config"


def test_no_password_is_sent_where_starttls_was_stripped() -> None:
    with Mailbox(login=("scan", "sesame")) as mailbox:
        error = refused(email(f"smtp+starttls://scan:sesame@127.0.0.1:{mailbox.port}"), [])
    assert kind(error) == "config"
    assert "STARTTLS" in str(error)
    assert mailbox.conversations == [["EHLO", "QUIT"]]


def test_a_server_that_does_not_encrypt_where_it_should_is_the_channels_fault() -> None:
    with Mailbox() as mailbox:
        assert kind(refused(email(f"smtps://127.0.0.1:{mailbox.port}"), [])) == "config"


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("offered", [True, False])
def test_encryption_is_used_where_it_is_offered(certificate: ssl.SSLContext, offered: bool) -> None:
    with Mailbox(tls=certificate if offered else None, security="starttls") as mailbox:
        relay = Relay(host="127.0.0.1", port=mailbox.port, security="opportunistic")
        smtp._begin(relay, 10.0).part()
    assert mailbox.conversations == [["EHLO", "STARTTLS", "EHLO", "QUIT"] if offered else ["EHLO", "QUIT"]]


def test_a_wrong_password_is_the_channels_fault() -> None:
    with Mailbox(login=("scan", "right")) as mailbox:
        error = refused(email(f"smtp://scan:sesame@127.0.0.1:{mailbox.port}"), [])
    assert (kind(error), error.code) == ("config", 535)


def test_a_missing_password_is_the_channels_fault() -> None:
    with Mailbox(login=("scan", "right")) as mailbox:
        error = refused(email(f"smtp://127.0.0.1:{mailbox.port}"), [])
    assert (kind(error), error.code) == ("config", 530)


@pytest.mark.parametrize(
    ("refuse", "found", "events"),
    [
        ({ME: "550 5.1.1 no such user"}, "permanent", []),
        ({ME: "450 4.2.1 greylisted"}, "temporary", []),
        ({"MAIL": "451 4.3.0 later"}, "temporary", []),
        ({"MAIL": "553 5.7.1 not your address"}, "config", []),
        ({"MAIL": "552 5.3.4 too large"}, "permanent", []),
        ({"AUTH": "454 4.7.0 later"}, "temporary", []),
        ({"EHLO": "554 go away", "HELO": "554 go away"}, "config", []),
        ({"EHLO": "421 busy", "HELO": "421 busy"}, "temporary", []),
        ({"DATA": "451 later"}, "temporary", ["armed"]),
        ({"DATA": "554 no"}, "permanent", ["armed"]),
        ({".": "452 4.2.2 mailbox full"}, "temporary", ["armed"]),
        ({".": "554 5.7.1 spam"}, "permanent", ["armed"]),
        ({".": "what?"}, "in doubt", ["armed"]),
    ],
)
def test_a_refusal_is_what_its_code_says(refuse: dict[str, str], found: str, events: list[str]) -> None:
    login = ("scan", "sesame") if "AUTH" in refuse else None
    with Mailbox(refuse=refuse, login=login) as mailbox:
        error = refused(email(mailbox.url), events)
    assert kind(error) == found
    assert mailbox.messages == []


def test_a_refusal_tells_who_and_why() -> None:
    with Mailbox(refuse={ME: "550 5.1.1 no such\tuser \x1b[31m"}) as mailbox:
        error = refused(email(mailbox.url), [])
    assert str(error) == f"127.0.0.1:{mailbox.port}: recipient {ME} refused: 550 5.1.1 no such user [31m"


@pytest.mark.parametrize(
    ("at", "found", "events"),
    [
        ("greeting", "temporary", []),
        ("EHLO", "temporary", []),
        ("MAIL", "temporary", []),
        ("RCPT", "temporary", []),
        ("DATA", "temporary", ["armed"]),
        (".", "in doubt", ["armed"]),
    ],
)
def test_a_silent_server_is_left_in_time(at: str, found: str, events: list[str]) -> None:
    begun = time.monotonic()
    with Mailbox(hang=at) as mailbox:
        error = refused(email(mailbox.url, timeout=0.3), events)
        assert kind(error) == found
    assert time.monotonic() - begun < 5
    assert "in time" in str(error)


@pytest.mark.parametrize(
    ("at", "found", "events"),
    [("EHLO", "temporary", []), ("DATA", "temporary", ["armed"]), (".", "in doubt", ["armed"])],
)
def test_a_connection_that_breaks_is_in_doubt_only_after_the_final_dot(at: str, found: str, events: list[str]) -> None:
    with Mailbox(drop=at) as mailbox:
        assert kind(refused(email(mailbox.url), events)) == found


def test_a_message_that_was_taken_without_a_word_is_in_doubt() -> None:
    with Mailbox(accept_then_drop=True) as mailbox:
        assert kind(refused(email(mailbox.url), ["armed"])) == "in doubt"
    assert len(mailbox.messages) == 1


@pytest.mark.parametrize("misbehaviour", [{"hang": "QUIT"}, {"drop": "QUIT"}, {"refuse": {"QUIT": "500 stay"}}])
def test_what_goes_wrong_after_acceptance_is_of_no_matter(misbehaviour: dict[str, Any]) -> None:
    handover = Recorded()
    with Mailbox(**misbehaviour) as mailbox:
        send(email(mailbox.url, timeout=0.2), handover)
    assert handover.events == ["armed", "accepted"]


def test_goodbye_is_not_waited_for_as_long_as_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scan.deliver.conversation._PARTING", 0.05)
    begun = time.monotonic()
    with Mailbox(hang="QUIT") as mailbox:
        send(email(mailbox.url, timeout=10.0), Recorded())
    assert time.monotonic() - begun < 5


def test_a_dripping_server_is_left_in_time() -> None:
    begun = time.monotonic()
    with Mailbox(drip=0.1) as mailbox:
        error = refused(email(mailbox.url, timeout=0.2), [])
    assert kind(error) == "temporary"
    assert time.monotonic() - begun < 2


def test_a_slow_server_is_waited_for() -> None:
    with Mailbox(banner_delay=0.1) as mailbox:
        send(email(mailbox.url), Recorded())
    assert len(mailbox.messages) == 1


@pytest.mark.parametrize("understood", [True, False])
def test_an_address_beyond_ascii_needs_a_server_that_knows_them(understood: bool) -> None:
    with Mailbox(smtputf8=understood) as mailbox:
        channel = email(mailbox.url, to="zoë@exämple.org")
        if understood:
            send(channel, Recorded())
        else:
            assert kind(refused(channel, [])) == "config"
    assert [received.recipients for received in mailbox.messages] == [("zoë@xn--exmple-cua.org",)] * understood


@pytest.fixture
def web() -> Iterator[Web]:
    with Web() as web:
        yield web


Ask = Callable[[Request], Page]


@pytest.fixture
def ask() -> Iterator[Ask]:
    with Fetcher(HttpSettings(), version="1") as fetcher:
        yield fetcher.ask


def post(channel: Webhook, handover: Recorded, ask: Ask) -> bytes:
    payload = channel.compose(DIGEST, channel.name)
    now = datetime(2026, 11, 21, tzinfo=UTC)
    deliver.send(channel, channel.name, DIGEST.id, payload, handover, ask=ask, environ={}, now=lambda: now)
    return payload


def test_a_webhook_receives_what_its_signature_signs(web: Web, ask: Ask) -> None:
    handover = Recorded()
    url = web.serve("/hook", Answer(status=202))
    channel = Webhook(name="hook", url=SecretText(url), secret=SecretText("sesame"), headers={"X-Team": "a"})
    payload = post(channel, handover, ask)
    (asked,) = web.requests
    assert (asked.method, asked.body, asked.headers["x-team"]) == ("POST", payload, "a")
    assert asked.headers["webhook-id"] == asked.headers["idempotency-key"] == DIGEST.id
    stamp = int(asked.headers["webhook-timestamp"])
    assert asked.headers["webhook-signature"] == signature(b"sesame", DIGEST.id, stamp, asked.body)
    assert asked.headers["content-type"] == "application/json"
    assert len(json.loads(asked.body)["notices"]) == 3
    assert handover.events == ["armed", "accepted"]


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        (Answer(status=503), "temporary"),
        (Answer(status=429, headers={"Retry-After": "1"}), "temporary"),
        (Answer(status=410), "permanent"),
        (Answer(status=307, headers={"Location": "/elsewhere"}), "config"),
        (Answer(status=302, headers={"Location": "/elsewhere"}), "config"),
        (Answer(drop=True), "in doubt"),
    ],
)
def test_a_webhook_is_asked_once_and_its_refusal_understood(web: Web, ask: Ask, answer: Answer, found: str) -> None:
    channel = Webhook(name="hook", url=SecretText(web.serve("/hook", answer)))
    web.serve("/elsewhere", Answer())
    handover = Recorded()
    with pytest.raises(DeliveryError) as raised:
        post(channel, handover, ask)
    assert kind(raised.value) == found
    assert handover.events == ["armed"]
    assert [asked.path for asked in web.requests] == ["/hook"]


def test_a_webhook_that_nobody_listens_at_is_temporary_and_not_in_doubt(ask: Ask) -> None:
    with pytest.raises(DeliveryError) as raised:
        post(Webhook(name="hook", url=SecretText("http://127.0.0.1:1/s3cret")), Recorded(), ask)
    assert kind(raised.value) == "temporary"
    assert "s3cret" not in str(raised.value)


def test_a_message_of_a_hostile_item_is_taken_by_a_real_server() -> None:
    hostile = notice(item(title="\r\n.\r\nQUIT\r\n=?utf-8?q?=0d=0aBcc:x?=" + "é" * 5000, url="javascript:1"))
    with Mailbox() as mailbox:
        channel = email(mailbox.url)
        send(channel, Recorded(), channel.compose(digest(hostile), ME))
    assert mailbox.messages[0].message["Bcc"] is None
    assert mailbox.conversations == [WHOLE]
