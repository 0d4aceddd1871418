"""The engine against a reference that is too slow to be wrong."""

import re

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from scan.match.matcher import Matcher
from scan.match.plan import waits
from scan.match.search import FIELDS, Search, Words
from scan.model import Item
from tests.match.items import NOW, an_item

VOCABULARY = ("a", "b", "ab", "ba", "a b", "b a b", "a+", "c++", ".a", "re:b+a", "re:^a")
TERMS = st.lists(st.sampled_from(VOCABULARY), max_size=2).map(tuple)
WORDS = st.builds(Words, any=TERMS, all=TERMS, none=TERMS)
TEXTS = st.lists(st.sampled_from(["a", "B", "ab", "Á", " ", "  ", "\n", "-", ".", "+", "c++", "c"]), max_size=12).map(
    "".join
)


def naive_find(term: str, text: str) -> bool:
    """Find a term of the vocabulary by the rules of docs/searches.md, written out for its few letters."""
    if term.startswith("re:"):
        return re.search(term[3:], text, re.IGNORECASE) is not None
    text = re.sub(r"\s+", " ", text).lower().replace("á", "a")
    after = r"(?![a-z]|\+\+)" if term[-1] != "+" else r"(?![a-z+])"
    if len(term) == 1:
        after = r"(?![a-z+])"
    return re.search(rf"(?<![a-z]){re.escape(term)}{after}", text) is not None


def naive_match(search: Search, item: Item) -> bool:
    texts = {field: getattr(item, field) or "" for field in FIELDS}
    default = [texts[field] for field in FIELDS if field != "url"]
    scopes = [(search.words, default), *((words, [texts[field]]) for field, words in search.fields.items())]
    return all(
        (not words.any or any(naive_find(term, text) for term in words.any for text in where))
        and all(any(naive_find(term, text) for text in where) for term in words.all)
        and not any(naive_find(term, text) for term in words.none for text in where)
        for words, where in scopes
    )


SEARCHES = st.lists(
    st.builds(
        lambda words, fields: Search(name="", words=words, fields=fields),
        WORDS,
        st.dictionaries(st.sampled_from(FIELDS), WORDS, max_size=2),
    ),
    max_size=4,
)
ITEMS = st.builds(
    lambda title, text, location, url: an_item(title, text=text, location=location, url=url), TEXTS, TEXTS, TEXTS, TEXTS
)


@given(SEARCHES, ITEMS)
def test_the_engine_agrees_with_a_naive_one(searches: list[Search], item: Item) -> None:
    named = [
        Search(name=str(number), words=search.words, fields=search.fields) for number, search in enumerate(searches)
    ]
    matcher = Matcher(named, now=NOW)
    expected = [search.name for search in named if naive_match(search, item)]
    assert [search.name for search, _ in matcher.match(item)] == expected
    assert [one.search for one in matcher.explain(item) if one.held] == expected


@given(SEARCHES, ITEMS)
def test_what_an_item_without_its_text_is_told_holds_once_it_is_known(searches: list[Search], item: Item) -> None:
    named = [
        Search(name=str(number), words=search.words, fields=search.fields) for number, search in enumerate(searches)
    ]
    matcher = Matcher(named, now=NOW)
    bare = msgspec.structs.replace(item, text="")
    early = {search.name for search, _ in matcher.match(bare) if not waits(search, {"text"})}
    late = {search.name for search, _ in matcher.match(item)}
    possible = {search.name for search in named if matcher.may_match(bare, [search.name], {"text"})}
    assert early <= late <= possible
