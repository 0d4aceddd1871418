import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scan.errors import ParseError
from scan.model import RawItem
from scan.sources import Source
from scan.sources.schema_org import item_of
from tests.sources.building import page, source

PAGE: Source = source("{kind: jsonld, url: 'https://example.org/list'}")


def read(*scripts: object, adapter: Source = PAGE) -> tuple[RawItem, ...]:
    texts = (one if isinstance(one, str) else json.dumps(one) for one in scripts)
    body = "".join(f'<script type="application/ld+json">{text}</script>' for text in texts)
    return adapter.parse(page(f"<html><head>{body}</head></html>", url="https://example.org/list")).items


def event(**more: Any) -> dict[str, Any]:
    return {"@type": "Event", "name": "Fair", **more}


@pytest.mark.parametrize(
    "text",
    [
        '{"@type": "Event", "name": "Fair"}',
        '\n<![CDATA[ {"@type": "Event", "name": "Fair"} ]]>\n',
        '//<![CDATA[\n{"@type": "Event", "name": "Fair"}\n//]]>',
        '/*<![CDATA[*/ {"@type": "Event", "name": "Fair"} /*]]>*/',
        '<!-- {"@type": "Event", "name": "Fair"} -->',
        '{"@type": "Event", "name": "Fair"};',
        '{"@type": "Event", "name": "Fair", "description": "one\ntwo\tthree"}',
        "{&quot;@type&quot;: &quot;Event&quot;, &quot;name&quot;: &quot;Fair&quot;}",
        '[{"@type": "Event", "name": "Fair",},]',
        '[[{"@graph": [{"@type": "WebPage", "mainEntity": {"@type": ["Event"], "name": "Fair"}}]}]]',
        '{"@type": "http://schema.org/Event", "name": "Fair"}',
        '{"@type": "schema:MusicEvent", "name": "Fair"}',
    ],
)
def test_a_thing_is_found_however_it_is_wrapped(text: str) -> None:
    assert [item.title for item in read(text)] == ["Fair"]


def test_a_script_past_mending_is_an_odd_row_and_costs_no_other() -> None:
    scripts = '<script type="application/ld+json">{"@type": Event}</script>'
    good = f'<script type="application/ld+json">{json.dumps(event())}</script>'
    batch = PAGE.parse(page(scripts + good))
    assert [item.title for item in batch.items] == ["Fair"]
    assert [(one.reason, one.example) for one in batch.rejected] == [("a script that is no JSON", '{"@type": Event}')]


def test_a_page_without_json_ld_is_an_error_and_one_without_such_things_is_empty() -> None:
    with pytest.raises(ParseError, match="a page with JSON-LD"):
        PAGE.parse(page('<html><script type="application/json">{}</script></html>'))
    assert read({"@type": "WebSite", "name": "Home"}) == ()


def test_only_the_wanted_types_are_taken_and_those_named_after_them() -> None:
    news = [{"@type": name, "headline": name} for name in ("NewsArticle", "BlogPosting", "Article", "WebPage")]
    adapter = source("{kind: jsonld, url: 'https://example.org/list', types: [Article]}")
    assert [item.title for item in read([event(), *news], adapter=adapter)] == ["NewsArticle", "BlogPosting", "Article"]


def test_what_is_within_a_thing_is_no_thing_of_the_page() -> None:
    items = read(event(subEvent=[event(name="Part")], offers={"itemOffered": {"@type": "Product", "name": "Ticket"}}))
    assert [item.title for item in items] == ["Fair"]


def test_a_mention_is_replaced_by_what_it_mentions_and_is_none_itself() -> None:
    graph = [event(organizer={"@id": "#a"}, location=[{"@id": "#b"}]), {"@type": "Event", "@id": "#c"}]
    graph += [{"@id": "#a", "name": "Acme"}, {"@id": "#b", "@type": "Place", "name": "Hall"}]
    (item,) = read({"@graph": graph})
    assert (item.organization, item.location) == ("Acme", ("Hall",))


def test_the_only_thing_without_an_address_is_on_the_page_itself() -> None:
    assert [item.url for item in read(event())] == ["https://example.org/list"]
    assert [item.url for item in read([event(), event(name="Other")])] == [None, None]


def test_an_id_that_different_things_share_is_none() -> None:
    jobs = [{"@type": "JobPosting", "title": title, "identifier": "acme"} for title in ("One", "Two", "Two")]
    assert [item.key for item in read([*jobs, jobs[0] | {"identifier": {"value": 7}}])] == [None, None, None, "7"]


def test_places_with_one_address_are_told_apart_by_their_names() -> None:
    places = [{"name": name, "address": {"addressLocality": "Bonn"}} for name in ("North", "South")]
    (item,) = read({"@type": "JobPosting", "title": "One", "jobLocation": places})
    assert item.location == ("North", "South")
    (item,) = read({"@type": "JobPosting", "title": "One", "jobLocation": places[:1]})
    assert item.location == ("Bonn",)


def test_a_description_escaped_twice_is_html_again() -> None:
    (item,) = read({"@type": "JobPosting", "title": "One", "description": "&lt;p&gt;C &amp;amp; D&lt;/p&gt;"})
    assert (item.text, item.markup) == ("<p>C &amp; D</p>", "html")
    (item,) = read({"@type": "JobPosting", "title": "One", "description": "<p>a &lt;b&gt; tag</p>"})
    assert item.text == "<p>a &lt;b&gt; tag</p>"


def test_a_zone_that_there_is_not_is_a_problem() -> None:
    adapter = source("{kind: jsonld, url: 'https://example.org/', zone: Mars/Base}")
    assert [problem.path for problem in adapter.problems()] == [("zone",)]


_values = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["@id", "@type", "name", "value", "address", "price"]), inner, max_size=3)
    ),
    max_leaves=6,
)
_FIELDS = (
    "@id", "@type", "title", "name", "url", "identifier", "description", "skills", "datePosted", "hiringOrganization",
    "jobLocation", "location", "baseSalary", "offers", "author", "employmentType", "eventStatus", "mainEntityOfPage",
)  # fmt: skip


@given(st.dictionaries(st.sampled_from(_FIELDS), _values, max_size=8))
def test_any_type_in_any_field_is_read_as_far_as_it_goes(node: dict[str, Any]) -> None:
    item = item_of(node)
    for value in (item.key, item.title, item.url, item.organization, item.text):
        assert value is None or isinstance(value, str)
    batch = PAGE.parse(page(f'<script type="application/ld+json">{json.dumps([event(), node])}</script>'))
    assert "Fair" in [one.title for one in batch.items]


@pytest.mark.parametrize(
    "inside", ["x" + " " * 300_000 + "x", ";" * 300_000, "/*" * 150_000, "//" * 150_000, "]]>" * 99_999]
)
@pytest.mark.timeout(10)
def test_what_stands_around_a_script_is_taken_off_in_linear_time(inside: str) -> None:
    assert read(inside) == ()
