"""Foreign text made fit to be told: one line, no control characters, nothing that turns the writing direction round.

Items are normalized before they are stored. What goes out is cleaned once more, as a forged header costs more than a
second look.
"""

import unicodedata
from urllib.parse import urlsplit

_JOINERS = "\u200c\u200d"
"""Invisible, yet part of how Persian is written and emoji are put together."""


def one_line(text: str, limit: int = 300) -> str:
    """Fold a text into one line of at most `limit` characters, an ellipsis included."""
    text = text[: 4 * limit]
    visible = text if text.isprintable() else "".join(map(_visible, text))  # most are: a tenth of the time
    folded = " ".join(visible.split())
    return folded if len(folded) <= limit else folded[: limit - 1].rstrip() + "…"


def _visible(character: str) -> str:
    match unicodedata.category(character):
        case "Cc" | "Zl" | "Zp":
            return " "
        case "Cf":
            return character if character in _JOINERS else ""
        case "Cs":
            return "\N{REPLACEMENT CHARACTER}"
        case _:
            return character


def web_link(url: str | None) -> str | None:
    """Pass an http or https address on, and nothing else: no `javascript:`, no spaces, no control characters."""
    if not url or len(url) > 2000 or one_line(url, 2000) != url or " " in url:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in {"http", "https"} and parts.netloc else None
