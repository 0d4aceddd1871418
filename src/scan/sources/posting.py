"""The job that a web page is about, as it says for search engines."""

from scan.errors import ParseError
from scan.model import RawItem
from scan.page import Page
from scan.sources.document import document
from scan.sources.schema_org import item_of
from scan.sources.structured import scripts, things


def posting_on(page: Page) -> RawItem:
    """Read the first JobPosting of a page.

    Raises:
        ParseError: there is none.

    """
    values, _ = scripts(page, document(page))
    for node in things(values, ["JobPosting"]):
        return item_of(node)
    raise ParseError(page.url, "a page with a JobPosting", page.body[:400])
