"""What users write, or somebody does for them: the config and its texts; and state files that another wrote."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click

from fuzz.properties import is_harmless
from fuzz.surface import first_line, surface, text_of, word_of
from scan.at_work import AtWork
from scan.channels.mailbox import parse_mailbox
from scan.channels.relay import parse_relay
from scan.channels.sandbox import OUTPUT_LIMIT, Malformed
from scan.channels.template import render
from scan.cli.moments import Moment, instant
from scan.config.document import Refused, compose
from scan.config.drafts import as_entry
from scan.config.insertion import inserted
from scan.config.loading import parse
from scan.config.scalars import boolean, guessed, hours, integer, number, zone
from scan.config.secret_texts import in_address, is_secret_name
from scan.config.show import as_yaml, shown
from scan.config.units import duration, duration_text, size, size_text
from scan.declare import Address, TextFile
from scan.errors import ConfigError
from scan.lists.copies import Copies
from scan.lists.origin import Origin
from scan.lock import holder
from scan.match.patterns import compile_pattern
from scan.match.where import Where
from scan.match.where import check as check_where
from scan.sources.paths import path_problem
from scan.sources.patterns import pattern_problem
from scan.sources.picks import compiles
from scan.status import file as status
from tests.channels.samples import digest, notice

_CONFIG = """
sources:
  - {name: news, kind: feed, url: "https://example.org/feed.xml", every: 15m, tags: [a]}
  - name: acme
    kind: greenhouse
    board: acme
    headers: {X-API-Key: "${env:KEY}"}
searches: [{name: all, any: [python, "re:e+"], where: "title != ''"}]
channels: [{name: me, kind: command, run: [cat]}]
"""


@surface(
    _CONFIG,
    "sources:\n  - &a {name: x, kind: json, url: 'https://e.org', fields: {title: t}}\n  - *a\n",
    "http: {timeout: 5, proxy: NO}\nlogging: {level: debug}\n",
    "a: !!python/object:os.system x\n",
    "{" * 70,
    "? [a]\n: b\n",
    "a: \x01\n",
    "sources: [{name: x, kind: , kind: json}]",
    "sources: [{name: x, kind: json, url: 'https://e.org', fields: {title: a:\u06dd}}]",
    "sources: [{name: ä, kind: html, url: x, items: '((', fields: {}}]",
)
def configs(data: bytes) -> None:
    """The config: it is one, or a list of problems, each a line with its place that shows no secret."""
    text = word_of(data)
    environ = {"KEY": "hunter2hunter2"}
    try:
        config = parse(Path("/nowhere/scan.yaml"), text, 0o600, environ=environ)
    except ConfigError as error:
        assert error.problems
        for line in error.problems:
            assert line.isprintable(), ascii(line)
            assert "hunter2hunter2" not in line
        return
    written = as_yaml(shown(config))
    assert "hunter2hunter2" not in written
    assert compose(written) is not None


@surface(
    "sources:\n  - name: a\n    kind: feed\n    url: https://e.org/\n",
    "a: b\n",
    "sources: []",
    "\n a: b",
    "# x\n",
    "sources: &a\n- {}\nb: *a",
    "sources: &a []\nb: *a",
)
def insertions(data: bytes) -> None:
    """A new entry put into a config's text: everything that was there is there, in its order."""
    text = word_of(data)
    try:
        longer = inserted(text, {"name": "new", "kind": "feed", "url": "https://example.org/"})
    except Refused as error:
        assert error.message.isprintable()
        return
    characters = iter(longer)
    assert all(char in characters for char in text if not char.isspace() and char not in "[]"), "an empty [] may go"
    with suppress(Refused):  # a file is replaced only by one that loads
        assert compose(longer) is not None


_NOT_READ = (ValueError,)


def _tried(read: Callable[[str], Any], text: str) -> Any:
    try:
        return read(text)
    except _NOT_READ:
        return None


@surface(
    "1h30m",
    "PT15M",
    "500KB",
    "64MiB",
    "22:00-07:00",
    "Europe/Berlin",
    "0600",
    "1e3",
    "2026-11-23T08:00+25:00",
    "999999999d",
)
def scalars(data: bytes) -> None:
    """Durations, sizes, numbers, times of the day, zones, and times on the command line."""
    text = text_of(data)
    span = _tried(duration, text)
    assert span is None or duration(duration_text(span)) == span
    many = _tried(size, text)
    assert many is None or size(size_text(many)) == many
    for read in (boolean, integer, number, hours, guessed):
        _tried(read, text)
    if len(text) < 100:
        _tried(zone, text)
    try:
        moment = Moment().convert(text, None, None)
        instant(moment, None)
    except click.UsageError as error:
        assert error.message
    except ValueError as error:  # a half character cannot be given on a command line
        assert not text.isascii(), error


