"""The README tells the truth: its commands are run, and their output is what it shows.

In its console blocks `…` stands for anything, within a line or for any number of lines; times of day differ.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```console\n(.*?)```", README, re.DOTALL)
CONFIG = re.search(r"```yaml\n(.*?)```", README, re.DOTALL)

pytestmark = pytest.mark.cli


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


def test_make_run_shows_what_the_readme_shows_twice(tmp_path: Path) -> None:
    runs = [step for block in BLOCKS[:2] for step in steps(block)]
    assert [command for command, _ in runs] == ["make run", "make run"]
    for command, expected in runs:
        printed = execute(f"{command} --no-print-directory RUN_STATE={tmp_path}", ROOT)
        assert pattern(expected).search(printed), printed


def test_the_config_to_start_from_is_right_and_its_commands_work(tmp_path: Path) -> None:
    assert CONFIG is not None
    folder = tmp_path / ".config" / "scan"
    folder.mkdir(parents=True)
    (folder / "scan.yaml").write_text(CONFIG[1])
    for command, expected in steps(BLOCKS[2]):
        printed = execute(command, tmp_path, SMTP_PASSWORD="hunter2").replace(f"{folder}/", "")
        assert pattern(expected).fullmatch(printed), printed


def test_the_make_targets_that_the_readme_names_exist() -> None:
    makefile = (ROOT / "Makefile").read_text()
    for target in set(re.findall(r"`?make ([a-z]+)", README)):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE) or target == "and", target


def test_the_files_that_the_readme_names_exist() -> None:
    for name in re.findall(r"(?:packaging|docs|examples)/[\w./-]*\w", README):
        assert (ROOT / name).exists(), name
    for name in re.findall(r"\]\(([\w./]+)\)", README):
        assert (ROOT / name).exists(), name
