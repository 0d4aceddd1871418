"""A raw item becomes an item."""

import json
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scan.model import Item, RawItem, RawTime, Rejected
from scan.normalize import identify, normalize, raw_hash

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)


def cleaned(raw: RawItem, *, organization: str | None = None, now: datetime = NOW) -> Item | Rejected:
    return normalize(raw, source="acme", kind="job", base="https://a.example/b/", organization=organization, now=now)


def item(**fields: object) -> Item:
    made = cleaned(RawItem(**({"title": "Engineer"} | fields)))  # type: ignore[arg-type]  # each test gives the right ones
    assert isinstance(made, Item)
    return made


def test_every_field_is_cleaned() -> None:
    made = item(
        key=7,
        title=" Senior <b>Engineer</b>\n(R&amp;D) ",
        url="../jobs/7?utm_source=board&gh_jid=7",
        organization="Acme\u200b GmbH",
        location=("Berlin ", "Munich", "berlin", ""),
        text="<p>One</p><p>Two</p>",
        published_at="2026-10-13",
        updated_at=1_791_885_600_000,
        attributes={"salary_max": float("inf"), "team": " A &amp; B "},
    )
    assert made == Item(
        source="acme",
        key="7",
        kind="job",
        title="Senior Engineer (R&D)",
        url="https://a.example/jobs/7?utm_source=board&gh_jid=7",
        organization="Acme GmbH",
        location="Berlin; Munich",
        text="One\nTwo",
        published_at=datetime(2026, 10, 13, tzinfo=UTC),
        updated_at=datetime(2026, 10, 13, 10, tzinfo=UTC),
        attributes={"salary_max": None, "team": "A & B"},
        content_hash=made.content_hash,
        fingerprint=made.fingerprint,
    )


def test_the_configured_organization_stands_in_for_a_missing_one() -> None:
    for said, expected in ((None, "Acme & Co"), (" ", "Acme & Co"), ("Apex", "Apex")):
        made = cleaned(RawItem(title="x", organization=said), organization=" Acme &amp; Co")
        assert isinstance(made, Item)
        assert made.organization == expected


def test_an_item_without_title_is_named_by_its_address() -> None:
    assert item(title=None, url="/news/Budget%20Meeting.pdf").title == "Budget Meeting.pdf"
    assert item(title=" ", url="/").title == "a.example"


def test_what_is_missing_stays_missing() -> None:
    made = item(location="", attributes={})
    assert (made.location, made.organization, made.url, made.text, made.published_at) == (None, None, None, "", None)
    assert made.fingerprint is None


@pytest.mark.parametrize("raw", [RawItem(), RawItem(key=1, text="no title"), RawItem(title="\u200b", url="mailto:x@y")])
def test_what_has_neither_title_nor_address_is_rejected(raw: RawItem) -> None:
    assert isinstance(cleaned(raw), Rejected)


def test_a_rejected_row_is_shown_short_and_clean() -> None:
    rejected = cleaned(RawItem(key="a\x1b1", url="javascript:alert(1)", text="x\n" * 500))
    assert isinstance(rejected, Rejected)
    assert rejected.reason == "it has neither a title nor an address"
    assert rejected.example.startswith("key 'a1', url 'javascript:alert(1)', text 'x")
    assert len(rejected.example) <= 160


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Engineers"}, {"url": "https://a.example/1?id=3"}, {"organization": "Apex"}, {"location": "Rome"},
        {"text": "<p>other</p>"}, {"published_at": "2026-10-14"}, {"attributes": {"team": "B"}},
    ],
)  # fmt: skip
def test_another_content_is_a_change(change: dict[str, object]) -> None:
    assert item(key=1, **change).content_hash != item(key=1).content_hash


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"updated_at": "2026-10-13"}, {"updated_at": "2026-10-14"}),
        ({"published_at": "Posted Today"}, {"published_at": "Posted 5 Days Ago"}),
        ({"url": "https://a.example/1?utm_source=a"}, {"url": "https://a.example/1?utm_source=b"}),
        ({"text": "<p>x </p>"}, {"text": "<div>x</div>"}),
        ({"title": "Engineer "}, {"title": "<i>Engineer</i>"}),
        ({"attributes": {"a": 1, "b": 2}}, {"attributes": {"b": 2, "a": 1}}),
        ({"published_at": "2026-10-13T02:00:00+02:00"}, {"published_at": "2026-10-13"}),
    ],
)
def test_what_means_the_same_is_no_change(one: dict[str, object], other: dict[str, object]) -> None:
    assert item(key=1, **one).content_hash == item(key=1, **other).content_hash


