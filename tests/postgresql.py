"""A real PostgreSQL server for as long as tests want it, on a port of its own."""

import os
import pwd
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import psycopg

CARELESS = ("fsync=off", "full_page_writes=off")
"""No power will be lost in here."""


class Server:
    """A running server, whose user `scan` may do everything, without a password."""

    def __init__(self, port: int) -> None:
        self.port = port

    def url(self, database: str) -> str:
        """Give the address of a database, as a config has it."""
        return f"postgresql://scan@127.0.0.1:{self.port}/{database}"

    def new(self) -> str:
        """Make a database and give its address."""
        name = f"test_{uuid4().hex}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return self.url(name)


@contextmanager
def running() -> Iterator[Server]:
    """Make a cluster and run it; root lets another user do it, as PostgreSQL refuses root."""
    with TemporaryDirectory(prefix="postgresql-") as folder:
        if os.geteuid() == 0:
            os.chown(folder, pwd.getpwnam("postgres").pw_uid, -1)
        with _started(Path(folder)) as server:
            yield server


@contextmanager
def _started(folder: Path) -> Iterator[Server]:
    data = folder / "data"
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    _run(
        "initdb",
        f"--pgdata={data}",
        "--username=scan",
        "--auth=trust",
        "--no-sync",
        "--encoding=UTF8",
        "--locale=C.UTF-8",
    )
    settings = [f"-c {name}" for name in (*CARELESS, f"port={port}", "listen_addresses=127.0.0.1")]
    options = " ".join([*settings, f"-c unix_socket_directories='{folder}'"])
    _run("pg_ctl", f"--pgdata={data}", f"--options={options}", f"--log={folder / 'log'}", "--wait", "start")
    try:
        yield Server(port)
    finally:
        _run("pg_ctl", f"--pgdata={data}", "--mode=immediate", "--wait", "stop")


def _run(program: str, *arguments: str) -> None:
    newest = max(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"), default=None)  # Debian's are not on the path
    found = shutil.which(program) or newest
    assert found, f"{program} is not installed (make tools)"
    command = [str(found), *arguments]
    if os.geteuid() == 0:
        command = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *command]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, cwd="/", check=False)
    assert done.returncode == 0, done.stdout + done.stderr
