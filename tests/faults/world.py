"""The world that a scenario plays in: two boards, a mail server, a web server that takes messages, a program.

What each of them is told is kept, with the database's own word, at that moment, on whether it might be.
"""

import json
import re
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Self

from tests.cli.boards import board, job
from tests.faults.starter import Starter
from tests.mail import Mailbox, Received
from tests.web import Answer, Asked, Web

ANN, BOB = "ann@example.org", "bob@example.org"
RECIPIENTS = {("mail", ANN), ("mail", BOB), ("hook", "hook"), ("log", "log")}
SECRET = "whsec_Zm9vYmFyYmF6cXV4"

Board = list[dict[str, Any]]


def _acme(*, phase: str) -> Board:
    """List what the first board shows."""
    later = phase in {"changed", "back"}
    jobs = [
        job(1, "Engineer Clara" if later else "Cook Clara"),  # edited into matching
        job(2, "Engineer Emil"),
        job(3, "Designer Dora", location={"name": "Rome" if later else "Berlin"}),  # a change that a search waits for
        job(5, "Engineer Gustav", content="edited again" if later else "as it was"),  # told already
    ]
    if phase != "changed":
        jobs.append(job(4, "Engineer Frieda"))  # vanishes, and comes back
    if phase != "without":
        jobs.append(job(6, "Engineer Ivan"))  # has vanished, and comes back
    return [*jobs, job(7, "Engineer Anna"), job(8, "Cook Hugo")] if later else jobs


def _mirror(*, phase: str) -> Board:
    """List what the second board shows; one posting is on both."""
    later = [job(92, "Engineer Bruno"), job(93, "Engineer Anna (m/w/d)", company_name="Acme GmbH")]
    return [job(91, "Cook Karl"), *(later if phase in {"changed", "back"} else ())]


PHASES: dict[str, tuple[Board, Board]] = {
    **{phase: (_acme(phase=phase), _mirror(phase=phase)) for phase in ("start", "without", "changed", "back")},
    "first": (_acme(phase="start"), [job(91, "Cook Karl"), job(94, "Engineer Lena"), job(95, "Engineer Marc")]),
}
CHANGES = frozenset({"Engineer Clara", "Designer Dora", "Engineer Anna", "Engineer Bruno"})
"""What the phase `changed` brings that somebody is to be told of."""

FIRST = frozenset({"Engineer Lena", "Engineer Marc"})
"""What the phase `first` brings on a first run: the other board's first run is a baseline."""

TITLES = frozenset(
    one["title"].removesuffix(" (m/w/d)") for boards in PHASES.values() for jobs in boards for one in jobs
)

CONFIG = """
every: 15m
http: {{retries: 0, timeout: {patience}, per_host: 1}}
sources:
  - {{name: acme, kind: greenhouse, board: acme, url: "{web}/acme", first_run: {first_run}}}
  - {{name: mirror, kind: greenhouse, board: mirror, url: "{web}/mirror"}}
searches:
  - {{name: engineers, any: [engineer]}}
  - {{name: designers, any: [designer], on: [changed]}}
channels:
  - {{name: mail, kind: email, to: [{ann}, {bob}], from: scan@example.org, smtp: "{smtp}", timeout: {patience}}}
  - {{name: hook, kind: webhook, url: "{web}/hook", mode: each, secret: {secret}}}
  - {{name: log, kind: command, run: ["{program}"]}}
"""

PROGRAM = """#!/bin/sh
cat > "{told}/.$$" && mv "{told}/.$$" "{told}/$SCAN_MESSAGE_ID.$$"
"""


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """One message that a receiver took.

    Attributes:
        key: its identity: Message-ID, Idempotency-Key, SCAN_MESSAGE_ID.
        told: the titles in it.

    """

    channel: str
    recipient: str
    key: str
    body: bytes
    told: frozenset[str]


Hook = Callable[[Asked], tuple[Answer, bool]]


