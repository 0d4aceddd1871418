"""The users' RE2 patterns in sources: linear in time, compiled once."""

from functools import lru_cache
from typing import Any


@lru_cache(maxsize=10_000)
def compiled(pattern: str) -> Any:
    """Compile a pattern.

    Raises:
        re2.error: it is none.

    """
    import re2  # only patterns need it

    options = re2.Options()
    options.log_errors = False
    return re2.compile(pattern, options)


def pattern_problem(pattern: str) -> str | None:
    """Say why a text is no pattern; None for one that is."""
    import re2  # as above

    try:
        compiled(pattern)
    except re2.error as error:
        reason = error.args[0] if error.args else error
        return f"not an RE2 pattern: {reason.decode() if isinstance(reason, bytes) else reason}"
    return None
