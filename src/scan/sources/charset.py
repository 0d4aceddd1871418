"""Bytes to text, whatever a server claims about them. Never fails."""

import codecs
import contextlib
import re

from scan.page import Page

_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

_MARKERS = {b"\x00<": "utf-16-be", b"<\x00": "utf-16-le"}

_ALLOWED = re.compile(
    r"""(?x) (?: utf-?(?:8|16|16-?[lb]e|32|32-?[lb]e) | us-ascii | ascii | latin-?1 | iso-?8859-?\d{1,2}
      | (?:windows|cp)-?(?:874|125\d|437|850|852|855|866|932|949|950) | koi8-?[ru] | mac-?roman | tis-?620
      | gb-?(?:2312|k|18030) | big5(?:-?hkscs)? | hz | euc-?(?:jp|kr) | shift-?jis | sjis | x-sjis | ms-?932
      | iso-?2022-?(?:jp|kr) | johab )"""
)
"""Character sets that pages are really written in. Python knows more by name, some of them traps: `punycode`,
`unicode_escape`, `idna`, `zlib`."""

_WIDER = dict.fromkeys(("gb2312", "gb-2312", "gbk"), "gb18030") | dict.fromkeys(("x-sjis", "shift-jis"), "cp932")
_WIDER |= dict.fromkeys(("ascii", "us-ascii", "iso-8859-1", "iso8859-1", "latin1", "latin-1"), "cp1252")
"""Names that pages use for more than they mean (as browsers read them: https://encoding.spec.whatwg.org/)."""

_DECLARED = re.compile(
    rb"""(?xi) <\?xml\b [^>]{0,200}? \bencoding\s*=\s*["'] ([^"'<>]{1,40}) ["']
      | <meta\b [^>]{0,400}? \bcharset\s*=\s*["']?\s* ([^\s"'/>;]{1,40})"""
)


def codec(name: str | None) -> str | None:
    """Find the codec of a character set's name; None for one that pages aren't written in."""
    plain = (name or "").strip().lower().replace("_", "-")
    if not _ALLOWED.fullmatch(plain):
        return None
    try:
        return codecs.lookup(_WIDER.get(plain, plain)).name
    except LookupError:
        return None


def header_charset(page: Page) -> str | None:
    """Read the `charset` of the content type."""
    found = re.search(r"charset\s*=\s*[\"']?([^\s\"';,]+)", page.headers.get("content-type", ""), re.IGNORECASE)
    return found.group(1) if found else None


def declared_charset(body: bytes) -> str | None:
    """Read the character set that the document itself names, in its first kilobytes."""
    found = _DECLARED.search(body, 0, 4096)
    return (found.group(1) or found.group(2)).decode("ascii", "replace") if found else None


def decode(page: Page) -> str:
    """Read a page as text: by its mark, by what it says of itself, as UTF-8, by what the server says.

    The first that fits without an error is taken. (A text that is valid UTF-8 hardly ever is anything else, and servers
    name a default of theirs.) If none fits, the first that was named is, with errors as U+FFFD.
    """
    body = page.body
    for bom, name in _BOMS:
        if body.startswith(bom):
            return body[len(bom) :].decode(name, "replace")
    if body[:2] in _MARKERS:
        return body.decode(_MARKERS[body[:2]], "replace")
    declared, served = _bytewise(declared_charset(body)), _bytewise(header_charset(page))
    for candidate in filter(None, (declared, "utf-8", served)):
        with contextlib.suppress(UnicodeError):
            return body.decode(candidate)
    return body.decode(declared or served or "cp1252", "replace")


def _bytewise(name: str | None) -> str | None:
    """Find a codec, unless it takes more than a byte for `<`: the name has just been read as bytes."""
    found = codec(name)
    return None if found and found.startswith(("utf-16", "utf-32")) else found
