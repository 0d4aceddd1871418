"""Hand-made pages and what they must give: `KIND/NAME.json` and `KIND/NAME.expected.json`."""

import json
from pathlib import Path

import msgspec
import pytest
import yaml

from scan.sources import KINDS
from scan.sources.base import Batch
from tests.sources.building import build, page

HERE = Path(__file__).parent
PAGES = sorted(path for kind in KINDS for path in (HERE / kind).iterdir() if path.name.count(".") == 1)
PAGES = [path for path in PAGES if path.name != "source.yaml"]


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


@pytest.mark.parametrize("path", PAGES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_page_gives_what_is_expected(path: Path, *, update_golden: bool) -> None:
    adapter = build(yaml.safe_load((path.parent / "source.yaml").read_text(encoding="utf-8")))
    found = plain(adapter.parse(page(path.read_bytes(), url=adapter.start().url)))
    expected = path.with_suffix(".expected.json")
    if update_golden:
        expected.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    assert found == json.loads(expected.read_text(encoding="utf-8"))


def test_every_kind_has_a_page() -> None:
    assert {path.parent.name for path in PAGES} == set(KINDS)
