"""What a new source is called."""

import re
from collections.abc import Collection, Mapping
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from scan.sources.addresses import URL

_NAMING = ("company", "tenant", "account", "board", "client", "site", "dataset", "portal", "category", "tag")
"""Keys that say whose a source is."""

_SAYS_NOTHING = frozenset(("index", "feed", "rss", "atom", "sitemap", "api", "v1", "v2", "default", "home", "www"))
_LONGEST = 40


def name_for(kind: str, keys: Mapping[str, Any], taken: Collection[str]) -> str:
    """Make a name that no source has yet: whose it is, or where."""
    whose = next((str(keys[key]) for key in _NAMING if keys.get(key)), None)
    plain = _plain(whose or _of_address(str(keys.get("url", ""))) or kind) or kind
    return next(name for name in _numbered(plain) if name not in taken)


def _of_address(address: str) -> str:
    parts = [PurePosixPath(part).stem for part in unquote(urlsplit(address).path).split("/") if part]
    telling = [part for part in parts if part.lower() not in _SAYS_NOTHING and re.search(r"[A-Za-z]{2}", part)]
    url = URL.read(address)
    owner = url.owner if url is not None and re.search("[a-z]", url.owner) else ""
    return "-".join(filter(None, (owner, *telling[-1:])))


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:_LONGEST].strip("-")


def _numbered(name: str) -> "list[str]":
    return [name, *(f"{name}-{number}" for number in range(2, 10_000))]
