"""Commands: the message on the standard input of a program."""

import tempfile
from collections.abc import Mapping

from scan.channels.command import Command
from scan.deliver.handover import Handover
from scan.errors import DeliveryError
from scan.programs import Program, environment

_CANNOT_START = frozenset({126, 127})


def send(channel: Command, message_id: str, payload: bytes, handover: Handover, *, environ: Mapping[str, str]) -> None:
    """Run the program on one message and tell `handover` of it.

    Raises:
        DeliveryError: it was not accepted, or nobody knows (`in_doubt`).

    """
    own = environment(environ, {"SCAN_MESSAGE_ID": message_id, "SCAN_CHANNEL": channel.name})
    with tempfile.TemporaryFile() as message:
        message.write(payload)
        message.seek(0)
        handover.arm()
        try:
            program = Program(channel.run, environ=own, stdin=message.fileno())
        except OSError as error:
            reason = f"{channel.run[0]}: cannot be started: {error.strerror}; mend the channel's run"
            raise DeliveryError(reason, config=True) from error
        with program:
            ended = program.wait(channel.timeout.total_seconds())
    if ended.status != 0:
        raise _failure(channel, ended.status, ended.said)
    handover.accepted(ended.status, "")


def _failure(channel: Command, status: int | None, said: str) -> DeliveryError:
    program, because = channel.run[0], f": {said}" if said else ""
    if status is None:
        seconds = channel.timeout.total_seconds()
        return DeliveryError(f"{program}: killed after {seconds:g} s{because}", in_doubt=True)
    if status < 0:
        return DeliveryError(f"{program}: ended by signal {-status}{because}", in_doubt=True, code=status)
    if status in _CANNOT_START:
        reason = f"{program}: exit status {status}{because}; mend the channel's run"
        return DeliveryError(reason, config=True, code=status)
    return DeliveryError(f"{program}: exit status {status}{because}", code=status)
