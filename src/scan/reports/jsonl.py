"""The items that are listed now as JSON Lines, whole, for programs.

    - kind: jsonl
      to: items.jsonl

One JSON object a line, in the order of the config's sources, the oldest first; each as `scan items --json` shows it:
every field of docs/items.md, with `id`, `first_seen_at`, `last_seen_at`, `changed_at`, `gone_at` and `revision`. UTF-8.
"""

from collections.abc import Iterator

import msgspec

from scan.flat import item
from scan.reports.base import FileReport
from scan.reports.view import View


class Jsonl(FileReport, kind="jsonl"):
    """Items as JSON Lines."""

    def render(self, view: View) -> Iterator[bytes]:
        """Write an object an item."""
        encode = msgspec.json.Encoder().encode
        for stored in view.items():
            yield encode(item(stored)) + b"\n"
