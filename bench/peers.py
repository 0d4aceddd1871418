"""A peer that does the same work: rss2email, with every feed in its config and no mail sent."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Self

from bench.generate import Corpus

HEAD = "[DEFAULT]\nto = me@example.org\nfrom = bench@example.org\n"


@dataclass(frozen=True, slots=True)
class Rss2email:
    """rss2email, ready to run: its program, its config and its database."""

    CASES: ClassVar[frozenset[str]] = frozenset(("first", "304", "same body"))

    program: Path
    config: Path
    database: Path

    @classmethod
    def prepare(cls, folder: Path, program: Path, corpus: Corpus, url: str) -> Self:
        """Write its config and an empty database."""
        folder.mkdir(parents=True)
        config, database = folder / "config", folder / "database.json"
        feeds = "".join(f"[feed.f{number}]\nurl = {url}/{name}\n" for number, name in enumerate(corpus.names()))
        config.write_text(HEAD + feeds, encoding="utf-8")
        database.write_text('{"version": 2, "feeds": []}\n', encoding="utf-8")
        return cls(program, config, database)

    @property
    def command(self) -> list[str]:
        """Look at every feed, and send nothing."""
        return [str(self.program), "-c", str(self.config), "-d", str(self.database), "run", "--no-send"]

    def seen(self) -> int:
        """Count the items it knows."""
        feeds = json.loads(self.database.read_bytes())["feeds"]
        return sum(len(feed["seen"]) for feed in feeds)
