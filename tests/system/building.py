"""The checkout as it is installed, and a later version of it with a schema of its own."""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

ROOT = Path(__file__).parents[2]
PYTHON = "/usr/bin/python3"
"""Not the one that runs the tests: it may lie in a home folder, where no service may look."""

PATIENCE = 280

NEEDED = ("src", "packaging", "docs", "pyproject.toml", "Makefile", "README.md", "CHANGELOG.md", "LICENSE")

MIGRATION = '''"""A later schema."""

import sqlalchemy as sa
from alembic import op

revision = "later"
down_revision = "{before}"


def upgrade() -> None:
    """Add a table that shows it."""
    op.create_table("later", sa.Column("id", sa.Integer, primary_key=True))
'''


def done(
    command: Sequence[str], *, cwd: Path | None = None, environ: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command that must go well."""
    ran = subprocess.run(
        command,
        cwd=cwd,
        env={**os.environ, "LC_ALL": "C.UTF-8", **(environ or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran


@dataclass(frozen=True)
class Checkout:
    """A folder to install from."""

    folder: Path

    @classmethod
    def copy(cls, folder: Path) -> Self:
        """Copy what an installation needs."""
        folder.mkdir()
        for name in NEEDED:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, folder / name)
        return cls(folder)

    def make(self, target: str, wheelhouse: Path, **variables: Path | str) -> subprocess.CompletedProcess[str]:
        """Run make, without a network."""
        given = {"PYTHON": PYTHON, **variables}
        return done(
            ["make", "--no-print-directory", target, *(f"{name}={value}" for name, value in given.items())],
            cwd=self.folder,
            environ={"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(wheelhouse)},
        )

    def append(self, name: str, text: str) -> None:
        """Write something at the end of a file."""
        with (self.folder / name).open("a", encoding="utf-8") as file:
            file.write(text)

    def make_later(self, version: str) -> None:
        """Turn it into a later version."""
        make_later(self.folder / "src" / "scan", version)


def make_later(package: Path, version: str) -> None:
    """Turn the package `scan` into a later version, whose schema is later too."""
    schema, init = package / "store/migrations/__init__.py", package / "__init__.py"
    text = schema.read_text()
    (before,) = re.findall(r'^REVISION = "(.*)"', text, re.MULTILINE)
    schema.write_text(text.replace(f'REVISION = "{before}"', 'REVISION = "later"'))
    (package / "store/migrations/versions/v9999_later.py").write_text(MIGRATION.format(before=before))
    text, changed = re.subn(r'__version__ = ".*"', f'__version__ = "{version}"', init.read_text())
    assert changed == 1
    init.write_text(text)


def later_package(deb: Path, folder: Path, version: str) -> Path:
    """Turn a Debian package into one of a later version."""
    tree, later = folder / "tree", folder / f"scan_{version}.deb"
    done(["dpkg-deb", "--raw-extract", str(deb), str(tree)])
    for name, before in (("control", r"(?<=^Version: )\S+"), ("postinst", r"(?<=/usr/lib/scan )\S+")):
        file = tree / "DEBIAN" / name
        text, changed = re.subn(before, version, file.read_text(), flags=re.MULTILINE)
        assert changed == 1, name
        file.write_text(text)
    (package,) = tree.glob("usr/lib/scan/packaged/lib/python3*/site-packages/scan")
    make_later(package, version)
    done(["dpkg-deb", "--root-owner-group", "-Znone", "--build", str(tree), str(later)])
    shutil.rmtree(tree)
    return later
