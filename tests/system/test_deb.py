"""The Debian package as it is built: what is in it, what it asks for, what Debian's own checker says."""

import subprocess
from pathlib import Path

import pytest

from tests.system.building import PYTHON, ROOT, Checkout, done
from tests.system.tools import SHIPPED, tool

pytestmark = [pytest.mark.system, pytest.mark.timeout(300)]


def control(deb: Path) -> dict[str, str]:
    fields = done(["dpkg-deb", "--field", str(deb)]).stdout.replace("\n ", " ").splitlines()
    return dict(field.split(": ", 1) for field in fields)


@pytest.fixture(scope="module")
def listing(deb: Path) -> dict[str, str]:
    """Give what is in the package: path to mode and owner."""
    lines = [line.split(maxsplit=5) for line in done(["dpkg-deb", "--contents", str(deb)]).stdout.splitlines()]
    return {line[5].removeprefix(".").partition(" -> ")[0]: f"{line[0]} {line[1]}" for line in lines}


def test_it_lies_where_it_is_looked_for(deb: Path) -> None:
    machine = done(["dpkg", "--print-architecture"]).stdout.strip()
    fields = control(deb)
    assert deb == ROOT / f".work/deb/scan_{fields['Version']}_{machine}.deb"
    assert (fields["Package"], fields["Architecture"]) == ("scan", machine)


@pytest.mark.parametrize(("version", "name"), [("9.0", "9.0"), ("9.0rc1", "9.0~rc1"), ("9.0.dev3", "9.0~.dev3")])
def test_a_release_is_later_than_its_candidates(checkout: Checkout, version: str, name: str) -> None:
    checkout.make_later(version)
    said = done(["make", "--no-print-directory", "--dry-run", "deb"], cwd=checkout.folder).stdout
    assert f"scan_{name}_" in said
    done(["dpkg", "--compare-versions", name, "le", "9.0"])


def test_it_needs_debians_python_of_the_same_version(deb: Path) -> None:
    needed = {name.partition(" ")[0] for name in control(deb)["Depends"].split(", ")}
    assert needed >= {"python3", "systemd", "ca-certificates", "libc6"}
    major, minor = done([PYTHON, "-c", "import sys; print(*sys.version_info[:2])"]).stdout.split()
    assert f"python3 (>= {major}.{minor}), python3 (<< {major}.{int(minor) + 1})" in control(deb)["Depends"]


def test_everything_is_where_debian_has_it(listing: dict[str, str]) -> None:
    assert set(listing) >= {
        *(f"/usr/lib/systemd/system/{name}" for name in SHIPPED),
        "/usr/bin/scan",
        "/usr/lib/systemd/system-preset/85-scan.preset",
        "/usr/lib/sysusers.d/scan.conf",
        "/usr/lib/tmpfiles.d/scan.conf",
        "/usr/share/man/man1/scan.1.gz",
        "/usr/share/man/man5/scan.yaml.5.gz",
        "/usr/share/bash-completion/completions/scan",
        "/usr/share/zsh/vendor-completions/_scan",
        "/usr/share/fish/vendor_completions.d/scan.fish",
        "/usr/share/doc/scan/copyright",
        "/usr/share/doc/scan/changelog.gz",
        "/etc/logrotate.d/scan",
    }
    assert {entry.split()[1] for entry in listing.values()} == {"root/root"}
    assert not [path for path in listing if path.startswith(("/var", "/etc/systemd", "/etc/scan", "/usr/local"))]


def test_nothing_in_it_may_be_written_or_changes_who_one_is(listing: dict[str, str]) -> None:
    modes = {entry.split()[0] for entry in listing.values()}
    assert modes == {"drwxr-xr-x", "-rw-r--r--", "-rwxr-xr-x", "lrwxrwxrwx"}
    assert [path for path, entry in listing.items() if entry.startswith("-rwx")] == ["/usr/lib/scan/activate"]


def test_of_what_is_in_etc_dpkg_asks_before_it_overwrites_it(deb: Path, listing: dict[str, str]) -> None:
    conffiles = done(["dpkg-deb", "--info", str(deb), "conffiles"]).stdout.splitlines()
    assert conffiles == [path for path in listing if path.startswith("/etc/") and not path.endswith("/")]


def test_lintian_finds_no_error_and_nothing_to_warn_of(deb: Path) -> None:
    ran = subprocess.run(
        [tool("lintian"), "--allow-root", "--fail-on=error,warning", str(deb)],
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
        timeout=280,
    )
    assert (ran.returncode, ran.stdout) == (0, ""), ran.stderr


def test_building_it_again_builds_nothing(deb: Path) -> None:
    before = deb.stat()
    done(["make", "--no-print-directory", "deb"], cwd=ROOT)
    assert (deb.stat().st_ino, deb.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
