"""The four example profiles are whole: their READMEs tell the truth, and their timers are those of `scan units`."""

import ast
import re
import shutil
from pathlib import Path

import pytest

from tests.examples.console import blocks, execute, pattern, steps
from tests.examples.simulated import EXAMPLES, Example
from tests.system.tools import UNITS, complaints, install

pytestmark = pytest.mark.cli

PROFILES = ("council", "jobs", "news", "units")


@pytest.fixture(params=PROFILES)
def profile(request: pytest.FixtureRequest, tmp_path: Path) -> Example:
    """Give a copy of an example as it was shipped."""
    name = str(request.param)
    return Example(Path(shutil.copytree(EXAMPLES / name, tmp_path / name)), name=name)


def readme(name: str) -> str:
    return (EXAMPLES / name / "README.md").read_text(encoding="utf-8")


def test_what_the_readme_shows_happens(profile: Example) -> None:
    (block,) = blocks(readme(profile.name))
    for command, expected in steps(block):
        printed = execute(command, profile.folder)
        assert pattern(expected).fullmatch(printed) if expected else not printed, (command, printed)


def test_the_timer_is_what_scan_units_prints(profile: Example) -> None:
    for name in ("google", "smtp", "square"):
        profile.credential(name, "no-secret")
    printed = profile("units", environ={"SHEET_ID": "a-sheet"}).out
    where, _, text = printed.partition("\n")
    drop_in = Path(where.removeprefix("# /etc/systemd/system/"))
    shipped = (EXAMPLES / profile.name / drop_in).read_text(encoding="utf-8")
    assert drop_in == Path(f"scan@{profile.name}.timer.d/cadence.conf")
    assert text.replace(str(profile.config), f"/etc/scan/{profile.name}.yaml") == shipped


def test_systemd_has_nothing_to_complain_of(profile: Example, tmp_path: Path) -> None:
    units = tmp_path / "systemd"
    units.mkdir()
    install(units)
    timer = f"scan@{profile.name}.timer"
    shutil.copytree(profile.folder / f"{timer}.d", units / f"{timer}.d")
    assert complaints(units, timer, f"scan@{profile.name}.service") == []


def test_the_readme_names_every_file_of_the_example(profile: Example) -> None:
    named = {
        path for cell in re.findall(r"^\| (`.*?`) \|", readme(profile.name), re.MULTILINE) for path in cell.split("`")
    }
    there = {path.name for path in profile.folder.iterdir()} - {"README.md"}
    assert {path.partition("/")[0] for path in named if (profile.folder / path).exists() and path} == there


def test_the_files_and_pages_that_the_readme_names_exist(profile: Example) -> None:
    for page in re.findall(r"\]\(([\w./]+)\)", readme(profile.name)):
        assert (EXAMPLES / profile.name / page).exists(), page
    (test,) = re.findall(r"`(tests/[\w/]+\.py)`", readme(profile.name))
    assert (EXAMPLES.parent / test).exists()


def test_what_is_installed_lies_in_the_example(profile: Example) -> None:
    for file in re.findall(
        r"^sudo (?:install -m 640 -g scan|cp(?: -r)?) (\S+) /etc/", readme(profile.name), re.MULTILINE
    ):
        assert (profile.folder / file).exists(), file
    assert f"enable --now scan@{profile.name}.timer" in readme(profile.name)


def test_the_health_of_news_has_an_address_of_its_own(tmp_path: Path) -> None:
    install(tmp_path)
    commands = re.findall(r"^(sed .*) \| sudo tee /etc/systemd/system/(\S+)$", readme("news"), re.MULTILINE)
    for command, name in commands:
        (tmp_path / name).write_text(execute(command, UNITS), encoding="utf-8")
    assert "127.0.0.1:9110" in (tmp_path / "scan-health-news.socket").read_text()
    assert "SCAN_CONFIG=/etc/scan/news.yaml" in (tmp_path / "scan-health-news@.service").read_text()


def test_the_tests_that_a_profile_s_test_points_to_exist(profile: Example) -> None:
    here = Path(__file__)
    own = ast.get_docstring(ast.parse(here.with_name(f"test_{profile.name}.py").read_text(encoding="utf-8"))) or ""
    booted = here.parents[1] / "system/booted"
    named = re.findall(r"`([\w/]*test_\w+\.py)`", own)
    assert named
    for name in named:
        assert (here.parents[2] / name).exists() or (booted / name).exists(), name


def test_the_pages_that_the_guide_names_exist() -> None:
    docs = EXAMPLES.parent / "docs"
    guide = (docs / "coming-from.md").read_text(encoding="utf-8")
    pages = re.findall(r"\]\(([\w./-]+)(?:#[\w-]+)?\)", guide)
    assert len(pages) > 5
    assert [page for page in pages if not (docs / page).exists()] == []
