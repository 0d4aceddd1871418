"""Every row of docs/searches.md, tried."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from scan.match.problems import problems
from scan.match.search import Search
from tests.match.items import NOW, an_item, finds, holds

PAGE = (Path(__file__).parents[2] / "docs/searches.md").read_text(encoding="utf-8")


def rows(first_column: str) -> list[list[str]]:
    """Read the cells of all tables whose first column has this name."""
    tables = re.findall(rf"^\| {first_column} \|.*\n\|[-|]+\|\n((?:\|.*\n)+)", PAGE, re.MULTILINE)
    lines = "".join(tables).splitlines()
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]


def code(cell: str) -> list[str]:
    return [text.replace(r"\|", "|") for text in re.findall(r"`([^`]+)`", cell)]


WORDS = [(code(word)[0], code(found), code(missed)) for word, found, missed in rows("word")]
CONDITIONS = [(code(condition)[0], verdict) for condition, verdict in rows("condition")]


def test_the_tables_are_found() -> None:
    assert len(WORDS) > 30
    assert len(CONDITIONS) > 20
    assert all(found and missed for _, found, missed in WORDS)


@pytest.mark.parametrize(("word", "title"), [(word, title) for word, found, _ in WORDS for title in found])
def test_a_word_is_found_where_the_docs_say(word: str, title: str) -> None:
    assert finds(word, title)
    assert finds(word, f"with {title} within") or word.startswith("re:^")


@pytest.mark.parametrize(("word", "title"), [(word, title) for word, _, missed in WORDS for title in missed])
def test_a_word_is_not_found_where_the_docs_say(word: str, title: str) -> None:
    assert not finds(word, title)
    assert not finds(word, f"with {title} within")


@pytest.mark.parametrize(("condition", "verdict"), CONDITIONS)
def test_a_condition_holds_as_the_docs_say(condition: str, verdict: str) -> None:
    search = Search(name="one", where=condition)
    item = an_item(
        "Senior Engineer",
        published_at=NOW - timedelta(days=10),
        attributes={"salary_max": 90000, "remote": True, "rent": 1250.5, "tags": ["go", "sql"], "beds": None},
    )
    assert list(problems(search)) == []
    assert {True: "yes", False: "no"}[holds(search, item)] == verdict
