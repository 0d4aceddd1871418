"""Every service as it is today, asked by the installed command. It tells when an adapter no longer fits its service."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cli.conftest import Scan

pytestmark = [pytest.mark.online, pytest.mark.timeout(300)]

SERVICES: dict[str, dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("services.yaml").read_text("utf-8"))
SEARCH = [{"name": "all"}]
"""A search for everything: it has the pages of single items read."""


@pytest.mark.parametrize("kind", SERVICES)
def test_a_service_answers_as_its_adapter_expects(kind: str, tmp_path: Path) -> None:
    scan = Scan(tmp_path)
    entry = {"name": kind, "kind": kind, **SERVICES[kind]}
    scan.configure(yaml.safe_dump({"sources": [entry], "searches": SEARCH}))

    ran = scan("preview", "--limit", "1000", "--json")

    assert ran.out, ran.err
    (source,) = ran.json["sources"]
    assert source["error"] is None
    assert source["items"], "nothing is listed: is the source gone?"
    assert len(source["rejected"]) * 10 <= len(source["items"]), source["rejected"][:1]
    assert source["warnings"] == []
    items = [each["item"] for each in source["items"]]
    assert all(item["title"] for item in items)
    assert any(item["url"] for item in items)
    if "details" in entry:
        assert any(item["text"] for item in items), "no page of a single item has a description"
