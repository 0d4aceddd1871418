"""How many requests at once the process may have the file descriptors for."""

import resource

KEPT_FREE = 40
"""For the database, logs, reports, mail, programs, and modules that are imported while requests run."""

EACH = 6
"""A request's socket, a second one that is tried meanwhile over IPv6, the resolver's two, and two connections kept."""


def affordable(concurrency: int) -> int:
    """Tell how many requests at once are possible, as many as asked for if they are; one always is.

    The process's limit is raised for them as far as it may be.
    """
    limit, highest = resource.getrlimit(resource.RLIMIT_NOFILE)
    if limit == resource.RLIM_INFINITY:
        return concurrency
    needed = KEPT_FREE + EACH * concurrency
    if limit < needed:
        limit = needed if highest == resource.RLIM_INFINITY else max(limit, min(needed, highest))
        resource.setrlimit(resource.RLIMIT_NOFILE, (limit, highest))
    return max(1, min(concurrency, (limit - KEPT_FREE) // EACH))
