"""E-mail: one message to one address over the channel's mail server.

What a failure says decides what becomes of the message. Before `DATA`'s final dot nothing was accepted; after it, a
lost reply leaves it in doubt (RFC 1047). A refused login or sender, a missing or bad certificate, an unknown server are
the channel's fault and use up no attempt. 4xx is temporary, 5xx to an address or a message final (RFC 5321, 4.2.1).
"""

import re
import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

from scan.channels.clean import one_line
from scan.channels.email import Email
from scan.channels.relay import Relay
from scan.deliver.conversation import Conversation
from scan.deliver.handover import Handover
from scan.errors import DeliveryError

_LOGIN_WANTED = frozenset({530, 534, 535, 538})
_TOO_LARGE = 552


def send(channel: Email, recipient: str, payload: bytes, handover: Handover) -> None:
    """Send one message and tell `handover` of it.

    Raises:
        DeliveryError: it was not accepted, or nobody knows (`in_doubt`). Its message holds no secret.

    """
    relay = channel.relay()
    with _failures(relay):
        conversation = _begin(relay, channel.timeout.total_seconds())
    try:
        _transfer(conversation, relay, (channel.sender(), recipient), payload, handover)
    finally:
        conversation.part()


def _begin(relay: Relay, step: float) -> Conversation:
    """Connect, encrypt and log in, as the relay's address demands."""
    context = None if relay.security == "none" else ssl.create_default_context()
    implicit = context if relay.security == "tls" else None
    conversation = Conversation(relay, step=step, whole=2 * step, context=implicit)
    try:
        conversation.ehlo_or_helo_if_needed()
        if relay.security == "starttls" or (relay.security == "opportunistic" and conversation.has_extn("starttls")):
            conversation.starttls(context=context)
            conversation.ehlo_or_helo_if_needed()
        if relay.user:
            conversation.login(relay.user, relay.password)
    except BaseException:
        conversation.part()
        raise
    return conversation


def _transfer(
    conversation: Conversation, relay: Relay, addresses: tuple[str, str], payload: bytes, handover: Handover
) -> None:
    sender, recipient = addresses
    with _failures(relay):
        code, reply = conversation.mail(sender, _options(conversation, addresses, payload))
        if code != 250:
            raise _refusal(relay, f"sender {sender}", code, reply, config=code >= 500 and code != _TOO_LARGE)
        code, reply = conversation.rcpt(recipient)
        if code not in {250, 251}:
            raise _refusal(relay, f"recipient {recipient}", code, reply)
    handover.arm()
    with _failures(relay):
        code, reply = conversation.docmd("DATA")
        if code != 354:
            raise _refusal(relay, "the message", code, reply)
        conversation.send(_framed(payload))
    conversation.patient()
    with _failures(relay, in_doubt=True):
        code, reply = conversation.getreply()
    if not 200 <= code <= 299:
        raise _refusal(relay, "the message", code, reply, in_doubt=True)
    handover.accepted(code, one_line(reply.decode("ascii", "replace"), 200))


def _options(conversation: Conversation, addresses: tuple[str, str], payload: bytes) -> list[str]:
    size = [f"SIZE={len(payload)}"] if conversation.has_extn("size") else []
    return size if "".join(addresses).isascii() else [*size, "SMTPUTF8", "BODY=8BITMIME"]


def _framed(payload: bytes) -> bytes:
    """Double dots at the start of a line, and end with the one that is alone."""
    return re.sub(rb"(?m)^\.", b"..", payload).removesuffix(b"\r\n") + b"\r\n.\r\n"


@contextmanager
def _failures(relay: Relay, *, in_doubt: bool = False) -> Iterator[None]:
    """Turn what smtplib and sockets raise into a `DeliveryError`."""
    try:
        yield
    except smtplib.SMTPResponseException as error:
        reply = error.smtp_error if isinstance(error.smtp_error, bytes) else error.smtp_error.encode()
        stage = "login" if isinstance(error, smtplib.SMTPAuthenticationError) else "service"
        fault = error.smtp_code >= 500 and not in_doubt
        raise _refusal(relay, stage, error.smtp_code, reply, in_doubt=in_doubt, config=fault) from error
    except OSError as error:  # smtplib's own errors are OSErrors
        reason, config = _reason(error)
        raise _error(relay, reason, in_doubt=in_doubt, config=config) from error


def _reason(error: OSError) -> tuple[str, bool]:
    """Say what went wrong, and whether the channel has to be mended for it."""
    match error:
        case smtplib.SMTPServerDisconnected():
            late = isinstance(error.__context__, TimeoutError)
            return "no answer in time" if late else "the server closed the connection", False
        case smtplib.SMTPException():  # STARTTLS, AUTH or SMTPUTF8 is not offered
            return str(error).rstrip("."), True
        case ssl.SSLError():
            return _reason_of_tls(error)
        case socket.gaierror():
            return f"unknown host: {error.strerror}", error.errno != socket.EAI_AGAIN
        case TimeoutError():
            return "no answer in time", False
        case _:
            return error.strerror or str(error), False


def _reason_of_tls(error: ssl.SSLError) -> tuple[str, bool]:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not to be trusted: {error.verify_message}", True
    if isinstance(error, ssl.SSLEOFError):
        return "the server closed the connection", False
    return f"no encryption: {error.reason}", True


def _refusal(
    relay: Relay, stage: str, code: int, reply: bytes, *, in_doubt: bool = False, config: bool = False
) -> DeliveryError:
    """Read a reply that is not the hoped-for one. `in_doubt` holds if it is not a plain no."""
    said = one_line(reply.decode("utf-8", "replace"), 200)
    config = config or code in _LOGIN_WANTED
    if 400 <= code <= 599:
        final = code >= 500 and not config
        return _error(relay, f"{stage} refused: {code} {said}", code=code, permanent=final, config=config)
    return _error(relay, f"{stage}: not an answer: {said}", in_doubt=in_doubt)


def _error(
    relay: Relay,
    reason: str,
    *,
    code: int | None = None,
    permanent: bool = False,
    in_doubt: bool = False,
    config: bool = False,
) -> DeliveryError:
    shown = reason.replace(relay.password, "***") if relay.password else reason
    cure = "; mend the channel's settings" if config else ""
    return DeliveryError(
        f"{relay.host}:{relay.port}: {one_line(shown, 400)}{cure}",
        code=code,
        permanent=permanent,
        in_doubt=in_doubt,
        config=config,
    )
