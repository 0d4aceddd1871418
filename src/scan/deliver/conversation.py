"""smtplib with an end: no server can hold us longer than agreed, however slowly it drips.

smtplib's own time-out starts anew with every byte that arrives.
"""

import io
import smtplib
import socket
import ssl
import time
from collections.abc import Callable
from typing import Any

from scan.channels.relay import Relay

_PARTING = 5.0
"""Seconds that a server gets to say goodbye; by then all is said."""

_MOST_ADDRESSES = 4


class Conversation(smtplib.SMTP):
    """One connection to a mail server, from its greeting on.

    Every wait ends after `step` seconds, and all of them together after `whole`, counted from the start.
    """

    def __init__(self, relay: Relay, *, step: float, whole: float, context: ssl.SSLContext | None) -> None:
        self.step = step
        self._end = time.monotonic() + whole
        self._implicit = context
        self.default_port = relay.port
        # Without a name smtplib looks our own up in DNS, which can take long and tells the server nothing it needs.
        super().__init__(local_hostname=_own_name())
        self._host = relay.host
        code, reply = self.connect(relay.host, relay.port)
        if code != 220:
            self.close()
            raise smtplib.SMTPConnectError(code, reply)

    def left(self) -> float:
        """Give the seconds that the next wait may take.

        Raises:
            TimeoutError: none is left.

        """
        left = min(self.step, self._end - time.monotonic())
        if left <= 0:
            raise TimeoutError("timed out")
        return left

    def patient(self) -> None:
        """From here on, only the end of the whole conversation counts."""
        self.step = float("inf")

    def part(self) -> None:
        """Say goodbye, and don't mind the answer."""
        self._end = min(self._end, time.monotonic() + _PARTING)
        try:
            self.quit()
        except (smtplib.SMTPException, OSError):
            self.close()

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:  # noqa: ARG002 - ours is `left`
        connection = self._connected(host, port)
        if self._implicit is None:
            return connection
        connection.settimeout(self.left())
        return self._implicit.wrap_socket(connection, server_hostname=host)

    def _connected(self, host: str, port: int) -> socket.socket:
        refused: OSError = OSError("the name has no address")
        addresses = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        for family, kind, protocol, _, address in addresses[:_MOST_ADDRESSES]:
            connection = socket.socket(family, kind, protocol)
            try:
                connection.settimeout(self.left())
                connection.connect(address)
            except OSError as error:
                connection.close()
                refused = error
            else:
                return connection
        raise refused

    def send(self, s: Any) -> None:
        """Send, for no longer than is left."""
        if self.sock:
            self.sock.settimeout(self.left())
        super().send(s)

    def getreply(self) -> tuple[int, bytes]:
        """Read a reply, for no longer than is left."""
        if self.file is None and self.sock:
            self.file = io.BufferedReader(_Paced(self.sock, self.left))
        return super().getreply()


class _Paced(io.RawIOBase):
    """A socket to read from, which asks before every wait how long it may be."""

    def __init__(self, connection: socket.socket, left: Callable[[], float]) -> None:
        self._connection = connection
        self._left = left

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._connection.settimeout(self._left())
        return self._connection.recv_into(buffer)


def _own_name() -> str:
    name = socket.gethostname()
    return name if "." in name and name.isascii() else "[127.0.0.1]"
