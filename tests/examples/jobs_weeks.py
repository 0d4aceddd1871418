"""Three weeks of the example profile `jobs`: a recorded board as it was every few days, and made-up ones beside it."""

import json
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from tests.cli.conftest import Ran
from tests.examples.simulated import EXAMPLES, Example, by_source, installed
from tests.mail import Mailbox
from tests.timeline import TIMELINE
from tests.web import Answer, Web

RECORDINGS = sorted((TIMELINE / "celonis").glob("*.json"))[:8]
DAYS = [datetime.strptime(path.stem, "%Y-%m-%dT%H%M").replace(tzinfo=UTC) for path in RECORDINGS]
TERN_FAILS, MIRRORED, NO_MAIL = 3, 4, 5
"""The steps at which a board is out of order, another board has the same posting, and no mail server answers."""

STEPS = range(len(RECORDINGS))
TOO_EARLY, AGAIN = -3, -2
"""After them: five minutes later, and when the interval is over. In the run after those no board answers."""

PASSWORD, TOKEN = "hunter2-of-the-mail-server", "token-of-the-square"
SMTP = "smtps://scan:${credential:smtp}@mail.example.org"


def wanted(title: str) -> bool:
    """Tell whether the profile's search wants a job, from what its config says."""
    words = set(re.findall(r"\w+", title.lower()))
    return bool(words & {"engineer", "developer"}) and not words & {"intern", "lead", "associate"}


@cache
def jobs(step: int) -> dict[str, dict[str, Any]]:
    """Give the jobs of a recording by their address."""
    return {job["absolute_url"]: job for job in json.loads(RECORDINGS[step].read_bytes())["jobs"]}


def square(*more: dict[str, Any]) -> Answer:
    answer = json.loads((EXAMPLES / "jobs/data/square.json").read_bytes())
    answer["data"]["jobs"] += more
    return Answer(body=json.dumps(answer).encode())


def mirrored() -> dict[str, Any]:
    """Give a job that the board has had from the beginning, as another site shows it."""
    job = next(job for job in jobs(0).values() if wanted(job["title"]) and job["absolute_url"] in jobs(MIRRORED))
    place, company = job["location"]["name"], {"name": job["company_name"]}
    return {
        "id": "sq-900",
        "position": job["title"],
        "link": "https://square.example.org/jobs/sq-900",
        "place": place,
    } | {
        "company": company,
        "summary": "",
        "date": "2026-07-06",
    }


@dataclass
class Weeks:
    """What happened.

    Attributes:
        ran: a run for each recording, then the last one again, then one in which nothing answers.
        sources: what `scan sources` said after the run in which a board failed, and before and after it.
        mails: the texts that were sent in each run.

    """

    profile: Example
    web: Web
    ran: list[Ran] = field(default_factory=list)
    sources: dict[int, dict[str, Any]] = field(default_factory=dict)
    mails: list[list[str]] = field(default_factory=list)

    def run(self, moment: datetime, mailbox: Mailbox | None) -> None:
        """Run at a time."""
        then, before = self.profile.at(moment), len(mailbox.messages) if mailbox else 0
        self.ran.append(then("--log-level", "debug", "run"))
        if abs((step := len(self.ran) - 1) - TERN_FAILS) <= 1:
            self.sources[step] = {row["source"]: row for row in then("sources", "--json").json["sources"]}
        sent = mailbox.messages[before:] if mailbox else ()
        bodies = [received.message.get_body(("plain",)) for received in sent]
        self.mails.append([str(body.get_content()) for body in bodies if body is not None])

    def result(self, step: int) -> Any:
        """Give a run's whole result."""
        return self.ran[step].log[-1]

    def row(self, step: int, source: str) -> Any:
        """Give what a run says of a source."""
        return by_source(self.result(step))[source]

    def known(self, what: str, *options: str) -> list[Any]:
        """List all items or matches."""
        return list(self.profile(what, *options, "--limit", "2000", "--json").json[what])


@contextmanager
def lived(folder: Path) -> Iterator[Weeks]:
    """Run the profile over the weeks; its boards are there until the `with` block ends."""
    with ExitStack() as stack:
        web = stack.enter_context(Web())
        first = stack.enter_context(ExitStack())
        mailbox = first.enter_context(Mailbox(login=("scan", PASSWORD)))
        weeks = Weeks(set_up(folder, web, mailbox.port), web)
        tern = Answer(body=(EXAMPLES / "jobs/data/tern.json").read_bytes())
        for step, (moment, recording) in enumerate(zip(DAYS, RECORDINGS, strict=True)):
            web.serve("/data/acme.json", Answer(body=recording.read_bytes(), gzip=True))
            web.serve("/data/tern.json", Answer(status=503) if step == TERN_FAILS else tern)
            web.serve("/data/square.json", square(mirrored()) if step >= MIRRORED else square())
            if step == NO_MAIL:
                first.close()
                weeks.run(moment, None)
                mailbox = stack.enter_context(Mailbox(port=mailbox.port, login=("scan", PASSWORD)))
            else:
                weeks.run(moment, mailbox)
        weeks.run(DAYS[-1] + timedelta(minutes=5), mailbox)
        weeks.run(DAYS[-1] + timedelta(minutes=15), mailbox)
        for name in ("acme", "papermoon", "tern", "square"):
            web.serve(f"/data/{name}.json", Answer(status=500))
        weeks.run(DAYS[-1] + timedelta(minutes=30), mailbox)
        yield weeks


def set_up(folder: Path, web: Web, port: int) -> Example:
    profile = installed(
        "jobs", folder, web, {SMTP: SMTP.replace("smtps", "smtp").replace("mail.example.org", f"127.0.0.1:{port}")}
    )
    profile.credential("smtp", PASSWORD)
    profile.credential("square", TOKEN)
    profile.configure(f"{profile.config.read_text()}http: {{retries: 0}}\n")
    return profile
