"""Plug-ins: the example is installed with pip and used; one that is broken is told by name, and costs nothing else."""

import json
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from tests.cli.conftest import Ran, Scan
from tests.plugins import planted
from tests.web import Answer, Web

pytestmark = pytest.mark.integration

EXAMPLE = Path(__file__).parents[2] / "examples" / "plugin"


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make an environment that has what this one has, and the example plug-in; no package is fetched."""
    folder = tmp_path_factory.mktemp("plugged")
    source, place = folder / "plugin", folder / "venv"
    shutil.copytree(EXAMPLE, source)
    run(sys.executable, "-m", "venv", "--without-pip", str(place))
    ours = sysconfig.get_path("purelib", vars={"base": str(place)})
    Path(ours, "ours.pth").write_text(f"import site; site.addsitedir({sysconfig.get_path('purelib')!r})\n")
    pip = ("-m", "pip", "--python", str(place), "--disable-pip-version-check", "install", "--quiet")
    run(sys.executable, *pip, "--no-deps", "--no-index", "--no-build-isolation", str(source))
    return place / "bin" / "python"


def run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr


@pytest.fixture
def scan(tmp_path: Path) -> Scan:
    return Scan(tmp_path)


def plugged(scan: Scan, python: Path, *arguments: str) -> Ran:
    """Run scan where the plug-in is installed."""
    command = [str(python), "-m", "scan", "--config", str(scan.config), *arguments]
    done = subprocess.run(
        command, env=scan.environment(), cwd=scan.folder, capture_output=True, text=True, timeout=60, check=False
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def test_the_example_s_source_channel_and_report_are_used(scan: Scan, python: Path) -> None:
    with Web() as web:
        url = web.serve("/message", Answer(body=b'{"id": 25, "appid": 1}')).removesuffix("/message")
        phone = f"  - {{name: phone, kind: gotify, url: '{url}', token: s3cret-token}}\n"
        text = (EXAMPLE / "scan.yaml").read_text(encoding="utf-8").replace("channels: []\n", f"channels:\n{phone}")
        scan.configure(text.replace("Calendars'\"}", "Calendars'\", notify: [phone]}"))
        shutil.copy(EXAMPLE / "list.md", scan.folder)
        checked = plugged(scan, python, "config", "check")
        assert (checked.status, checked.err) == (0, "")
        for sent in (2, 0):
            outcome = plugged(scan, python, "run", "--all", "--json").json
            assert (outcome["status"], outcome["items"]["seen"]) == ("success", 3)
            assert (outcome["deliveries"]["sent"], outcome["reports"]) == (sent, {"published": 1, "failed": 0})
            lines = (scan.folder / "matches.md").read_text(encoding="utf-8").splitlines()
            assert sorted(line.partition(", ")[0] for line in lines[2:]) == [
                "- [Radicale](<https://radicale.example.org/>)",
                "- [Tide](<https://tide.example.org/>)",
            ]
        (asked,) = web.requests
    assert asked.headers["x-gotify-key"] == "s3cret-token"
    assert "Radicale" in json.loads(asked.body)["message"]
    assert "s3cret" not in plugged(scan, python, "config", "show").out
    assert "gotify" in plugged(scan, python, "config", "schema").out


def test_probe_asks_plug_ins_too(scan: Scan, python: Path) -> None:
    proxy = (
        "http: {proxy: 'http://127.0.0.1:9', retries: 0}\n"  # nothing is reached, which is enough to see who was asked
    )
    scan.configure(proxy + "sources: []\n")
    ran = plugged(scan, python, "probe", "https://raw.githubusercontent.com/acme/awesome-things/main/README.md")
    assert (ran.status, "awesome, known by its address" in ran.out + ran.err) == (1, True), ran.err


def test_without_the_plug_in_its_kinds_are_none(scan: Scan) -> None:
    shutil.copy(EXAMPLE / "scan.yaml", scan.config)
    ran = scan("config", "check")
    assert ran.status == 78
    assert "sources[0].kind: 'awesome' is no kind" in ran.err
    assert "reports[0].kind: 'markdown' is no kind" in ran.err


GOOD = """
    from scan.reports.base import FileReport

    class {name}(FileReport, kind="{kind}"):
        def render(self, view):
            yield b"{kind}"
