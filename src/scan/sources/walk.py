"""One source's conversation, from its first request to what came of it. A pure generator: it is sent answers."""

from collections import deque
from collections.abc import Generator, Mapping, Sequence
from hashlib import blake2b
from urllib.parse import urlsplit

import msgspec

from scan.errors import FetchError, OutOfMemory, SourceError
from scan.model import RawItem, Rejected
from scan.page import Page, Request, Validators
from scan.sources.base import Source
from scan.sources.collected import Collected
from scan.sources.detailing import Details, Effort, Wanted, ask
from scan.sources.document import absolute
from scan.sources.merging import merge
from scan.sources.statuses import demand_success

MAX_PAGES = 1000
MAX_ITEMS = 200_000

CAP = 10_000
"""Rows that many servers give at most, page by page, whatever there is (Elasticsearch's `max_result_window`)."""

_NO_VALIDATORS = Validators()


def walk(
    source: Source,
    *,
    headers: Mapping[str, str],
    validators: Validators = _NO_VALIDATORS,
    body_hash: bytes | None = None,
    allow_private: bool = False,
    max_pages: int = MAX_PAGES,
    max_items: int = MAX_ITEMS,
    details: Details | None = None,
) -> Generator[Request, Page | FetchError, Collected]:
    """Ask for a source's pages one after another, and read them.

    Args:
        source: what to ask, and how to read.
        headers: the config's, sent to the first address's own host only.
        validators: of the last complete answer; empty to ask without condition.
        body_hash: of the last complete answer.
        allow_private: what its server links or redirects to may lie in a private network.
        max_pages: pages read at most; more is cut short.
        max_items: likewise.
        details: which items' own pages are read too; none without.

    """
    talk = _Talk(source, headers, allow_private=allow_private, max_pages=max_pages, max_items=max_items)
    result: Collected | None = None
    wanted: Sequence[Wanted] = ()
    try:
        asked = talk.first(validators)
        answer = yield asked
        page = talk.take(asked, answer)
        if page.status == 304 or (body_hash is not None and digest(page.body) == body_hash):
            kept = validators if page.status == 304 else page.validators
            return talk.result(unchanged=True, validators=kept, body_hash=body_hash)
        talk.read(page)
        while (request := talk.next()) is not None:
            answer = yield request
            talk.read(talk.take(request, answer))
        talk.demand_one_good_row()
        result = talk.result(**talk.memory())
        if details is not None:
            wanted = details.choose(result.items)
    except MemoryError:
        result = None  # and not a step more: what can be let go is gone only after this
    except SourceError as error:
        return talk.result(error=error)
    except Exception as error:  # noqa: BLE001 - an adapter's bug must cost its own source only
        failure = SourceError(f"{source.kind} failed with {type(error).__name__}: {error}")
        failure.__cause__ = error
        return talk.result(error=failure)
    if result is None:
        talk.items = []
        return talk.result(error=OutOfMemory())
    if details is None:
        return result
    effort = Effort(result.received)
    told = yield from ask(source, wanted, details, talk.addressed, effort)
    return msgspec.structs.replace(result, details=told, received=effort.received)


