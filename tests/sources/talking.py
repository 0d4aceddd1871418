"""A whole conversation with a server that is a function."""

from collections.abc import Callable

from scan.errors import FetchError
from scan.page import Page, Request
from scan.sources import Collected, Source, walk

PATIENCE = 500


def collect(source: Source, serve: Callable[[Request], Page | FetchError]) -> tuple[Collected, list[Request]]:
    """Lead a source's conversation to its end; give what came of it, and what was asked."""
    conversation = walk(source, headers={})
    asked = [next(conversation)]
    while len(asked) < PATIENCE:
        try:
            asked.append(conversation.send(serve(asked[-1])))
        except StopIteration as end:
            result: Collected = end.value
            return result, asked
    raise AssertionError("it never ends")
