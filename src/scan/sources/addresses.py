"""Addresses taken apart, for telling whose they are."""

from collections.abc import Mapping
from typing import Self
from urllib.parse import parse_qsl, unquote, urlsplit

import msgspec

from scan.sources.subdomain import label_problem

_LONGEST = 2_000
"""Characters; a longer address names no board."""

_MOST_PARAMETERS = 100

_OF_THE_SERVICE = frozenset(
    (
        *("www", "app", "apps", "api", "docs", "doc", "help", "support", "status", "blog", "developer", "developers"),
        *("static", "assets", "images", "img", "cdn", "media", "files", "login", "auth", "accounts", "admin"),
        *("marketing", "go", "info", "get", "try", "learn", "academy", "community", "resources", "trust", "email"),
        *("partners", "assets-cdn", "attachments-cdn", "gallery-cdn", "tt", "career", "hire", "mail", "webapi"),
    )
)
"""What stands before a service's domain and is none of its customers."""

_SECOND_LEVELS = frozenset(("co", "com", "org", "net", "ac", "gov", "edu", "www"))


class URL(msgspec.Struct, frozen=True, kw_only=True):
    """An `http:` or `https:` address.

    Attributes:
        origin: scheme, host and port, without a login.
        host: in lower case, without the port.
        path: its parts, percent-decoded, empty ones left out.
        query: of a name given twice, the first value.

    """

    origin: str
    host: str
    path: tuple[str, ...]
    query: Mapping[str, str]

    @classmethod
    def read(cls, text: str) -> Self | None:
        """Take an address apart; None if it is none of the web, or holds what no config should."""
        if len(text) > _LONGEST:
            return None
        try:
            parts = urlsplit(text.strip())
            host = (parts.hostname or "").rstrip(".")
            query = parse_qsl(parts.query, max_num_fields=_MOST_PARAMETERS)
        except ValueError:
            return None
        path = tuple(part for part in map(unquote, parts.path.split("/")) if part)
        texts = (host, *path, *(part for pair in query for part in pair))
        if parts.scheme not in {"http", "https"} or not host or not all(map(_plain, texts)):
            return None
        origin = f"{parts.scheme}://{parts.netloc.rpartition('@')[2].lower()}"
        return cls(origin=origin, host=host, path=path, query=dict(reversed(query)))

    def part(self, number: int) -> str:
        """Give a part of the path, from 0; empty where it has none."""
        return self.path[number] if number < len(self.path) else ""

    def after(self, *parts: str) -> str:
        """Give the part of the path that follows these, which it begins with; empty where it doesn't."""
        return self.part(len(parts)) if self.path[: len(parts)] == parts else ""

    def following(self, part: str) -> str:
        """Give the part of the path that follows another one, wherever it stands; empty where there is none."""
        return self.part(self.path.index(part) + 1) if part in self.path else ""

    def tenant(self, domain: str) -> str | None:
        """Give the `acme` of `acme.example.com`; None for any other host, and for those of the service itself."""
        label, dot, rest = self.host.partition(".")
        return label if dot and rest == domain and label not in _OF_THE_SERVICE and not label_problem(label) else None

    @property
    def owner(self) -> str:
        """The label that names whose host it is: the `acme` of `jobs.acme.co.uk`; empty where there is none."""
        labels = [label for label in self.host.split(".")[:-1] if not label_problem(label)]
        named = [label for label in labels if label not in _SECOND_LEVELS]
        return (named or labels or [""])[-1]


def _plain(text: str) -> bool:
    """Tell whether a text could be a config's: it can be printed, and is no placeholder, which would be filled in."""
    return text.isprintable() and "${" not in text