class _Talk(msgspec.Struct):
    """What has been said so far."""

    source: Source
    headers: Mapping[str, str]
    allow_private: bool
    max_pages: int
    max_items: int
    items: list[RawItem] = []
    rejected: list[Rejected] = []
    queue: deque[Request] = msgspec.field(default_factory=deque)
    seen: dict[object, int] = {}
    origin: tuple[str, str] = ("", "")
    total: int | None = None
    truncated: str | None = None
    last: Page | None = None
    received: int = 0
    pages: int = 0

    def first(self, validators: Validators) -> Request:
        request = self.source.start()
        self.origin = _origin(request.url)
        return msgspec.structs.replace(self._with_headers(request), validators=validators)

    def next(self) -> Request | None:
        """Choose the next page, if there is one, and it may be asked for."""
        if not self.queue or self.truncated is not None:
            return None
        if self.pages >= self.max_pages:
            self.truncated = f"stopped after {self.pages} pages"
            return None
        request = self.queue.popleft()
        addressed = self.addressed(request)
        if addressed is None:
            self.truncated = f"a next page at {request.url} is not asked for: only http and https are"
        return addressed

    def addressed(self, request: Request) -> Request | None:
        """Give a further request the headers and the guard that are due to its address; None where none is asked."""
        scheme, _ = origin = _origin(request.url)
        if scheme not in {"http", "https"}:
            return None
        if origin == self.origin:
            return self._with_headers(request)
        return msgspec.structs.replace(request, guarded=True, allow_private=self.allow_private)

    def _with_headers(self, request: Request) -> Request:
        headers = {**request.headers, **self.headers}
        limit = self.source.limit if self.source.url is None else None
        return msgspec.structs.replace(request, headers=headers, allow_private=self.allow_private, limit=limit)

    def take(self, asked: Request, answer: Page | FetchError) -> Page:
        """Let an answer through, or raise why it is none."""
        if isinstance(answer, FetchError):
            raise answer
        self.last = answer
        self.received += answer.received
        self.pages += 1
        if answer.status == 304 and asked.validators != _NO_VALIDATORS:
            return answer
        demand_success(answer)
        return msgspec.structs.replace(answer, number=self.pages, memo=asked.memo)

    def read(self, page: Page) -> None:
        """Take in a page's items and note what follows: nothing does from an empty page but the first."""
        batch = self.source.parse(page)
        repeated = self._repeats(digest(page.body))
        repeated = repeated or self._repeats(tuple((item.key, item.url, item.title) for item in batch.items))
        if repeated:  # what an index lists again, or lists itself in, leads nowhere new
            ends_so = batch.last_may_repeat and repeated == self.pages - 1
            if (batch.items or batch.rejected) and not ends_so:
                self.truncated = f"page {self.pages} repeats page {repeated}"
            return
        self.total = batch.total if batch.total is not None else self.total
        self.truncated = batch.truncated
        self.items += (_placed(item, page.url) for item in batch.items)
        self.rejected += batch.rejected
        if len(self.items) > self.max_items:
            self.truncated = f"more than {self.max_items} items"
            del self.items[self.max_items :]
        if self._holds_all():
            self.queue.clear()
        elif batch.items or batch.rejected or batch.skipped or self.pages == 1:
            self.queue.extend(
                msgspec.structs.replace(request, url=absolute(page.url, request.url)) for request in batch.follow
            )

    def demand_one_good_row(self) -> None:
        """Refuse a list of which no row can be read: its format, or the config's idea of it, is another."""
        if self.rejected and not self.items:
            first = self.rejected[0]
            reason = f"none of {len(self.rejected)} rows can be read; the first: {first.reason}: {first.example}"
            raise SourceError(f"{self.source.start().url}: {reason}")

    def _holds_all(self) -> bool:
        """Tell whether the announced total is reached: then this was the last page, whatever it links to."""
        return self.total is not None and len(self.items) + len(self.rejected) >= self.total

    def _repeats(self, what: object) -> int | None:
        """Give the number of the page that was the same; None for a new one, and for one without items."""
        before = self.seen.setdefault(what, self.pages) if what != () else self.pages
        return before if before != self.pages else None

    def memory(self) -> dict[str, object]:
        """Give what spares the next run the work: only of a single page that held everything."""
        if self.last is None or self.pages != 1 or self._short() is not None:
            return {}
        return {"validators": self.last.validators, "body_hash": digest(self.last.body)}

    def result(self, **more: object) -> Collected:
        truncated = self._short()
        failed = more.get("error") is not None or more.get("unchanged") is True
        return Collected(
            items=merge(self.items),
            rejected=tuple(self.rejected),
            complete=self.source.complete and not failed and truncated is None and not self.rejected,
            truncated=truncated,
            http_status=self.last.status if self.last else None,
            received=self.received,
            pages=self.pages,
            **more,  # type: ignore[arg-type] # the fields that only walk knows
        )

    def _short(self) -> str | None:
        found = len(self.items) + len(self.rejected)
        if self.truncated is None and self.total is not None and found < self.total:
            return f"{found} of {self.total} items"
        if self.truncated is None and self.pages > 1 and found == CAP:
            return f"exactly {CAP} items, which is where many servers stop; narrow the list, or make several of it"
        return self.truncated


def digest(body: bytes) -> bytes:
    """Hash a page's body: 16 bytes."""
    return blake2b(body, digest_size=16).digest()


def _placed(item: RawItem, page_url: str) -> RawItem:
    """Note what an item's relative address is relative to, where the adapter left it to the page."""
    if item.url is None or "://" in item.url or item.base:
        return item
    return msgspec.structs.replace(item, base=page_url)


def _origin(url: str) -> tuple[str, str]:
    """Give the scheme and the host of an address; nothing of one that is none."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "", ""
    return parts.scheme.lower(), parts.netloc.rpartition("@")[2].lower()
