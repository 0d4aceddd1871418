"""What a database has in the end, read with nothing but SQLite."""

import re
import sqlite3
from collections import defaultdict
from contextlib import closing
from pathlib import Path

from tests.soak.ledger import Message, Stored

POSTING = re.compile(r"\b[PX]\d{6}\b")
"""What the titles of the soak's items have in them."""

_MATCHED = "SELECT title FROM item JOIN match ON match.item_id = item.id WHERE NOT duplicate"
_SENT = """
SELECT message_id, batch.recipient, title FROM batch JOIN delivery ON batch_id = batch.id
LEFT JOIN match ON match.id = match_id LEFT JOIN item ON item.id = match.item_id WHERE batch.state = 'sent'
"""


def read(database: Path) -> Stored:
    """Read all that the ledger knows of, too."""
    with closing(sqlite3.connect(database)) as connection:
        found = [text for (text,) in connection.execute("PRAGMA integrity_check") if text != "ok"]
        found += [f"orphan: {row}" for row in connection.execute("PRAGMA foreign_key_check")]
        items = connection.execute("SELECT source.name, key FROM item JOIN source ON source.id = source_id")
        sent: dict[tuple[str, str], list[str]] = defaultdict(list)
        for identity, recipient, title in connection.execute(_SENT):
            sent[identity, recipient] += postings_in(title or "")
        states = connection.execute("SELECT state, count(*) FROM delivery WHERE state <> 'sent' GROUP BY state")
        return Stored(
            items=frozenset(items),
            matched=frozenset(name for (title,) in connection.execute(_MATCHED) for name in postings_in(title)),
            sent={
                identity: Message(recipient=recipient, postings=tuple(sorted(postings)))
                for (identity, recipient), postings in sent.items()
            },
            unsent=dict(states.fetchall()),
            damage=tuple(found),
        )


def postings_in(text: str) -> tuple[str, ...]:
    """Find the postings that a text names, in order, each as often as it does."""
    return tuple(sorted(POSTING.findall(text)))
