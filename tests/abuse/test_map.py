"""SECURITY.md is a map of the tests: each one that it names is there, and none is only said to be."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
MAP = TESTS.parent / "SECURITY.md"
ROWS = [line for line in MAP.read_text(encoding="utf-8").splitlines() if line.startswith("| ")][1:]
NAMED = sorted({name for row in ROWS for name in re.findall(r"`([\w/]+\.py(?:::\w+)?)`", row)})


@cache
def functions(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("name", NAMED)
def test_a_test_that_is_named_exists(name: str) -> None:
    path, _, function = name.partition("::")
    assert (TESTS / path).is_file()
    assert not function or function in functions(TESTS / path)


def test_everything_that_may_be_tried_is_shown_by_a_test() -> None:
    assert len(ROWS) >= 50
    for row in ROWS:
        what, does, shown = (cell.strip() for cell in row.strip("|").split(" | "))
        assert what, row
        assert does, row
        assert ".py" in shown, row
