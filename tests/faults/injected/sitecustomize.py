"""Python imports this before it runs `scan`, where this folder is on PYTHONPATH. Nothing of it is in the product.

It counts the points of a run (each statement and commit of the database, each step of the conversations with mail
servers, web servers and programs, each rename of a file), writes their names down, and at one of them kills the process
with SIGKILL, fills the disk, or dawdles.

`SCAN_FAULTS_SERVE` makes the process wait, with everything imported, for jobs on its standard input, a JSON line each.
For each it forks, and the fork goes on to run `scan` as if nothing had been; so a run costs what it does, and not what
importing does. `SCAN_FAULTS_PLAN` is the plan of a process that does not wait.
"""

import atexit
import functools
import gc
import importlib
import json
import os
import pkgutil
import random
import resource
import signal
import sys
import time
from collections.abc import Callable
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path
from typing import Any, NoReturn

NOTHING = ("BEGIN", "ROLLBACK", "PRAGMA")
"""Statements that change nothing: a reading transaction begins with its first SELECT."""

LINGERING = 0.8
"""Seconds for another run to come by."""

STATES = ("ready", "claimed", "armed", "sent", "dead", "batched", "pending")


class Points:
    """The points of one run, and what happens at them."""

    def __init__(self, plan: dict[str, Any]) -> None:
        self.count = 0
        self.kill: int | None = plan.get("kill")
        self.kill_at: str | None = plan.get("kill_at")
        self.full_at: str | None = plan.get("full_at")
        self.linger_at: str | None = plan.get("linger_at")
        self.linger_until = plan.get("linger_until")
        self.database = Path(plan.get("database", "/dev/null"))
        self.trace = os.open(plan["trace"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self.dawdle = None if plan.get("dawdle") is None else random.Random(plan["dawdle"])

    def reach(self, name: str) -> None:
        self.count += 1
        os.write(self.trace, f"{name}\n".encode())
        if self.count == self.kill or (self.kill_at is not None and name.startswith(self.kill_at)):
            os.kill(os.getpid(), signal.SIGKILL)
        if self.full_at is not None and name.startswith(self.full_at):
            self.fill_the_disk()
        if self.linger_at is not None and name.startswith(self.linger_at):
            self.linger_at = None
            self.linger()
        if self.dawdle is not None and self.dawdle.random() < 0.2:
            time.sleep(self.dawdle.random() * 0.01)

    def linger(self) -> None:
        """Wait for a file to be there, where one was agreed on."""
        if self.linger_until is None:
            time.sleep(LINGERING)
        else:
            while not Path(self.linger_until).exists():
                time.sleep(0.01)

    def fill_the_disk(self) -> None:
        """Let no file of this process grow beyond what the database's log is now."""
        size = self.database.with_name(self.database.name + "-wal").stat().st_size
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

    def around(self, owner: Any, method: str, name: Callable[..., str], *, after: bool = True) -> None:
        """Make a point before, and one after, each call of a method."""
        original = getattr(owner, method)

        @functools.wraps(original)
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            said = name(*args, **kwargs)
            self.reach(f"before {said}")
            result = original(*args, **kwargs)
            if after:
                self.reach(f"after {said}")
            return result

        setattr(owner, method, wrapped)


def of_database(points: Points) -> None:
    """Make a point before each statement: after it, nothing is to be seen before the next one, or the commit."""
    from scan.store import sqlite

    points.around(sqlite, "prepare", lambda *_: "opening the database")
    real = sqlite.connect
    sqlite.connect = lambda *given: Driver(real(*given), points)  # type: ignore[assignment]


class Driver:
    """SQLite's driver, or a cursor of it."""

    def __init__(self, driver: Any, points: Points) -> None:
        self._driver, self._points = driver, points

    def __getattr__(self, name: str) -> Any:
        return getattr(self._driver, name)

    def cursor(self) -> "Driver":
        return Driver(self._driver.cursor(), self._points)

    def execute(self, sql: str, row: Any = ()) -> Any:
        said = statement_name(sql, row)
        if said == "BEGIN IMMEDIATE" or not said.startswith(NOTHING):
            self._points.reach(f"before {said}")
        result = self._driver.execute(sql, row)
        if said == "COMMIT":
            self._points.reach("after COMMIT")
        return result

    def executemany(self, sql: str, rows: Any) -> Any:
        self._points.reach(f"before {statement_name(sql, ())}")
        return self._driver.executemany(sql, rows)


def statement_name(statement: str, values: Any) -> str:
    """Name a statement by how it begins, and where it moves what is to be told, by the state it leads to."""
    text = " ".join(statement.split())
    state = next((value for value in values or () if value in STATES), None) if text.startswith("UPDATE") else None
    return f"{' '.join(text.split()[:2])} to {state}" if state else text[:32]


def of_mail(points: Points) -> None:
    import smtplib

    asked = ["connection"]

    def sending(_: object, text: str | bytes) -> str:
        line = text.encode() if isinstance(text, str) else text
        asked[0] = line[:4].decode("ascii", "replace").strip() if len(line) < 200 else "the message"
        return f"SMTP sends {asked[0]}"

    def connecting(*_: object) -> str:
        asked[0] = "connection"
        return "SMTP connects"

    points.around(smtplib.SMTP, "connect", connecting)
    points.around(smtplib.SMTP, "send", sending)
    points.around(smtplib.SMTP, "getreply", lambda *_: f"SMTP reply to {asked[0]}")


def of_web(points: Points) -> None:
    import pycurl

    from scan.fetch.fetcher import Fetcher
    from scan.fetch.transfer import Transfer

    seen = {2: "HTTP head sent", 4: "HTTP body sent", 1: "HTTP head received", 3: "HTTP body received"}

    def watch(kind: int, data: bytes) -> None:
        if kind in seen and (kind != 1 or data.startswith(b"HTTP/")):
            points.reach(seen[kind])

    prepare = Transfer.prepare

    def prepared(self: Transfer, *args: Any, **kwargs: Any) -> None:
        prepare(self, *args, **kwargs)
        self.easy.setopt(pycurl.VERBOSE, 1)
        self.easy.setopt(pycurl.DEBUGFUNCTION, watch)

    Transfer.prepare = prepared  # type: ignore[method-assign]  # that is what is done here
    points.around(Transfer, "prepare", lambda _, request, **__: f"HTTP {request.method}")
    points.around(Transfer, "outcome", lambda *_: "HTTP outcome")
    points.around(Fetcher, "ask", lambda _, request: f"HTTP asks by {request.method}")


def of_programs_and_files(points: Points) -> None:
    import subprocess

    from scan import lock

    points.around(subprocess.Popen, "__init__", lambda *_, **__: "program starts")
    points.around(subprocess.Popen, "wait", lambda *_, **__: "program ends")
    points.around(os, "rename", lambda _, to, **__: f"rename to {Path(to).name}")
    points.around(os, "replace", lambda _, to, **__: f"rename to {Path(to).name}")
    points.around(lock, "_write_note", lambda *_: "note in the lock")


def install(plan: dict[str, Any]) -> None:
    """Make this process follow a plan."""
    import scan.cli.running
    import scan.lock

    points = Points(plan)
    for hooks in (of_database, of_mail, of_web, of_programs_and_files):
        hooks(points)
    if plan.get("no_lock"):
        scan.lock.run_lock = lambda *_, **__: nullcontext()  # type: ignore[assignment]
    command, later = vars(scan.cli.running), timedelta(seconds=plan.get("later", 0))
    real = command["now_utc"]
    command["now_utc"] = lambda: real() + later


def preload() -> None:
    import scan

    for module in pkgutil.walk_packages(scan.__path__, "scan."):
        if module.name != "scan.__main__" and ".migrations." not in module.name:
            importlib.import_module(module.name)
    for name in ("alembic.runtime.migration", "alembic.operations", "alembic.config", "alembic.script", "uuid6", "re2"):
        importlib.import_module(name)
    gc.collect()
    gc.freeze()


def serve() -> None:
    """Fork for each job and say how the fork ended; returns in the fork only."""
    preload()
    answers = os.dup(1)
    with os.fdopen(os.dup(0)) as jobs:
        os.write(answers, b"ready\n")
        for line in jobs:
            job = json.loads(line)
            child = os.fork()
            if not child:
                become(job)
                return
            _, status, usage = os.wait4(child, 0)
            spent = usage.ru_utime + usage.ru_stime
            os.write(answers, f"{os.waitstatus_to_exitcode(status)} {spent}\n".encode())
    os._exit(0)


def leave(status: int = 0) -> NoReturn:
    """End a fork as `sys.exit` does, but for the tidying of its memory, which takes as long as all its work."""
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def become(job: dict[str, Any]) -> None:
    """Take on a job's arguments, environment, folder and standard streams."""
    folder = Path(job["folder"])
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(job["environ"])
    sys.argv[1:] = job["arguments"]
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    streams = ((os.devnull, os.O_RDONLY), (job["out"], flags), (job["err"], flags))
    for number, (path, how) in enumerate(streams):
        opened = os.open(path, how)
        os.dup2(opened, number)
        os.close(opened)
    install(job["plan"])
    sys.exit = leave  # type: ignore[assignment]  # `scan` ends with a number


if "SCAN_FAULTS_SERVE" in os.environ:
    serve()
elif "SCAN_FAULTS_PLAN" in os.environ:
    install(json.loads(os.environ["SCAN_FAULTS_PLAN"]))
