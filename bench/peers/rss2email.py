"""rss2email: reads feeds with feedparser and remembers the ids of their items. Here it sends no mail."""

import json
from typing import ClassVar

from bench.peers.peer import Peer

HEAD = "[DEFAULT]\nto = me@example.org\nfrom = bench@example.org\n"


class Rss2email(Peer):
    """https://github.com/rss2email/rss2email."""

    name: ClassVar = "rss2email"
    requirements: ClassVar = "rss2email.txt"

    def prepare(self) -> None:
        """Write its config and an empty database."""
        feeds = "".join(f"[feed.f{number}]\nurl = {url}\n" for number, url in enumerate(self.task.urls))
        self.path("config").write_text(HEAD + feeds, encoding="utf-8")
        self.path("database.json").write_text('{"version": 2, "feeds": []}\n', encoding="utf-8")

    def command(self, case: str) -> list[str]:
        """Look at every feed, and send nothing."""
        del case
        files = ("-c", str(self.path("config")), "-d", str(self.path("database.json")))
        return [self.program("r2e"), *files, "run", "--no-send"]

    def found(self, case: str, said: bytes) -> tuple[int, int]:
        """Count the items it knows."""
        del said
        feeds = json.loads(self.path("database.json").read_bytes())["feeds"]
        return sum(len(feed["seen"]) for feed in feeds), self.items(case)
