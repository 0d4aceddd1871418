"""What tells one item from another."""

import msgspec
import pytest

from scan.model import RawItem, RawTime
from scan.normalize import identity
from scan.normalize.identity import MAX_KEY, content_hash, fingerprint, identify, raw_hash

PAGE = "https://jobs.example.com/board"


def print_of(
    title: str, organization: str | None = "Acme", location: str | None = "Berlin", url: str | None = None
) -> bytes | None:
    return fingerprint(title=title, url=url, organization=organization, location=location)


def content(**fields: object) -> bytes:
    plain: dict[str, object] = {
        "title": "Engineer", "url": None, "organization": None, "location": None, "text": "", "published_at": None,
        "attributes": {},
    }  # fmt: skip
    return content_hash(**(plain | fields))  # type: ignore[arg-type]  # each test gives the right ones


@pytest.mark.parametrize(
    ("raw", "key"),
    [
        (RawItem(key=4711, title="x", url="https://a.example/"), "4711"),
        (RawItem(key="4711"), "4711"),
        (RawItem(key=" a\n\x00b\u200b "), "a b"),
        (RawItem(key="<b>&amp;"), "<b>&amp;"),
        (RawItem(key="\ud800"), "\ufffd"),
        (RawItem(key="", url="/jobs/1?utm_source=x"), "https://jobs.example.com/jobs/1"),
        (RawItem(url="1", base="https://a.example/b/"), "https://a.example/b/1"),
        (RawItem(url="1", base="/b/"), "https://jobs.example.com/b/1"),
        (RawItem(url="javascript:void(0)"), None),
        (RawItem(title=" \u200b "), None),
        (RawItem(text="something"), None),
        (RawItem(), None),
    ],
)
def test_the_key_is_the_sources_own_id_or_else_the_address(raw: RawItem, key: str | None) -> None:
    assert identify(raw, PAGE) == key


def test_an_item_without_id_and_address_is_known_by_its_folded_title() -> None:
    key = identify(RawItem(title="Café  Meeting"), PAGE)
    assert key is not None
    assert key.startswith("title:")
    assert key == identify(RawItem(title="CAFE&nbsp;meeting", url="mailto:x@y.example"), PAGE)
    assert key != identify(RawItem(title="Café Meetings"), PAGE)


def test_a_key_too_long_to_store_is_replaced_by_its_hash() -> None:
    assert identify(RawItem(key="x" * MAX_KEY)) == "x" * MAX_KEY
    long = identify(RawItem(key="x" * (MAX_KEY + 1)))
    assert long is not None
    assert len(long) < MAX_KEY
    assert long != identify(RawItem(key="x" * (MAX_KEY + 2)))
    assert identify(RawItem(key=10**5000)) == identify(RawItem(key=10**5000)) != identify(RawItem(key=10**5001))


ODD = [
    RawItem(title="\ud800"),
    RawItem(location=("a", "\ud800")),
    RawItem(published_at=RawTime(value="\ud800")),
    RawItem(attributes={"a": 2**70}),
    RawItem(attributes={"a": {1, 2}}),
    RawItem(key=10**5000),
    RawItem(published_at=10**5000),
    RawItem(attributes={"a": [[[[[[[[[["deep"]]]]]]]]]], "b": "\ud800"}),
]


@pytest.mark.parametrize("raw", [RawItem(title="x", text="y", attributes={"a": [1.5, None]}), *ODD])
def test_the_raw_hash_is_the_same_for_the_same_and_differs_for_another(raw: RawItem) -> None:
    assert len(raw_hash(raw)) == 16
    assert raw_hash(raw) == raw_hash(msgspec.structs.replace(raw))
    for change in ({"text": "z"}, {"key": "other"}, {"updated_at": 1}, {"attributes": {"a": 2}}, {"markup": "plain"}):
        assert raw_hash(raw) != raw_hash(msgspec.structs.replace(raw, **change))


def test_another_normalizer_looks_at_every_item_again(monkeypatch: pytest.MonkeyPatch) -> None:
    before = raw_hash(RawItem(title="x"))
    monkeypatch.setattr(identity, "NORMALIZER", b"next")
    assert raw_hash(RawItem(title="x")) != before


def test_the_content_hash_tells_fields_apart() -> None:
    hashes = {
        content(),
        content(title="Engineer "),
        content(url="Berlin"),
        content(organization="Berlin"),
        content(location="Berlin"),
        content(text="Berlin"),
        content(attributes={"a": 1}),
        content(attributes={"a": "1"}),
    }
    assert len(hashes) == 8
    assert {len(each) for each in hashes} == {16}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (print_of("Senior Engineer"), print_of("SENIOR  engineer!")),
        (print_of("Ingénieur \u2013 Données"), print_of("Ingenieur / Donnees")),
        (print_of("Engineer (m/w/d)"), print_of("Engineer")),
        (print_of("Engineer (f/m/x)"), print_of("Engineer m/w/d")),
        (print_of("Engineer (all genders)"), print_of("Engineer [M/F/D]")),
        (print_of("x", "Acme GmbH & Co. KG"), print_of("x", "ACME")),
        (print_of("x", "Acme B.V."), print_of("x", "Acme, Inc.")),
        (print_of("x", "Acme", "Berlin, Germany"), print_of("x", "Acme", "Berlin \u2013 Germany")),
        (print_of("x", url="https://a.example/1"), print_of("x", url="https://b.example/2")),
    ],
)
def test_the_same_posting_elsewhere_has_the_same_fingerprint(one: bytes, other: bytes) -> None:
    assert one == other
    assert len(one) == 16


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (print_of("C++ Engineer"), print_of("C# Engineer")),
        (print_of("C Engineer"), print_of("C# Engineer")),
        (print_of("Engineer II"), print_of("Engineer III")),
        (print_of("Data Engineer"), print_of("Engineer Data")),
        (print_of("エンジニア"), print_of("デザイナー")),
        (print_of("🎉"), print_of("🚀")),
        (print_of("x", "Acme"), print_of("x", "Apex")),
        (print_of("x", "GmbH"), print_of("x", "AG")),
        (print_of("x", "Acme", "Berlin"), print_of("x", "Acme", None)),
        (print_of("x", None, url="https://a.example/1"), print_of("x", None, url="https://a.example/2")),
        (print_of("x", None, url="https://a.example/1"), print_of("y", None, url="https://a.example/1")),
    ],
)
def test_another_posting_has_another_fingerprint(one: bytes, other: bytes) -> None:
    assert one != other


def test_too_little_to_go_by_is_no_fingerprint() -> None:
    assert print_of("Engineer", None, "Berlin") is None
