"""What holds for every kind."""

import contextlib
import json
import re
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scan.errors import ParseError
from scan.model import RawItem
from scan.sources import KINDS, Source, merge
from scan.sources.base import Batch
from scan.sources.manual import example
from tests.sources.building import build, page, read

GOOD = {
    "feed": b"<rss version='2.0'><channel><item><guid>1</guid><title>One</title></item></channel></rss>",
    "json": b'{"data": {"units": [{"id": 1, "name": "One", "available": true, "price": 3}]}}',
    "html": b"<table class=meetings><tr><td class=title>One</td><td><a href=a.pdf>x</a></td></tr></table>",
    "greenhouse": b'{"jobs": [{"id": 1, "title": "One"}], "meta": {"total": 1}}',
    "lever": b'[{"id": "a", "text": "One"}]',
    "ashby": b'{"jobs": [{"id": "a", "title": "One"}]}',
    "jsonld": b'<script type="application/ld+json">{"@type": "Event", "name": "One"}</script>',
    "workable": b'{"name": "Acme", "jobs": [{"shortcode": "a", "title": "One"}]}',
    "smartrecruiters": b'{"totalFound": 1, "content": [{"id": "a", "name": "One"}]}',
    "recruitee": b'{"offers": [{"id": 1, "title": "One"}]}',
    "personio": b"<workzag-jobs><position><id>1</id><name>One</name></position></workzag-jobs>",
    "workday": b'{"total": 1, "jobPostings": [{"title": "One", "externalPath": "/job/a"}]}',
    "teamtailor": b"<rss version='2.0'><channel><item><guid>1</guid><title>One</title></item></channel></rss>",
    "sitemap": b"<urlset><url><loc>https://example.org/jobs/1/One</loc></url></urlset>",
    "csv": b"Grant No,Title,Link,Awarded,Amount\n1,One,,,\n",
    "command": b'{"serial": "1", "model": "One"}\n',
    "ical": b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:One\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
    "bamboohr": b'{"meta": {"totalCount": 1}, "result": [{"id": "1", "jobOpeningName": "One"}]}',
    "breezy": b'[{"id": "a", "name": "One"}]',
    "rippling": b'[{"uuid": "a", "name": "One"}]',
    "pinpoint": b'{"data": [{"id": "1", "title": "One"}]}',
    "jazzhr": b"<jobs><job><id>1</id><title>One</title></job></jobs>",
    "icims": (
        b"<ul class=iCIMS_JobsTable><li class=iCIMS_JobCardItem><div class=title>"
        b"<a class=iCIMS_Anchor href=https://careers-acme.icims.com/jobs/1/one/job><h3>One</h3></a></div></li></ul>"
    ),
    "remoteok": b'[{"legal": "Link back"}, {"id": "1", "position": "One"}]',
    "remotive": b'{"job-count": 1, "jobs": [{"id": 1, "title": "One"}]}',
    "arbeitnow": b'{"data": [{"slug": "a", "title": "One"}]}',
    "himalayas": b'{"totalCount": 1, "jobs": [{"guid": "a", "title": "One"}]}',
    "jobicy": b'{"jobs": [{"id": 1, "jobTitle": "One"}]}',
    "weworkremotely": b"<rss version='2.0'><channel><item><guid>1</guid><title>One</title></item></channel></rss>",
    "hn_hiring": b'{"hits": [{"objectID": "2", "comment_text": "One", "parent_id": 1, "story_id": 1}]}',
    "usajobs": b'{"SearchResult": {"SearchResultItems": [{"MatchedObjectDescriptor": {"PositionTitle": "One"}}]}}',
    "ckan": b'{"success": true, "result": {"count": 1, "results": [{"id": "a", "name": "one", "title": "One"}]}}',
    "socrata": b'[{"permit_number": "1", "description": "One"}]',
    "legistar": b'[{"EventId": 1, "EventBodyName": "One"}]',
}

each_kind = pytest.mark.parametrize("kind", list(KINDS))
EXAMPLES = settings().max_examples // 4
"""Of each kind: there are many."""

many = settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.function_scoped_fixture])


@cache
def entry_of(kind: str) -> dict[str, Any]:
    entries: list[dict[str, Any]] = read(example(KINDS[kind]))
    assert len(entries) == 1
    return entries[0]


