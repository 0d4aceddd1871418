"""`make install` and `make uninstall`, into folders of the test's own, without a network."""

import json
import re
import shutil
import sqlite3
import subprocess
from pathlib import Path

import pytest

from tests.cli.boards import SEARCH, answer, config, job
from tests.cli.conftest import Scan
from tests.gate import Gate
from tests.system.building import ROOT, Checkout, done
from tests.system.tools import SHIPPED
from tests.web import Answer, Web

pytestmark = [pytest.mark.system, pytest.mark.timeout(300)]


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_symlink() or not path.is_dir()}


def environments(prefix: Path) -> list[Path]:
    return [path for path in (prefix / "lib/scan").iterdir() if path.is_dir() and not path.is_symlink()]


# --- a fresh installation


@pytest.fixture(scope="module")
def staged(tmp_path_factory: pytest.TempPathFactory, wheelhouse: Path) -> Path:
    """Give a PREFIX as somebody has it who gets it packaged: installed in a DESTDIR, and brought to its place."""
    folder = tmp_path_factory.mktemp("staged")
    prefix, destdir = folder / "prefix", folder / "destdir"
    Checkout(ROOT).make("install", wheelhouse, DESTDIR=destdir, PREFIX=prefix)
    Path(f"{destdir}{prefix}").rename(prefix)
    assert files(destdir) == set()
    return prefix


def test_everything_is_where_it_belongs(staged: Path) -> None:
    assert files(staged) >= {
        *(f"lib/systemd/system/{name}" for name in SHIPPED),
        "lib/systemd/system-preset/85-scan.preset",
        "lib/sysusers.d/scan.conf",
        "lib/tmpfiles.d/scan.conf",
        "etc/logrotate.d/scan",
        "share/man/man1/scan.1",
        "share/man/man1/scan-run.1",
        "share/man/man5/scan.yaml.5",
        "share/doc/scan/docs/systemd.md",
    }
    modes = {path.stat().st_mode & 0o7777 for path in staged.rglob("*") if path.is_dir()}
    modes |= {(staged / name).stat().st_mode & 0o7777 for name in ("bin/scan", "lib/scan/current/bin/scan")}
    assert modes == {0o755}
    assert {path.stat().st_mode & 0o7777 for path in (staged / "lib/systemd").rglob("*.*")} == {0o644}
    assert (staged / "etc/scan/scan.yaml").stat().st_mode & 0o777 == 0o640


def test_units_start_the_command_of_their_prefix(staged: Path) -> None:
    units = [path.read_text() for path in (staged / "lib/systemd/system").glob("*.service")]
    started = {command for unit in units for command in re.findall(r"^ExecStart=-?(\S+)", unit, re.MULTILINE)}
    assert started == {f"{staged}/bin/scan"}


def test_nothing_tells_where_it_was_built(staged: Path) -> None:
    places = (str(staged.with_name("destdir")).encode(), str(ROOT).encode())
    named = [path for path in staged.rglob("*") if path.is_file() and any(it in path.read_bytes() for it in places)]
    assert named == []


def test_every_module_has_bytecode_that_is_never_held_against_its_source(staged: Path) -> None:
    (environment,) = environments(staged)
    modules = list(environment.rglob("*.py"))
    assert len(modules) > 1000
    for module in modules:
        (bytecode,) = (module.parent / "__pycache__").glob(f"{module.stem}.*.pyc")
        assert bytecode.read_bytes()[4:8] == b"\x01\0\0\0"  # PEP 552: by hash, unchecked


def test_the_command_works_and_the_second_run_is_silent(staged: Path, tmp_path: Path) -> None:
    scan = Scan(tmp_path, program=staged / "bin/scan")
    assert scan("--version").out.startswith("scan ")
    scan.configure((ROOT / "examples/jobs/scan.yaml").read_text().replace("file:", f"file://{ROOT}/examples/jobs/"))
    first, second = scan.run(), scan.run()
    assert (first["status"], first["items"]["new"]) == ("success", 27)
    assert (second["status"], second["items"]["new"], second["deliveries"]["sent"]) == ("success", 0, 0)


