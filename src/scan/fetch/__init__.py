"""Fetching: requests in, pages out, within limits. The only room that knows libcurl.

What is named here is loaded when first used: every command reads `scan.fetch.settings`, few of them fetch.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scan.fetch.fetcher import Fetcher
    from scan.fetch.programs import Surroundings
    from scan.fetch.talk import Conversation

__all__ = ["Conversation", "Fetcher", "Surroundings"]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from scan.fetch import fetcher  # only here does it cost libcurl's start-up

    return getattr(fetcher, name)
