"""How hard property tests look - a glance at every change, thoroughly where `CI` is set - and what is not imported."""

import os
import re
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("glance", max_examples=12, deadline=None)
settings.register_profile("thorough", max_examples=100, deadline=None)
settings.load_profile("thorough" if os.environ.get("CI") else "glance")

_MARKED = re.compile(r"^pytestmark = (.*)", re.MULTILINE)
_MARK = re.compile(r"\bpytest\.mark\.(\w+)")
_NOT = re.compile(r"\bnot (\w+)")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Import no file of which every test bears a mark that `-m` leaves out: that is a third of what there is."""
    left_out = set(_NOT.findall(config.option.markexpr))
    if not left_out or collection_path.suffix != ".py":
        return None
    marked = _MARKED.search(collection_path.read_text(encoding="utf-8"))
    return True if marked and not left_out.isdisjoint(_MARK.findall(marked[1])) else None
