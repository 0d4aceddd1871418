"""Where a redirect leads, and what is asked there. Pure.

libcurl could follow by itself, but then the host's own limits, the guard and the dropping of secrets were out of sight.
"""

from urllib.parse import urljoin, urlsplit, urlunsplit

from msgspec.structs import replace

from scan.errors import FetchError
from scan.fetch.urls import escape, place
from scan.page import Page, Request, Validators

REDIRECTS = frozenset({301, 302, 303, 307, 308})
_OF_A_BODY = frozenset({"content-type", "content-length", "content-encoding", "content-language"})


def follow(first: Request, asked: Request, page: Page) -> Request | None:
    """Give the request that a redirect leads to, or None if the page is no redirect.

    The method changes as browsers do it (Fetch standard, HTTP-redirect fetch): 303, and 301 or 302 after a POST, make
    a GET without a body. Headers and validators stay with their origin: they go along only to the same host and port,
    or from http to https of the same host. Another host than the `first` one's is guarded.

    Raises:
        FetchError: it leads nowhere one may go.

    """
    location = page.headers.get("location", "").strip()
    if page.status not in REDIRECTS or not location:
        return None
    url = _target(first, asked, location)
    following = replace(asked, url=url, guarded=first.guarded or place(url).host != place(first.url).host)
    if not _may_know_secrets(asked.url, url):
        following = replace(following, headers={}, validators=Validators(), limit=None)
    if page.status == 303 or (page.status in {301, 302} and asked.method == "POST"):
        headers = {name: value for name, value in following.headers.items() if name.lower() not in _OF_A_BODY}
        following = replace(following, method="GET", body=None, headers=headers)
    return following


def _target(first: Request, asked: Request, location: str) -> str:
    # Bytes beyond ASCII were read as Latin-1; sent back byte for byte, as browsers do.
    escaped = escape(location.encode("latin-1", "replace"))
    try:
        url = urljoin(asked.url, escaped)
        to = place(url)
    except ValueError as error:
        raise FetchError(first.url, "redirected to something that is no http: or https: address") from error
    if to.scheme == "file":
        raise FetchError(first.url, "redirected to a file, which is never followed")
    return _rewritten(asked.url, url)


def _rewritten(source: str, url: str) -> str:
    """Write the authority anew from its parts, so that libcurl cannot read another host out of it than we did.

    A login in the address that was asked stays with its origin, as headers do; one that a server sends is left out.
    """
    parts, to = urlsplit(url), place(url)
    host = f"[{to.host}]" if ":" in to.host else to.host
    login, at, _ = urlsplit(source).netloc.rpartition("@") if _may_know_secrets(source, url) else ("", "", "")
    port = "" if parts.port is None else f":{parts.port}"
    return urlunsplit((to.scheme, f"{login}{at}{host}{port}", parts.path or "/", parts.query, ""))


def _may_know_secrets(source: str, target: str) -> bool:
    old, new = place(source), place(target)
    upgraded = (old.scheme, old.port, new.scheme, new.port) == ("http", 80, "https", 443)
    return old.host == new.host and (old == new or upgraded)
