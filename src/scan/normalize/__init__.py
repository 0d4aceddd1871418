"""What a source wrote -> items: plain text, absolute addresses, UTC times. Pure. docs/items.md says it for users."""

from scan.normalize.fold import fold
from scan.normalize.identity import identify, raw_hash
from scan.normalize.item import normalize

__all__ = ["fold", "identify", "normalize", "raw_hash"]
