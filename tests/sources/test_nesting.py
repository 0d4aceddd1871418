import pytest

from scan.sources.nesting import MAX_DEPTH, too_deep

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
    ],
)
def test_what_a_browser_would_nest_is_counted_however_it_is_disguised(piece: str) -> None:
    assert too_deep(piece * MANY)


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
    assert not too_deep(piece * MANY)


@pytest.mark.parametrize("piece", ["<svg><td>", "<td>", "<br>", "<![CDATA[</a>]]><a>"])
def test_end_tags_are_needed_in_xml_and_in_drawings(piece: str) -> None:
    assert too_deep(piece * MANY, xml=True)
    assert too_deep("<svg>" + "<td>" * MANY)
    assert not too_deep("<a/><![CDATA[<a>]]>" * MANY, xml=True)


@pytest.mark.parametrize(
    "piece", ["<", "<a ", "<!--", "<a b='", '<a b="', "<script>", "<![CDATA[", "</", "<?", "<a =", "<a/"]
)
def test_pages_made_to_cost_are_passed_in_linear_time(piece: str) -> None:
    too_deep(piece * 200_000)
    too_deep(piece * 200_000, xml=True)


def test_the_limit_is_exact() -> None:
    assert not too_deep("<div>" * MAX_DEPTH)
    assert too_deep("<div>" * (MAX_DEPTH + 1))