@cache
def adapter(kind: str) -> Source:
    return build(entry_of(kind))


def outcome(source: Source, body: bytes) -> Batch | str:
    """Parse, and let nothing but ParseError through."""
    try:
        return source.parse(page(body))
    except ParseError as error:
        return str(error)


@each_kind
def test_the_example_of_the_manual_loads_and_has_no_problems(kind: str) -> None:
    entry = entry_of(kind)
    assert entry["kind"] == kind
    assert list(build(entry).problems()) == []


@each_kind
def test_the_first_request_is_for_https_or_a_program_and_names_what_it_accepts(kind: str) -> None:
    request = adapter(kind).start()
    assert request.url.startswith("https://") or (kind == "command" and request.program is not None)
    assert request.accept != "*/*"


@each_kind
def test_the_named_kinds_can_be_pointed_elsewhere(kind: str) -> None:
    moved = build(entry_of(kind) | {"url": "file:///tmp/copy.json"})
    assert moved.start().url == "file:///tmp/copy.json"


DETAILED = [kind for kind in KINDS if adapter(kind).has_details]
"""The kinds that know their items' own pages; any other may be told by `follow:`."""

ITEM = RawItem(key="a 1", title="One", url="https://example.org/jobs/1", base="https://example.org/list")


def test_the_kinds_whose_lists_have_no_descriptions_know_the_pages_that_do() -> None:
    assert DETAILED == ["smartrecruiters", "workday", "bamboohr", "breezy", "rippling", "icims"]


@pytest.mark.parametrize("kind", DETAILED)
def test_the_page_of_an_item_is_asked_for_beside_the_list(kind: str) -> None:
    ours, moved = adapter(kind), build(entry_of(kind) | {"url": "http://127.0.0.1:8080/board/list?offset=0"})
    copied = build(entry_of(kind) | {"url": "file:///tmp/copy.json"})
    detail, elsewhere = ours.detail(ITEM), moved.detail(ITEM)
    assert detail is not None
    assert elsewhere is not None
    assert detail.request.url.startswith("https://")
    assert detail.request.accept != "*/*"
    assert "text" in detail.gives
    assert elsewhere.request.url.startswith(("http://127.0.0.1:8080/board/", "https://example.org/jobs/1"))
    assert not copied.has_details


@pytest.mark.parametrize("kind", DETAILED)
@pytest.mark.parametrize("body", [b"", b"\x00\x01", b"[]", b"{}", b"<p>Log in</p>", b'{"error": "no"}', b"[" * 100_000])
def test_what_is_no_page_of_an_item_is_a_parse_error(kind: str, body: bytes) -> None:
    with pytest.raises(ParseError):
        adapter(kind).parse_detail(page(body))


@pytest.mark.parametrize("kind", DETAILED)
@many
@given(body=st.binary(max_size=200))
def test_random_bytes_for_the_page_of_an_item_raise_nothing_but_a_parse_error(kind: str, body: bytes) -> None:
    with contextlib.suppress(ParseError):
        adapter(kind).parse_detail(page(body))


@each_kind
def test_a_page_in_the_format_gives_its_item(kind: str) -> None:
    (item,) = adapter(kind).parse(page(GOOD[kind])).items
    assert item.title == "One"


@each_kind
@pytest.mark.parametrize(
    "body", [b"", b"   ", b"\x00\x01\x02", b"no such thing", b"\xff\xfe\x00", b"%PDF-1.7 \xe2\xe3"]
)
def test_garbage_is_a_parse_error(kind: str, body: bytes) -> None:
    if kind == "command" and not body.strip():  # a program that has nothing to tell prints nothing
        assert adapter(kind).parse(page(body)) == Batch()
        return
    with pytest.raises(ParseError):
        adapter(kind).parse(page(body))


DATA = set(KINDS) - {"html", "jsonld"}
JSON_ROWS = {
    "json": "data.units",
    "feed": "items",
    "greenhouse": "jobs",
    "lever": "",
    "ashby": "jobs",
    "workable": "jobs",
    "smartrecruiters": "content",
    "recruitee": "offers",
    "workday": "jobPostings",
    "bamboohr": "result",
    "breezy": "",
    "rippling": "",
    "pinpoint": "data",
    "remoteok": "",
    "remotive": "jobs",
    "arbeitnow": "data",
    "himalayas": "jobs",
    "jobicy": "jobs",
    "hn_hiring": "hits",
    "ckan": "result.results",
    "socrata": "",
    "legistar": "",
}
"""Where each kind of JSON has its rows."""


