"""One run of the installed command against a web that means harm: every source for itself, the rest as ever."""

import csv
import gzip
import json
import resource
from collections.abc import Callable
from itertools import repeat
from typing import Any, NamedTuple

import pytest

from tests.abuse.limits import limited_run
from tests.cli.conftest import Scan, scan, web
from tests.web import Answer, Web

__all__ = ["scan", "web"]

pytestmark = pytest.mark.cli

MAX_BODY = 2_000_000
MEMORY = 400_000_000
"""Bytes of memory that a run may have: what an honest web takes, and less than a bomb does."""

LONGEST_TITLE = 301

JSON = {"Content-Type": "application/json"}
XML = {"Content-Type": "application/xml"}
HTML = {"Content-Type": "text/html"}
TITLES = [
    "Half \ud800 an engineer",
    "Engineer \x00 of nothing",
    "Engineer\r\nBcc: everybody@example.org",
    "Engineer \x1b]52;c;ZXZpbA==\x07\x1b[2J",
    "Engineer \u202egnihton\u2028\x85 <script>alert(1)</script>",
    '=HYPERLINK("http://evil.example.org","Engineer")',
    "Engineer " + "x" * 100_000,
]


class Abuse(NamedTuple):
    """What a server does, by which kind it is read, and what the run says of it: nothing where it is read."""

    answer: Answer | Callable[[Web], Answer]
    kind: str = "json"
    error: str = ""


def feed(inside: str, doctype: str = "") -> Answer:
    return Answer(body=f"<?xml version='1.0'?>{doctype}<rss><channel>{inside}</channel></rss>".encode(), headers=XML)


def redirect(where: str) -> Callable[[Web], Answer]:
    return lambda web: Answer(status=302, headers={"Location": where.format(port=web.port)})


def bomb(encoding: str = "gzip", times: int = 1) -> Answer:
    body = b"[" + b" " * 20 * MAX_BODY
    for _ in range(times):
        body = gzip.compress(body, 1)
    return Answer(body=body, headers={**JSON, "Content-Encoding": encoding})


def prying(web: Web) -> Answer:
    declared = f'<!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY y SYSTEM "{web.url("/secret")}">'
    return feed("<item><title>Reader &x;&y;</title></item>", f"<!DOCTYPE r [{declared}]>")


def laughs() -> Answer:
    more = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(9))
    return feed("<item><title>&a9;</title></item>", f'<!DOCTYPE r [<!ENTITY a0 "ha">{more}]>')


def listed(*items: object, charset: str = "utf-8") -> Answer:
    """A list as JSON: control characters and lone surrogates are escaped, as far as JSON knows them."""
    return Answer(body=json.dumps(items).encode(), headers={"Content-Type": f"application/json; charset={charset}"})


