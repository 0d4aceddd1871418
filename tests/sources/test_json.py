import json

import pytest

from scan.declare import Problem
from scan.errors import ParseError
from scan.model import RawTime
from scan.page import Page, Request
from scan.sources import Collected, Source
from scan.sources.following import linked
from tests.sources.building import page, source
from tests.sources.talking import collect


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


def rows(*names: str, **beside: object) -> str:
    return json.dumps({"rows": [{"n": name} for name in names], **beside})


def paged(pages: str, query: str = "") -> Source:
    url = f"https://example.org/u?s=5{query}"
    return source(f"{{kind: json, url: '{url}', items: rows, fields: {{title: n}}, pages: {pages}}}")


def served(adapter: Source, *answers: str | Page) -> tuple[Collected, list[str]]:
    """Give the answers in turn, the last one for ever."""
    left = list(answers)

    def serve(request: Request) -> Page:
        answer = left.pop(0) if len(left) > 1 else left[0]
        return answer if isinstance(answer, Page) else page(answer, url=request.url)

    result, asked = collect(adapter, serve)
    return result, [request.url.removeprefix("https://example.org/u?s=5") for request in asked]


@pytest.mark.parametrize(
    ("pages", "asked"),
    [
        ("{start: 0}", ["&p=0", "&p=1", "&p=2"]),
        ("{}", ["&p=1", "&p=2", "&p=3"]),
        ("{start: 0, step: 50}", ["&p=0", "&p=50", "&p=100"]),
    ],
)
def test_pages_are_counted_until_one_is_empty(pages: str, asked: list[str]) -> None:
    result, urls = served(paged(pages, "&p={page}"), rows("a"), rows("b"), rows())
    assert urls == asked
    assert [item.title for item in result.items] == ["a", "b"]
    assert result.complete


def test_pages_are_counted_whatever_address_answers() -> None:
    elsewhere = Page(url="https://other.example/all", body=rows("a").encode())
    assert served(paged("{}", "&p={page}"), elsewhere, rows())[1] == ["&p=1", "&p=2"]


def test_the_last_page_is_cut_short_unless_it_is_meant_to_be_the_last() -> None:
    result, urls = served(paged("{max: 2}", "&p={page}"), rows("a"), rows("b"), rows("c"))
    assert (len(urls), result.truncated, result.complete) == (2, "stopped after 2 pages", False)
    result, urls = served(paged("{max: 2, until_empty: false}", "&p={page}"), rows("a"), rows("b"), rows("c"))
    assert (len(urls), result.truncated, result.complete) == (2, None, True)


def test_a_server_that_gives_the_first_page_for_ever_is_cut_short() -> None:
    result, _ = served(paged("{}", "&p={page}"), rows("a"))
    assert (len(result.items), result.truncated) == (1, "page 2 repeats page 1")


def test_a_list_may_end_with_its_last_page_once_more() -> None:
    adapter = paged("{until_repeated: true}", "&p={page}")
    result, urls = served(adapter, rows("a"), rows("b"))
    assert (len(urls), len(result.items), result.complete) == (3, 2, True)
    result, _ = served(adapter, rows("a"), rows("b"), rows("a"))
    assert result.truncated == "page 3 repeats page 1"


def test_a_list_that_ends_where_many_servers_stop_is_cut_short() -> None:
    half = [[f"{half}-{number}" for number in range(5000)] for half in "ab"]
    result, _ = served(paged("{}", "&p={page}"), rows(*half[0]), rows(*half[1]), rows())
    assert "exactly 10000 items" in (result.truncated or "")
    whole = [f"{number}" for number in range(10_000)]
    assert served(paged("{}"), rows(*whole))[0].truncated is None
    result, _ = served(paged("{}", "&p={page}"), rows(*half[0]), rows(*half[1][1:]), rows())
    assert result.truncated is None


def test_a_field_that_no_row_can_fill_fails_the_source() -> None:
    answer = '[{"id": 1, "name": {"en": "One"}}, {"id": 2, "name": {"en": "Two"}}]'
    result, _ = served(api(), answer)
    assert "none of 2 rows can be read; the first: title is an object, not a text" in str(result.error)


def test_a_total_ends_the_list_and_tells_when_it_is_short() -> None:
    adapter = paged("{total: meta.all}", "&p={page}")
    result, urls = served(adapter, rows("a", meta={"all": 2}), rows("b", meta={"all": "2"}), rows("c"))
    assert (len(urls), result.complete) == (2, True)
    result, urls = served(adapter, rows("a", meta={"all": 3}), rows("b", meta={"all": 0}), rows())
    assert (len(urls), result.truncated) == (3, "2 of 3 items")
    result, _ = served(adapter, rows("a"))
    assert "a number at 'meta.all'" in str(result.error)


def test_the_next_pages_address_is_followed() -> None:
    adapter = paged("{next: links.next}")
    answers = rows("a", links={"next": "/u?s=5&after=a"}), rows("b", links={"next": None})
    result, urls = served(adapter, *answers)
    assert urls == ["", "&after=a"]
    assert (len(result.items), result.complete) == (2, True)
    result, _ = served(adapter, rows("a", links={"next": {"href": "/x"}}))
    assert "a text at 'links.next'" in str(result.error)


def test_a_cursor_is_sent_back_where_it_belongs() -> None:
    adapter = paged("{cursor: c, max: 9}", "&c={cursor}")
    result, urls = served(adapter, rows("a", c="x/y="), rows("b", c=17), rows("c", c=""))
    assert urls == ["&c=", "&c=x%2Fy%3D", "&c=17"]
    assert result.complete


def test_a_body_is_filled_in_and_numbers_stay_numbers() -> None:
    adapter = source("""
        {kind: json, url: 'https://example.org/u', items: rows, fields: {title: n}, method: POST,
         body: {at: '{page}', note: 'page {page}', more: [{x: 1}]}, pages: {start: 0, step: 20}}
    """)
    left = [rows("a"), rows()]
    _, asked = collect(adapter, lambda _: page(left.pop(0)))
    assert [json.loads(request.body or b"") for request in asked] == [
        {"at": number, "note": f"page {number}", "more": [{"x": 1}]} for number in (0, 20)
    ]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ('<https://e.org/2>; rel="next"', "https://e.org/2"),
        ('</1>; rel="prev", </3>; title="a, b"; rel="last next"', "/3"),
        ("<?p=2>;rel=next", "?p=2"),
        ('</2>; rel="nextish"', None),
        ('</2>; rel="prev"; title="rel=next"', None),
        ("", None),
        ("next", None),
    ],
)
def test_a_link_header_says_what_is_next(header: str, expected: str | None) -> None:
    assert linked(header) == expected


def test_the_link_header_is_followed() -> None:
    first = page(rows("a"), url="https://example.org/u?s=5", link="<?s=5&p=2>; rel=next")
    result, urls = served(paged("{link: true}"), first, rows("b"))
    assert urls == ["", "&p=2"]
    assert result.complete


def take(pick: str, value: object, target: str = "attributes.found") -> object:
    batch = api(fields=f"{{title: name, {target}: {pick}}}").parse(page(json.dumps([{"name": "x", "v": value}])))
    assert batch.rejected == ()
    found = batch.items[0]
    return found.attributes.get("found") if target == "attributes.found" else getattr(found, target)


@pytest.mark.parametrize(
    ("pick", "value", "expected"),
    [
        ("{path: v, number: true}", "$ 1,234.50 a month", 1234.5),
        ("{path: v, number: true}", 7, 7),
        ("{path: v, number: true}", "on request", None),
        ("{path: v, pattern: 'No. ([0-9]+)'}", "No. 12b", "12"),
        ("{path: v, pattern: '([0-9]+) beds', number: true}", "2 baths, 3 beds", 3),
        ("{path: v, pattern: 'z'}", "abc", None),
        ("{path: v, currency: true}", "$ 1,234.50 a month", "USD"),
        ("{fixed: Chicago}", None, "Chicago"),
        ("{path: v}", ["a"], ["a"]),
    ],
)
def test_a_field_is_refined(pick: str, value: object, expected: object) -> None:
    assert take(pick, value) == expected


def test_a_time_is_read_as_the_field_says_and_in_its_zone() -> None:
    at = "{path: v, pattern: 'on (.*)', date: '%d.%m.%Y', zone: Europe/Berlin}"
    expected = RawTime(value="3.10.2026", format="%d.%m.%Y", zone="Europe/Berlin")
    assert take(at, "published on 3.10.2026", "published_at") == expected
    assert take("{path: v}", "3.10.2026", "published_at") == "3.10.2026"


def test_what_is_wrong_with_a_config_is_found_before_it_runs() -> None:
    assert problems(api()) == {}
    found = problems(api('items: "a[", zone: Mars/Base', fields='{titel: name, title: "x(", attributes.: y}'))
    assert found.keys() == {("items",), ("fields", "titel"), ("fields", "title"), ("fields", "attributes."), ("zone",)}
    assert "title, url" in found["fields", "titel"]
    assert found["items",].startswith("not a JMESPath: ")
    assert problems(api("pages: {start: 1}")).keys() == {("pages",)}
    assert problems(api("pages: {next: a, link: true}")).keys() == {("pages",)}
    assert problems(api("pages: {cursor: 'a['}")).keys() == {("pages", "cursor")}
    assert problems(api("pages: {link: true, total: 'a[', step: 0}")).keys() == {("pages", "total"), ("pages", "step")}
    assert problems(api("method: POST, body: {p: '{page}'}, pages: {start: 0}")) == {}
    assert problems(api(fields="{title: {path: 'a['}, text: {}, url: {path: a, number: true}}")).keys() == {
        ("fields", "title"),
        ("fields", "text"),
        ("fields", "url", "number"),
    }
    both = api(fields="{title: n, attributes.a: {path: n, number: true, currency: true}}")
    assert problems(both).keys() == {("fields", "attributes.a")}
    counted = source("{kind: json, url: 'https://example.org/{page}', fields: {title: n}}")
    assert problems(counted).keys() == {("url",)}
