"""Any service of Apprise: one message, by a process of its own that is ended in time (`scan.deliver.apprising`)."""

import sys
import tempfile
from collections.abc import Iterator, Mapping

import msgspec

from scan.channels.apprise import Apprise
from scan.declare import Problem
from scan.deliver.handover import Handover
from scan.errors import DeliveryError
from scan.programs import Program

_COMMAND = ("-P", "-m", "scan.deliver.apprising")
"""Without the present folder on the path: what lies there is not ours to run."""

_LONGEST_ANSWER = 1_000_000
"""Bytes; what its libraries print comes before its own line."""

_CHANNEL_IS_WRONG = frozenset({401, 403, 404, 405, 407, 410})


class _Answer(msgspec.Struct, frozen=True):
    """What the process says; see `scan.deliver.apprising.Answer`, which cannot be imported without Apprise."""

    service: str | None = None
    accepted: bool = False
    status: int | None = None
    said: str = ""
    lost: bool = False


def send(channel: Apprise, payload: bytes, handover: Handover, *, environ: Mapping[str, str]) -> None:
    """Send one message and tell `handover` of it.

    Raises:
        DeliveryError: it was not accepted, or nobody knows (`in_doubt`). Its message holds no part of the address.

    """
    handover.arm()
    answer = _asked(channel, msgspec.Raw(payload), environ)
    if not answer.accepted:
        raise _refusal(answer)
    handover.accepted(None, answer.service or "")


def problems(channel: Apprise, *, environ: Mapping[str, str]) -> Iterator[Problem]:
    """Ask Apprise, which takes about a second, whether it can use the channel's address. Nothing is sent."""
    try:
        answer = _asked(channel, None, environ)
    except DeliveryError as error:
        yield Problem(("url",), str(error))
        return
    if answer.service is None:
        yield Problem(("url",), f"Apprise cannot use this address; {answer.said}")


def _asked(channel: Apprise, message: msgspec.Raw | None, environ: Mapping[str, str]) -> _Answer:
    seconds = channel.timeout.total_seconds()
    job = {"url": channel.url, "seconds": seconds, "message": message}
    with tempfile.TemporaryFile() as asked:
        asked.write(msgspec.json.encode(job))
        asked.seek(0)
        with Program(
            (sys.executable, *_COMMAND), environ=_environment(environ), stdin=asked.fileno(), keep=_LONGEST_ANSWER
        ) as process:
            ended = process.wait(seconds)
    if ended.status is None:
        raise DeliveryError(f"apprise: no answer within {seconds:g} s", in_doubt=True)
    try:
        return msgspec.json.decode(ended.output.rpartition(b"\n")[2], type=_Answer)
    except msgspec.DecodeError as error:
        reason = f"apprise: ended without an answer (exit status {ended.status})"
        raise DeliveryError(reason, in_doubt=True) from error


def _environment(environ: Mapping[str, str]) -> dict[str, str]:
    """Pass the environment on; `requests` has a name of its own for the file of trusted certificates."""
    trusted = {"REQUESTS_CA_BUNDLE": environ["SSL_CERT_FILE"]} if "SSL_CERT_FILE" in environ else {}
    return {**trusted, **environ}


def _refusal(answer: _Answer) -> DeliveryError:
    """Read an answer: later, or not before the channel is mended. Apprise says too little to give a message up."""
    if answer.service is None:
        return DeliveryError(f"Apprise cannot use the channel's url; {answer.said}", config=True)
    said = f"{answer.service}: {answer.said or 'not accepted, and Apprise does not say why'}"
    wrong = answer.status in _CHANNEL_IS_WRONG
    return DeliveryError(said, config=wrong, in_doubt=answer.lost, code=answer.status)
