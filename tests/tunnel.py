"""A proxy for tests that leads every host to a server on this machine: how the true addresses of services are asked.

with Web(tls=context) as web, Tunnel(web.port) as tunnel:
...                              # http.proxy: tunnel.url, and the certificate's authority as SSL_CERT_FILE
assert tunnel.hosts == ["api.rippling.com:443"]
"""

import contextlib
import socket
import threading
from types import TracebackType
from typing import Self


class Tunnel:
    """An HTTP proxy that knows CONNECT and nothing else.

    Attributes:
        hosts: whom it was asked to lead to, in order.

    """

    def __init__(self, port: int) -> None:
        """Lead everybody to a port of this machine."""
        self.hosts: list[str] = []
        self._port = port
        self._server = socket.create_server(("127.0.0.1", 0), backlog=128)
        self._open: list[socket.socket] = [self._server]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.getsockname()[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for one in self._open:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._server.accept()
                threading.Thread(target=self._lead, args=(client,), daemon=True).start()

    def _lead(self, client: socket.socket) -> None:
        head = b""
        with contextlib.suppress(OSError):
            while b"\r\n\r\n" not in head:
                head += client.recv(4096)
            self.hosts.append(head.split()[1].decode())
            server = socket.create_connection(("127.0.0.1", self._port))
            self._open += [client, server]
            client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            threading.Thread(target=_pass_on, args=(server, client), daemon=True).start()
            _pass_on(client, server)


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65_536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
