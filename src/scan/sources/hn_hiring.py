"""Jobs of the monthly thread "Ask HN: Who is hiring?" on Hacker News.

    - name: hn
      kind: hn_hiring
      months: 1                # the latest thread; 2 for the one before, too

Each comment on the thread itself is an item, answers to comments are none. Its first line is the title, usually
`Company | Role | Place | …`: what stands before the first bar is the organization. Nothing is ever gone: comments stay.
Attributes: `author`, `thread` (its id).

Source: https://hn.algolia.com/api; in a thread recorded in 2026, 335 of 555 comments were not answers, and 302 of those
had such a first line.
"""

import re
from typing import Annotated, Any, Self

import msgspec

from scan.declare import Doc
from scan.model import RawItem
from scan.page import Page, Request
from scan.sources.addresses import URL
from scan.sources.base import Batch, Source
from scan.sources.rows import Rows, Table, count_in, present

_API = "https://hn.algolia.com/api/v1/search_by_date"
_THREADS = "tags=story,author_whoishiring"
_TAG = re.compile(r"<[^<>]*>")


class Hit(msgspec.Struct):
    """A thread (it has a title), or a comment; what is not read is left out."""

    id: str = msgspec.field(name="objectID")
    title: str | None = None
    author: str | None = None
    comment_text: str | None = None
    parent_id: int | None = None
    story_id: int | None = None
    created_at: str | None = None


_HITS = Table(Hit, key="hits", beside=("page", "nbPages"))


class HnHiring(Source, kind="hn_hiring", item_kind="job", complete=False):
    """The latest threads."""

    months: Annotated[int, Doc("how many of the latest threads", within=("1", "12"))] = 1

    @classmethod
    def recognize(cls, url: URL) -> Self | None:
        """Know the threads' author, and the search for them; a thread's own address does not tell what it is."""
        asked = url.query.get("id") == "whoishiring" and url.part(0) in {"submitted", "user", "threads"}
        if url.host == "hn.algolia.com":
            asked = "author_whoishiring" in url.query.get("tags", "")
        return cls() if asked and url.host in {"hn.algolia.com", "news.ycombinator.com"} else None

    def start(self) -> Request:
        """Ask for the threads: three of them a month, one of which asks who is hiring."""
        return _request(self.url or f"{_API}?{_THREADS}&hitsPerPage={6 * self.months}")

    def parse(self, page: Page) -> Batch:
        """Read the threads, and ask for their comments; or read a page of comments."""
        rows = _HITS.read(page)
        threads = [hit for hit in rows.good if "who is hiring" in (hit.title or "").lower()]
        comments = [hit for hit in rows.good if hit.comment_text and hit.parent_id == hit.story_id]
        lost = not threads and not comments and _THREADS in page.url
        return Batch(
            items=tuple(map(_item, comments)),
            rejected=rows.rejected,
            skipped=len(rows.good) - len(comments),
            follow=tuple(_comments(thread.id, 0) for thread in threads[: self.months]) or tuple(_rest(rows)),
            truncated='no thread "Who is hiring?" was found' if lost else None,
        )


def _request(url: str) -> Request:
    return Request(url=url, accept="application/json")


def _comments(thread: object, number: int) -> Request:
    wanted = f"tags=comment,story_{thread}&numericFilters=parent_id={thread}"
    return _request(f"{_API}?{wanted}&hitsPerPage=1000&page={number}")


def _rest(rows: Rows[Any]) -> list[Request]:
    """Ask for all the other pages of a thread's comments, once its first says how many there are."""
    count, number = count_in("nbPages")(rows.beside) or 0, rows.beside.get("page")
    thread = next((hit.story_id for hit in rows.good if hit.story_id), None)
    return [_comments(thread, other) for other in range(1, min(count, 100))] if thread and number == 0 else []


def _item(hit: Hit) -> RawItem:
    first = _TAG.sub("", re.split(r"<p>|\n", hit.comment_text or "", maxsplit=1)[0])
    company, bar, _ = first.partition("|")
    return RawItem(
        key=hit.id,
        title=first,
        url=f"https://news.ycombinator.com/item?id={hit.id}",
        organization=company.partition(" (")[0].strip() if bar else None,
        text=hit.comment_text,
        published_at=hit.created_at,
        attributes=present({"author": hit.author, "thread": hit.story_id}),
    )
