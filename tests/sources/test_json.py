import json

import pytest

from scan.declare import Problem
from scan.errors import ParseError
from scan.model import RawTime
from scan.sources import Source
from tests.sources.building import page, source


def api(more: str = "", fields: str = "{key: id, title: name}") -> Source:
    return source(f"{{kind: json, url: 'https://example.org/api', fields: {fields}{', ' if more else ''}{more}}}")


def problems(adapter: Source) -> dict[tuple[str | int, ...], str]:
    found: list[Problem] = list(adapter.problems())
    return {problem.path: problem.message for problem in found}


def test_a_missing_items_path_is_an_error_and_an_empty_list_is_not() -> None:
    adapter = api("items: data.rows")
    assert adapter.parse(page('{"data": {"rows": []}}')).items == ()
    for body in ('{"data": {}}', '{"error": "no"}', '{"data": {"rows": null}}', '{"data": {"rows": "none"}}'):
        with pytest.raises(ParseError, match=r"a list at 'data\.rows'"):
            adapter.parse(page(body))


def test_one_object_is_a_list_of_one() -> None:
    (item,) = api().parse(page('{"id": 5, "name": "One"}')).items
    assert (item.key, item.title) == ("5", "One")


def test_a_path_that_meets_a_value_it_cannot_take_is_a_parse_error_or_a_rejected_row() -> None:
    with pytest.raises(ParseError, match="rows at"):
        api('items: "sort_by(rows, &id)"').parse(page('{"rows": [{"id": 1}, {"id": "a"}]}'))
    batch = api(fields="{title: \"join(', ', names)\"}").parse(page('[{"names": ["a", "b"]}, {"names": 3}]'))
    assert [item.title for item in batch.items] == ["a, b"]
    assert [rejected.example for rejected in batch.rejected] == ['{"names": 3}']


def test_attributes_keep_numbers_and_leave_out_null() -> None:
    adapter = api(fields="{title: name, attributes.rent: rent, attributes.tags: tags, attributes.none: nothing}")
    (item,) = adapter.parse(page('[{"name": "x", "rent": 1200.5, "tags": ["a"], "nothing": null}]')).items
    assert item.attributes == {"rent": 1200.5, "tags": ["a"]}


@pytest.mark.parametrize("value", ['{"a": 1}', "[1]", "true"])
@pytest.mark.parametrize("target", ["key", "title", "url", "organization", "text", "published_at"])
def test_an_object_where_a_text_belongs_rejects_the_row_and_only_it(target: str, value: str) -> None:
    adapter = api(fields=f"{{title: name, {target}: odd}}")
    batch = adapter.parse(page(f'[{{"name": "good"}}, {{"name": "bad", "odd": {value}}}]'))
    assert len(batch.items) == len(batch.rejected) == 1
    assert batch.rejected[0].reason.startswith(f"{target} is ")


def test_a_zone_goes_with_times_that_are_texts() -> None:
    adapter = api("zone: Europe/Berlin", fields="{title: name, published_at: at}")
    items = adapter.parse(page('[{"name": "a", "at": "2026-03-01"}, {"name": "b", "at": 1764205361}]')).items
    assert [item.published_at for item in items] == [RawTime(value="2026-03-01", zone="Europe/Berlin"), 1764205361]


def test_a_post_sends_a_text_as_it_is_and_a_mapping_as_json() -> None:
    request = api("method: POST, body: {limit: 20, search: {text: é}}").start()
    assert (request.method, request.headers) == ("POST", {"Content-Type": "application/json"})
    assert json.loads(request.body or b"") == {"limit": 20, "search": {"text": "é"}}
    request = api("method: POST, body: 'a=1'").start()
    assert (request.body, request.headers) == (b"a=1", {})


def paged(more: str = "") -> Source:
    pages = f"pages: {{start: 0, max: 2{more}}}"
    return source(f"{{kind: json, url: 'https://example.org/u?p={{page}}&s=5', fields: {{title: n}}, {pages}}}")


def test_pages_are_counted_from_the_answers_own_address() -> None:
    adapter = paged()
    assert adapter.start().url == "https://example.org/u?p=0&s=5"
    rows = '[{"n": "a"}]'
    (following,) = adapter.parse(page(rows, url="https://example.org/u?p=0&s=5")).follow
    assert following.url == "https://example.org/u?p=1&s=5"
    assert adapter.parse(page("[]", url="https://example.org/u?p=0&s=5")).follow == ()


def test_the_last_page_is_truncated_unless_it_is_meant_to_be_the_last() -> None:
    last = page('[{"n": "a"}]', url="https://example.org/u?p=1&s=5")
    assert paged().parse(last).truncated == "stopped after 2 pages"
    assert paged(", until_empty: false").parse(last).truncated is None


def test_an_answer_from_elsewhere_does_not_tell_its_page() -> None:
    batch = paged().parse(page('[{"n": "a"}]', url="https://other.example/all"))
    assert batch.follow == ()
    assert "doesn't show its page's number" in (batch.truncated or "")


def test_what_is_wrong_with_a_config_is_found_before_it_runs() -> None:
    assert problems(api()) == {}
    found = problems(api('items: "a[", zone: Mars/Base', fields='{titel: name, title: "x(", attributes.: y}'))
    assert found.keys() == {("items",), ("fields", "titel"), ("fields", "title"), ("fields", "attributes."), ("zone",)}
    assert "title, url" in found["fields", "titel"]
    assert found["items",].startswith("not a JMESPath: ")
    assert problems(api("pages: {start: 1}")).keys() == {("pages",)}
    counted = source("{kind: json, url: 'https://example.org/{page}', fields: {title: n}}")
    assert problems(counted).keys() == {("url",)}
