from xml.etree.ElementTree import Element

from hypothesis import example, given
from hypothesis import strategies as st

from scan.sources.feed.elements import EntryReader
from scan.sources.feed.entry import Entry
from scan.sources.feed.expat import _Names
from scan.sources.feed.names import ROLES
from scan.sources.feed.swift import Swift

DC = "http://purl.org/dc/elements/1.1/"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
BASE = "http://www.w3.org/XML/1998/namespace base"
ORDINARY = ("title", "link", "guid", "pubDate", "category", "description", f"{CONTENT} encoded", f"{DC} creator")
NAMES = (*ORDINARY, *sorted(ROLES), f"{DC} date", f"{DC} subject", "source", "enclosure", "urn:x y", "Title")
TEXTS = st.one_of(
    st.none(),
    st.sampled_from(("", " One ", "https://e.org/1", "https://e.org/1?a=1&amp;b;", "file:///x", "a@b (c)", "a, b")),
    st.sampled_from(("é", "\xc3\xa9", "a\x93b\x94", "\xa0x\xa0", "\u2019", "東")),
    st.text(max_size=5),
)
ATTRIBUTES = st.dictionaries(
    st.sampled_from(("isPermaLink", "ispermalink", "type", "domain", "term", "label", "url", "href", "base", BASE)),
    st.sampled_from(("", "true", "false", "html", "https://e.org/2")),
    max_size=2,
)


def element(name: str, text: str | None = None, below: "list[Element] | None" = None, **attributes: str) -> Element:
    made = Element(name, attributes)
    made.text = text
    made.extend(below or ())
    return made


def elements(names: st.SearchStrategy[str]) -> st.SearchStrategy[Element]:
    plain = st.builds(element, names, TEXTS)
    odd = st.builds(
        lambda name, text, below, attributes: element(name, text, below, **attributes),
        names,
        TEXTS,
        st.one_of(st.just([]), st.lists(plain, max_size=2)),
        ATTRIBUTES,
    )
    return st.one_of(plain, plain, plain, odd)


ENTRIES = st.builds(
    lambda parts: element("item", None, parts),
    st.one_of(
        st.lists(elements(st.sampled_from(ORDINARY)), max_size=9),
        st.lists(elements(st.sampled_from(NAMES)), max_size=6),
    ),
)


@given(ENTRIES)
@example(element("item", None, [element("guid", "https://e.org/1"), element("link", "")]))
@example(element("item", None, [element("link", ""), element("guid", "https://e.org/1")]))
@example(element("item", None, [element("guid", "1", isPermaLink="false"), element("description", "d")]))
@example(element("item", None, [element(f"{CONTENT} encoded", "c"), element("description", "d")]))
@example(element("item", None, [element("pubDate", "1"), element("pubDate", "2"), element("guid", "1")]))
def test_what_is_read_in_one_go_is_what_the_rules_give(entry: Element) -> None:
    swift = Swift().read(entry)
    if swift is not None:
        names = _Names()
        reader = EntryReader(Entry(), names, atom=False, base="", absolute_only=False, has_content=False)
        reader.read(entry, 4)
        assert swift == reader.finish()
        assert not reader.absolute_only


def test_an_ordinary_entry_is_read_in_one_go() -> None:
    parts = [element(name, "x") for name in ORDINARY]
    parts += [element("category", "y"), element("enclosure", None, url="https://e.org/2")]
    entry = Swift().read(element("item", None, parts))
    assert entry == Entry(
        id="x", link="x", title="x", author="x", published="x", texts=[("x", False), ("x", False)], tags=["x", "y"]
    )