def test_the_sample_config_is_a_good_one(staged: Path, tmp_path: Path) -> None:
    scan = Scan(tmp_path, program=staged / "bin/scan")
    scan.configure((staged / "etc/scan/scan.yaml").read_text())
    assert ": ok (" in scan("config", "check").out


def test_a_plug_in_is_found_beside_every_version(staged: Path, wheelhouse: Path, tmp_path: Path) -> None:
    plugins, scan = staged / "lib/scan/plugins", Scan(tmp_path, program=staged / "bin/scan")
    scan.configure("sources:\n  - {name: one, kind: awesome, url: 'file:list.md'}\n")
    pip = [str(wheelhouse / "venv/bin/pip"), "--quiet", "install", "--no-index", "--find-links", str(wheelhouse)]
    try:
        done([*pip, "--no-deps", "--target", str(plugins), str(ROOT / "examples/plugin")])
        assert ": ok (1 source" in scan("config", "check").out
    finally:
        shutil.rmtree(plugins, ignore_errors=True)
    assert "kind" in scan("config", "check").err


def test_bash_completes_commands_and_options(staged: Path) -> None:
    script = f"""
        PATH={staged}/bin:$PATH
        . {staged}/share/bash-completion/completions/scan
        complete -p scan
        for words in 'sta' 'run --dry' 'config che'; do
            COMP_WORDS=(scan $words) COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)) COMPREPLY=()
            _scan_completion scan
            echo "${{COMPREPLY[@]}}"
        done
    """
    said = done(["bash", "-euc", script]).stdout.splitlines()
    assert said == ["complete -o nosort -F _scan_completion scan", "status", "--dry-run", "check"]


@pytest.mark.parametrize(
    ("shell", "place"), [("zsh", "zsh/site-functions/_scan"), ("fish", "fish/vendor_completions.d/scan.fish")]
)
def test_what_other_shells_ask_is_answered(staged: Path, shell: str, place: str) -> None:
    script = (staged / "share" / place).read_text()
    assert f"_SCAN_COMPLETE={shell}_complete" in script
    environ = {
        "_SCAN_COMPLETE": f"{shell}_complete",
        "COMP_WORDS": "scan sta",
        "COMP_CWORD": "sta" if shell == "fish" else "1",
    }
    assert "status" in done([str(staged / "bin/scan")], environ=environ).stdout


def test_man_pages_say_what_the_docs_say(staged: Path) -> None:
    run = (staged / "share/man/man1/scan-run.1").read_text()
    assert ".SH OPTIONS" in run
    assert r"\fB\-\-wait SECONDS\fR" in run
    assert r"\fBevery\fR" in (staged / "share/man/man5/scan.yaml.5").read_text()


# --- another one over it, and none


