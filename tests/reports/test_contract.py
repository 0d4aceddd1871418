"""What holds for every kind of report that is a file: `documents` is pure, whatever is known."""

from pathlib import Path
from typing import Any

import pytest

from scan.reports import KINDS
from scan.reports.base import FileReport
from tests.reports.samples import NOW, Memory, a_view, matched, stored

HOSTILE = "</title>]]>\x00\x1b[31m=1+1\"'\\,;\n\t\u202e&amp;<script>alert(1)</script>🦀" + "x" * 1000
FILES = [kind for kind, declared in KINDS.items() if issubclass(declared, FileReport)]


def rich() -> Memory:
    hostile: dict[str, Any] = {
        "title": HOSTILE,
        "url": None,
        "organization": HOSTILE,
        "location": HOSTILE,
        "text": HOSTILE,
    }
    items = [stored(1), stored(2, **hostile, attributes={"rent": [HOSTILE], HOSTILE: None}), stored(3, "beta")]
    return Memory(items=items, met=[matched(1), matched(2, **hostile)], left=[stored(4, gone_at=NOW)])


def written(report: FileReport, memory: Memory) -> dict[str, bytes]:
    return {document.name: b"".join(document.parts) for document in report.documents(a_view(memory, "acme", "beta"))}


@pytest.mark.parametrize("kind", FILES)
@pytest.mark.parametrize("memory", [Memory(), rich()], ids=["nothing", "hostile"])
def test_writing_twice_is_equal_and_never_fails(kind: str, memory: Memory) -> None:
    report = KINDS[kind](to=Path("place"))  # type: ignore[call-arg]  # all that a file needs
    assert isinstance(report, FileReport)
    assert list(report.problems()) == []
    first = written(report, memory)
    assert first == written(report, memory)
    assert first
    for document in first.values():
        document.decode()
