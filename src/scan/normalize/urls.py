"""Addresses: as people click them (`absolute`), and as identity (`canonical`)."""

import re
import unicodedata
from functools import lru_cache
from urllib.parse import quote, unquote, urljoin, urlsplit

from scan.normalize.characters import clean

MAX_URL = 4000
"""Characters; what is longer is no address."""

_LINE_BREAKS = re.compile("[\t-\r\x1c-\x1f\x85\u2028\u2029]")
_UNSAFE = re.compile(r"[^!#$%&'()*+,\-./0-9:;=?@A-Z\[\]_a-z~]+")
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
_HOST = re.compile(r"(?:[a-z0-9_-]{1,63}\.)*[a-z0-9_-]{1,63}|\[[0-9a-f:.]+\]")
_DEFAULT_PORTS = {"http": 80, "https": 443}

_ORDINARY = re.compile(
    r"https?://(?:[a-z0-9-]{1,63}\.){1,3}[a-z]{2,63}/(?:[\w~-][\w.~-]*/)*(?:[\w~-][\w.~-]*)?(?:\?([\w.~=&-]*))?",
    re.ASCII,
)
_ESCAPE = re.compile(r"%([0-9a-fA-F]{2})")
_BARE_PERCENT = re.compile(r"%(?![0-9a-fA-F]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_SESSION_IN_PATH = re.compile(r";jsessionid=[^/;]*", re.IGNORECASE)
_TRACKING = re.compile(
    r"utm_\w*|(?:g|d|fb|y|tw|tt)clid|msclkid|igshid|li_fat_id|gclsrc|[gw]braid|mc_[ce]id|_hs(?:enc|mi)|mkt_tok"
    r"|vero_id|xtor|gh_src|lever-(?:source|origin|via)(?:\[\])?|phpsessid|jsessionid",
    re.IGNORECASE,
)
_TRACKING_FRAGMENT = re.compile(r"utm_|xtor=|:~:", re.IGNORECASE)


def absolute(url: str, base: str = "") -> str | None:
    """Give an `http:` or `https:` address that can be followed, changed as little as that allows; None for any other.

    User names and passwords are left out; spaces and foreign letters are encoded. Doing it again changes nothing.
    """
    if len(url) > MAX_URL or _ORDINARY.fullmatch(url):
        return url if len(url) <= MAX_URL else None
    try:
        parts = urlsplit(_joined(url, base))
        host, port, scheme = _host(parts.hostname or ""), parts.port, parts.scheme.lower()
    except ValueError:
        return None
    if not host or scheme not in _DEFAULT_PORTS:
        return None
    authority = host if port in {None, _DEFAULT_PORTS[scheme]} else f"{host}:{port}"
    query = f"?{_encoded(parts.query)}" if parts.query else ""
    fragment = f"#{_encoded(parts.fragment)}" if parts.fragment else ""
    whole = f"{scheme}://{authority}{_path(parts.path)}{query}{fragment}"
    return whole if len(whole) <= MAX_URL else None


def canonical(url: str, base: str = "") -> str | None:
    """Give the address as identity: the same for two spellings of one address; None if it is none.

    Escapes are unified; tracking parameters and session ids are dropped. A fragment stays: changelogs and single-page
    sites tell their entries apart by nothing else.
    """
    return both(url, base)[1]


def both(url: str, base: str = "") -> tuple[str | None, str | None]:
    """Give `absolute` and `canonical`, sooner than one after the other; both are None if it is no address."""
    whole: str | None = url
    ordinary = _ORDINARY.fullmatch(url) if len(url) <= MAX_URL else None
    if ordinary is None:
        whole = absolute(url, base)
        ordinary = _ORDINARY.fullmatch(whole) if whole else None
    if whole is None:
        return None, None
    if ordinary is None:
        return whole, _unusual(whole)
    query = ordinary[1]
    return whole, whole if query is None else whole[: ordinary.start(1) - 1] + _query(query)


def _unusual(whole: str) -> str:
    """Give an absolute address as identity, whatever it has."""
    parts = urlsplit(whole)
    path = _path(_SESSION_IN_PATH.sub("", _unified(parts.path)))
    query = _query(_unified(parts.query))
    fragment = _unified(parts.fragment)
    fragment = f"#{fragment}" if fragment and not _TRACKING_FRAGMENT.match(fragment) else ""
    return f"{parts.scheme}://{parts.netloc}{path}{query}{fragment}"


def last_part(url: str) -> str:
    """Name an absolute address by its path's last part, decoded, else by its host."""
    parts = urlsplit(url)
    return unquote(parts.path.rstrip("/").rpartition("/")[2]) or parts.netloc


def _joined(url: str, base: str) -> str:
    url = _LINE_BREAKS.sub("", clean(url)).strip()
    if url in {"", "#"}:
        raise ValueError("an address that leads nowhere")
    url = re.sub(r"&(?:amp;)+", "&", url)
    before, mark, after = url.partition("?")
    url = before.replace("\\", "/") + mark + after  # as browsers do, so that host means the same to both
    return url if _SCHEME.match(url) or not base else urljoin(base, url)


def _host(host: str) -> str | None:
    """Give the host in lower case, foreign labels as browsers send them (punycode of the NFKC form)."""
    if "\ufffd" in host:
        return None
    if not host.isascii():
        host = unicodedata.normalize("NFKC", host.replace("。", ".")).lower()
        labels = (label if label.isascii() else f"xn--{label.encode('punycode').decode()}" for label in host.split("."))
        host = ".".join(labels)
    host = f"[{host}]" if ":" in host else host.lower().removesuffix(".")
    return host if len(host) <= 253 and _HOST.fullmatch(host) else None


def _encoded(part: str) -> str:
    return _UNSAFE.sub(lambda run: quote(run[0], safe="", errors="replace"), part)


def _path(path: str) -> str:
    """Encode a path and resolve its dot segments (RFC 3986, section 5.2.4)."""
    path = _encoded(path)
    if "/." not in path and not path.startswith("."):
        return path if path.startswith("/") else f"/{path}"
    segments = path.removeprefix("/").split("/")
    kept: list[str] = []
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in {".", ".."}:
        kept.append("")
    return "/" + "/".join(kept)


@lru_cache(maxsize=256)  # feeds give all their addresses the same
def _query(query: str) -> str:
    kept = [each for each in query.split("&") if each and not _tracks(each.partition("=")[0])]
    return f"?{'&'.join(kept)}" if kept else ""


@lru_cache(maxsize=256)  # a source's addresses have the same few
def _tracks(parameter: str) -> bool:
    return _TRACKING.fullmatch(parameter) is not None


def _unified(part: str) -> str:
    """Write escapes in capitals, and what needs none without."""
    if "%" not in part:
        return part
    return _ESCAPE.sub(_escape, _BARE_PERCENT.sub("%25", part))


def _escape(written: re.Match[str]) -> str:
    character = chr(int(written[1], 16))
    return character if character in _UNRESERVED else f"%{written[1].upper()}"
