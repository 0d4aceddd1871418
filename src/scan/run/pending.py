"""Results that are taken in and not written yet: several sources' share a transaction, and one wait for the disk."""

from collections.abc import Collection
from datetime import datetime

from scan.store.database import Store
from scan.store.records import Absorbed, ChangedItem, NewItem

ROWS_AT_ONCE = 500
"""Items that are written together. What a kill loses of them, the next run finds again."""

RESULTS_AT_ONCE = 1000
"""Results, of which most bring no item: there is nothing in them to lose."""


class Pending:
    """Gathers results and writes them, all or none of those gathered."""

    def __init__(self, store: Store, *, run_id: str, now: datetime) -> None:
        self._store, self._run_id, self._now = store, run_id, now
        self._results: list[Absorbed] = []
        self._rows = 0
        self._postings: set[tuple[str, bytes]] = set()

    def add(self, result: Absorbed) -> None:
        """Gather the one result of a source in this run; write all if it is enough."""
        self._results.append(result)
        self._rows += len(result.new) + len(result.changed) + len(result.left) + len(result.recoded)
        rows: tuple[NewItem | ChangedItem, ...] = (*result.new, *result.changed)
        self._postings.update(
            (match.match.search, row.item.fingerprint)
            for row in rows
            if row.item.fingerprint is not None
            for match in row.matches
        )
        matched_and_left = any(row.matches for row in result.left)  # whose postings only the store knows
        if self._rows >= ROWS_AT_ONCE or len(self._results) >= RESULTS_AT_ONCE or matched_and_left:
            self.flush()

    def flush(self) -> None:
        """Write what is gathered."""
        if self._results:
            self._store.absorb(self._run_id, self._now, *self._results)
        self._results, self._rows = [], 0
        self._postings.clear()

    def postings_told(
        self, searches: Collection[str], fingerprints: Collection[bytes], *, not_source: str
    ) -> set[tuple[str, bytes]]:
        """Find postings that another source's item matched before, written or not: (search, fingerprint).

        Args:
            searches: by name.
            fingerprints: of the postings.
            not_source: which has no result among those gathered yet.

        """
        asked = {(search, fingerprint) for search in searches for fingerprint in fingerprints}
        return self._store.fingerprints_told(searches, fingerprints, not_source=not_source) | (asked & self._postings)
