"""Templates: what they say, what they are refused, and that none stops the machine or a message."""

import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scan.channels import KINDS
from scan.channels.base import Channel
from scan.channels.command import Command
from scan.channels.sandbox import OUTPUT_LIMIT, Malformed
from scan.channels.stdout import Stdout
from scan.channels.template import __doc__ as manual
from scan.channels.template import is_html, render
from scan.channels.webhook import Webhook
from scan.declare import SecretText, TextFile
from scan.model import Digest, Notice
from tests.channels.samples import ME, changed, digest, email, gone, item, notice
from tests.channels.test_email import HEADERS, parsed, part
from tests.channels.test_kinds import made as example


def template(text: str, name: str = "mail.txt.j2") -> TextFile:
    return TextFile(Path("/etc/scan") / name, text)


def body(text: str, *notices: Notice, name: str = "mail.txt.j2") -> str:
    return render(template(text, name), digest(*notices), 50).body


def problems(text: str, name: str = "mail.txt.j2") -> list[str]:
    return [problem.message for problem in email(template=template(text, name)).problems()]


# --- what it says


def test_the_manuals_template_is_right_and_says_what_it_should() -> None:
    assert manual is not None
    example = "\n".join(line[4:] for line in manual.split("\n") if line.startswith("    ") or not line)
    text = example[example.index("Subject:") : example.index("{{ 'and '")]
    assert problems(text) == []
    made = render(template(text), digest(notice(), gone()), 50)
    assert made.subject == "2 for jobs"
    assert made.body == (
        "backend\n* Senior Engineer at Acme\n  20 Nov 2026 https://jobs.acme.test/1\n"
        "kitchen\n* Cook at Acme\n  20 Nov 2026 \n"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{{ profile }} {{ notices|length }} {{ more }} {{ backlog }}", "jobs 2 0 no"),
        ("{{ notices[0].item.title|upper }}", "SENIOR ENGINEER"),
        ("{{ notices[0].item.title[:6] }}", "Senior"),
        ("{{ notices[0].item.organization ~ ', ' ~ notices[0].item.location }}", "Acme, Berlin"),
        ("{{ notices[0].item.attributes.salary_min + 1 }}", "90001"),
        ("{{ notices[0].item.attributes.missing|default('none') }}", "none"),
        ("{{ notices[0].item.attributes.missing.deeper is defined }}", "no"),
        ("{{ notices[0].sources|join(' and ') }}", "acme and remoteok"),
        ("{{ notices[0].why[0] }}", "“python” in title"),
        ("{{ notices[0].facts|last }}", "from acme, remoteok"),
        (
            "{% for c in notices[1].changes %}{{ c.field }}: {{ c.old }} > {{ c.new }}; {% endfor %}",
            "location: Bonn > Berlin; organization:  > Acme; ",
        ),
        ("{% for n in notices if n.event == 'changed' %}{{ loop.index }} {{ n.note }}{% endfor %}", "1 changed"),
        ("{{ created_at }}", "21 Nov 2026 06:00"),
        ("{{ created_at|day }} {{ created_at|date('%H.%M') }}", "21 Nov 2026 06.00"),
        ("{{ notices|map(attribute='item.title')|join('; ') }}", "Senior Engineer; Data Engineer"),
        ("{{ 'a' if notices|selectattr('event', 'equalto', 'new')|list else 'b' }}", "a"),
        ("{{ 2.345|round(1) }} {{ 7 // 2 }} {{ 7 % 2 }} {{ (-3)|abs }}", "2.3 3 1 3"),
        ("{% set who = 'you' %}{% raw %}{{ {% endraw %}{{ who }}", "{{ you"),
    ],
)
def test_a_template_says(text: str, said: str) -> None:
    assert body(text, notice(), changed()) == f"{said}\n"


def test_dates_are_the_readers() -> None:
    told = digest(notice(item(published_at=datetime(2026, 11, 20, 3, tzinfo=UTC))), zone="America/Chicago")
    made = render(template("{{ notices[0].item.published_at }}|{{ created_at|date('%d.%m. %H:%M') }}"), told, 50)
    assert made.body == "19 Nov 2026 21:00|21.11. 00:00\n"


def test_nothing_is_shown_as_nothing() -> None:
    bare = notice(item(organization=None, published_at=None, url=None))
    text = "<{{ notices[0].item.organization }}{{ notices[0].item.published_at|day }}{{ notices[0].link }}>"
    assert body(text, bare) == "<>\n"


def test_no_more_than_max_items_is_told_and_the_rest_counted() -> None:
    made = render(template("{{ notices|length }} and {{ more }} more"), digest(*[notice()] * 5), 2)
    assert made.body == "2 and 3 more\n"


@pytest.mark.parametrize(
    ("name", "html"), [("a.html", True), ("a.html.j2", True), ("a.HTM", True), ("a.txt", False), ("html.j2", False)]
)
def test_its_name_says_what_it_makes(name: str, html: bool) -> None:
    assert is_html(template("", name)) is html


# --- where it goes


def test_a_text_template_makes_the_text_and_leaves_the_html() -> None:
    payload = email(template=template("Subject: Für {{ profile }}\n\nOwn: {{ notices[0].item.title }}\n")).compose(
        digest(notice()), ME
    )
    assert parsed(payload)["Subject"] == "Für jobs"
    assert part(payload, "plain").replace("\r\n", "\n") == "Own: Senior Engineer\n"
    assert "<!doctype html>" in part(payload, "html")


def test_an_html_template_makes_the_html_and_what_is_put_in_is_escaped() -> None:
    text = "Subject: {{ notices[0].item.title }}\n<p>{{ notices[0].item.title }}</p>{{ '<' ~ profile }}"
    hostile = notice(item(title="<script>&amp;"))
    payload = email(template=template(text, "mail.html")).compose(digest(hostile), ME)
    assert "<p>&lt;script&gt;&amp;amp;</p>&lt;jobs" in part(payload, "html")
    assert "<script>" not in part(payload, "html")
    assert parsed(payload)["Subject"] == "<script>&amp;"
    assert "* <script>&amp;" in part(payload, "plain")


def test_the_terminal_shows_the_text() -> None:
    screen = Stdout(name="screen", template=template("Subject: Hello\n{{ profile }}"))
    assert screen.compose(digest(), "screen") == b"Hello\n\njobs\n"


def test_what_an_item_says_in_the_first_line_is_no_subject() -> None:
    made = render(template("{{ notices[0].item.title }}\nx"), digest(notice(item(title="Subject: Free money"))), 50)
    assert (made.subject, made.body) == (None, "Subject: Free money\nx\n")


def test_an_empty_subject_is_scans_own() -> None:
    made = render(template("Subject: {{ notices[0].note }}\nx"), digest(notice()), 50)
    assert (made.subject, made.body) == (None, "x\n")


@pytest.mark.parametrize(
    "channel",
    [
        Webhook(name="hook", url=SecretText("https://example.org/hook"), template=template("x")),
        Command(name="log", run=("true",), template=template("x")),
        Stdout(name="screen", template=template("x", "mail.html")),
    ],
)
def test_a_kind_refuses_a_template_it_has_no_use_for(channel: Channel) -> None:
    assert [problem.path for problem in channel.problems()] == [("template",)]


@pytest.mark.parametrize("kind", [kind for kind, declared in KINDS.items() if "text" in declared.forms])
def test_every_kind_that_tells_people_tells_by_the_template(kind: str) -> None:
    channel = replace(example(kind), template=template("own words"))
    assert list(channel.problems()) == []
    assert b"own words" in channel.compose(digest(notice()), channel.recipients()[0])
    assert [p.path for p in replace(example(kind), template=template("{{")).problems()] == [("template",)]


# --- what it is refused, and where


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("\n{{ mesage }}", "mail.txt.j2, line 2: 'mesage' is undefined; there are backlog, "),
        ("\n\n{% if %}", "mail.txt.j2, line 3: Expected an expression"),
        ("{% for n in notices %}", "mail.txt.j2, line 1: Unexpected end of template"),
        ("x\n{{ notices[0].item.salary }}", "mail.txt.j2, line 2: 'dict object' has no attribute 'salary'; where not"),
        ("x\n{{ notices[1].search }}", "mail.txt.j2, line 2: list object has no element 1"),
        ("{{ profile|safe }}", "mail.txt.j2, line 1: No filter named 'safe'"),
        ("{{ notices }}", "mail.txt.j2, line 1: a list cannot be shown; join it, or loop over it"),
        ("{{ notices[0].item }}", "mail.txt.j2, line 1: a list cannot be shown"),
        ("{{ 1 / 0 }}", "mail.txt.j2, line 1: division by zero"),
        ("  \n", "mail.txt.j2: it makes an empty message"),
        ("{{ '\\ud800' }}", "mail.txt.j2: 'utf-8' codec can't encode"),
        ("{% include '/etc/passwd' %}", "mail.txt.j2, line 1: no other file can be included"),
        ("{% extends 'x' %}", "mail.txt.j2, line 1: no other file can be extended"),
        ("{% from 'x' import y %}", "mail.txt.j2, line 1: no other file can be imported"),
        ("{% import 'x' as y %}", "mail.txt.j2, line 1: no other file can be imported"),
        ("{% macro x() %}{% endmacro %}", "mail.txt.j2, line 1: macro is not for messages"),
        ("{% block x %}{% endblock %}", "mail.txt.j2, line 1: block is not for messages"),
        ("{% set x %}y{% endset %}", "mail.txt.j2, line 1: assignblock is not for messages"),
        ("{% autoescape false %}{% endautoescape %}", "mail.txt.j2: escaping cannot be switched"),
        ("{% for n in notices recursive %}x{% endfor %}", "mail.txt.j2, line 1: no recursive loops"),
    ],
)
def test_a_bad_template_is_a_problem_with_its_own_line(text: str, said: str) -> None:
    (problem,) = problems(text)
    assert problem.startswith(said)
    assert "\n" not in problem


@pytest.mark.parametrize(
    "text",
    [
        "{{ profile.__class__ }}",
        "{{ profile['__class__'] }}",
        "{{ profile|attr('__class__') }}",
        "{{ notices[0].item.keys() }}",
        "{{ notices|map(attribute='__class__')|join }}",
        "{{ created_at.tzinfo }}",
        "{{ range(3) }}",
        "{{ lipsum(n=10) }}",
        "{{ namespace() }}",
        "{{ self }}",
        "{% for n in notices %}{{ loop.cycle }}{% endfor %}",
        "{% for g in notices|groupby('search') %}{{ g.__class__ }}{% endfor %}",
        "{% set x = notices %}{{ [x, x] }}",
    ],
)
def test_nothing_leads_into_python(text: str) -> None:
    assert problems(text)


ROUNDS = "{% for a in 'abcdefghijklmnopqrstuvwxyz' %}"
GROWING = "{% set a = 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' %}" + "{% set a = a ~ a %}" * 60 + "{{ a }}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{{ 'a' * 10**10 }}", "no powers here"),
        ("{{ 'a' * 10000000000 }}", "* is for numbers"),
        ("{{ [1] * 10000000000 }}", "* is for numbers"),
        ("{{ '%9999999999d' % 1 }}", "% is for numbers"),
        ("{{ '%9999999999d'|format(1) }}", "No filter named 'format'"),
        ("{{ 'a'|center(9999999999) }}", "No filter named 'center'"),
        ("{{ 'a'.ljust(9999999999) }}", "nothing can be called here"),
        ("{{ 1.5|round(999999999) }}{{ 1.5|round(999999999, 'ceil') }}", "rounding is for up to 15 digits"),
        ("{{ 9|round(-999999999) }}", "rounding is for up to 15 digits"),
        ("{{ 999999999 * 999999999 * 999999999 }}", "* is for numbers"),
        ("{{ " + "9" * 5000 + " }}", "too deep, or with too large a number"),
        ("{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}", "too deep, or with too large a number"),
        ("{{ " + "not " * 5000 + "1 }}", "too deep, or with too large a number"),
        ("{{ profile" + ".a" * 5000 + " }}", "too deep, or with too large a number"),
        (ROUNDS * 30 + "x" + "{% endfor %}" * 30, "too deep, or with too large a number"),
        (ROUNDS * 8 + "{% endfor %}" * 8, "the loops go on too long"),
        (ROUNDS * 2 + "x" * 1000 + "{% endfor %}" * 2, "the message grows too long"),
        (ROUNDS * 4 + "{% if a|upper == 'b' ~ a %}x{% endif %}" * 20 + "{% endfor %}" * 4, "the loops go on too long"),
        (GROWING, "a text grows too long"),
        ("{{ ('" + "a" * 5000 + "')|replace('a', 'bbb') }}", "a text grows too long"),
        ("{{ 'a'|replace('', '" + "b" * 9000 + "') }}", "a text grows too long"),
        ("{{ notices|map(attribute='search')|join('" + "b" * 9000 + "') }}", "a text grows too long"),
    ],
)
def test_a_template_that_would_stop_the_machine_ends_at_once(text: str, said: str) -> None:
    begun = time.monotonic()
    with pytest.raises(Malformed, match=r".") as caught:
        render(template(text), digest(notice(), changed(), gone()), 50)
    assert said in str(caught.value)
    assert time.monotonic() - begun < 20


def test_the_longest_message_is_made() -> None:
    thousand = "x" * 1000
    made = body("{% for a in '" + "b" * (OUTPUT_LIMIT // 1000 - 1) + "' %}" + thousand + "{% endfor %}")
    assert len(made) == OUTPUT_LIMIT - 999


def test_a_thousand_items_are_told_in_every_detail() -> None:
    text = (
        "{% for search, found in notices|groupby('search') %}{% for n in found %}{{ n.item.title }}"
        "{% for r in n.reasons %}{{ r.term }}{% endfor %}{% for s in n.sources %}{{ s|upper ~ ',' }}{% endfor %}"
        "{{ n.item.organization or '' }} {{ n.link }}\n{% endfor %}{% endfor %}"
    )
    made = render(template(text), digest(*[notice()] * 1000), 1000)
    assert made.body.count("Senior Engineer") == 1000


# --- a failure costs no message


@pytest.mark.parametrize("name", ["mail.txt.j2", "mail.html"])
def test_where_a_template_fails_scans_own_form_goes_out_and_says_so(name: str) -> None:
    channel = email(template=template("{{ notices[0].item.attributes.salary_min + 1 }}", name))
    payload = channel.compose(digest(notice(item(attributes={"salary_min": "a lot"})), changed()), ME)
    for form in ("plain", "html"):
        assert "The template failed, so this is scan's own form: " + name in part(payload, form).replace("&#x27;", "'")
        assert "Senior Engineer" in part(payload, form)
    assert parsed(payload)["Subject"] == "1 new, 1 changed for backend: Senior Engineer at Acme, …"
    assert channel.compose(digest(notice(item(attributes={"salary_min": "a lot"})), changed()), ME) == payload


hostile = st.one_of(
    st.text(st.characters(codec=None), max_size=40),
    st.sampled_from(["=?utf-8?q?a=0d=0aBcc:x?=", "a\r\nBcc: x", "</a><script>", "\u202e", "\x1b]0;x\x07", "{{ 1/0 }}"]),
)
BOTH = (
    "Subject: {{ notices[0].item.title }} {{ notices[0].search }}\n"
    "{% for n in notices %}<i>{{ n.item.title }}</i>{% endfor %}"
)


@given(hostile, hostile, st.sampled_from(["mail.txt", "mail.html"]))
def test_no_text_forges_a_header_or_markup_through_a_template(one: str, two: str, name: str) -> None:
    told = notice(item(title=one, organization=two, attributes={two: [one, {one: two}]}), search=two, sources=(one,))
    payload = email(template=template(BOTH, name)).compose(digest(told, notice()), ME)
    assert parsed(payload).keys() == HEADERS
    assert "Senior Engineer" in part(payload, "plain")
    if name == "mail.html":
        assert part(payload, "html").count("<") == 4
    shown = part(payload, "plain").replace("\n", "").replace("\r", "")
    assert not [char for char in shown if ord(char) < 32 or 0x7F <= ord(char) < 0xA0 or char in "\u2028\u202e"]


def test_the_same_digest_is_the_same_to_the_byte() -> None:
    channel = email(template=template(BOTH))
    told: Digest = digest(notice(), changed())
    assert channel.compose(told, ME) == channel.compose(told, ME)


def test_jinja2_is_imported_only_where_a_template_is_configured() -> None:
    script = "import sys, scan.config, scan.channels, scan.deliver; sys.exit('jinja2' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
