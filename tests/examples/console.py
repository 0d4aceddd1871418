"""What a README shows of a console, and what the commands print.

In its blocks `…` stands for anything, within a line or for any number of lines; times of day differ.
"""

import os
import re
import subprocess
import sys
from pathlib import Path


def blocks(text: str) -> list[str]:
    """Find the console blocks of a page."""
    return re.findall(r"```console\n(.*?)```", text, re.DOTALL)


def steps(block: str) -> list[tuple[str, str]]:
    """Each command of a console block, with the output that follows it."""
    parts = re.split(r"^\$ (.*)\n", block, flags=re.MULTILINE)[1:]
    return list(zip(parts[::2], parts[1::2], strict=True))


def pattern(expected: str) -> re.Pattern[str]:
    """What is shown, as a pattern of what is printed; columns may be wider."""
    lines = [
        r"(?:.*\n)*?" if line == "…" else re.escape(line).replace("…", r"[^\n]*") + r"\n"
        for line in expected.rstrip("\n").split("\n")
    ]
    shown = re.sub(r"\d\d:\d\d:\d\d", lambda _: r"\d\d:\d\d:\d\d", "".join(lines))
    return re.compile(re.sub(r"(?:\\ )+", lambda _: r"\ +", shown).replace(r"0\ +s\ +ago", r"\d+\ +s\ +ago"))


def execute(command: str, folder: Path, **environ: str) -> str:
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    done = subprocess.run(
        ["sh", "-c", command],
        cwd=folder,
        env={"PATH": path, "HOME": str(folder), "LC_ALL": "C.UTF-8", **environ},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout
