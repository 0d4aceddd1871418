import pytest

from scan.errors import ParseError
from scan.model import RawTime
from scan.sources import Source
from tests.sources.building import page, source
from tests.sources.talking import collect


def site(fields: str, items: str = "li", more: str = "") -> Source:
    return source(f"{{kind: html, url: 'https://example.org/list', items: '{items}', fields: {fields}{more}}}")


def values(adapter: Source, markup: str, field: str) -> list[object]:
    return [getattr(item, field) for item in adapter.parse(page(markup)).items]


LIST = "<ul><li><a href='/1' title='T &amp; 1'>One <b>1</b></a><i>x</i></li><li>Two</li></ul>"


@pytest.mark.parametrize(
    ("pick", "expected"),
    [
        ("a", ["One  1", None]),
        ("a@title", ["T & 1", None]),
        ("'a @ TITLE'", None),
        ("'.'", ["One  1 x", "Two"]),
        ("''", ["One  1 x", "Two"]),
        ("{select: a, attr: href}", ["/1", None]),
        ("{fixed: same}", ["same", "same"]),
        ("{pattern: '^[A-Z]'}", ["O", "T"]),
        ("{pattern: 'O(ne|x)'}", ["ne", None]),
    ],
)
def test_a_field_is_picked_in_any_of_the_short_and_long_forms(pick: str, expected: list[str | None] | None) -> None:
    adapter = site(f"{{organization: {pick}}}")
    if expected is None:
        assert [problem.path for problem in adapter.problems()] == [("fields", "organization")]
    else:
        assert list(adapter.problems()) == []
        assert values(adapter, LIST, "organization") == expected


def test_attributes_of_the_items_own_element_are_picked() -> None:
    markup = "<div id=a data-x='&lt;1&gt;'>A</div>"
    adapter = site("{key: '@id', attributes.x: '@data-x'}", items="div")
    (item,) = adapter.parse(page(markup)).items
    assert (item.key, item.title, item.attributes) == ("a", "A", {"x": "<1>"})


def test_an_at_sign_within_a_selector_is_no_attribute() -> None:
    markup = "<li><a href='mailto:x@y.z'>mail</a></li>"
    assert values(site("{title: 'a[href*=\"@y\"]'}"), markup, "title") == ["mail"]


def test_a_description_stays_html_and_texts_are_escaped_once() -> None:
    (item,) = site("{title: b, text: p}").parse(page("<li><b>C&lt;T&gt; &amp; D</b><p>a <i>&lt;</i></p></li>")).items
    assert (item.title, item.text, item.markup) == ("C&lt;T&gt; &amp; D", "a <i>&lt;</i>", "html")


def test_scripts_and_styles_are_no_text() -> None:
    markup = "<li>A<script>x()</script><style>b{}</style><template>t</template></li>"
    assert values(site("{}"), markup, "title") == ["A"]


def test_a_time_carries_its_format_and_zone() -> None:
    adapter = site("{published_at: {select: b, date: '%d.%m.%Y', zone: Europe/Berlin}, updated_at: i}")
    (item,) = adapter.parse(page("<li><b>\n 3.\n10.2026</b><i>today</i></li>")).items
    assert item.published_at == RawTime(value="3. 10.2026", format="%d.%m.%Y", zone="Europe/Berlin")
    assert item.updated_at == "today"


@pytest.mark.parametrize("link", ["", "#", "/list", "https://example.org/list", " ?".strip() + "#x"])
def test_an_item_that_links_to_its_own_page_is_rejected(link: str) -> None:
    batch = site("{url: 'a@href'}").parse(page(f"<li><a href='{link}'>All jobs</a></li><li><a href='/1'>One</a></li>"))
    own = link in {"#", "/list", "https://example.org/list"}
    assert len(batch.items) == (1 if own else 2)
    assert [rejected.reason for rejected in batch.rejected] == ["it links to the page itself"] * own


