"""HTML to text, in time linear in its length.

A tokenizer instead of a parser, because only the text is wanted: no tree is built, so no nesting is too deep (250 KB of
nested `<div>` cost a tree builder seconds), and it is no slower than one in C with its tree walked. It follows the
tokenization of the HTML Standard (https://html.spec.whatwg.org/multipage/parsing.html, read 2025-11), and the tests
hold it against a parser on recorded descriptions.
"""

import html
import re

_TAG = re.compile(
    r"""<(?:
        (/?[a-zA-Z][^\s/>]*+)                                                  # the name
        (?: > | (?: [^>"']++ | "[^"]*+(?:"|\Z) | '[^']*+(?:'|\Z) )*+ (?:>|\Z) )  # attributes; `>` in quotes is text
      | !--(?: -?> | .*?(?:--!?>|\Z) )                                         # a comment
      | [!?/][^>]*+(?:>|\Z)                                                    # a declaration, a bogus comment
    )""",
    re.DOTALL | re.VERBOSE,
)

_BLOCK_NAMES = """
    address article aside blockquote body button caption center dd details dialog dir div dl dt fieldset figcaption
    figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol optgroup option p pre section
    summary table tbody tfoot thead tr ul
"""
_BLOCKS = frozenset(_BLOCK_NAMES.split())
_CELLS = frozenset(("td", "th"))
_INLINE = frozenset(("a", "b", "code", "em", "font", "i", "img", "small", "span", "strong", "sub", "sup", "u"))
_VOID_NAMES = "area base br col embed hr img input link meta param source track wbr"
_VOID = frozenset(_VOID_NAMES.split())
_RAW = frozenset(("iframe", "noembed", "noframes", "script", "style", "title"))
_UNSEEN = _RAW | {"noscript", "template"}
_MAX_TAG = 2_000
_MARK = "\x00"


class _Breaks(dict[str | None, str]):
    """What stands in the text for a tag, by its name as written."""

    def __missing__(self, name: str | None) -> str:
        """Find a name in mixed case, or none."""
        return self.get(name.lower(), "") if name else ""


def _breaks() -> _Breaks:
    marks = dict.fromkeys(_INLINE, "") | dict.fromkeys(_BLOCKS, "\n") | dict.fromkeys(_CELLS, " ")
    marks |= {"br": "\n"} | dict.fromkeys(_UNSEEN, _MARK)
    return _Breaks({None: ""} | marks | {f"/{name}": mark for name, mark in marks.items()})


_BREAKS = _breaks()
_QUOTED = re.compile(r"""=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+)""")
_HIDDEN = re.compile(r"[\s/]hidden(?=[\s=/>]|\Z)", re.IGNORECASE)
_NOT_DISPLAYED = re.compile(r"""\sstyle\s*=\s*["']?[^"'>]*?\bdisplay\s*:\s*none""", re.IGNORECASE)
_RAW_END = {name: re.compile(rf"</{name}(?=[\s/>])[^>]*>?", re.IGNORECASE) for name in _RAW}


def html_lines(markup: str) -> str:
    """Give what a reader of `markup` sees, a line a block; white space is not folded yet.

    Scripts, styles, templates, comments and hidden elements are left out. What holds no tag at all keeps its own lines.
    """
    if "<![CDATA[" in markup:
        markup = markup.replace("<![CDATA[", "").replace("]]>", "")
    if "hidden" in markup or "display" in markup or "HIDDEN" in markup or "DISPLAY" in markup:
        markup = _without_unseen(markup)
    text = _joined(markup)
    if _MARK in text:
        text = _joined(_without_unseen(markup)).replace(_MARK, "")
    text = text.replace("&nbsp;", " ")
    if "&" not in text:
        return text
    return text.replace("&amp;", "&") if _has_ampersands_only(text) else unescape(text)


def unescape(text: str) -> str:
    """Decode the character references of escaped HTML, once: a third of what decoding them one by one costs."""
    decoded = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"')
    if not _has_ampersands_only(decoded):
        decoded = decoded.replace("&#39;", "'").replace("&#x27;", "'").replace("&nbsp;", " ")
        if not _has_ampersands_only(decoded):
            return html.unescape(_ENDLESS.sub("\ufffd", text))
    return decoded.replace("&amp;", "&")


def _has_ampersands_only(text: str) -> bool:
    """Tell whether every reference in a text is that of an ampersand."""
    return text.count("&") == text.count("&amp;")


# `html.unescape` raises ValueError for a number of more than 4,300 digits.
_ENDLESS = re.compile(r"&#(?:[0-9]{8,}|[xX][0-9a-fA-F]{8,});?")


def _joined(markup: str) -> str:
    parts = _TAG.split(markup.replace("\n", " ").replace("\r", " "))
    if len(parts) == 1:
        return markup
    parts[1::2] = map(_BREAKS.__getitem__, parts[1::2])
    return "".join(parts)


def _without_unseen(markup: str) -> str:
    """Cut out the elements that a browser does not show."""
    kept = []
    start = at = 0
    while tag := _TAG.search(markup, at):
        at = tag.end()
        name = (tag[1] or "").lower()
        if name in _UNSEEN or (name not in _VOID and name[:1] != "/" and _is_hidden(tag[0][:_MAX_TAG])):
            kept.append(markup[start : tag.start()])
            start = at = _end(markup, name, at)
    kept.append(markup[start:])
    return "".join(kept)


def _is_hidden(tag: str) -> bool:
    return bool(_HIDDEN.search(_QUOTED.sub("=", tag)) or _NOT_DISPLAYED.search(tag))


def _end(markup: str, name: str, at: int) -> int:
    """Find where the element ends whose start tag ends `at`; one that is never closed takes the rest with it."""
    if name in _RAW:
        end = _RAW_END[name].search(markup, at)
        return end.end() if end else len(markup)
    depth = 1
    for tag in _TAG.finditer(markup, at):
        inner = (tag[1] or "").lower()
        if inner == f"/{name}":
            depth -= 1
        elif name == "p" and inner.removeprefix("/") in _BLOCKS:
            return tag.start()  # a paragraph holds no block: the next one closes it
        elif inner == name:
            depth += 1
        if not depth:
            return tag.end()
    return len(markup)
