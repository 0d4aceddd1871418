"""Runs that may have only so much of what a process takes."""

import resource
import subprocess

from tests.cli.conftest import PATIENCE, Ran, Scan


def limited_run(scan: Scan, limit: int, most: int) -> Ran:
    """Run everything with one of the `resource.RLIMIT_…` set."""
    done = subprocess.run(
        scan.command("run", "--all", "--json"),
        env=scan.environment(),
        cwd=scan.folder,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
        preexec_fn=lambda: resource.setrlimit(limit, (most, most)),
    )
    return Ran(done.returncode, done.stdout, done.stderr)