"""


ODD = """
    from typing import Annotated

    from scan.declare import Doc
    from scan.reports.base import FileReport

    class Odd(FileReport, kind="odd"):
        key: Annotated[complex, Doc("which is never read")]
"""


@pytest.fixture
def broken(scan: Scan, tmp_path: Path) -> Scan:
    """Install a good plug-in, and one of each kind of trouble."""
    place = tmp_path / "packages"
    place.mkdir()
    scan.environ["PYTHONPATH"] = str(place)
    planted(place, "fine", GOOD.format(name="Fine", kind="fine"), fine="Fine")
    planted(place, "raising", "raise RuntimeError('no good')", raising="Raising")
    planted(place, "leaving", "raise SystemExit('bye')", leaving="Leaving")
    planted(place, "missing", "", missing="Missing")
    planted(place, "clashing", GOOD.format(name="Csv", kind="csv"), csv="Csv")
    planted(place, "misnamed", GOOD.format(name="One", kind="one"), another="One")
    planted(place, "untyped", "class Untyped: kind = 'untyped'", untyped="Untyped")
    planted(place, "first", GOOD.format(name="Twice", kind="twice"), twice="Twice")
    planted(place, "second", GOOD.format(name="Twice", kind="twice"), twice="Twice")
    planted(place, "odd", ODD, odd="Odd")
    return scan


TROUBLES = {
    "raising": "plug-in raising 2.1: its kind 'raising' cannot be imported: RuntimeError: no good",
    "leaving": "plug-in leaving 2.1: its kind 'leaving' cannot be imported: SystemExit: bye",
    "missing": "plug-in missing 2.1: its kind 'missing' cannot be imported: AttributeError: ",
    "another": "plug-in misnamed 2.1: its kind 'another' calls itself 'one'",
    "untyped": "plug-in untyped 2.1: its kind 'untyped' is no Report: untyped:Untyped",
    "twice": "plug-ins first 2.1 and second 2.1: all have a kind 'twice'; uninstall all but one",
    "odd": "plug-in odd 2.1: its kind 'odd' declares what the config cannot read: ",
}


def test_a_plug_in_that_cannot_be_used_is_told_by_name_and_costs_nothing_else(broken: Scan) -> None:
    broken.configure("reports: [{kind: fine, to: fine.txt}, {kind: csv, to: items.csv}]\n")
    ran = broken("config", "check")
    assert ran.status == 0
    clash = "plug-in clashing 2.1: the kind 'csv' ships with scan; it has to be called otherwise"
    for trouble in (clash, *TROUBLES.values()):
        assert f"warning: {trouble}" in ran.err
    assert "Traceback" not in ran.err
    assert ran.err.count("plug-in") == 1 + len(TROUBLES)
    done = broken("run", "--json")
    assert (done.status, done.json["reports"]) == (0, {"published": 2, "failed": 0})
    assert (broken.folder / "fine.txt").read_text() == "fine"
    assert (broken.folder / "items.csv").read_text().startswith("id,source,")


def test_a_config_that_asks_for_one_of_them_is_told_why_not(broken: Scan) -> None:
    entries = "".join(f"  - {{kind: {kind}, to: {kind}.txt}}\n" for kind in TROUBLES)
    broken.configure(f"reports:\n{entries}")
    ran = broken("run")
    assert ran.status == 78
    for index, trouble in enumerate(TROUBLES.values()):
        assert f"profile.yaml:{index + 2}:12: reports[{index}].kind: {trouble}" in ran.err
    assert "Traceback" not in ran.err


DOUBTFUL = """
    from typing import Annotated

    from scan.declare import Doc
    from scan.reports import FileReport

    class Doubtful(FileReport, kind="doubtful"):
        token: Annotated[str, Doc("which it fails at")]

        def problems(self):
            raise ZeroDivisionError(self.token)
