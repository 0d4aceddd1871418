from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scan.model import Digest, Event, FieldChange, Reason
from tests.channels.samples import ME, changed, digest, email, gone, item, notice

HEADERS = [
    "Message-ID",
    "Date",
    "From",
    "To",
    "Subject",
    "In-Reply-To",
    "References",
    "List-Id",
    "Auto-Submitted",
    "MIME-Version",
    "Content-Type",
]
TAGS = {"html", "head", "meta", "title", "body", "div", "h2", "p", "span", "a", "del", "ins"}


class Elements(HTMLParser):
    """Collects a document's elements, links and text."""

    def __init__(self, document: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: set[str] = set()
        self.text = ""
        self.feed(document)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)
        self.links.update(value or "" for name, value in attrs if name == "href")

    def handle_data(self, data: str) -> None:
        self.text += data


def parsed(payload: bytes) -> EmailMessage:
    message = message_from_bytes(payload, policy=default)
    assert isinstance(message, EmailMessage)
    return message


def part(payload: bytes, subtype: str) -> str:
    body = parsed(payload).get_body((subtype,))
    assert isinstance(body, EmailMessage)
    content = body.get_content()
    assert isinstance(content, str)
    return content


def compose(told: Digest) -> bytes:
    return email().compose(told, ME)


def test_a_message_has_every_header_once_and_means_what_it_says() -> None:
    message = parsed(compose(digest(notice(), changed(), gone())))
    assert message.keys() == HEADERS
    assert message["Message-ID"] == f"<{'ab' * 20}@scan.example.org>"
    assert message["Date"].datetime.isoformat() == "2026-11-21T06:00:00+00:00"
    assert message["From"] == "Scan <scan@example.org>"
    assert message["To"] == ME
    assert message["Subject"] == "1 new, 1 changed, 1 gone for backend, kitchen: Senior Engineer at Acme, …"
    assert message["List-Id"] == "<jobs.scan.example.org>"
    assert message["Auto-Submitted"] == "auto-generated"


def test_both_parts_parse_back_and_tell_the_same_items() -> None:
    payload = compose(digest(notice(), changed(), gone()))
    html = Elements(part(payload, "html"))
    for said in ("Senior Engineer", "Data Engineer", "Cook", "Bonn", "“python” in title", "no longer listed"):
        assert said in part(payload, "plain")
        assert said in html.text
    assert html.links == {"https://jobs.acme.test/1"}


def test_nothing_is_loaded_and_nothing_runs() -> None:
    html = Elements(part(compose(digest(notice())), "html"))
    assert html.tags <= TAGS
    assert html.attributes <= {"lang", "charset", "name", "content", "style", "href"}


def test_the_same_digest_is_the_same_to_the_byte() -> None:
    assert compose(digest(notice(), changed())) == compose(digest(notice(), changed()))


def test_lines_are_short_seven_bit_and_end_in_crlf() -> None:
    payload = compose(digest(notice(item(title="日本語 " * 100)), notice(item(title="x" * 5000))))
    assert payload.isascii()
    assert payload.count(b"\n") == payload.count(b"\r\n")
    assert max(map(len, payload.split(b"\r\n"))) <= 998


def test_one_searchs_digests_are_a_thread_and_others_are_another() -> None:
    first, second = (parsed(compose(digest(notice(), id=name))) for name in ("one", "two"))
    other = parsed(compose(digest(gone())))
    elsewhere = parsed(compose(digest(notice(), profile="flats")))
    assert first["References"] == first["In-Reply-To"] == second["References"]
    assert first["Message-ID"] != second["Message-ID"]
    assert len({first["References"], other["References"], elsewhere["References"]}) == 3


def test_names_beyond_ascii_are_encoded() -> None:
    channel = email(to=("zoë@exämple.org",), from_="Überblick, täglich <scan@exämple.org>")
    message = parsed(channel.compose(digest(notice(item(title="Ingénieur"))), channel.recipients()[0]))
    assert message["From"] == '"Überblick, täglich" <scan@xn--exmple-cua.org>'
    assert message["Subject"] == "Ingénieur at Acme (backend)"
    assert message["Message-ID"].endswith("@scan.xn--exmple-cua.org>")


