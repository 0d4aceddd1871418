"""A secret of its own in every place where one can be configured, and none of them in anything that scan puts out.

The servers repeat whatever they were told, as some do in their errors.
"""

import base64
import html
import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import quote, quote_plus

import pytest

from tests.cli.conftest import Scan, scan, web
from tests.mail import Mailbox
from tests.web import Answer, Asked, Web

__all__ = ["scan", "web"]

pytestmark = pytest.mark.cli

SENT = (
    "url-password", "url-query", "url-placeholder", "header-literal", "header-cookie", "header-env", "header-file",
    "header-credential", "header-default", "body", "list-password", "list-header", "hook-path", "hook-header",
    "ntfy-topic", "ntfy-token", "ntfy-password", "apprise-password", "apprise-query", "ping-path",
)  # fmt: skip
KEPT = (
    "list-sheet",
    "report-sheet",
    "hook-signature",
    "smtp-address",
    "smtp-password",
    "proxy",
    "database",
    "variable",
)
PLACES = SENT + KEPT
SECRETS = {place: f'{place} "<&{number}x+/' for number, place in enumerate(PLACES)}
SPOKEN = {place: re.sub(r"[^a-z0-9]", "Z", secret) for place, secret in SECRETS.items()}
"""For places that take no more than letters."""

PROGRAM = """#!/bin/sh
{ env; cat /proc/$$/cmdline /proc/$PPID/cmdline; ps -ewwo args; } >> seen
cat >> told
echo '{"title": "Engineer of programs"}'
"""


