"""The newest matches as a Markdown page.

- kind: markdown
  to: matches.md
  max_items: 50                        # optional
"""

import re
from collections.abc import Iterator
from typing import Annotated

from scan.declare import Doc
from scan.model import MatchRow
from scan.reports import FileReport, View

_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|])")


class Markdown(FileReport, kind="markdown"):
    """Matches as Markdown."""

    max_items: Annotated[int, Doc("matches, the newest first", within=("1", "1000"))] = 50

    def render(self, view: View) -> Iterator[bytes]:
        """Write a bullet a match."""
        yield f"# Matches of {_plain(view.profile)}\n\n".encode()
        for row in view.known.matches(limit=self.max_items):
            yield f"{_bullet(row, f'{row.at.astimezone(view.zone):%d %b %Y}')}\n".encode()


def _bullet(row: MatchRow, day: str) -> str:
    item = row.item.item
    title = f"[{_plain(item.title)}](<{item.url}>)" if item.url else _plain(item.title)
    return f"- {title}, {_plain(item.organization or item.source)}: {_plain(row.search)}, {day}"


def _plain(text: str) -> str:
    """Take from a text what Markdown would understand."""
    return _MARKUP.sub(r"\\\1", text)
