"""The users' regular expressions, by RE2: in time linear in the text, whatever the pattern."""

from collections.abc import Iterable, Sequence
from typing import Any

MARK = "re:"
"""What stands before a pattern, to tell it from a word."""

_MEMORY = 32 << 20
"""Bytes that all patterns together may use. It is taken only as it is needed."""

_LONGEST = 1_000


class Patterns:
    """Many patterns, found in one pass.

    Each is looked for in the text as it is, not folded; capitals don't matter unless it says `(?-i)`.
    """

    def __init__(self, patterns: Sequence[str]) -> None:
        self._compiled = tuple(compile_pattern(pattern) for pattern in patterns)
        self._set = _compile_set(patterns) if len(patterns) > 1 else None

    def find(self, text: str) -> Iterable[int]:
        """Tell which patterns are found, by their index."""
        if self._set is not None:
            found = self._set.Match(text)
            if len(self._compiled) in found:
                return [index for index in found if index < len(self._compiled)]
        return [index for index, pattern in enumerate(self._compiled) if pattern.search(text)]

    def locate(self, index: int, text: str) -> tuple[int, int]:
        """Find where a pattern's first hit, that `find` told of, begins and ends."""
        start, end = self._compiled[index].search(text).span()
        return start, end


def compile_pattern(pattern: str) -> Any:
    """Compile one pattern.

    Raises:
        ValueError: what is wrong with it; what would be right.

    """
    import re2  # only searches with patterns pay for it

    if not pattern:
        raise ValueError("the pattern is empty; write one after re:")
    if len(pattern) > _LONGEST:
        raise ValueError(f"the pattern has {len(pattern)} characters; at most {_LONGEST} are allowed")
    try:
        return re2.compile(pattern, _options(re2))
    except re2.error as error:
        reason = error.args[0].decode()
        if "invalid perl operator" in reason:
            reason += " (RE2 has no look-around)"
        raise ValueError(f"is not an RE2 pattern: {reason}") from error


def _options(re2: Any) -> Any:
    options = re2.Options()
    options.log_errors = False  # it would write to standard error
    options.case_sensitive = False
    options.max_mem = _MEMORY
    return options


def _compile_set(patterns: Sequence[str]) -> Any:
    """Combine patterns, or give None if they are too large for that.

    The last of the set is found everywhere: an answer without it is RE2 giving up for want of memory, which its
    Python face doesn't tell.
    """
    import re2

    combined = re2.Set.SearchSet(_options(re2))
    for pattern in (*patterns, ""):
        combined.Add(pattern)
    try:
        combined.Compile()
    except re2.error:
        return None
    return combined
