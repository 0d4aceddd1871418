import pytest

from scan.sources.nesting import MAX_DEPTH, MOST_ATTRIBUTES, MOST_OPTIONS, excess

MANY = 4 * MAX_DEPTH

pytestmark = pytest.mark.timeout(10)


@pytest.mark.parametrize(
    "piece",
    [
        "<div>",
        "<b>",
        '<div a="</div>">',
        "<div a='</div>'>",
        '<div ="</div>">',
        "<div><!--</div>-->",
        "<div><!--!></div>-->",
        "<div><!</div>",
        "<div><?</div>",
        "<div></ div>",
        "<div></nothing>",
        "<x><x><div></x></x>",
        "<div><script></div></script>",
        "<div><title></div></title>",
        "<ul><li>",
        "<table><tr><td>",
        "<DIV\n>",
        "<rt>",
        "<optgroup>",
    ],
)
def test_what_a_browser_would_nest_is_counted_however_it_is_disguised(piece: str) -> None:
    assert excess(piece * MANY)


@pytest.mark.parametrize(
    "piece",
    [
        "<div></div>",
        "<p>",
        "<li>",
        "<br>",
        "<img src=x>",
        "<tr><td>",
        "<div><p></div>",
        "<div a='<div>'></div>",
        "<!-- <div> -->",
        "<script>'<div>'</script>",
        "<style><div></style>",
        "<svg><path/></svg>",
        "<span><b></span>",
        "a < b",
        "<div><em></div>",
    ],
)
def test_what_is_not_nested_is_not_counted(piece: str) -> None:
    assert not excess(piece * MANY)


@pytest.mark.parametrize("piece", ["<svg><td>", "<td>", "<br>", "<![CDATA[</a>]]><a>"])
def test_end_tags_are_needed_in_xml_and_in_drawings(piece: str) -> None:
    assert excess(piece * MANY, xml=True)
    assert excess("<svg>" + "<td>" * MANY)
    assert not excess("<a/><![CDATA[<a>]]>" * MANY, xml=True)


@pytest.mark.parametrize(
    "piece", ["<", "<a ", "<!--", "<a b='", '<a b="', "<script>", "<![CDATA[", "</", "<?", "<a =", "<a/"]
)
def test_pages_made_to_cost_are_passed_in_linear_time(piece: str) -> None:
    excess(piece * 200_000)
    excess(piece * 200_000, xml=True)


@pytest.mark.parametrize("attribute", ["a ", "a/", "a=1 ", 'a=">" ', "a=''"])
@pytest.mark.parametrize("end", [">", "", "/>", "<p>"])
def test_a_tag_has_so_many_attributes_and_no_more_whether_it_ends_or_not(attribute: str, end: str) -> None:
    for tag in ("<p ", "</p ", "<script "):
        assert not excess(tag + attribute * (MOST_ATTRIBUTES - 1) + end)
        assert excess(tag + attribute * (MOST_ATTRIBUTES + 1) + end) == "of at most 512 attributes a tag"


def test_a_page_has_so_many_options_and_no_more() -> None:
    assert not excess("<select>" + "<option>" * MOST_OPTIONS)
    assert excess("<select>" + "<option>a</option>" * (MOST_OPTIONS + 1)) == "of at most 20000 options"


def test_the_limit_is_exact() -> None:
    assert not excess("<div>" * MAX_DEPTH)
    assert excess("<div>" * (MAX_DEPTH + 1))