def test_an_odd_id_or_profile_cannot_break_a_header() -> None:
    message = parsed(compose(digest(id="a>\r\nBcc: x", profile="my jobs\r\n")))
    assert message.keys() == HEADERS
    assert message["Message-ID"].endswith("@scan.example.org>")


hostile = st.one_of(
    st.text(st.characters(codec=None), max_size=40),
    st.sampled_from(
        ["=?utf-8?q?a=0d=0aBcc:x?=", "a\r\nBcc: x", "</a><script>", "\u202e", "\ud800", ".\r\n.", "x" * 1500]
    ),
)


@given(hostile, hostile, hostile, st.sampled_from(Event))
@example("=?utf-8?q?a=0d=0aBcc:x?=", "=?utf-8?q?=0d=0aBcc:x?=", "<img src=x onerror=alert(1)>", Event.NEW)
def test_no_text_forges_a_header_or_markup_or_stops_a_message(one: str, two: str, three: str, event: Event) -> None:
    told = notice(
        item(title=one, organization=two, location=three, url=three, source=two, attributes={one: two, three: 1.5}),
        event=event,
        search=three,
        sources=(one, two),
        reasons=(Reason(rule="any", term=one, field=two, excerpt=three),),
        changes=(FieldChange(one, two, three),),
    )
    payload = compose(digest(told, notice(), profile=two))
    message = parsed(payload)
    assert message.keys() == HEADERS
    assert not [defect for header in message.values() for defect in header.defects]
    html = Elements(part(payload, "html"))
    assert html.tags <= TAGS
    assert "Senior Engineer" in part(payload, "plain")
    assert all(link.startswith(("https://", "http://")) for link in html.links)


def test_a_title_that_looks_like_an_encoded_word_is_told_as_it_is() -> None:
    title = "=?utf-8?q?a=0d=0aBcc:x?="
    message = parsed(compose(digest(notice(item(title=title)))))
    assert message["Bcc"] is None
    assert message["Subject"] == f"{title} at Acme (backend)"


def test_a_title_of_a_hundred_thousand_characters_is_cut() -> None:
    payload = compose(digest(notice(item(title="x y" * 33_334))))
    assert len(payload) < 10_000


def test_markup_in_a_title_is_shown_not_obeyed() -> None:
    html = part(compose(digest(notice(item(title="<b>&amp;</b>")))), "html")
    assert "<b>" not in html
    assert "&lt;b&gt;&amp;amp;&lt;/b&gt;" in html


def test_a_link_cannot_leave_its_attribute() -> None:
    url = 'https://jobs.acme.test/?q="onmouseover="alert(1)'
    html = Elements(part(compose(digest(notice(item(url=url)))), "html"))
    assert html.links == {url}
    assert "onmouseover" not in html.attributes


def test_each_address_is_a_recipient_once() -> None:
    channel = email(to=("me@example.org", "You <you@example.org>", "me@example.org"))
    assert channel.recipients() == ("me@example.org", "you@example.org")


def test_a_good_channel_has_no_problems() -> None:
    assert list(email().problems()) == []


def test_every_problem_is_found_at_its_key() -> None:
    channel = email(to=("me@example.org", "nobody"), from_="nobody either", smtp="mail.example.org")
    assert [problem.path for problem in channel.problems()] == [("to", 1), ("from",), ("smtp",)]
    assert [problem.path for problem in email(to=()).problems()] == [("to",)]


def test_no_problem_shows_the_password() -> None:
    (problem,) = email(smtp="smtps://scan:sesame@mail.example.org:0").problems()
    assert "sesame" not in problem.message


@pytest.mark.parametrize("name", ["Scan", "scan-1.2", "a b", ""])
def test_a_list_id_is_a_name_below_the_senders_domain(name: str) -> None:
    assert parsed(compose(digest(profile=name)))["List-Id"].endswith(".scan.example.org>")
