"""Hand-made pages and what they must give: `KIND/NAME.json` and `KIND/NAME.expected.json`.

The pages of single items are in `KIND/details/`.
"""

import json
from pathlib import Path

import msgspec
import pytest

from scan.sources import KINDS, Source
from scan.sources.base import Batch
from tests.sources.building import page, source

HERE = Path(__file__).parent
PAGES = sorted(path for kind in KINDS for path in (HERE / kind).iterdir() if path.name.count(".") == 1)
PAGES = [path for path in PAGES if path.name != "source.yaml"]
DETAILS = sorted(path for path in HERE.glob("*/details/*") if path.name.count(".") == 1)


def plain(batch: Batch) -> object:
    """Write a batch as JSON, what is empty left out."""
    whole = {
        "items": batch.items,
        "rejected": batch.rejected,
        "follow": [request.url for request in batch.follow],
        "total": batch.total,
        "truncated": batch.truncated,
    }
    return json.loads(msgspec.json.encode({name: value for name, value in whole.items() if value}))


def as_written(path: Path, found: object, *, update_golden: bool) -> object:
    """Read what a page must give; it is what it gives now if it is to be written anew."""
    expected = path.with_suffix(".expected.json")
    if update_golden:
        expected.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return json.loads(expected.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_page_gives_what_is_expected(path: Path, *, update_golden: bool) -> None:
    adapter = source((path.parent / "source.yaml").read_text(encoding="utf-8"))
    found = plain(adapter.parse(page(path.read_bytes(), url=adapter.start().url)))
    assert found == as_written(path, found, update_golden=update_golden)


@pytest.mark.parametrize("path", DETAILS, ids=lambda path: f"{path.parents[1].name}/{path.name}")
def test_the_page_of_an_item_gives_what_is_expected(path: Path, *, update_golden: bool) -> None:
    adapter = source((path.parents[1] / "source.yaml").read_text(encoding="utf-8"))
    found = json.loads(msgspec.json.encode(adapter.parse_detail(page(path.read_bytes()))))
    assert found == as_written(path, found, update_golden=update_golden)


def test_every_kind_with_pages_of_single_items_has_one() -> None:
    with_pages = {kind for kind in KINDS if adapter_of(kind).has_details}
    assert with_pages == {path.parents[1].name for path in DETAILS}


def adapter_of(kind: str) -> Source:
    return source((HERE / kind / "source.yaml").read_text(encoding="utf-8"))


def test_every_kind_has_a_page() -> None:
    assert {path.parent.name for path in PAGES} == set(KINDS)
