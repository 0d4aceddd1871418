"""The worked example of CONTRIBUTING.md does what the text says it does."""

import re
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from scan.errors import ParseError
from scan.page import Page
from scan.sources.addresses import URL
from scan.sources.base import Source

TEXT = (Path(__file__).parents[1] / "CONTRIBUTING.md").read_text(encoding="utf-8")


def block(language: str, containing: str) -> str:
    blocks: list[str] = re.findall(rf"^```{language}\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)
    (found,) = [text for text in blocks if containing in text]
    return found


@pytest.fixture
def jobhaus() -> Callable[..., Source]:
    module = ModuleType("jobhaus")
    exec(compile(block("python", "class Jobhaus"), "CONTRIBUTING.md", "exec"), module.__dict__)
    kind: Callable[..., Source] = module.__dict__["Jobhaus"]
    return kind


def test_the_example_asks_where_the_text_says(jobhaus: Callable[..., Source]) -> None:
    request = jobhaus(company="acme").start()
    assert request.url in TEXT
    assert jobhaus(company="acme", url="file:///board.json").start().url == "file:///board.json"


def test_the_example_knows_its_addresses(jobhaus: Any) -> None:
    for address in ("https://jobhaus.example.com/acme/jh-1", "https://jobhaus.example.com/api/acme"):
        assert jobhaus.recognize(URL.read(address)) == jobhaus(company="acme")
    for address in ("https://jobhaus.example.com/", "https://example.com/acme"):
        assert jobhaus.recognize(URL.read(address)) is None


def test_the_example_reads_the_answer_in_the_text(jobhaus: Callable[..., Source]) -> None:
    answer = Page(url="https://jobhaus.example.com/api/acme", body=block("json", "jh-1").encode())
    batch = jobhaus(company="acme").parse(answer)
    assert [(item.key, item.title, item.location) for item in batch.items] == [
        ("jh-1", "Backend Engineer", "Berlin"),
        ("jh-2", "Gardener", None),
    ]
    assert batch.items[0].attributes == {"salary_max": 90000}
    assert batch.items[1].attributes == {}


def test_the_example_refuses_another_format(jobhaus: Callable[..., Source]) -> None:
    with pytest.raises(ParseError, match="jobs"):
        jobhaus(company="acme").parse(Page(url="https://jobhaus.example.com/api/acme", body=b'{"error": "no"}'))


def test_the_example_leaves_an_odd_row_out(jobhaus: Callable[..., Source]) -> None:
    body = b'{"jobs": [{"ref": "a", "name": 7}, {"ref": "b", "name": "Cook"}]}'
    batch = jobhaus(company="acme").parse(Page(url="https://jobhaus.example.com/api/acme", body=body))
    assert [item.key for item in batch.items] == ["b"]
    assert len(batch.rejected) == 1


def test_every_file_that_the_text_names_exists_or_is_the_one_to_be_written() -> None:
    root = Path(__file__).parents[1]
    named = set(re.findall(r"`((?:src|tests|docs|examples|packaging|\.ci)/[\w./-]*)`", TEXT))
    assert named
    assert {name for name in named if "jobhaus" not in name and not (root / name).exists()} == set()
