"""Which texts are secret: by the name of their key, and inside addresses."""

import re
from collections.abc import Iterator
from urllib.parse import unquote

SHORTEST = 4
"""Shorter texts are not taken for secrets to look for: masking every `1` would hide the log, not the secret."""

SELECTORS = frozenset({"fields"})
"""Mappings whose keys name fields of an item: `key` there is a selector, not a secret."""

_SHORTEST_PARAMETER = 8
"""In an address's query: `?sort_key=date` names no secret."""

_WORDS = frozenset({"password", "token", "secret", "key", "authorization", "cookie"})
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_PARAMETER = re.compile(r"[?&]([^=&#\s]+)=([^&#\s]+)")


def is_secret_name(name: str) -> bool:
    """Tell by a key's name whether its value is secret: `password`, `api_key`, `X-Auth-Token`, `clientSecret`."""
    words = _WORD.findall(name)
    return bool(words) and words[-1].lower() in _WORDS


def in_address(text: str) -> Iterator[str]:
    """Find the secrets inside an address: its password, and what secretly named parameters of its query hold."""
    authority = re.split(r"[/?#\s]", text.partition("://")[2], maxsplit=1)[0]
    password = authority.rpartition("@")[0].partition(":")[2]
    if password:
        yield password
    for name, value in _PARAMETER.findall(text):
        if len(value) >= _SHORTEST_PARAMETER and is_secret_name(unquote(name)):
            yield value


def forms(secret: str) -> Iterator[str]:
    """Give the forms a secret may be seen in: whole, percent-decoded, and without `Bearer ` in front."""
    yield secret
    yield unquote(secret)
    yield secret.rpartition(" ")[2]
