"""Addresses beside a list's own, wherever the list is: the service, a mirror, a test server."""

from urllib.parse import quote, urljoin, urlsplit


def beside(list_url: str, path: str) -> str:
    """Give what a relative path leads to from a list, whose query is no part of it: `…/careers/list`, `7/detail`."""
    return urljoin(list_url.partition("?")[0], path)


def beneath(list_url: str, key: object) -> str:
    """Give what lies beneath a list by its id: `…/postings?offset=0`, `7` are `…/postings/7`."""
    parts = urlsplit(list_url)
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}/{quote(str(key), safe='')}"
