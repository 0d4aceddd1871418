import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scan.channels.as_json import TEXT_LIMIT, as_json
from scan.model import Digest
from tests.channels.samples import changed, digest, gone, item, notice


def read(told: Digest, max_items: int = 50) -> Any:
    return json.loads(as_json(told, max_items))


def test_the_document_is_what_is_promised() -> None:
    told = read(digest(notice(), changed()))
    assert {key: value for key, value in told.items() if key != "notices"} == {
        "version": 1,
        "id": "ab" * 20,
        "profile": "jobs",
        "created_at": "2026-11-21T06:00:00Z",
        "backlog": False,
        "more": 0,
        "alerts": [],
    }
    first, second = told["notices"]
    assert first.keys() == {"id", "search", "event", "first_run", "item", "sources", "reasons", "changes"}
    assert first["item"] == {
        "source": "acme",
        "key": "1",
        "kind": "job",
        "title": "Senior Engineer",
        "url": "https://jobs.acme.test/1",
        "organization": "Acme",
        "location": "Berlin",
        "text": ("Python and Go. " * 100)[:TEXT_LIMIT],
        "published_at": "2026-11-20T08:30:00Z",
        "updated_at": None,
        "attributes": {"salary_min": 90000, "remote": True, "tags": ["a", "b"]},
    }
    assert first["reasons"][0] == {"rule": "any", "term": "python", "field": "title", "excerpt": None}
    assert second["event"] == "changed"
    assert second["changes"][0] == {"field": "location", "old": "Bonn", "new": "Berlin"}


def test_what_exceeds_the_most_items_is_counted() -> None:
    told = read(digest(*[notice()] * 5), 2)
    assert (len(told["notices"]), told["more"]) == (2, 3)


@pytest.mark.parametrize("broken", [{"title": "\ud800"}, {"attributes": {"a": {"b": object()}}}, {"text": None}])
def test_an_item_that_cannot_be_written_is_told_by_its_names_and_the_others_whole(broken: dict[str, Any]) -> None:
    bare, whole = read(digest(notice(item(**broken)), gone()))["notices"]
    assert bare.keys() == whole.keys()
    assert bare["item"].keys() == whole["item"].keys()
    assert (bare["id"], bare["item"]["source"], bare["item"]["key"]) == ("d1", "acme", "1")
    assert bare["item"]["url"] == "https://jobs.acme.test/1"
    assert bare["reasons"] == []
    assert whole["item"]["title"] == "Cook"


@given(st.text(st.characters(codec=None)), st.floats() | st.text(st.characters(codec=None)))
def test_no_text_stops_a_message(text: str, value: object) -> None:
    hostile = notice(item(title=text, text=text, attributes={text: value}), sources=(text,), search=text)
    assert len(read(digest(hostile, notice()))["notices"]) == 2