def test_a_time_told_from_now_is_no_change_a_day_later() -> None:
    raw = RawItem(title="x", published_at="5 days ago", key=1)
    today, tomorrow = cleaned(raw), cleaned(raw, now=NOW + timedelta(days=1))
    assert isinstance(today, Item)
    assert isinstance(tomorrow, Item)
    assert today.published_at != tomorrow.published_at
    assert today.content_hash == tomorrow.content_hash


def test_an_unreadable_time_is_left_empty_with_a_warning() -> None:
    warnings: list[str] = []
    raw = RawItem(title="x", published_at=RawTime(value="so\non\x1b" + "n" * 200), updated_at="1900-01-01")
    made = normalize(raw, source="a", kind="job", base="", organization=None, now=NOW, warn=warnings.append)
    assert isinstance(made, Item)
    assert made.published_at is made.updated_at is None
    [warning] = warnings
    assert warning.startswith("published_at: 'so onnnn")
    assert warning.endswith("…' is no time that can be read; it is left empty")


def test_a_huge_number_as_time_is_warned_of() -> None:
    warnings: list[str] = []
    raw = RawItem(title="x", published_at=10**5000)
    normalize(raw, source="a", kind="job", base="", organization=None, now=NOW, warn=warnings.append)
    assert len(warnings) == 1


texts = st.text(st.one_of(st.characters(), st.sampled_from("<>&;#\ud800\x00\u202e\u2028"))) | st.sampled_from(
    ["<p>a", "&amp;lt;b&gt;", "https://a.example/?utm_id=1", "//x", "Posted Today", "2026-10-13"]
)
values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), texts),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(texts, inner, max_size=3)),
    max_leaves=8,
)
times = st.one_of(
    st.none(), texts, st.integers(), st.floats(), st.builds(RawTime, value=texts, format=texts, zone=texts)
)
raw_items = st.builds(
    RawItem,
    key=st.one_of(st.none(), texts, st.integers()),
    title=st.none() | texts,
    url=st.none() | texts,
    base=texts,
    organization=st.none() | texts,
    location=st.one_of(st.none(), texts, st.lists(texts, max_size=3).map(tuple)),
    text=st.none() | texts,
    markup=st.sampled_from(["plain", "html", "escaped"]),
    published_at=times,
    updated_at=times,
    attributes=st.dictionaries(texts, values, max_size=3),
)


@given(raw_items)
def test_whatever_comes_an_item_can_be_stored_and_sent(raw: RawItem) -> None:
    made = cleaned(raw)
    assert len(raw_hash(raw)) == 16
    assert cleaned(raw) == made
    json.dumps(msgspec.to_builtins(made), allow_nan=False).encode()
    if isinstance(made, Item):
        assert made.key == identify(raw, "https://a.example/b/")
        lines = (made.key, made.title, made.url or "", made.organization or "", made.location or "")
        assert all(line == " ".join(line.split()) for line in lines)
        assert "\x00" not in made.text


@given(raw_items)
def test_an_item_taken_as_raw_stays_as_it_is(raw: RawItem) -> None:
    made = cleaned(raw)
    if isinstance(made, Rejected):
        return
    again = RawItem(
        key=made.key,
        title=made.title,
        url=made.url,
        organization=made.organization,
        location=made.location,
        text=made.text,
        markup="plain",
        published_at=made.published_at.isoformat() if made.published_at else None,
        updated_at=made.updated_at.isoformat() if made.updated_at else None,
        attributes=dict(made.attributes),
    )
    stayed = cleaned(again)
    assert isinstance(stayed, Item)
    assert msgspec.structs.replace(stayed, content_hash=b"") == msgspec.structs.replace(made, content_hash=b"")
