"""The man pages: what docs/ says, in the language of man(7).

docs/cli.md becomes scan(1) and a page a command, such as scan-run(1), which `man scan run` finds as well;
docs/config.md becomes scan.yaml(5), and every other page for users one of its own. A table becomes a list of what its
first column names, for terminals are narrow.

Source of the language: groff_man(7), groff_man_style(7), man-pages(7), read 2026-11.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode as Node

MARKDOWN = MarkdownIt("commonmark").enable("table")
NOT_FOR_USERS = {"performance", "reliability"}
NAMES = {
    "cli": ("scan", 1),
    "config": ("scan.yaml", 5),
    "sources": ("scan-sources", 5),
    "channels": ("scan-channels", 5),
}

ESCAPED = str.maketrans({"\\": r"\e", "-": r"\-", "'": r"\(aq", "`": r"\(ga", "^": r"\(ha", "~": r"\(ti"})
NOTHING = r"\&"
REGULAR, BOLD, ITALIC = "R", "B", "I"

Parts = list[tuple[str, list[Node]]]
"""Titles, and what stands under each."""


@dataclass(frozen=True, slots=True)
class Page:
    """A man page that is to be written; `purpose` is what `man -k` says of it."""

    name: str
    section: int
    purpose: str
    parts: Parts


def manual(docs: Path, *, version: str, purpose: str) -> dict[str, str]:
    """Give all man pages by the names of their files.

    Args:
        docs: the folder docs/.
        version: of scan, for the foot of the pages.
        purpose: what scan is, in a line.

    """
    chapters: list[Page] = []
    commands: list[Page] = []
    for path in sorted(docs.glob("*.md")):
        tree = Node(MARKDOWN.parse(path.read_text(encoding="utf-8")))
        title, *nodes = [node for node in tree.children if node.type != "html_block"]
        if path.stem == "cli":
            scan, *commands = _of_the_command_line(nodes, purpose)
            chapters.append(scan)
        elif path.stem not in NOT_FOR_USERS:
            chapters.append(Page(*_page_of(path.stem), _purpose(title, nodes[0]), _parts(nodes, "h2")))
    chapters.sort(key=lambda page: (page.section, page.name))
    return {f"{page.name}.{page.section}": _written(page, version, chapters) for page in (*chapters, *commands)}


def _page_of(stem: str) -> tuple[str, int]:
    return NAMES.get(stem, (f"scan-{stem}", 7))


def _purpose(title: Node, first: Node) -> str:
    """Give a page's first sentence; its title, where it begins otherwise."""
    sentence = re.match(r"[^.:]+(?=\.)", _text(first)) if first.type == "paragraph" else None
    return " ".join((sentence[0] if sentence else _text(title)).split())


# --- what belongs on a page


def _of_the_command_line(nodes: list[Node], purpose: str) -> Iterator[Page]:
    """Give the page of what holds for all commands, and one for each; `scan X Y` stands on that of `scan X`."""
    parts = _parts(nodes, "h2")
    of_commands = _split(dict(parts)["Commands"], "h3")
    _, listed = of_commands.pop(0)
    yield Page("scan", 1, purpose, [(title, listed if title == "Commands" else part) for title, part in parts])
    for row in _rows(listed[0]):
        name, summary = map(_text, row)
        (_, own), *inner = (part for part in of_commands if f"{part[0]} ".startswith(f"{name} "))
        yield Page(name.replace(" ", "-"), 1, summary.rstrip("."), [*_introduction(own), *inner])


def _parts(nodes: list[Node], tag: str) -> Parts:
    (_, first), *titled = _split(nodes, tag)
    return [*_introduction(first), *titled]


def _split(nodes: list[Node], tag: str) -> Parts:
    """Take nodes apart at headings; what comes before the first has no title."""
    parts: Parts = [("", [])]
    for node in nodes:
        if node.tag == tag:
            parts.append((_text(node), []))
        else:
            parts[-1][1].append(node)
    return parts


def _introduction(nodes: list[Node]) -> Parts:
    """Name the parts of what has no titles."""
    usage = [node for node in nodes[:1] if node.type == "paragraph" and len(node.children[0].children) == 1]
    options = [node for node in nodes if node.type == "table" and _titles(node)[0] == "option"]
    rest = [node for node in nodes if node not in usage and node not in options]
    named = [("Synopsis", usage), ("Description", rest), ("Options", [node for node in options if _rows(node)])]
    return [(title, part) for title, part in named if part]


