"""A server for a folder of files, on this machine's own addresses: nginx where it is, else a small one in Python.

Both send what lies there compressed, with validators or without, from one event loop, and keep a log of one line a
request (`STATUS BYTES`) from which the benchmark counts.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

UNPACKED = Path(__file__).parents[1] / ".work" / "nginx" / "usr" / "sbin"
NGINX = """
{user}
worker_processes 1;
daemon off;
pid {work}/nginx.pid;
events {{ worker_connections 4096; }}
http {{
  log_format count '$status $bytes_sent';
  access_log {log} count;
  client_body_temp_path {work}/body; proxy_temp_path {work}/proxy; fastcgi_temp_path {work}/fastcgi;
  uwsgi_temp_path {work}/uwsgi; scgi_temp_path {work}/scgi;
  sendfile on; tcp_nopush on; keepalive_requests 1000000; gzip_static always; gunzip on;
  types {{ application/rss+xml xml rss; application/atom+xml atom; application/json json; text/html html; }}
  server {{
    {listen}
    root {folder};
    {validators}
    location = /mark {{ return 204; }}
  }}
}}
"""
BARE = 'etag off; if_modified_since off; add_header Last-Modified "";'
MARK = 204
"""The status of the answer that marks the end of what is counted; no other answer has it."""


@dataclass(frozen=True, slots=True)
class Traffic:
    """What the server answered.

    Attributes:
        statuses: the number of answers by HTTP status.
        bytes: sent, headers and all.

    """

    statuses: dict[int, int]
    bytes: int


@dataclass(frozen=True, slots=True)
class Server:
    """A running server."""

    host: str
    port: int
    log: Path

    def traffic(self) -> Traffic:
        """Count what was answered since the last time."""
        with socket.create_connection((self.host, self.port), timeout=10) as connection:
            connection.sendall(b"GET /mark HTTP/1.0\r\n\r\n")
            lines = self._until_marked()
        os.truncate(self.log, 0)
        answers = [(int(status), int(size)) for status, size in map(str.split, lines)]
        statuses = [status for status, _ in answers]
        return Traffic({status: statuses.count(status) for status in set(statuses)}, sum(size for _, size in answers))

    def _until_marked(self) -> list[str]:
        """Wait for the mark's line: one event loop serves, so the lines of all that was answered stand before it."""
        for _ in patience():
            lines = self.log.read_text(encoding="ascii").splitlines()
            if lines and lines[-1].startswith(f"{MARK} "):
                return lines[:-1]
        raise TimeoutError(f"no line of the mark in {self.log}")


@contextmanager
def serve(folder: Path, work: Path, hosts: Sequence[str], port: int, *, validators: bool = True) -> Iterator[Server]:
    """Serve the folder for a while. `work` is for the server's own files; the log starts anew."""
    work.mkdir(parents=True, exist_ok=True)
    log = work / "access.log"
    log.write_bytes(b"")
    nginx = find_nginx()
    listen = [f"{host}:{port}" for host in hosts]
    command = nginx_command(nginx, folder, work, listen, log, validators=validators) if nginx else []
    with (work / "server.log").open("wb") as said:
        process = subprocess.Popen(
            command
            or [sys.executable, "-m", "bench.httpd", str(folder), str(log), "etag" if validators else "bare", *listen],
            stdin=subprocess.DEVNULL,
            stderr=said,
        )
    try:
        await_port(hosts[-1], port)
        yield Server(hosts[0], port, log)
    finally:
        process.terminate()
        process.wait()


def find_nginx() -> str | None:
    """Find nginx: installed, where only root looks, or unpacked by `make bench`."""
    return shutil.which("nginx", path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:{UNPACKED}")


def nginx_command(
    nginx: str, folder: Path, work: Path, listen: Sequence[str], log: Path, *, validators: bool
) -> list[str]:
    """Write the server's config, and say how to start it."""
    config = work / "nginx.conf"
    text = NGINX.format(
        # Started by root, nginx would serve as another user, who may not be let into this folder.
        user="user root;" if os.geteuid() == 0 else "",
        work=work,
        log=log,
        listen=" ".join(f"listen {one};" for one in listen),
        folder=folder,
        validators="" if validators else BARE,
    )
    config.write_text(text, encoding="utf-8")
    return [nginx, "-c", str(config), "-e", "stderr"]


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def await_port(host: str, port: int) -> None:
    """Wait until somebody listens."""
    for _ in patience():
        with socket.socket() as probe:
            if probe.connect_ex((host, port)) == 0:
                return
    raise TimeoutError(f"no server on port {port}")


def patience() -> Iterator[None]:
    """Try again, every few milliseconds, for ten seconds."""
    end = time.monotonic() + 10
    while time.monotonic() < end:
        yield
        time.sleep(0.005)