def forms(secret: str) -> Iterator[bytes]:
    """Write a secret in all the ways in which it might be found."""
    raw = secret.encode()
    texts = {secret, json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1], html.escape(secret)}
    texts |= {quote(secret), quote(secret, safe=""), quote_plus(secret), repr(secret)[1:-1], raw.hex()}
    yield from (text.encode() for text in texts)
    for lead in range(3):  # whatever stands before it, as in `Basic` of user and password
        encoded = base64.b64encode(b" " * lead + raw)
        yield encoded[-(-8 * lead // 6) : -4]


def found(where: dict[str, bytes]) -> list[str]:
    """Name each secret with where it was found."""
    return [
        f"{place} in {name}: …{text[max(text.index(form) - 60, 0) : text.index(form) + len(form) + 20]!r}"
        for name, text in where.items()
        for place in PLACES
        for form in {*forms(SECRETS[place]), *forms(SPOKEN[place])}
        if form in text
    ]


def echo(asked: Asked) -> Answer:
    """Fail, and say what one was asked."""
    said = f"{asked.target} {dict(asked.headers)}".encode() + asked.body
    return Answer(status=400, body=said, headers={"Location": asked.target})


def account(key: str) -> str:
    return json.dumps({"type": "service_account", "private_key": key})


def configured(web: Web, mail: str) -> dict[str, Any]:
    """Fill every place; servers, channels and reports fail, but for a source and a channel that are programs."""
    s, w = SECRETS, SPOKEN
    at = web.url("").partition("//")[2]
    hook = {"kind": "webhook", "headers": {"Authorization": s["hook-header"], "X-Key": w["hook-header"]}}
    mailing = {"kind": "email", "to": "me@example.org", "from": "s@example.org"}
    asking = {"kind": "json", "fields": {"title": "title"}}
    return {
        "http": {"retries": 0, "timeout": "10s"},
        "logging": {"level": "debug", "file": "scan.log"},
        "lists": {
            "a.csv": {"url": f"http://user:{quote(s['list-password'], safe='')}@{at}/list.csv",
                      "headers": {"X-Auth-Token": w["list-header"]}},
            "b.csv": {"sheet": "book", "credentials": account(s["list-sheet"])},
        },
        "sources": [
            {"name": "refused", **asking, "url": f"http://user:{quote(s['url-password'], safe='')}@127.0.0.1:9/a"},
            {"name": "basic", **asking, "url": f"http://user:{quote(s['url-password'], safe='')}@{at}/basic"},
            {"name": "query", **asking,
             "url": f"{web.url('/query')}?api_key={quote(s['url-query'], safe='')}&x=${{env:QUERY}}"},
            {"name": "headers", **asking, "url": web.url("/headers"), "headers": {
                "Authorization": f"Bearer {w['header-literal']}", "Cookie": f"session={w['header-cookie']}",
                "X-One": "${env:ONE}", "X-Two": "${file:secret.txt}", "X-Three": "${credential:three}",
                "X-Api-Key": f"${{env:UNSET:-{w['header-default']}}}"}},
            {"name": "body", **asking, "url": web.url("/body"), "method": "POST", "body": {"token": s["body"]}},
            {"name": "listed-{name}", **asking, "url": "http://127.0.0.1:9/{name}", "each": {"from": "a.csv"}},
            {"name": "sheet-{name}", **asking, "url": "http://127.0.0.1:9/{name}", "each": {"from": "b.csv"}},
            {"name": "program", "kind": "command", "run": ["./program"]},
        ],
        "searches": [{"name": "engineers", "any": ["engineer"]}],
        "channels": [
            {"name": "mail", **mailing, "smtp": f"smtp://user:{quote(s['smtp-address'], safe='')}@{mail}?tls=none"},
            {"name": "mail-too", **mailing, "smtp": f"smtp://{mail}?tls=none",
             "user": "u", "password": s["smtp-password"]},
            {"name": "hook", **hook, "url": web.url(f"/hook/{w['hook-path']}"), "secret": s["hook-signature"]},
            {"name": "ntfy", "kind": "ntfy", "url": web.url(f"/{w['ntfy-topic']}"), "token": w["ntfy-token"]},
            {"name": "ntfy-too", "kind": "ntfy", "url": web.url(f"/{w['ntfy-topic']}"),
             "user": "u", "password": s["ntfy-password"]},
            {"name": "apprise", "kind": "apprise",
             "url": f"json://user:{quote(s['apprise-password'], safe='')}@{at}/x?+X-Token={w['apprise-query']}"},
            {"name": "program", "kind": "command", "run": ["./program"]},
        ],
        "alerts": ["program", "hook"],
        "reports": [
            {"kind": "html", "to": "html/"}, {"kind": "csv", "to": "items.csv"}, {"kind": "jsonl", "to": "items.jsonl"},
            {"kind": "feed", "to": "matches.xml", "url": "https://example.org/matches.xml"},
            {"kind": "prometheus", "to": "scan.prom"},
            {"kind": "ping", "url": web.url(f"/ping/{w['ping-path']}")},
            {"kind": "sheets", "sheet": "book", "credentials": account(s["report-sheet"])},
        ],
    }  # fmt: skip


LOOKING = (
    ["status"], ["status", "--json"], ["status", "--check"], ["health"], ["runs", "--json"], ["sources", "--json"],
    ["items", "--json"], ["matches", "--json"], ["explain", "engineer"], ["deliveries", "--json"], ["config", "check"],
    ["config", "show"], ["run", "--dry-run"], ["preview", "--json"], ["report"], ["channels", "test"], ["db", "check"],
    ["--log-format", "text", "run", "--all"], ["failure"],
)  # fmt: skip


@pytest.fixture
def planted(scan: Scan, web: Web) -> Iterator[Scan]:
    for path in ("/basic", "/query", "/headers", "/body", "/list.csv", "/x", f"/hook/{SPOKEN['hook-path']}",
                 f"/{SPOKEN['ntfy-topic']}", f"/ping/{SPOKEN['ping-path']}"):  # fmt: skip
        web.serve(path, echo)
    credentials = scan.folder / "credentials"
    credentials.mkdir()
    (credentials / "three").write_text(SPOKEN["header-credential"] + "\n")
    (scan.folder / "secret.txt").write_text(SPOKEN["header-file"] + "\n")
    program = scan.folder / "program"
    program.write_text(PROGRAM)
    program.chmod(0o700)
    scan.environ = {
        "ONE": SPOKEN["header-env"],
        "QUERY": SPOKEN["url-placeholder"],
        "CREDENTIALS_DIRECTORY": str(credentials),
        "SHEETS_EMULATOR_HOST": web.url("").rstrip("/"),
    }
    with Mailbox(login=("user", "another")) as mailbox:
        scan.configure(json.dumps(configured(web, mailbox.url.partition("//")[2].rpartition("@")[2])))
        yield scan


def left(scan: Scan) -> dict[str, bytes]:
    """Read everything that was written: database, status, log, reports, and what programs saw."""
    ours = {scan.config, scan.folder / "secret.txt", scan.folder / "credentials" / "three"}
    return {str(path): path.read_bytes() for path in scan.folder.rglob("*") if path.is_file() and path not in ours}


def puts_out(scan: Scan, *commands: list[str]) -> dict[str, bytes]:
    """Run commands side by side, and give all that they say and leave."""
    with ThreadPoolExecutor(2) as pool:
        ran = dict(zip(map(" ".join, commands), pool.map(lambda one: scan(*one), commands), strict=True))
    for name, it in ran.items():
        assert "Traceback" not in it.err, (name, it.err)
    said = {f"{name}: {kind}": getattr(it, kind).encode() for name, it in ran.items() for kind in ("out", "err")}
    return {**said, **left(scan)}


def test_no_secret_is_in_anything_that_is_put_out(planted: Scan, web: Web) -> None:
    first = puts_out(planted, ["run", "--all", "--json"])
    assert found(first | puts_out(planted, *LOOKING)) == []
    assert b"SCAN_MESSAGE_ID" in first[str(planted.folder / "seen")], "the program has looked around"
    heard = {str(number): echo(asked).body for number, asked in enumerate(web.requests)}
    assert {line.partition(" in ")[0] for line in found(heard)} == set(SENT), "each was really sent to its server"


def test_nor_are_those_of_the_proxy_and_the_database(scan: Scan) -> None:
    database = f"postgresql+psycopg://scan:{quote(SECRETS['database'], safe='')}@127.0.0.1:9/scan"
    proxied = {
        "http": {"proxy": f"http://user:{quote(SECRETS['proxy'], safe='')}@127.0.0.1:9", "retries": 0},
        "logging": {"level": "debug"},
        "sources": [{"name": "a", "kind": "feed", "url": "http://example.org/feed"}],
    }
    commands = (["run", "--all"], ["config", "show"], ["config", "check"], ["status"], ["db", "check"], ["preview"])
    scan.configure(json.dumps(proxied))
    assert found(puts_out(scan, *commands)) == []
    scan.configure(json.dumps({**proxied, "database": database}))
    assert found(puts_out(scan, *commands)) == []
    scan.environ = {"DATABASE_URL": database.replace(quote(SECRETS["database"], safe=""), SPOKEN["variable"])}
    assert found(puts_out(scan, *commands)) == []


def test_nor_in_what_is_wrong_with_the_config(planted: Scan) -> None:
    text = planted.config.read_text()
    for broken in (
        text.replace('"retries": 0', '"retries": "x"').replace('"kind": "json"', '"kind": "jsn"'),
        text.replace('"mode"', '"mood"').replace('"url"', '"uri"').replace('"secret"', '"secrete"'),
        text.replace('"credentials"', '"credential"').replace('"headers": {', '"headers": [').replace("\n", ""),
        text[: len(text) // 2],
        text.replace("smtp://", "smpt://").replace("json://", "jsn://").replace("http://", "htp://"),
    ):
        assert broken != text
        planted.configure(broken)
        assert planted("config", "check").status == 78
        assert found(puts_out(planted, ["config", "check"])) == []