ABUSES = {
    "endless": Abuse(Answer(stream=repeat(b"x" * 65536)), error="larger than 2000000 bytes"),
    "bomb": Abuse(bomb(), error="larger than 2000000 bytes"),
    "bomb-in-bomb": Abuse(bomb("gzip, gzip", 2), error="Content-Encoding 'gzip, gzip'"),
    "other-encoding": Abuse(Answer(body=b"\x8b", headers={"Content-Encoding": "br"}), error="Content-Encoding 'br'"),
    "loop": Abuse(redirect("/loop"), error="more than 5 redirects"),
    "to-a-file": Abuse(redirect("file:///etc/passwd"), error="redirected to a file"),
    "to-gopher": Abuse(redirect("gopher://127.0.0.1:{port}/secret"), error="no http: or https: address"),
    "to-a-decimal-host": Abuse(redirect("http://2130706433:{port}/secret"), error="a private network"),
    "to-a-hexadecimal-host": Abuse(redirect("http://0x7f.1:{port}/secret"), error="a private network"),
    "to-a-mapped-host": Abuse(redirect("http://[::ffff:127.0.0.1]:{port}/secret"), error="a private network"),
    "headers": Abuse(Answer(headers=[("X-More", "y" * 1000)] * 2000), error="headers are too large"),
    "short": Abuse(Answer(body=b"[]", cut=True, headers=JSON), error="the body ends early"),
    "deep-json": Abuse(Answer(body=b"[" * 500_000, headers=JSON), error="JSON nested less deeply"),
    "deep-html": Abuse(Answer(body=b"<div>" * 300_000, headers=HTML), "html", "HTML nested at most 512 deep"),
    "attributes": Abuse(Answer(body=b"<p " + b"a " * 300_000, headers=HTML), "html", "at most 512 attributes a tag"),
    "options": Abuse(Answer(body=b"<select>" + b"<option>" * 200_000, headers=HTML), "html", "at most 20000 options"),
    "deep-feed": Abuse(feed("<a>" * 300_000), "feed", "a feed nested at most 512 deep"),
    "laughs": Abuse(laughs(), "feed"),
    "entities": Abuse(prying, "feed"),
    "array": Abuse(Answer(body=b"[" + b"{}," * 250_000 + b"{}]", headers=JSON), error="more than 200000 items"),
    "numbers": Abuse(Answer(body=b'[{"title": "A", "n": 1e999, "id": NaN, "m": %s}]' % (b"9" * 5000), headers=JSON)),
    "charset": Abuse(listed({"title": "Engineer \\u0041"}, charset="unicode_escape")),
    "titles": Abuse(listed(*({"title": title} for title in TITLES))),
    "odd-rows": Abuse(listed({"title": ["Half \ud800\x00 an engineer"]}), error="none of 1 rows can be read"),
    "nowhere": Abuse(feed("<item><title>Engineer of nowhere</title><link>//[</link></item>"), "feed"),
    "good": Abuse(listed({"title": "Good engineer"})),
}
FIELDS: dict[str, dict[str, Any]] = {
    "json": {"fields": {"title": "title"}},
    "html": {"items": "p", "fields": {"title": "p"}},
    "feed": {"follow": {"html": {"text": "p"}}},
}


@pytest.fixture
def hostile(scan: Scan, web: Web) -> Scan:
    for name, abuse in ABUSES.items():
        web.serve(f"/{name}", abuse.answer if isinstance(abuse.answer, Answer) else abuse.answer(web))
    web.serve("/secret", Answer(body=b'[{"title": "Secret engineer"}]', headers=JSON))
    config = {
        "http": {"retries": 0, "timeout": "20s", "max_body": f"{MAX_BODY}B"},
        "sources": [
            {"name": name, "kind": abuse.kind, "url": web.url(f"/{name}"), **FIELDS[abuse.kind]}
            for name, abuse in ABUSES.items()
        ],
        "searches": [{"name": "engineers", "any": ["engineer"]}],
        "channels": [{"name": "log", "kind": "command", "run": ["/bin/sh", "-c", "cat >> told; echo >> told"]}],
        "reports": [{"kind": "csv", "to": "items.csv"}],
    }
    scan.configure(json.dumps(config))
    return scan


def bounded(scan: Scan) -> Any:
    """Run where no more memory can be had than an honest web takes."""
    ran = limited_run(scan, resource.RLIMIT_DATA, MEMORY)
    assert ran.out, ran.err
    assert "Traceback" not in ran.err
    return json.loads(ran.out)


def test_each_abuse_costs_its_own_source_and_nothing_else(hostile: Scan, web: Web) -> None:
    ran = bounded(hostile)
    errors = {source["source"]: source["error"] or "" for source in ran["by_source"]}
    for name, abuse in ABUSES.items():
        assert abuse.error in errors[name], name
        assert bool(errors[name]) == bool(abuse.error), (name, errors[name])
    assert web.asked("/secret") == []
    assert len(web.asked("/loop")) == 1 + 5

    told = json.loads((hostile.folder / "told").read_text())
    titles = [notice["item"]["title"] for notice in told["notices"]]
    assert len(titles) == len(TITLES) + 3
    assert "Good engineer" in titles
    assert "Engineer \\u0041" in titles, "no trick of a codec is played"
    table = (hostile.folder / "items.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(table.splitlines()))
    assert "root:" not in str(rows)
    for title in (*titles, *(row["title"] for row in rows)):
        assert title.isprintable(), ascii(title)
        assert len(title) <= LONGEST_TITLE
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values() if cell)

    again = bounded(hostile)
    assert again["deliveries"] == {"sent": 0, "failed": 0, "pending": 0}
    assert again["items"]["new"] == 0