class World:
    """Everything outside `scan`. One scenario at a time plays in it.

    Attributes:
        phase: what the boards show now; see `PHASES`.
        unarmed: what began to arrive without the database's saying that it might.
        hook: what the web server does with a message: an answer, and whether it took it.

    """

    def __init__(self) -> None:
        self.phase = "start"
        self.web = Web()
        self.mailbox = Mailbox(heard=self._hear)
        self.hook: Hook = takes
        self.unarmed: list[str] = []
        self.database = Path("/nowhere")
        self._hooked: list[Receipt] = []
        self._earlier: list[Received] = []

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            self.folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=fast_disk())))
            self.told = self.folder / "told"
            self.told.mkdir()
            self.program = self.folder / "program"
            self.program.write_text(PROGRAM.format(told=self.told))
            self.program.chmod(0o755)
            self._stack_of_mail = stack.enter_context(ExitStack())
            self._stack_of_mail.enter_context(self.mailbox)
            stack.enter_context(self.web)
            self.starter = stack.enter_context(Starter())
            for number, name in enumerate(("/acme", "/mirror")):
                self.web.serve(name, partial(self._board, number))
            self.web.serve("/hook", self._take)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def open_mailbox(self, **manners: Any) -> None:
        """Put another mail server in the place of the one there is."""
        self.close_mailbox()
        self.mailbox = Mailbox(port=self.mailbox.port, heard=self._hear, **manners)
        self._stack_of_mail.enter_context(self.mailbox)

    def close_mailbox(self) -> None:
        """Let nobody answer where the mail server is."""
        self._stack_of_mail.close()
        self._earlier += self.mailbox.messages
        self.mailbox.messages.clear()

    def begin(self, database: Path) -> None:
        """Forget what was told: another scenario begins, with its own database."""
        self.database = database
        self._earlier.clear()
        self.mailbox.messages.clear()
        self._hooked.clear()
        self.unarmed.clear()
        for path in self.told.iterdir():
            path.unlink()

    def config(self, *, first_run: str = "digest", patience: str = "2s") -> str:
        return CONFIG.format(
            web=self.web.url("").rstrip("/"),
            smtp=self.mailbox.url,
            program=self.program,
            ann=ANN,
            bob=BOB,
            secret=SECRET,
            first_run=first_run,
            patience=patience,
        )

    def receipts(self) -> list[Receipt]:
        """Gather what the receivers took since the scenario began."""
        mails = [self._mail(one) for one in [*self._earlier, *self.mailbox.messages]]
        logged = [_as_json("log", path.name.partition(".")[0], path.read_bytes()) for path in self.told.glob("[!.]*")]
        return [*mails, *self._hooked, *logged]

    def _mail(self, received: Received) -> Receipt:
        (recipient,) = received.recipients
        part = received.message.get_body(("plain",))
        assert part is not None
        key = received.message["Message-ID"].strip("<>").partition("@")[0]
        told = _titles_in(part.get_content())
        return Receipt(channel="mail", recipient=recipient, key=key, body=received.raw, told=told)

    def _board(self, number: int, _: Asked) -> Answer:
        body = board(PHASES[self.phase][number])
        etag = f'"{hash(body):x}"'
        return Answer(body=body, etag=etag, headers={"Content-Type": "application/json"})

    def _take(self, asked: Asked) -> Answer:
        receipt = _as_json("hook", asked.headers["idempotency-key"], asked.body)
        self._demand_armed("hook", receipt.key)
        answer, taken = self.hook(asked)
        if taken:
            self._hooked.append(receipt)
        return answer

    def _hear(self, command: str) -> None:
        """Look, as a message begins to arrive, whether the database allows for it."""
        if command == "DATA":
            self._demand_armed("mail", "%")

    def _demand_armed(self, channel: str, key: str) -> None:
        query = "SELECT count(*) FROM batch WHERE state = 'armed' AND channel = ? AND message_id LIKE ?"
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as connection:
            (armed,) = connection.execute(query, (channel, key)).fetchone()
        if not armed:
            self.unarmed.append(f"{channel} {key}")


def takes(_: Asked) -> tuple[Answer, bool]:
    """Take a message, as a web server that is well does."""
    return Answer(status=204), True


def _as_json(channel: str, key: str, body: bytes) -> Receipt:
    told = frozenset(notice["item"]["title"].removesuffix(" (m/w/d)") for notice in json.loads(body)["notices"])
    return Receipt(channel=channel, recipient=channel, key=key, body=body, told=told)


def _titles_in(text: str) -> frozenset[str]:
    return frozenset(title for title in TITLES if re.search(rf"\b{title}\b", text))


def fast_disk() -> str | None:
    """Find memory to lie files in: SIGKILL takes nothing from the disk, so that syncing would only take time."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else None
