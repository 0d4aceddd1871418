"""JSON-LD in a web page: its scripts as values, and the things in them.

Source: https://www.w3.org/TR/json-ld11/#embedding-json-ld-in-html-documents, and what pages really hold.
"""

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from scan.errors import ParseError
from scan.model import Rejected
from scan.page import Page
from scan.sources.rows import load, shortened

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

Node = Mapping[str, Any]

_MAX_DEPTH = 32

_OPENING = re.compile(r"(?:\s|<!--|//(?=\s*<!\[CDATA\[)|/\*(?=\s*<!\[CDATA\[)|<!\[CDATA\[|\*/)*")
_CLOSING = {"-->": None, "]]>": None, "*/": None, ";": None, "//": ("]]>", "-->"), "/*": ("]]>",)}
"""What may stand after a script's JSON, each with what it must be followed by."""

_LAST_COMMA = re.compile(r",\s*(?=[}\]])")


def scripts(page: Page, tree: "LexborHTMLParser") -> tuple[list[Any], tuple[Rejected, ...]]:
    """Read every JSON-LD script of a page; what is no JSON, whatever is tried, is rejected.

    Taken: raw line breaks in texts, CDATA and comment marks around the whole, semicolons after it, quotes written as
    entities, a comma after the last member.

    Raises:
        ParseError: the page has no such script.

    """
    texts = [element.text() for element in tree.css('script[type*="ld+json" i]')]
    if not texts:
        raise ParseError(page.url, "a page with JSON-LD", page.body[:400])
    values: list[Any] = []
    rejected: list[Rejected] = []
    for text in filter(str.strip, texts):
        try:
            values.append(_read(page, text))
        except ParseError:
            rejected.append(Rejected(reason="a script that is no JSON", example=shortened(text.strip())))
    return values, tuple(rejected)


def _read(page: Page, text: str) -> Any:
    bare = _unwrapped(text)
    decoded = html.unescape(bare) if "&quot;" in bare and '"' not in bare else bare
    for candidate in (text, decoded):
        try:
            return load(msgspec.structs.replace(page, body=candidate.encode("utf-8", "replace")))
        except ParseError:
            continue
    return load(msgspec.structs.replace(page, body=_LAST_COMMA.sub("", decoded).encode("utf-8", "replace")))


def _unwrapped(text: str) -> str:
    """Take off what stands around a script's JSON. No regular expression finds the end of a text in linear time."""
    opening = _OPENING.match(text)
    start, end, last = opening.end() if opening else 0, len(text), ""
    while end > start:
        marks = (mark for mark, before in _CLOSING.items() if before is None or last in before)
        if text[end - 1].isspace():
            end -= 1
        elif mark := next((mark for mark in marks if text.endswith(mark, start, end)), ""):
            end, last = end - len(mark), mark
        else:
            break
    return text[start:end]


def things(values: Iterable[object], types: Iterable[str]) -> list[Node]:
    """Find the things of some types, wherever they are nested; not the things within them.

    What is only mentioned (`{"@id": "#acme"}`) is put in, if the page describes it elsewhere.

    Args:
        values: of the page's scripts.
        types: how the names of the wanted types end: `Event` finds a `MusicEvent`.

    """
    wanted = tuple(types)
    nodes = [node for value in values for node in _nodes(value, 0)]
    described = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str) and not _only_named(node)}
    found: list[Node] = []
    inner: set[int] = set()
    for node in nodes:
        if id(node) not in inner and _is_a(node, wanted) and not _only_named(node):
            found.append({name: _described(value, described) for name, value in node.items()})
            inner.update(id(one) for value in node.values() for one in _nodes(value, 0))
    return found


def _nodes(value: object, depth: int) -> Iterator[Node]:
    """Give all objects, the outer ones first."""
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, Mapping):
        yield value
    inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    for one in inner:
        yield from _nodes(one, depth + 1)


def _described(value: object, described: Mapping[object, Node]) -> object:
    if isinstance(value, list):
        return [_described(one, described) for one in value]
    if isinstance(value, Mapping) and _only_named(value):
        return described.get(value.get("@id"), value)
    return value


def _only_named(node: Node) -> bool:
    return node.keys() <= {"@id", "@type"}


def types_of(node: Node) -> list[str]:
    """Give the names of a thing's types, without the vocabulary's address."""
    types = node.get("@type")
    texts = types if isinstance(types, list) else [types]
    return [re.split("[/#:]", one)[-1] for one in texts if isinstance(one, str) and one]


def _is_a(node: Node, types: tuple[str, ...]) -> bool:
    """Tell whether a thing is of any of these types, or of one named after them."""
    return any(name.endswith(types) for name in types_of(node))
