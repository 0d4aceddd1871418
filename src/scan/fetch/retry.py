"""When to try again. Pure."""

RETRIED = frozenset({429, 502, 503, 504})
"""Statuses that may be over in a moment."""

PAUSING = frozenset({429, 503})
"""Statuses whose Retry-After speaks for the whole host."""

LONGEST_WAIT = 10.0
"""Seconds that are waited at most before another try; who asks for more is left alone in this run."""

_FIRST_WAIT = 0.5


def backoff(attempt: int, random: float) -> float:
    """Give the seconds to wait after try number `attempt`, counted from 0; `random` is in [0, 1).

    Full jitter, so that a herd that failed together does not come back together.
    Source: aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter.
    """
    return random * min(LONGEST_WAIT, _FIRST_WAIT * (1 << attempt))
