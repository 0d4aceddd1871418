"""Runs the installed command, with faults, without paying for its imports each time.

A `Starter` is the installed `scan` itself, held up before its first line (by `injected/sitecustomize.py`) with all its
modules imported. Each run is a fork of it that goes on: the real command, in a process of its own, with files, sockets
and locks of its own, which SIGKILL ends as it does any other.
"""

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

COMMAND = Path(sys.executable).with_name("scan")
INJECTED = Path(__file__).with_name("injected")
PATIENCE = 60.0
KILLED = -9


@dataclass(frozen=True, kw_only=True)
class Job:
    """One run of the command.

    Attributes:
        folder: where it is run, and where what it says is kept.
        plan: what `injected/sitecustomize.py` is to do to it.
        name: tells it from others in the same folder.

    """

    folder: Path
    arguments: tuple[str, ...]
    plan: dict[str, Any] = field(default_factory=dict)
    name: str = "run"

    def environ(self) -> dict[str, str]:
        """Give it nothing of this machine's own config."""
        state = {"XDG_STATE_HOME": str(self.folder / "state"), "XDG_CONFIG_HOME": str(self.folder / "config")}
        return {"HOME": str(self.folder), "PATH": os.environ["PATH"], **state}

    def file(self, name: str) -> Path:
        return self.folder / f"{self.name}.{name}"


@dataclass(frozen=True, kw_only=True)
class Ran:
    """What a run left.

    Attributes:
        status: its exit status; minus the signal that killed it.
        points: the names of the points it reached, in order.
        seconds: how long it took.

    """

    status: int
    out: str
    err: str
    points: tuple[str, ...]
    seconds: float

    @property
    def killed(self) -> bool:
        return self.status == KILLED

    @property
    def result(self) -> Any:
        """The document of `--json`."""
        return json.loads(self.out)


def python_path() -> str:
    """Put what is injected before everything else."""
    return os.pathsep.join([str(INJECTED), *filter(None, [os.environ.get("PYTHONPATH")])])


class Starter:
    """The installed command, ready to run."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [str(COMMAND)],
            env={"PATH": os.environ["PATH"], "PYTHONPATH": python_path(), "SCAN_FAULTS_SERVE": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        assert self._answer() == "ready"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait(PATIENCE)

    def __call__(self, job: Job) -> Ran:
        """Run a job to its end."""
        self.begin(job)
        return self.end(job)

    def begin(self, job: Job) -> None:
        """Start a job; another has to be ended first."""
        self._began = time.monotonic()
        job.file("points").write_bytes(b"")
        order = {
            "folder": str(job.folder),
            "arguments": list(job.arguments),
            "environ": job.environ(),
            "out": str(job.file("out")),
            "err": str(job.file("err")),
            "plan": {**job.plan, "trace": str(job.file("points"))},
        }
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(order).encode() + b"\n")
        self._process.stdin.flush()

    def end(self, job: Job) -> Ran:
        """Wait for the end of the job that was begun."""
        status, _ = self._answer().split()
        return left_by(job, int(status), time.monotonic() - self._began)

    def _answer(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().decode().strip()


def left_by(job: Job, status: int, seconds: float) -> Ran:
    """Gather what a run left in its folder."""
    out, err, points = (job.file(name).read_text("utf-8") for name in ("out", "err", "points"))
    return Ran(status=status, out=out, err=err, points=tuple(points.splitlines()), seconds=seconds)


def run_whole(job: Job) -> Ran:
    """Run a job as a process from its first instruction on, imports and all."""
    began = time.monotonic()
    job.file("points").write_bytes(b"")
    plan = json.dumps({**job.plan, "trace": str(job.file("points"))})
    with job.file("out").open("wb") as out, job.file("err").open("wb") as err:
        done = subprocess.run(
            [str(COMMAND), *job.arguments],
            env={**job.environ(), "PYTHONPATH": python_path(), "SCAN_FAULTS_PLAN": plan},
            cwd=job.folder,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            timeout=PATIENCE,
            check=False,
        )
    return left_by(job, done.returncode, time.monotonic() - began)
