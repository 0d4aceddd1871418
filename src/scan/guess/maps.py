"""Entries that may read a sitemap, and the sitemaps that a robots.txt names."""

import re
from collections import Counter
from collections.abc import Sequence

from scan.declare import Address
from scan.errors import ParseError
from scan.guess.guesses import Guess, Lead
from scan.page import Page
from scan.sources.charset import decode
from scan.sources.document import absolute, path_of
from scan.sources.sitemap import Sitemap

_NAMED = re.compile(
    r"(?i)^(?:jobs?|jobdetails?|careers?|positions?|vacanc(?:y|ies)|openings?|offers?|postings?|stellen\w*|emplois?|offres?"
    r"|events?|meetings?|news|blog|posts?|articles?|products?|listings?|propert(?:y|ies)|apartments?|releases?|docs?)$"
)
_SITEMAP_LINE = re.compile(r"(?im)^[ \t]*sitemap[ \t]*:[ \t]*(\S+)[ \t\r]*$")
_MOST_LEADS = 3


def guess_map(page: Page, url: str) -> list[Guess]:
    """Guess an entry of kind sitemap, which takes the addresses that look like items; none if it is no sitemap."""
    try:
        batch = Sitemap(url=Address(page.url)).parse(page)
    except ParseError:
        return []
    addresses = [item.url or "" for item in batch.items]
    wanted = _wanted([request.url for request in batch.follow], file=True)
    maps = {"maps": [wanted]} if wanted else {}
    include = _wanted(addresses, file=False)
    keys = {"url": url, **({"include": [include]} if include else {}), **maps}
    sure = 0.6 if include or maps else 0.4
    return [Guess(kind="sitemap", keys=keys, because="a sitemap", belief=sure)]


def named_maps(page: Page) -> list[Lead]:
    """Give the sitemaps that a robots.txt names."""
    found = dict.fromkeys(absolute(page.url, address) for address in _SITEMAP_LINE.findall(decode(page)))
    return [Lead(url=address, because="the sitemap that robots.txt names") for address in list(found)[:_MOST_LEADS]]


def _wanted(addresses: Sequence[str], *, file: bool) -> str | None:
    """Find the pattern of the addresses that are items: by a telling part of their paths, else the largest family.

    Args:
        addresses: of pages, or of further sitemaps.
        file: a part of the last name in the path tells, too.

    """
    paths = [[part for part in path_of(address).split("/") if part] for address in addresses]
    telling: Counter[str] = Counter()
    for parts in paths:
        names = re.split(r"[-_.]", parts[-1]) if file and parts else parts[:-1]
        telling.update([name for name in names if _NAMED.match(name)][-1:])
    if telling:
        name, count = telling.most_common(1)[0]
        return None if count == len(paths) and file else re.escape(name) if file else f"/{re.escape(name)}/."
    if file:
        return None
    families = Counter(parts[0] for parts in paths if len(parts) > 1)
    name, count = families.most_common(1)[0] if families else ("", 0)
    return f"/{re.escape(name)}/." if 2 <= count < len(paths) and 2 * count > len(paths) else None
