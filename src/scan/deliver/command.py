"""Commands: the message on the standard input of a program."""

import os
import signal
import subprocess
import tempfile
import threading
from collections.abc import Mapping

from scan.channels import Command
from scan.channels.clean import one_line
from scan.deliver.handover import Handover
from scan.errors import DeliveryError

_PASSED_ON = ("PATH", "HOME", "LANG", "TZ")
_TAIL = 4096
_CANNOT_START = frozenset({126, 127})


def send(channel: Command, message_id: str, payload: bytes, handover: Handover, *, environ: Mapping[str, str]) -> None:
    """Run the program on one message and tell `handover` of it.

    Raises:
        DeliveryError: it was not accepted, or nobody knows (`in_doubt`).

    """
    environment = {name: environ[name] for name in _PASSED_ON if name in environ}
    environment |= {"SCAN_MESSAGE_ID": message_id, "SCAN_CHANNEL": channel.name}
    with tempfile.TemporaryFile() as message:
        message.write(payload)
        message.seek(0)
        handover.arm()
        status, said = _run(channel, message.fileno(), environment)
    if status != 0:
        raise _failure(channel, status, said)
    handover.accepted(status, "")


def _run(channel: Command, message: int, environment: Mapping[str, str]) -> tuple[int | None, str]:
    """Run the program to its end; gives its exit status, None if it had to be killed, and its last line of errors."""
    reading, writing = os.pipe()
    try:
        process = subprocess.Popen(  # noqa: S603 - the program is the config's, and there is no shell
            channel.run,
            stdin=message,
            stdout=subprocess.DEVNULL,
            stderr=writing,
            env=environment,
            start_new_session=True,
        )
    except OSError as error:
        os.close(reading)
        reason = f"{channel.run[0]}: cannot be started: {error.strerror}; mend the channel's run"
        raise DeliveryError(reason, config=True) from error
    finally:
        os.close(writing)
    tail = _Tail(reading)
    tail.start()
    try:
        status: int | None = process.wait(channel.timeout.total_seconds())
    except subprocess.TimeoutExpired:
        status = None
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    # What it left running may hold its standard error open for ever; that is no reason to wait.
    tail.join(0.5)
    return status, tail.last_line()


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


class _Tail(threading.Thread):
    """Reads a pipe to its end and remembers how it ended, however much comes."""

    def __init__(self, pipe: int) -> None:
        super().__init__(daemon=True)
        self._pipe = pipe
        self._end = b""

    def run(self) -> None:
        while chunk := os.read(self._pipe, 65536):
            self._end = (self._end + chunk)[-_TAIL:]
        os.close(self._pipe)

    def last_line(self) -> str:
        lines = self._end.decode("utf-8", "replace").split("\n")
        return next((shown for line in reversed(lines) if (shown := one_line(line, 200))), "")
