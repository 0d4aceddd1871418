"""What markup would cost a parser, found in one linear pass before one sees it.

Parsers for HTML and for broken XML take time that grows with the square of the depth: 250 KB of `<div>` cost lexbor six
seconds, 200,000 levels cost feedparser nine. Real pages stay below 50. Likewise with the square of a tag's attributes
(700 KB of them cost lexbor fifteen seconds), and of a `<select>`'s options (640 KB, fourteen). Measured with lexbor of
selectolax 1.0.2.
"""

import re

MAX_DEPTH = 512
MOST_ATTRIBUTES = 512
MOST_OPTIONS = 20_000

_ATTRIBUTE = r"""[^\t\n\f\r\ />] [^\t\n\f\r\ />=]*+
    (?: [\t\n\f\r\ ]*+ = [\t\n\f\r\ ]*+ (?: "[^"]*+" | '[^']*+' | [^\t\n\f\r\ "'>][^\t\n\f\r\ >]*+ )?+ )?+"""

_TAG = re.compile(
    rf"""(?x) < (?:
        (?P<comment> !-- ) | (?P<cdata> !\[CDATA\[ ) | (?P<odd> [!?] | /(?![a-zA-Z]) )
      | (?P<end>/)? (?P<name>[a-zA-Z][^\t\n\f\r\ />]*+) (?P<rest> (?: [\t\n\f\r\ /]++ | {_ATTRIBUTE} )*+ > )?+
    )"""
)
"""As https://html.spec.whatwg.org/multipage/parsing.html#tokenization cuts it: a quoted `>` is no end."""

_TOO_MANY_ATTRIBUTES = re.compile(rf"(?x) (?: [\t\n\f\r\ /]*+ {_ATTRIBUTE} ){{{MOST_ATTRIBUTES + 1}}}")

_COMMENT_END = re.compile(r"<!--(?:-?>|.*?--!?>)", re.DOTALL)

_RAW = frozenset(("script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"))
"""Whose content is text, not markup."""

_UNNESTED = frozenset(
    (
        *(
            "area",
            "base",
            "br",
            "col",
            "embed",
            "hr",
            "img",
            "input",
            "link",
            "meta",
            "param",
            "source",
            "track",
            "wbr",
        ),
        *("body", "dd", "dt", "head", "html", "li", "option", "p"),
        *("tbody", "td", "tfoot", "th", "thead", "tr"),
    )
)
"""Without content, or ended by the next of their kind: the end tag may be left out, and no depth comes of it."""

_SPECIAL = frozenset(
    (
        *("address", "applet", "article", "aside", "blockquote", "button", "caption", "center", "details", "dialog"),
        *("dir", "div", "dl", "fieldset", "figcaption", "figure", "footer", "form", "frameset", "h1", "h2", "h3"),
        *("h4", "h5", "h6", "header", "hgroup", "listing", "main", "marquee", "menu", "nav", "noscript", "object"),
        *("ol", "pre", "search", "section", "select", "summary", "table", "template", "ul"),
    )
)
"""The end tag of any other element is ignored across an open one of these."""

_FOREIGN = frozenset(("svg", "math"))
"""Within these, HTML's rules for leaving out end tags do not hold."""


def excess(markup: str, *, xml: bool = False) -> str | None:
    """Say what markup should have been, such as "nested at most 512 deep", if it is too much for a parser.

    In doubt an element counts as open, so that no page is deeper than this finds it (by more than a small factor), as a
    browser would nest it.

    Args:
        markup: a whole page.
        xml: no element may leave its end tag out, or hold text that only looks like markup.

    """
    stack: list[str] = []
    foreign = options = position = 0
    while tag := _TAG.search(markup, position):
        end, name, rest = tag.group("end", "name", "rest")
        if not name:
            position = _after_declaration(markup, tag, cdata=xml or foreign > 0)
            continue
        if (rest is None or len(rest) > MOST_ATTRIBUTES) and _TOO_MANY_ATTRIBUTES.match(markup, tag.end("name")):
            return f"of at most {MOST_ATTRIBUTES} attributes a tag"
        if rest is None:
            return None
        name, position = name.lower(), tag.end()
        strict = xml or foreign > 0 or name in _FOREIGN
        if end:
            _close(stack, name, foreign=strict)
            foreign -= name in _FOREIGN and foreign > 0
        elif not strict and name in _RAW:
            position = _after_raw(markup, name, position)
        elif not (markup[position - 2] == "/" if strict else name in _UNNESTED):
            stack.append(name)
            foreign += name in _FOREIGN
            if len(stack) > MAX_DEPTH:
                return f"nested at most {MAX_DEPTH} deep"
        elif name == "option" and (options := options + 1) > MOST_OPTIONS:
            return f"of at most {MOST_OPTIONS} options"
    return None


def _after_declaration(markup: str, tag: re.Match[str], *, cdata: bool) -> int:
    """Find the end of a comment, or of anything else that is no element."""
    if tag["comment"]:
        end = _COMMENT_END.match(markup, tag.start())
        return end.end() if end else len(markup)
    mark = "]]>" if tag["cdata"] and cdata else ">"
    end_of_mark = markup.find(mark, tag.end())
    return len(markup) if end_of_mark < 0 else end_of_mark + len(mark)


def _after_raw(markup: str, name: str, position: int) -> int:
    end = re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE).search(markup, position)
    return end.start() + 1 if end else len(markup)


def _close(stack: list[str], name: str, *, foreign: bool) -> None:
    if stack and stack[-1] == name:  # nearly always
        stack.pop()
        return
    for depth in range(len(stack) - 1, -1, -1):
        if stack[depth] == name:
            del stack[depth:]
            return
        if not foreign and name not in _SPECIAL and stack[depth] in _SPECIAL:
            return
