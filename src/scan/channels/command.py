"""Messages as JSON on the standard input of a program of yours.

    - name: log
      kind: command
      run: [/usr/local/bin/on-match, --quiet]
      timeout: 60s

The program is started without a shell, with the JSON below on standard input and this environment: `PATH`, `HOME`,
`LANG` and `TZ` as `scan` has them, `SCAN_CHANNEL` (the channel's name) and `SCAN_MESSAGE_ID` (the message's identity,
the same at every try).

Exit status 0 is acceptance. A program that cannot be started, 126 and 127 say that the channel is wrong: messages wait
until it is mended. Any other status is tried again later, 75 (`EX_TEMPFAIL`) included. A program that runs too long is
killed with all it started; whether it told anybody is in doubt, so it is started again with the same identity. What it
prints is not kept, except for the last line on standard error, which becomes the error.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Annotated

from scan.channels.as_json import as_json
from scan.channels.base import Channel
from scan.declare import Doc, Problem
from scan.model import Digest


class Command(Channel, kind="command"):
    """Messages as JSON on a program's standard input."""

    forms = frozenset()

    run: Annotated[tuple[str, ...], Doc("the program and its arguments", example="[/usr/local/bin/on-match]")]
    timeout: Annotated[timedelta, Doc("it is killed after this time", within=("1s", "1h"))] = timedelta(seconds=60)
    max_items: Annotated[int, Doc("items in one message; the rest is counted", within=("1", None))] = 1000

    def compose(self, digest: Digest, recipient: str) -> bytes:  # noqa: ARG002 - there is but one
        """Render the JSON of `scan.channels.as_json`."""
        return as_json(digest, self.max_items)

    def problems(self) -> Iterable[Problem]:
        """Find a command that names no program."""
        yield from super().problems()
        if not self.run or not self.run[0]:
            yield Problem(("run",), "no program; write it like [/usr/local/bin/on-match]")
        elif any("\0" in word for word in self.run):
            yield Problem(("run",), "no argument can hold a NUL character")
