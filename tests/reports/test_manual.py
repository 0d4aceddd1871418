"""docs/reports.md is made from the reports themselves.

To write it anew: `SCAN_REWRITE=1 pytest tests/reports/test_manual.py`.
"""

import dataclasses
import os
import re
from importlib import import_module
from pathlib import Path

import pytest

from scan.config.json_schema import schema
from scan.config.loading import load
from scan.reports import KINDS
from tests.config.configs import write
from tests.manuals import keys, markdown

MANUAL = Path(__file__).parents[2] / "docs" / "reports.md"

INTRODUCTION = """\
# Reports

What is shown, and where: each entry of `reports:` is published at the end of every run, and by `scan report` without
one. A report that cannot be published is logged (`report_failed`), named in the run's summary and by `scan status`, and
changes nothing else: the run's status and exit status are what they would be without it.

A report that is a file is written beside its place and moved there when it is whole, so whoever reads it sees the old
one or the new one; one that would stay the same to the byte is left alone. Links are followed, missing folders made. A
new file may be read by its group (0640), or by everybody (0644) where its kind says so; one that is there keeps its
permissions. Under systemd the service may write to its own folders only; others are named in a drop-in,
`ReadWritePaths=/srv/www`.

A report gets two minutes; then it is given up.

<img src="report.png" width="800" alt="The report html: its state, new matches, what needs somebody">
"""


def manual() -> str:
    pages = [INTRODUCTION]
    for kind, declared in KINDS.items():
        pages += [f"## {kind}\n", markdown(import_module(declared.__module__).__doc__), keys(declared)]
    return "\n".join(page for page in pages if page)


def test_the_manual_is_what_the_reports_say() -> None:
    if "SCAN_REWRITE" in os.environ:
        MANUAL.write_text(manual(), encoding="utf-8")
    assert MANUAL.read_text(encoding="utf-8") == manual()


@pytest.mark.parametrize("kind", KINDS)
def test_the_example_of_a_kind_loads(kind: str, tmp_path: Path) -> None:
    examples = re.findall(r"(?m)^    .*\n", import_module(KINDS[kind].__module__).__doc__ or "")
    (tmp_path / "google").write_text("{}")
    environ = {"SHEET_ID": "book", "CREDENTIALS_DIRECTORY": str(tmp_path)}
    config = load(write(tmp_path, "reports:\n" + "".join(examples)), environ=environ)
    assert [report.kind for report in config.reports] == [kind]


def test_the_schema_for_editors_has_every_kind() -> None:
    found = schema()
    assert {f"report.{kind}" for kind in KINDS} <= set(found["$defs"])
    assert found["properties"]["reports"]["items"]["required"] == ["kind"]
    assert found["$defs"]["report.csv"]["required"] == ["to"]


def test_the_manual_tells_of_every_kind_and_key() -> None:
    for kind, declared in KINDS.items():
        assert f"## {kind}\n" in manual()
        for field in dataclasses.fields(declared):
            assert f"`{field.name.rstrip('_')}`" in manual()
