"""What a program of yours prints: one JSON object a line, each an item.

    - name: printers
      kind: command
      run: [/usr/local/bin/list-printers, --site, Berlin]
      timeout: 2m
      env: {API_TOKEN: "${credential:printers}"}
      fields: {key: serial, title: model}    # only where the lines have other names; JMESPath, as with kind json

The program is started without a shell, in the config's folder, with nothing on standard input and this environment:
`PATH`, `HOME`, `LANG` and `TZ` as `scan` has them, and what `env:` says. A line such as

    {"key": "p-7", "title": "LaserJet 4", "url": "https://example.org/p-7", "attributes": {"pages": 12000}}

has `title`, `url` or both, and may have `key`, `organization`, `location` (a text or a list), `text`, `published_at`,
`updated_at` and `attributes`; anything else it holds becomes an attribute too. Empty lines are passed by; a line that
is no JSON object is left out and warned of.

Exit status 0 means that this is all there is: nothing printed is an empty list, and what is missing is gone. Any other
status fails the source, whatever was printed; so does a program that cannot be started, prints more than
`http.max_body`, or takes longer than `timeout`, after which it is killed with all it started, as when `scan` is
stopped. The last line on its standard error becomes the error. `url:` reads such lines from an address or a file
instead.

Source: JSON lines as https://jsonlines.org has them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import field
from datetime import timedelta
from typing import Annotated, Any

import msgspec

from scan.declare import Doc, Problem
from scan.errors import ParseError
from scan.model import RawItem, Rejected
from scan.page import Page, Program, Request
from scan.sources.base import Batch, Source
from scan.sources.fields import TARGETS, unknown_targets, zone_problem
from scan.sources.rows import load, shortened
from scan.sources.taking import Take, each_taken, item_in, long

_ACCEPT = "application/jsonl, application/x-ndjson, text/plain;q=0.9, */*;q=0.5"
_AS_NAMED = {target: target for target in TARGETS}

Row = dict[str, Any]


class Command(Source, kind="command", item_kind="item", complete=True):
    """The lines that a program prints."""

    run: Annotated[tuple[str, ...], Doc("the program and its arguments", example="[/usr/local/bin/list-it]")] = field()
    timeout: Annotated[timedelta, Doc("it is killed after this time", within=("1s", "1h"))] = timedelta(minutes=1)
    env: Annotated[Mapping[str, str] | None, Doc("of its environment, what scan doesn't give it")] = None
    fields: Annotated[
        Mapping[str, str | Take] | None, Doc("JMESPath within a line, by field; default: named as an item's fields")
    ] = None
    zone: Annotated[str | None, Doc("the IANA zone of times without one", example="America/Chicago")] = None

    def problems(self) -> Iterable[Problem]:
        """Find a command that names no program, and fields that no item has."""
        if not self.run or not self.run[0]:
            yield Problem(("run",), "no program; write it like [/usr/local/bin/list-it]")
        elif any("\0" in word for word in self.run):
            yield Problem(("run",), "no argument can hold a NUL character")
        for name, value in (self.env or {}).items():
            if not name or "=" in name or "\0" in name + value:
                yield Problem(("env", name), "no name and value that an environment can hold")
        yield from unknown_targets(self.fields or {})
        for target, take in (self.fields or {}).items():
            yield from long(take).problems(target)
        if self.zone and (message := zone_problem(self.zone)):
            yield Problem(("zone",), message)

    def start(self) -> Request:
        """Ask the program."""
        if self.url:
            return Request(url=self.url, accept=_ACCEPT)
        program = Program(argv=self.run, seconds=self.timeout.total_seconds(), environ=self.env or {})
        return Request(url=f"command:{self.run[0]}", accept=_ACCEPT, program=program)

    def parse(self, page: Page) -> Batch:
        """Read the lines."""
        rows, odd = _rows(page)
        items, rejected = each_taken(rows, self._item)
        return Batch(items=items, rejected=(*odd, *rejected))

    def _item(self, row: Row) -> RawItem:
        if self.fields is not None:
            return item_in(row, self.fields, self.zone)
        given = row.get("attributes") or {}
        if not isinstance(given, dict):
            raise TypeError("attributes is no object")
        others = {name: value for name, value in row.items() if name not in TARGETS and name != "attributes"}
        return msgspec.structs.replace(item_in(row, _AS_NAMED, self.zone), attributes=others | given)


def _rows(page: Page) -> tuple[list[Row], tuple[Rejected, ...]]:
    """Read all lines.

    Raises:
        ParseError: there are some, and not one is a JSON object.

    """
    rows: list[Row] = []
    odd: list[Rejected] = []
    for line in filter(bytes.strip, page.body.split(b"\n")):
        try:
            row = load(msgspec.structs.replace(page, body=line))
        except ParseError:
            row = None
        if isinstance(row, dict):
            rows.append(row)
        else:
            odd.append(
                Rejected(reason="a line that is no JSON object", example=shortened(line.decode("utf-8", "replace")))
            )
    if odd and not rows:
        raise ParseError(page.url, "JSON objects, one a line", page.body[:400])
    return rows, tuple(odd)