def _written(page: Page, version: str, chapters: Sequence[Page]) -> str:
    others = [f"{_in(BOLD, _escaped(it.name))}({it.section})" for it in chapters if it is not page]
    lines = [
        f'.TH "{page.name.upper()}" {page.section} "" "scan {version}" "scan"',
        ".nh\n.ad l",  # names are neither hyphenated nor stretched
        f".SH NAME\n{_escaped(page.name)} \\- {_escaped(page.purpose[:1].lower() + page.purpose[1:])}",
        *(line for title, nodes in page.parts for line in (f".SH {_escaped(title.upper())}", *_blocks(nodes))),
        ".SH SEE ALSO\n" + ",\n".join(others),
    ]
    # A title is followed by a paragraph anyway.
    return re.sub(r"^(\.S[HS] .*\n)\.PP\n", r"\1", "\n".join(lines) + "\n", flags=re.MULTILINE)


# --- blocks


def _blocks(nodes: Sequence[Node]) -> Iterator[str]:
    for node in nodes:
        yield from _block(node)


def _block(node: Node) -> Iterator[str]:
    match node.type:
        case "heading":
            yield f".SS {_inline(node)}"
        case "paragraph":
            yield f".PP\n{_inline(node)}"
        case "fence" | "code_block":
            yield f".PP\n.RS 4\n.nf\n{_no_request(_escaped(node.content.rstrip()))}\n.fi\n.RE"
        case "bullet_list" | "ordered_list":
            for item in node.children:
                yield from _item(item)
        case "table":
            yield from _table(node)
        case other:
            raise ValueError(f"{other}: nothing that man pages are made of, line {node.map}")


def _item(item: Node) -> Iterator[str]:
    first, *rest = item.children
    mark = f"{item.info}." if item.info else r"\(bu"
    yield f".IP {mark} 4\n{_inline(first)}"
    if rest:
        yield from (".RS 4", *_blocks(rest), ".RE")


def _table(node: Node) -> Iterator[str]:
    """Write a row as what its first cell names: what it means, and the other cells under their titles."""
    titles = _titles(node)
    last = "meaning" if "meaning" in titles else titles[-1]
    for tag, *cells in _rows(node):
        said = dict(zip(titles[1:], map(_inline, cells), strict=True))
        meaning = said.pop(last)
        more = "; ".join(f"{title}: {cell}" for title, cell in said.items() if title and cell)
        yield ".TP"
        yield _inline(tag) or NOTHING
        yield " ".join(filter(None, (meaning, more and f"({more})"))) or NOTHING


def _titles(table: Node) -> list[str]:
    return [_text(cell) for cell in table.children[0].children[0].children]


def _rows(table: Node) -> list[list[Node]]:
    """Give the cells of each row below the titles."""
    return [row.children for body in table.children[1:] for row in body.children]


# --- within a block


def _inline(block: Node) -> str:
    """Write what a paragraph, a title or a cell says, so that no line of it is taken for a request."""
    return _no_request(_line(block.children[0], REGULAR))


def _line(node: Node, font: str) -> str:
    return "".join(_piece(child, font) for child in node.children)


def _piece(node: Node, font: str) -> str:
    match node.type:
        case "text":
            return _escaped(node.content)
        case "code_inline":
            return _in(BOLD, _escaped(node.content), font)
        case "softbreak" | "hardbreak":
            return "\n"
        case "strong":
            return _in(BOLD, _line(node, BOLD), font)
        case "em":
            return _in(ITALIC, _line(node, ITALIC), font)
        case "link":
            return _link(node, font)
        case other:
            raise ValueError(f"{other}: nothing that a line of a man page is made of: {node.content}")


def _link(node: Node, font: str) -> str:
    said, target = _line(node, font), str(node.attrs["href"])
    page = re.fullmatch(r"([\w-]+)\.md(?:#.*)?", target)
    if page and page[1] not in NOT_FOR_USERS:
        name, section = _page_of(page[1])
        return f"{said} ({_in(BOLD, _escaped(name), font)}({section}))"
    return f"{said} <{_escaped(target)}>" if "://" in target and target != _text(node) else said


def _no_request(text: str) -> str:
    """Keep lines that begin with a dot from being taken for requests; an apostrophe is escaped anyway."""
    return re.sub(r"^\.", r"\\&.", text, flags=re.MULTILINE)


def _in(font: str, text: str, around: str = REGULAR) -> str:
    return f"\\f{font}{text}\\f{around}" if font != around else text


def _escaped(text: str) -> str:
    return text.translate(ESCAPED)


def _text(node: Node) -> str:
    """Give what is written in a node, without its form."""
    return "".join(_text(child) for child in node.children) if node.children else node.content