def test_an_anchor_on_the_page_is_an_address_of_its_own() -> None:
    assert values(site("{url: 'a@href'}"), "<li><a href='#m12'>12</a></li>", "url") == ["#m12"]


@pytest.mark.parametrize(
    ("base", "expected"), [("", ""), ("<base href='/x/'>", "https://example.org/x/"), ("<base target=a>", "")]
)
def test_links_are_relative_to_the_pages_base(base: str, expected: str) -> None:
    assert values(site("{}"), f"<head>{base}</head><li>A</li>", "base") == [expected]


@pytest.mark.parametrize(
    ("pick", "expected"),
    [
        ("a@href", "https://example.org/x/a.pdf"),
        ("img@SRC", "https://example.org/b.png"),
        ("{select: a, attr: href, pattern: '(.)[.]pdf'}", "a"),
        ("{select: a, attr: href, fixed: a.pdf}", "a.pdf"),
        ("a@title", "a.pdf"),
        ("a", "a.pdf"),
        ("b@href", None),
    ],
)
def test_links_among_the_attributes_are_absolute_and_nothing_else_is(pick: str, expected: str | None) -> None:
    markup = "<base href=/x/><li><a href=' a.pdf ' title=a.pdf>a.pdf</a><img src=/b.png><b>b</b></li>"
    (item,) = site(f"{{attributes.found: {pick}}}").parse(page(markup)).items
    assert item.attributes.get("found") == expected


def test_an_attribute_may_be_a_number_and_no_other_field_may() -> None:
    adapter = site("{attributes.rent: {select: b, number: true}, attributes.none: {select: i, number: true}}")
    (item,) = adapter.parse(page("<li><b>$ 1,200</b><i>on request</i></li>")).items
    assert item.attributes == {"rent": 1200}
    assert [one.path for one in site("{title: {number: true}}").problems()] == [("fields", "title", "number")]


def test_an_address_that_cannot_be_joined_is_left_as_it_is() -> None:
    markup = "<li><a href='http://[broken'>A</a></li>"
    assert values(site("{url: 'a@href'}"), markup, "url") == ["http://[broken"]


def test_no_items_are_no_error() -> None:
    batch = site("{}").parse(page("<!DOCTYPE html><p>Nothing today</p>"))
    assert (batch.items, batch.rejected, batch.truncated) == ((), (), None)


@pytest.mark.parametrize("kind", ["application/json", "application/pdf", "image/png"])
def test_what_is_served_as_something_else_is_refused(kind: str) -> None:
    with pytest.raises(ParseError, match="expected HTML"):
        site("{}").parse(page("<li>A</li>", content_type=kind))


def test_the_next_page_is_followed_and_the_page_itself_is_not() -> None:
    adapter = site("{}", more=", pages: {next: a.next}")
    (following,) = adapter.parse(page("<li>A</li><a class=next href='?p=2#x'>2</a>")).follow
    assert following.url == "https://example.org/list?p=2"
    assert adapter.parse(page("<li>A</li><a class=next href='#'>2</a>")).follow == ()
    assert adapter.parse(page("<li>A</li>")).follow == ()


@pytest.mark.parametrize(
    ("link", "followed"),
    [
        ("https://www.example.org/list?p=2", True),
        ("https://m.example.org/list?p=2", True),
        ("https://twitter.example/share?url=x", False),
        ("https://notexample.org/", False),
        ("http://[broken", False),
    ],
)
def test_a_next_page_on_another_site_is_a_link_to_share_this_one(link: str, *, followed: bool) -> None:
    markup = f"<li>A</li><a class=next href='{link}'>2</a>"
    batch = site("{}", more=", pages: {next: a.next}").parse(page(markup))
    assert [one.url for one in batch.follow] == [link] * followed
    assert ("another site" in (batch.truncated or "")) is not followed


