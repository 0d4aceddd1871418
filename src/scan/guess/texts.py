"""Texts side by side."""

from collections.abc import Collection


def shared_start(texts: Collection[str]) -> str:
    """Give what all texts begin with."""
    first, last = min(texts, default=""), max(texts, default="")
    different = (at for at, (one, other) in enumerate(zip(first, last, strict=False)) if one != other)
    return first[: next(different, min(len(first), len(last)))]
