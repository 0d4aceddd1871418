"""JMESPath: compiled once, and without surprises. Source: https://jmespath.org/specification.html."""

from functools import lru_cache
from typing import Any, Protocol

EVALUATION = (ValueError, TypeError, ArithmeticError, RecursionError)
"""What a JMESPath may raise for the values it meets; its own errors are ValueErrors."""


class Path(Protocol):
    """A compiled path."""

    def search(self, value: object) -> Any:
        """Give what the path leads to; None for nothing."""


@lru_cache(maxsize=10_000)
def compiled(path: str) -> Path:
    """Compile a path.

    Raises:
        ValueError: it is none.

    """
    import jmespath  # 19 ms that only sources with paths pay

    found: Path = jmespath.compile(path)
    return found


def path_problem(path: str) -> str | None:
    """Say what is wrong with a path."""
    try:
        compiled(path)
    except ValueError as error:
        return f"not a JMESPath: {' '.join(str(error).split())}"
    except RecursionError:
        return "not a JMESPath: nested too deeply"
    return None


def searched(path: Path, value: object) -> Any:
    """Give what a path leads to; None where it cannot be followed."""
    try:
        return path.search(value)
    except EVALUATION:
        return None