def test_pages_are_counted_in_the_address_and_their_total_is_read() -> None:
    adapter = source("""
        {kind: html, url: 'https://example.org/list?p={page}', items: li, fields: {}, pages: {start: 0, total: .count}}
    """)
    assert list(adapter.problems()) == []
    pages = ["<li>A</li><p class=count>1-1 of 2 jobs</p>", "<li>B</li><p class=count>2-2 of 2 jobs</p>"]
    result, asked = collect(adapter, lambda request: page(pages[int(request.url[-1])], url=request.url))
    assert [request.url[-1] for request in asked] == ["0", "1"]
    assert [item.title for item in result.items] == ["A", "B"]
    assert (result.complete, result.truncated) == (True, None)


def test_a_form_is_sent_as_a_browser_sends_it() -> None:
    adapter = source("""
        {kind: html, url: 'https://example.org/find', items: li, fields: {}, method: POST,
         body: {what: 'ä b', kind: [a, b], after: '{cursor}'}, pages: {cursor: '#more@data-after'}}
    """)
    assert list(adapter.problems()) == []
    first = adapter.start()
    assert (first.method, first.headers) == ("POST", {"Content-Type": "application/x-www-form-urlencoded"})
    assert first.body == b"what=%C3%A4+b&kind=a&kind=b&after="
    (following,) = adapter.parse(page("<li>A</li><b id=more data-after='x/1'>")).follow
    assert following.body == b"what=%C3%A4+b&kind=a&kind=b&after=x%2F1"


def test_times_without_a_zone_have_the_sources() -> None:
    adapter = site("{published_at: b, updated_at: {select: i, zone: Asia/Tokyo}}", more=", zone: Europe/Berlin")
    (item,) = adapter.parse(page("<li><b>1 May 2026</b><i>2 May 2026</i></li>")).items
    assert item.published_at == RawTime(value="1 May 2026", zone="Europe/Berlin")
    assert item.updated_at == RawTime(value="2 May 2026", zone="Asia/Tokyo")


def test_the_currency_of_an_amount_may_be_an_attribute() -> None:
    adapter = site("{attributes.rent: {select: b, number: true}, attributes.currency: {select: b, currency: true}}")
    (item,) = adapter.parse(page("<li><b>1.200 € cold</b></li>")).items
    assert item.attributes == {"rent": 1200, "currency": "EUR"}


def test_a_page_whose_items_all_link_to_it_fails() -> None:
    result, _ = collect(site("{url: 'a@href'}"), lambda request: page("<li><a href='#'>All</a></li>", url=request.url))
    assert "none of 1 rows can be read; the first: it links to the page itself" in str(result.error)


def test_what_is_wrong_with_a_config_is_found_before_it_runs() -> None:
    adapter = site(
        "{titel: b, title: 'b[', url: {select: a, pattern: '('}, text: {date: '%Y'}, published_at: {zone: Mars}}",
        items="li:nope",
        more=", zone: Mars, pages: {next: 'a[', total: 'b['}",
    )
    found = {problem.path: problem.message for problem in adapter.problems()}
    assert found.keys() == {
        ("fields", "titel"),
        ("items",),
        ("fields", "title"),
        ("fields", "url", "pattern"),
        ("fields", "text"),
        ("fields", "published_at", "zone"),
        ("pages", "next"),
        ("pages", "total"),
        ("zone",),
    }
    assert found["items",] == "not a CSS selector: 'li:nope'"
    assert "published_at and updated_at" in found["fields", "text"]


@pytest.mark.timeout(10)
def test_deeply_nested_pages_are_refused_at_once() -> None:
    with pytest.raises(ParseError, match="nested at most 512 deep"):
        site("{}").parse(page("<div>" * 50_000))


def test_items_one_within_the_other_do_not_repeat_a_large_page_for_ever() -> None:
    nested = "<ul>" + "<li><ul>" * 200
    assert len(values(site("{title: .}"), f"{nested}{'x' * 10_000}", "title")) == 200
    with pytest.raises(ParseError, match="items that are not one within the other"):
        site("{title: .}").parse(page(f"{nested}{'x' * 200_000}"))
