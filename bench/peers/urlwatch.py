"""urlwatch: keeps each page and says how it differs from what it was; it knows of no items."""

import re
from typing import ClassVar

from bench.cases import FIRST, NEW
from bench.peers.peer import Peer

CONFIG = """\
display: {new: true, error: true, unchanged: false}
report:
  text: {details: true, footer: true, minimal: false, line_length: 75}
  stdout: {enabled: true, color: false}
"""
SAID = re.compile(rb"\b(NEW|CHANGED|ERROR): (f\d+)\b")


class Urlwatch(Peer):
    """https://thp.io/2008/urlwatch/."""

    name: ClassVar = "urlwatch"
    requirements: ClassVar = "urlwatch.txt"
    database: ClassVar = "--cache"
    jobs: ClassVar = "--urls"
    config: ClassVar = CONFIG

    def prepare(self) -> None:
        """Write its config and its jobs."""
        self.path("config.yaml").write_text(self.config, encoding="utf-8")
        jobs = "---\n".join(f"name: f{number}\nurl: {url}\n" for number, url in enumerate(self.task.urls))
        self.path("jobs.yaml").write_text(jobs, encoding="utf-8")

    def command(self, case: str) -> list[str]:
        """Look at every page, and print what is new or changed."""
        del case
        files = {"--config": "config.yaml", self.jobs: "jobs.yaml", self.database: "pages.db", "--hooks": "none.py"}
        options = [part for option, name in files.items() for part in (option, str(self.path(name)))]
        return [self.program(self.name), *options]

    def found(self, case: str, said: bytes) -> tuple[int, int]:
        """Count the pages it told of."""
        verb, expected = b"CHANGED", self.task.corpus.changed[NEW] if case == NEW else 0
        if case == FIRST:
            verb, expected = b"NEW", len(self.task.urls)
        told = set(SAID.findall(said))
        return len({page for what, page in told if what in {verb, b"ERROR"}}), expected
