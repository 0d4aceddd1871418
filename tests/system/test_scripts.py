"""The shell scripts of packaging/ and .ci/."""

import subprocess
from pathlib import Path

import pytest

from tests.system.building import ROOT
from tests.system.tools import tool

pytestmark = pytest.mark.system

SCRIPTS = sorted(
    path
    for folder in ("packaging", ".ci")
    for path in (ROOT / folder).rglob("*")
    if path.is_file() and (path.suffix == ".sh" or path.read_bytes().startswith((b"#!/bin/sh", b"#!/usr/bin/env bash")))
)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_shellcheck_has_nothing_to_complain_of(script: Path) -> None:
    command = [tool("shellcheck"), "--external-sources", str(script)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (ran.returncode, ran.stdout) == (0, "")


def test_all_of_them_are_found() -> None:
    assert {path.name for path in SCRIPTS} >= {
        "activate",
        "build",
        "environment",
        "files.sh",
        "machine",
        "postinst",
        "prerm",
        "postrm",
    }
