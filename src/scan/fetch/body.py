"""A body as it came over the wire -> its bytes. Pure.

Done here and not by libcurl, which takes a gzip stream that ends early for whole, and undoes what we never asked for
(stacked encodings, deflate, br, zstd).
"""

import zlib

_GZIP = frozenset({"gzip", "x-gzip"})
_PLAIN = frozenset({"", "identity"})
_MEMBERS = 100  # each costs a copy of what follows it, so that millions of empty ones would take for ever
_GZIP_WINDOW = 31  # zlib's way to say: with a gzip header and trailer


class BadBody(ValueError):
    """The body is not what its headers announce; the message is fit for people."""


def refuse_encoding(encoding: str) -> str | None:
    """Tell what is wrong with a Content-Encoding, or None if `decode` takes it."""
    known = encoding.strip().lower()
    return None if known in _PLAIN or known in _GZIP else f"Content-Encoding {encoding[:40]!r}, which was not asked for"


def decode(raw: bytes, encoding: str, max_body: int) -> bytes:
    """Undo an encoding that `refuse_encoding` lets pass, up to `max_body` bytes.

    Raises:
        BadBody: it is not gzip, ends early, or grows too large.

    """
    if encoding.strip().lower() in _PLAIN or not raw:
        return raw
    parts: list[bytes] = []
    room = max_body + 1
    while raw[:2] == b"\x1f\x8b" and len(parts) < _MEMBERS:  # RFC 1952: one member after another is one body
        stream = zlib.decompressobj(_GZIP_WINDOW)
        try:
            part = stream.decompress(raw, room)
        except zlib.error as error:
            raise BadBody("the body is not the gzip it is announced as") from error
        parts.append(part)
        room -= len(part)
        if room <= 0:
            raise BadBody(f"larger than {max_body} bytes")
        if not stream.eof:
            raise BadBody("the body ends early")
        raw = stream.unused_data
    if not parts:
        raise BadBody("the body is not the gzip it is announced as")
    return b"".join(parts)