"""


def test_a_plug_in_that_fails_to_check_its_entry_is_told_at_its_place_with_every_other_problem(broken: Scan) -> None:
    planted(broken.folder / "packages", "doubtful", DOUBTFUL, doubtful="Doubtful")
    broken.configure("reports:\n  - {kind: doubtful, to: a.txt, token: s3cret}\n  - {kind: csv}\n")
    ran = broken("config", "check")
    assert ran.status == 78
    why = "the plug-in doubtful cannot tell whether this is right: ZeroDivisionError in line 11 of"
    assert f"profile.yaml:2:5: reports[0]: {why}" in ran.err
    assert "profile.yaml:3:5: reports[1]" in ran.err
    assert "Traceback" not in ran.err
    assert "s3cret" not in ran.err


def test_a_config_without_plug_ins_looks_for_none(broken: Scan) -> None:
    broken.configure("reports: [{kind: csv, to: items.csv}]\n")
    ran = broken("run", "--dry-run", environ={"PYTHONPROFILEIMPORTTIME": "1"})
    assert ran.status == 0
    assert "importlib.metadata" not in ran.err


BUGGY = """
    from scan.channels.base import Channel, Posted
    from scan.reports.base import FileReport
    from scan.sources import Source

    class Wordless(Channel, kind="wordless"):
        def compose(self, digest, recipient):
            raise ZeroDivisionError("no words")

    class Postless(Posted, kind="postless"):
        def compose(self, digest, recipient):
            return b"words"

        def request(self, recipient, message_id, payload, now):
            raise ZeroDivisionError("no way")

    class Unreadable(Source, kind="unreadable", item_kind="item", complete=True):
        def start(self):
            raise ZeroDivisionError("no start")

    class Blank(FileReport, kind="blank"):
        def render(self, view):
            raise ZeroDivisionError("no report")
"""


def test_a_plug_in_that_fails_costs_its_own_entries_and_nothing_else(scan: Scan, tmp_path: Path) -> None:
    place = tmp_path / "packages"
    for group, kinds in {
        "sources": {"unreadable": "Unreadable"},
        "channels": {"wordless": "Wordless", "postless": "Postless"},
        "reports": {"blank": "Blank"},
    }.items():
        (place / group).mkdir(parents=True)
        planted(place / group, f"buggy_{group}", BUGGY, groups=(group,), **kinds)
    scan.environ["PYTHONPATH"] = ":".join(map(str, place.iterdir()))
    (scan.folder / "items.json").write_text('[{"title": "Engineer"}]')
    scan.configure("""
sources:
  - {name: bad, kind: unreadable}
  - {name: good, kind: json, url: 'file:items.json', fields: {title: title}}
searches:
  - {name: all, where: 'true', notify: [wordless, postless, log]}
channels:
  - {name: wordless, kind: wordless}
  - {name: postless, kind: postless}
  - {name: log, kind: command, run: [/bin/sh, -c, 'cat >> told']}
reports:
  - {kind: blank, to: blank.txt}
  - {kind: jsonl, to: items.jsonl}
""")
    for sent in (1, 0):
        ran = scan("run", "--all", "--json")
        assert (ran.status, ran.json["status"]) == (3, "partial_failure")
        assert (ran.json["sources"]["ok"], ran.json["sources"]["failed"]) == (1, 1)
        assert (ran.json["deliveries"]["sent"], ran.json["deliveries"]["pending"]) == (sent, 2)
        assert ran.json["reports"] == {"published": 1, "failed": 1}
        for wrong in ("no words", "no way", "no start", "no report"):
            assert f"ZeroDivisionError: {wrong}" in ran.out + ran.err
    assert (scan.folder / "told").read_text().count('"Engineer"') == 1
