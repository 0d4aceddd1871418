"""What goes to phones and chat rooms: short, harmless, and marked so that a copy is recognized."""

import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scan.channels.chat import HTML, MARKDOWN, TEXT, Markup, Pieces, pieces, short_id, summary
from scan.channels.digest import outline
from scan.channels.wording import Wording, word
from scan.declare import TextFile
from scan.model import Digest, Event
from tests.channels.samples import changed, digest, gone, item, notice

EVERY_FORM = pytest.mark.parametrize("markup", [TEXT, MARKDOWN, HTML], ids=["text", "markdown", "html"])
THREE = digest(notice(), changed(), gone())


def laid(told: Digest, markup: Markup = TEXT, max_items: int = 50) -> Pieces:
    return pieces(word(told, max_items), markup, told.id)


def whole(found: Pieces) -> str:
    return found.most(lambda _: True)


@EVERY_FORM
def test_a_message_ends_with_its_short_id(markup: Markup) -> None:
    assert short_id(THREE.id) == "#ababab"
    assert "#ababab" in whole(laid(THREE, markup)).splitlines()[-1]


def test_text_tells_what_where_and_why() -> None:
    assert whole(laid(digest(notice(), changed()))) == (
        "backend: 1 new, 1 changed\n\n"
        "Senior Engineer\nhttps://jobs.acme.test/1\n"
        "Acme · Berlin · published 20 Nov 2026 · salary min: 90000 · remote: yes · from acme, remoteok\n"
        "matched “python” in title; “remote” in text: work fully remote from; attributes.salary_min >= 90000\n\n"
        "(changed) Data Engineer\nhttps://jobs.acme.test/1\n"
        "Acme · Berlin · published 20 Nov 2026 · salary min: 90000 · remote: yes · from acme, remoteok\n"
        "location: Bonn → Berlin\norganization: (nothing) → Acme\n\n"
        "scan, profile jobs, #ababab"
    )


def test_markdown_and_html_link_the_title() -> None:
    assert "[**Senior Engineer**](<https://jobs.acme.test/1>)\n" in whole(laid(THREE, MARKDOWN))
    assert '<a href="https://jobs.acme.test/1"><b>Senior Engineer</b></a><br/>' in whole(laid(THREE, HTML))


def test_what_has_no_room_is_counted() -> None:
    found = laid(THREE)
    one = found.first(1)
    assert "Senior Engineer" in one
    assert "Data Engineer" not in one
    assert "kitchen" not in one
    assert "and 2 more" in one
    assert found.most(lambda text: len(text) <= len(one)) == one
    assert found.most(lambda _: False) == found.first(0) == "3 not shown\n\nscan, profile jobs, #ababab"


def test_what_max_items_leaves_out_is_counted_with_the_rest() -> None:
    assert "and 2 more" in laid(THREE, max_items=2).first(1)
    assert "and 1 more" in whole(laid(THREE, max_items=2))


@given(count=st.integers(1, 30), room=st.integers(0, 3000))
def test_as_many_entries_are_taken_as_fit(count: int, room: int) -> None:
    found = laid(digest(*(notice(item(key=str(number))) for number in range(count))))
    taken = found.most(lambda text: len(text) <= room)
    told = taken.count("Senior Engineer")
    assert len(taken) <= room or told == 0
    assert told == count or len(found.first(told + 1)) > room


def test_the_remark_of_a_failed_template_comes_first_and_always() -> None:
    told = Wording(outline=replace(outline(THREE, 50), remark="The template failed *badly*"))
    found = pieces(told, MARKDOWN, THREE.id)
    assert whole(found).startswith("The template failed \\*badly\\*\n\n")
    assert found.first(0).startswith("The template failed \\*badly\\*\n\n3 not shown")


HOSTILE = "**B** [x](http://evil) <b>c</b> <!channel> <@U12345678> _i_ `c` *s* ~x~ |y| &lt; @everyone \\"


def title_of(markup: Markup, title: str) -> str:
    return whole(laid(digest(notice(item(title=title, url=None), reasons=())), markup)).split(markup.gap)[1]


def test_a_title_cannot_be_taken_for_markdown() -> None:
    line = title_of(MARKDOWN, HOSTILE).splitlines()[0]
    inside = line.removeprefix("**").removesuffix("**")
    unescaped = re.sub(r"\\.", "", inside)
    assert not set("*_`[]<>|~&\\") & set(unescaped)
    assert re.sub(r"\\(.)", r"\1", inside).replace("\u200b", "") == HOSTILE


@pytest.mark.parametrize("location", ["# big", "- point", "+ point", "1. one", "23) two", "=====", "> said"])
def test_a_line_cannot_become_a_heading_a_list_or_a_quotation(location: str) -> None:
    told = digest(notice(item(organization=None, location=location)))
    line = next(
        line for line in whole(laid(told, MARKDOWN)).splitlines() if location[-1] in line and "Berlin" not in line
    )
    assert not re.match(r"[-#+=>]|\d+[.)]", line)


def test_a_title_cannot_be_taken_for_html() -> None:
    inside = title_of(HTML, HOSTILE).removeprefix("<p><b>").partition("</b>")[0]
    assert not set("<>") & set(inside)
    assert unescape(inside).replace("\u200b", "") == HOSTILE


@EVERY_FORM
@pytest.mark.parametrize(
    "call",
    [
        "@everyone",
        "@here",
        "@channel",
        "@ALL",
        "@room",
        "@123456789",
        "x@everyone",
        "x@here",
        "@&123456789",
        "@!123456",
    ],
)
def test_nobody_is_called_by_a_title(markup: Markup, call: str) -> None:
    assert call not in title_of(markup, f"hi {call}!").replace("\\", "").replace("&amp;", "&")


@EVERY_FORM
def test_an_address_for_mail_stays_one(markup: Markup) -> None:
    assert "jobs@here.example.org" in title_of(markup, "jobs@here.example.org")


@EVERY_FORM
def test_a_link_cannot_break_out(markup: Markup) -> None:
    url = 'https://e.test/")><script>alert(1)</script>](http://evil)\\'
    text = whole(laid(digest(notice(item(url=url))), markup))
    assert markup is TEXT or "<script>" not in text
    assert markup is not MARKDOWN or ">](http://evil)" not in text


def test_the_summary_is_in_our_own_words() -> None:
    told = digest(notice(item(title=HOSTILE)), changed(), gone(), notice(event=Event.SUSPICIOUS))
    assert summary(outline(told, 50)) == "1 new, 1 changed, 1 suspicious for backend; 1 gone for kitchen"
    assert summary(outline(digest(), 50)) == "1 new for backend"


def template(tmp_path: Path, text: str) -> TextFile:
    return TextFile(path=tmp_path / "chat.txt", text=text)


def test_a_template_of_the_user_is_escaped_and_cut_at_a_line(tmp_path: Path) -> None:
    own = word(THREE, 50, template(tmp_path, "{% for n in notices %}\n* <{{ n.item.title }}>\n{% endfor %}"))
    markdown = pieces(own, MARKDOWN, THREE.id)
    assert "\\* \\<Senior Engineer\\>\n" in whole(markdown)
    text = pieces(own, TEXT, THREE.id)
    assert "* <Senior Engineer>\n" in whole(text)
    cut = text.most(lambda message: len(message) <= 55)
    assert cut.splitlines()[-2:] == ["…", "scan, profile jobs, #ababab"]
    assert "<p>" not in whole(pieces(own, HTML, THREE.id))
    assert "* &lt;Senior Engineer&gt;<br/>\n" in whole(pieces(own, HTML, THREE.id))
