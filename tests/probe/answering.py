"""A fetcher that answers from what was recorded, and nothing else."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

from scan.errors import FetchError
from scan.fetch import Conversation
from scan.page import Page, Request

K = TypeVar("K")
T = TypeVar("T")


class Answers:
    """Gives pages by their address; any other address is not found.

    Attributes:
        asked: every request, oldest first.

    """

    def __init__(self, pages: Mapping[str, Page | bytes | Path]) -> None:
        self._pages = pages
        self.asked: list[Request] = []

    def drive(self, conversations: Iterable[tuple[K, Conversation[T]]]) -> Iterator[tuple[K, T]]:
        """Hold conversations as `Fetcher.drive` does, one after another."""
        for key, conversation in conversations:
            try:
                request = next(conversation)
                while True:
                    self.asked.append(request)
                    request = conversation.send(self.answer(request))
            except StopIteration as ended:
                yield key, ended.value

    def answer(self, request: Request) -> Page | FetchError:
        """Give what one request gets."""
        found = self._pages.get(request.url)
        if isinstance(found, Path):
            found = found.read_bytes()
        if isinstance(found, bytes):
            return Page(url=request.url, body=found, received=len(found))
        return found if found is not None else Page(url=request.url, status=404)