def test_an_upgrade_during_a_run_and_an_end(tmp_path: Path, checkout: Checkout, wheelhouse: Path) -> None:
    prefix = tmp_path / "prefix"
    config_file, rotation = prefix / "etc/scan/scan.yaml", prefix / "etc/logrotate.d/scan"
    (prefix / "bin").mkdir(parents=True)
    checkout.make("install", wheelhouse, PREFIX=prefix)
    (first,) = environments(prefix)
    put = {name for name in files(prefix) if first.name not in name}

    # While a run waits for an answer, a later version takes the place of its own.
    scan = Scan(tmp_path, program=prefix / "bin/scan")
    with Web() as web:
        gate = Gate(answer(job(1, "Engineer")))
        scan.configure(watched(web, gate))
        run = scan.start("run", "--json")
        with gate:
            for file in (config_file, rotation):
                file.write_text("# mine\n")
            checkout.make_later("9.0")
            (checkout.folder / "docs" / "items.md").unlink()
            checkout.make("install", wheelhouse, PREFIX=prefix)
            assert scan("--version").out == "scan 9.0\n"
            assert len(environments(prefix)) == 2
        out, err = run.communicate(timeout=60)

        # It finishes with code of its own that it had not read yet, and what the later one adds is not there yet.
        result = json.loads(out)
        assert (run.returncode, result["version"] == "9.0", result["deliveries"]["sent"]) == (0, False, 1), err
        assert "later" not in tables(scan)
        result = scan.run()
        assert (result["version"], result["items"]["unchanged"], result["deliveries"]["sent"]) == ("9.0", 1, 0)
        assert "later" in tables(scan)
        assert len(web.asked("/told")) == 1

    # What the later version has no more is gone; what is edited stays, also in the end, and so does what is another's.
    assert put - files(prefix) == {"share/doc/scan/docs/items.md", "share/man/man7/scan-items.7"}
    assert [file.read_text() for file in (config_file, rotation)] == ["# mine\n"] * 2
    (prefix / "share/man/man1/other.1").write_text("somebody else's\n")
    checkout.make("uninstall", wheelhouse, PREFIX=prefix)
    assert files(prefix) == {"etc/scan/scan.yaml", "etc/logrotate.d/scan", "share/man/man1/other.1"}
    assert {path.name for path in prefix.iterdir()} == {"bin", "etc", "share"}


def watched(web: Web, gate: Gate) -> str:
    """One board, and whom to tell: by a process that is started when there is something to tell."""
    web.serve("/told", Answer())
    channel = f"channels:\n  - {{name: me, kind: apprise, url: 'json://127.0.0.1:{web.port}/told'}}\n"
    return config(web.serve("/jobs", gate), SEARCH + channel).replace("timeout: 5s", "timeout: 2m")


def tables(scan: Scan) -> set[str]:
    with sqlite3.connect(scan.database) as database:
        return {name for (name,) in database.execute("SELECT name FROM sqlite_master")}


def test_a_file_of_etc_that_nobody_edited_is_as_the_newest_version_has_it(checkout: Checkout) -> None:
    root = checkout.folder / "root"
    rotation = root / "etc/logrotate.d/scan"
    put_files(checkout, root)
    checkout.append("packaging/logrotate/scan", "# later\n")
    put_files(checkout, root)
    assert rotation.read_text().endswith("# later\n")
    rotation.write_text("# mine\n")
    put_files(checkout, root)
    assert rotation.read_text() == "# mine\n"


def put_files(checkout: Checkout, root: Path) -> None:
    """Put everything but an environment of any use."""
    environment = checkout.folder / "environment"
    (environment / "share").mkdir(parents=True)
    root.mkdir(exist_ok=True)
    environ = {"destdir": str(root), "prefix": "/usr", "etc": "/etc"}
    script = ". packaging/files.sh; put_files packaging environment"
    done(["sh", "-euc", script], cwd=checkout.folder, environ=environ)


# --- what is refused


@pytest.mark.parametrize(
    ("target", "variables", "said"),
    [
        ("install", {"PREFIX": "here"}, "PREFIX=here: must begin with /"),
        ("install", {"PYTHON": "{folder}/python"}, "/home/me/python3: scan.service may look into no home folder"),
        ("uninstall", {"PREFIX": "{folder}"}, "{folder}/lib/scan: nothing is installed there"),
    ],
)
def test_what_cannot_work_is_refused_at_once(tmp_path: Path, target: str, variables: dict[str, str], said: str) -> None:
    (tmp_path / "python").write_text("#!/bin/sh\necho /home/me/python3\n")
    (tmp_path / "python").chmod(0o755)
    given = {"PREFIX": str(tmp_path / "prefix"), **{name: it.format(folder=tmp_path) for name, it in variables.items()}}
    command = ["make", "--no-print-directory", target, *(f"{name}={value}" for name, value in given.items())]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert ran.returncode != 0
    assert ran.stderr.startswith(said.format(folder=tmp_path))
    assert files(tmp_path) == {"python"}
