from typing import Any

import pytest

from scan.probe.names import name_for


@pytest.mark.parametrize(
    ("kind", "keys", "name"),
    [
        ("greenhouse", {"board": "acme"}, "acme"),
        ("ashby", {"board": "Acme Robots GmbH"}, "acme-robots-gmbh"),
        ("workday", {"tenant": "acme", "instance": "wd5", "site": "External"}, "acme"),
        ("remoteok", {}, "remoteok"),
        ("feed", {"url": "https://blog.example.org/feed.xml"}, "example"),
        ("html", {"url": "https://www.example.co.uk/city/meetings.aspx?id=1"}, "example-meetings"),
        ("json", {"url": "http://127.0.0.1:8000/api/units?page={page}"}, "units"),
        ("json", {"url": "file:data/boards.json"}, "boards"),
        ("sitemap", {"url": "https://127.0.0.1/"}, "sitemap"),
        ("feed", {"url": "https://例え.example/フィード"}, "feed"),
        ("socrata", {"domain": "data.example.org", "dataset": "msk6-43c6", "fields": {}}, "msk6-43c6"),
    ],
)
def test_a_source_is_named_after_whose_it_is_or_where(kind: str, keys: dict[str, Any], name: str) -> None:
    assert name_for(kind, keys, ()) == name


def test_a_name_that_is_taken_gets_a_number() -> None:
    assert name_for("greenhouse", {"board": "acme"}, {"acme", "acme-2"}) == "acme-3"
