"""What scan stands on: the versions that development uses, and under which licences the packages are."""

import os
import re
import tomllib
from collections.abc import Collection
from importlib.metadata import PackageMetadata, distribution
from itertools import chain
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
EXTRAS = PROJECT["project"]["optional-dependencies"]
LOCK = (ROOT / "requirements-dev.txt").read_text(encoding="utf-8")
LICENCES = ROOT / "docs" / "licences.md"

HEAD = """\
# Licences

`scan` is under the MIT licence. These are the packages that come with it, those that its dependencies need and those of
`scan[postgresql]` and `scan[sheets]` included, as they say themselves:

| package | licence |
|---|---|
"""

FREE = re.compile(r"MIT|BSD|Apache|LGPL|PSF|Python Software Foundation|ISC|Zlib|MPL|Mozilla Public License|CC0")
"""Licences that let anybody use, change and pass on the whole; the MPL asks for changed files of its package
only, the LGPL for a changed package."""


def locked() -> dict[str, list[str]]:
    """Read the lock: the pinned requirements of each package, each with its hashes cut off."""
    found: dict[str, list[str]] = {}
    for entry in re.split(r"\n(?=\S)", LOCK):
        if entry.strip() and not entry.startswith("#"):
            pinned = entry.partition("\\\n")[0].strip()
            assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), f"{pinned} has no hash"
            found.setdefault(canonicalize_name(Requirement(pinned).name), []).append(pinned)
    return found


@pytest.mark.parametrize(
    "bound",
    [
        *PROJECT["project"]["dependencies"],
        *chain.from_iterable(EXTRAS.values()),
        *PROJECT["dependency-groups"]["dev"],
        *PROJECT["build-system"]["requires"],
    ],
)
def test_every_dependency_is_pinned_within_its_bounds(bound: str) -> None:
    asked = Requirement(bound)
    versions = locked().get(canonicalize_name(asked.name))
    assert versions, "run `make lock`"
    for pinned in versions:
        (only,) = Requirement(pinned).specifier
        assert only.operator == "=="
        assert only.version in asked.specifier


def test_the_lock_names_no_place_to_get_packages_from() -> None:
    assert "://" not in LOCK
    assert "--index" not in LOCK


def of_scan(name: str = "scan", known: dict[str, str] | None = None, extras: Collection[str] = ()) -> dict[str, str]:
    """Name the packages that are installed with scan, itself left out, with their licences."""
    known = {} if known is None else known
    found = distribution(name)
    known[canonicalize_name(name)] = " or ".join(_licences(found.metadata)) or "not said"
    extras = EXTRAS if name == "scan" else extras
    for requirement in map(Requirement, found.requires or ()):
        marker = requirement.marker
        wanted = marker is None or any(marker.evaluate({"extra": extra}) for extra in ("", *extras))
        if wanted and canonicalize_name(requirement.name) not in known:
            of_scan(requirement.name, known, requirement.extras)
    return {package: licence for package, licence in known.items() if package != "scan"}


def _licences(metadata: PackageMetadata) -> list[str]:
    """Read a package's own word: an expression, else classifiers, else a text's first line."""
    classifiers = [one.rpartition(" :: ")[2] for one in metadata.get_all("Classifier") or () if "License ::" in one]
    texts = [text.splitlines()[0] for text in metadata.get_all("License") or () if text]
    return metadata.get_all("License-Expression") or classifiers or texts


def test_every_package_is_under_a_free_licence_and_listed() -> None:
    packages = of_scan()
    page = HEAD + "".join(f"| {name} | {licence} |\n" for name, licence in sorted(packages.items()))
    if "SCAN_REWRITE" in os.environ:
        LICENCES.write_text(page, encoding="utf-8")
    listed = LICENCES.read_text(encoding="utf-8")
    for name, licence in packages.items():
        assert FREE.search(licence), f"{name}: {licence}"
        assert f"| {name} | {licence} |\n" in listed, "run `make docs`"
