"""feed2exec: reads feeds with feedparser, and has a plugin that does nothing look at each item that is new."""

import sqlite3
from contextlib import closing
from typing import ClassVar

from bench.peers.peer import Peer


class Feed2exec(Peer):
    """https://gitlab.com/anarcat/feed2exec."""

    name: ClassVar = "feed2exec"
    requirements: ClassVar = "feed2exec.txt"

    def prepare(self) -> None:
        """Write its config."""
        feeds = "".join(
            f"[f{number}]\nurl = {url}\noutput = feed2exec.plugins.null\n\n"
            for number, url in enumerate(self.task.urls)
        )
        self.path("feeds.ini").write_text(feeds, encoding="utf-8")

    def command(self, case: str) -> list[str]:
        """Fetch every feed."""
        del case
        files = ("--config", str(self.path("feeds.ini")), "--database", str(self.path("feeds.db")))
        return [self.program("feed2exec"), "-q", *files, "fetch"]

    def found(self, case: str, said: bytes) -> tuple[int, int]:
        """Count the items it knows."""
        del said
        with closing(sqlite3.connect(self.path("feeds.db"))) as database:
            (known,) = database.execute("select count(*) from feedcache").fetchone()
        return known, self.items(case)
