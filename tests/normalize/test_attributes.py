"""What is special to a kind."""

import json

from hypothesis import given
from hypothesis import strategies as st

from scan.normalize.attributes import MAX_DEPTH, MAX_SIZE, _Cleaner, clean_attributes

texts = st.text(st.characters())
anything = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), texts, st.binary()),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(texts, inner, max_size=4)),
    max_leaves=30,
)


def test_texts_and_keys_are_cleaned_and_sorted() -> None:
    cleaned = clean_attributes({" b\n": " x &amp; y ", "a": ["\x00n", {"z": 1, "y": True}], "": "nameless"})
    assert list(cleaned) == ["a", "b"]
    assert cleaned == {"a": ["n", {"y": True, "z": 1}], "b": "x & y"}


def test_numbers_become_what_a_database_can_hold() -> None:
    raw = {"a": float("nan"), "b": float("-inf"), "c": 2**63, "d": -(2**63), "e": 1.5, "f": 10**5000, "g": b"?"}
    cleaned = clean_attributes(raw)
    assert cleaned.pop("f") == hex(10**5000)[:1999] + "…"
    assert cleaned == {"a": None, "b": None, "c": "9223372036854775808", "d": -(2**63), "e": 1.5, "g": None}


def test_what_lies_too_deep_is_null() -> None:
    deep: object = "bottom"
    for _ in range(100_000):
        deep = [deep]
    assert clean_attributes({"deep": deep}) == {"deep": [[[[[[[None]]]]]]]}


def test_an_entry_that_does_not_fit_is_left_out() -> None:
    cleaned = clean_attributes({f"{at:05}": "x" * 1000 for at in range(100)})
    assert list(cleaned) == [f"{at:05}" for at in range(MAX_SIZE // 1005)]
    assert len(clean_attributes({"many": list(range(100_000))})["many"]) == MAX_SIZE - 4  # type: ignore[arg-type]


@given(st.dictionaries(texts, anything, max_size=6))
def test_attributes_are_json_and_cleaning_again_changes_nothing(raw: dict[str, object]) -> None:
    cleaned = clean_attributes(raw)
    assert clean_attributes(cleaned) == cleaned
    assert json.loads(json.dumps(cleaned, allow_nan=False)) == cleaned


words = st.sampled_from(("a", "b c", " d", "e  f", "g & h", "<i>", "é", "", "x" * 99, "y" * 101, "z" * 301))
ordinary = st.one_of(st.none(), st.booleans(), st.integers(-(2**63), 2**63), words, words)


@given(
    st.dictionaries(
        st.one_of(words, st.sampled_from(("place", "Place", "office_2"))),
        st.one_of(ordinary, st.lists(ordinary), st.lists(ordinary).map(tuple), st.dictionaries(words, ordinary)),
        max_size=45,
    )
)
def test_what_is_short_and_plain_is_cleaned_sooner_and_no_otherwise(raw: dict[str, object]) -> None:
    assert repr(clean_attributes(raw)) == repr(_Cleaner().mapping(raw, MAX_DEPTH - 1))


@given(st.dictionaries(texts, anything, max_size=6))
def test_anything_is_cleaned_as_the_walk_cleans_it(raw: dict[str, object]) -> None:
    assert repr(clean_attributes(raw)) == repr(_Cleaner().mapping(raw, MAX_DEPTH - 1))