@surface(
    "smtps://u:p@mail.example.org",
    "Jobs <me@example.org>",
    "smtp+starttls://[::1]:25?tls=none",
    "https://u:p@e.org/?token=x",
)
def mail_addresses(data: bytes) -> None:
    """Addresses of people and of mail servers; and which part of an address is secret."""
    text = word_of(data)
    box = _tried(parse_mailbox, text)
    if box is not None:
        assert box.address.isprintable()
        assert "\n" not in f"{box.name}{box.address}"
        assert parse_mailbox(box.address).address == box.address
    relay = _tried(parse_relay, text)
    assert relay is None or (relay.host and 0 < relay.port < 65_536)
    assert all(secret in text or secret for secret in in_address(text))
    is_secret_name(text)


@surface(
    "{{ profile }}",
    "{% for n in notices %}{{ n.item.title }}\n{% endfor %}",
    "Subject: {{ subject|upper }}\n\n{{ more }}",
    "Subject: \u05cc",
    "{{ 9**9 }}{% raw %}",
)
def templates(data: bytes) -> None:
    """Templates: a message of bounded length, or what is wrong with the template."""
    text = word_of(data)
    for name in ("mail.txt.j2", "mail.html"):
        try:
            made = render(TextFile(Path(name), text), digest(notice(), notice()), 10)
        except Malformed as error:
            assert str(error)
            continue
        assert len(made.body) <= OUTPUT_LIMIT + 1
        assert made.subject is None or is_harmless(made.subject)


@surface("e+", "(a+)+$", "\\bpython\\b", "(?i)x{1000}", "[[:alpha:]]\\p{Greek}", "(?=x)")
def patterns(data: bytes) -> None:
    """Patterns: RE2's, or refused in words."""
    text = word_of(data)
    try:
        compiled = compile_pattern(text)
    except ValueError as error:
        assert str(error)
    else:
        compiled.search("a" * 1000 + "Senior Python Engineer")
    pattern_problem(text)


@surface(
    "title.contains('x') && attributes.salary > 3",
    "published_at > now - duration('24h')",
    "[1,2].all(x, x > 0)",
    "text.matches('e+')",
)
def conditions(data: bytes) -> None:
    """Conditions in CEL: evaluated, or refused in words."""
    text = word_of(data)
    try:
        check_where(text)
    except ValueError as error:
        assert str(error)
        return
    Where(text)


@surface("tr:has(a) > td.x", "a[href$='.pdf']", ":is(", "data.items[?a > `1`].{b: c}", "max_by(@, &a)", "(" * 5_000)
def selectors(data: bytes) -> None:
    """CSS and JMESPath: taken, or refused in words."""
    text = word_of(data)
    compiles(text)
    problem = path_problem(text)
    assert problem is None or "\n" not in problem


@surface(
    '{"version": 3, "sources": [["source"], ["a"]], "runs": [[]]}',
    '{"version": 3}',
    "01900000-0000-7000\nacme\n",
    '{"origin": "x"}',
    "12 2026-11-23T08:00:00",
    "12 2026-11-23\x1b",
)
def state(data: bytes) -> None:
    """Files in the state folder that hold something else: as good as none."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        origin = Origin(url=Address("https://example.org/list.csv"))
        for part in ("status", "lock", "l.table.json", "l.sync.json", "note"):
            (folder / part).write_bytes(data)
        known = status.read(folder / "status")
        assert known is None or isinstance(known, dict)
        assert holder(folder / "lock").isprintable()
        assert Copies(folder, as_synced=True).get("l", origin).table is None
        with AtWork(folder / "note", "run") as work:
            assert work.left is None or work.left.source


@surface("name\nvalue: with # and\n\u2028 breaks", "x\n${env:HOME}", "a\n@`%&*!|>'\"")
def entries(data: bytes) -> None:
    """An entry written in YAML is read back as what it was, and brings in nothing."""
    first, rest = first_line(data)
    name, value = (part.decode("utf-8", "replace") for part in (first, rest))
    node = compose(as_entry({"name": name, "value": value}))
    assert node is not None
    (mapping,) = node.value
    (_, (_, read)) = mapping.value
    assert read.value == value
