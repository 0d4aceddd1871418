"""The README tells the truth: its commands are run, and their output is what it shows."""

import re
from pathlib import Path

import pytest

from tests.examples.console import blocks, execute, pattern, steps

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = blocks(README)
CONFIG = re.search(r"```yaml\n(.*?)```", README, re.DOTALL)

pytestmark = pytest.mark.cli


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
