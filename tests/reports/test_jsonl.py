"""Items as JSON Lines."""

import json
from pathlib import Path

from scan.reports.jsonl import Jsonl
from tests.reports.samples import Memory, a_view, stored


def test_there_is_an_object_a_line_with_everything_in_it() -> None:
    items = [stored(1, "acme", text="one\ntwo\u2028three", attributes={"rent": 950.5}), stored(2, "beta")]
    lines = b"".join(Jsonl(to=Path("x")).render(a_view(Memory(items=items), "beta", "acme"))).split(b"\n")
    assert lines.pop() == b""
    second, first = map(json.loads, lines)
    assert (first["id"], first["source"], first["text"]) == (1, "acme", "one\ntwo\u2028three")
    assert (first["attributes"], first["content_hash"]) == ({"rent": 950.5}, "01")
    assert (first["first_seen_at"], first["gone_at"]) == ("2026-11-22T08:00:00Z", None)
    assert second["key"] == "job-2"


def test_without_items_the_file_is_empty() -> None:
    assert list(Jsonl(to=Path("x")).render(a_view())) == []