@pytest.mark.parametrize("kind", sorted(DATA))
def test_a_web_page_instead_of_data_is_a_parse_error_that_shows_it(kind: str) -> None:
    with pytest.raises(ParseError, match="<!DOCTYPE html>"):
        adapter(kind).parse(page(b"\n<!DOCTYPE html>\n<html><body><h1>Log in</h1></body></html>"))


@each_kind
@many
@given(body=st.binary(max_size=200))
def test_random_bytes_raise_nothing_but_a_parse_error(kind: str, body: bytes) -> None:
    outcome(adapter(kind), body)


@each_kind
@many
@given(data=st.data())
def test_broken_pages_raise_nothing_but_a_parse_error(kind: str, data: st.DataObject) -> None:
    body = GOOD[kind]
    cut = data.draw(st.integers(0, len(body)))
    noise = data.draw(st.binary(max_size=4))
    outcome(adapter(kind), body[:cut])
    outcome(adapter(kind), body[:cut] + noise + body[cut:])
    outcome(adapter(kind), body[:cut] + noise + body[cut + len(noise) :])


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


FIELDS = ("id", "title", "text", "location", "categories", "metadata", "items", "tags", "locations", "salary", "name")


@pytest.mark.parametrize("kind", JSON_ROWS)
@many
@given(value=_json, field=st.sampled_from(FIELDS))
def test_one_odd_row_never_costs_the_others(kind: str, value: object, field: str) -> None:
    names = (
        *("id", "title", "text", "name", "shortcode", "externalPath", "jobOpeningName", "position", "slug", "guid"),
        *("jobTitle", "objectID", "comment_text", "permit_number", "description", "EventId", "EventBodyName"),
    )
    rows = [{"available": True, **dict.fromkeys(names, "1")}]
    rows.append(rows[0] | {field: value})
    wrapped: object = rows
    for name in reversed(JSON_ROWS[kind].split(".")):
        wrapped = {name: wrapped} if name else wrapped
    batch = adapter(kind).parse(page(json.dumps(wrapped)))
    assert batch.items[0].key == "1"
    assert len(batch.items) + len(batch.rejected) == 2


@each_kind
def test_parsing_twice_is_equal(kind: str) -> None:
    source, other = adapter(kind), build(entry_of(kind))
    assert source.parse(page(GOOD[kind])) == source.parse(page(GOOD[kind])) == other.parse(page(GOOD[kind]))


@pytest.mark.long
@each_kind
@pytest.mark.parametrize("opening", ["[", '{"a":', "<div>", "<a><b>"])
@pytest.mark.timeout(10)
def test_deep_nesting_is_a_parse_error_and_quick(kind: str, opening: str) -> None:
    with pytest.raises(ParseError):
        adapter(kind).parse(page(opening * 100_000))


@given(
    st.lists(
        st.builds(
            RawItem,
            key=st.none() | st.sampled_from(["1", "2", 1, 2]),
            location=st.none() | st.sampled_from(["A", "B", ("A", "C")]),
        ),
        max_size=8,
    )
)
def test_keys_are_unique_after_merging(items: list[RawItem]) -> None:
    merged = merge(items)
    keys = [str(item.key) for item in merged if item.key is not None]
    assert len(keys) == len(set(keys))
    assert sum(item.key is None for item in merged) == sum(item.key is None for item in items)
    assert merge(merged) == merged


@each_kind
def test_the_manual_page_says_where_its_facts_are_from(kind: str) -> None:
    text = sys.modules[KINDS[kind].__module__].__doc__ or ""
    assert re.search(r"^Source: ", text, re.MULTILINE)


UNASKED = {"command": "a program of the user's", "usajobs": "wants a key"}


def test_every_kind_has_a_public_source_for_the_tests_that_go_online() -> None:
    services = read((Path(__file__).parents[1] / "online/services.yaml").read_text(encoding="utf-8"))
    assert services.keys() == KINDS.keys() - UNASKED.keys()
    for kind, keys in services.items():
        assert list(build({"kind": kind, **keys}).problems()) == [], kind
