"""A digest for phones and chat rooms: pieces of plain text, Markdown or HTML, of which as many are taken as fit.

A receiver there has little room, and mostly no way to drop a copy. So the pieces end with a short id such as `#a1b2c3`,
the same at every try: who sees it twice knows the copy.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from html import escape

import msgspec

from scan.channels.digest import Entry, Outline, Section
from scan.channels.wording import Wording

_MARKUP = re.compile(r"[\\`*_\[\]<>|~&]|(?m:^[-#+=])|(?m:^\d+(?=[.)]))")
_CALL = re.compile(r"@(?=everyone|here(?!\.\w))|(?<!\w)@(?=(?:here|channel|all|room)\b|[!&]?\d{6})", re.IGNORECASE)
"""Discord's two words ring wherever they stand, after a letter too; an address for mail stays one."""

_NO_BREAK = "@\u200b"


class Part(msgspec.Struct, frozen=True):
    """What one search found: a heading and its entries, marked up. Without entries, a remark."""

    heading: str
    entries: tuple[str, ...]


class Pieces(msgspec.Struct, frozen=True, kw_only=True):
    """A digest in one markup, to be put together.

    Attributes:
        more: items that are not among the entries.
        rest: tells of entries that are left out, `{}` being their number.
        footer: says whose message it is, and its short id.
        opening, closing: around every piece.
        gap: between two of them.

    """

    parts: tuple[Part, ...]
    more: int
    footer: str
    rest: str = "and {} more"
    opening: str = ""
    closing: str = ""
    gap: str = "\n\n"

    def first(self, count: int) -> str:
        """Put the first entries together, and count the others."""
        pieces: list[str] = []
        left = count
        for part in self.parts:
            if left or not part.entries:
                pieces += [part.heading, *part.entries[:left]] if part.heading else part.entries[:left]
                left -= len(part.entries[:left])
        if more := self.more + self._total - count:
            pieces.append(self.rest.format(more) if count else f"{more} not shown")
        return self.gap.join(f"{self.opening}{piece}{self.closing}" for piece in (*pieces, self.footer))

    def most(self, fits: Callable[[str], bool]) -> str:
        """Put together as many entries as fit; none, only counted, if not even the first does."""
        least, most = 0, self._total
        while least < most:
            middle = (least + most + 1) // 2
            least, most = (middle, most) if fits(self.first(middle)) else (least, middle - 1)
        return self.first(least)

    @property
    def _total(self) -> int:
        return sum(len(part.entries) for part in self.parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Markup:
    """How a text is written in one of the forms.

    Attributes:
        plain: makes foreign text harmless.
        strong: stresses what is marked up already.
        linked: joins a marked up text and an address.
        line: between two lines of a piece.
        line_end, line_gap: after a line that is a piece of its own, and between two such.
        opening, closing: around a piece of several lines.
        gap: between two such.

    """

    plain: Callable[[str], str]
    strong: Callable[[str], str]
    linked: Callable[[str, str], str]
    line: str = "\n"
    line_end: str = ""
    line_gap: str = "\n"
    opening: str = ""
    closing: str = ""
    gap: str = "\n\n"


def quiet(text: str) -> str:
    """Take the ring out of `@everyone` and the like, as discord.py's `escape_mentions` does."""
    return _CALL.sub(_NO_BREAK, text)


def _markdown(text: str) -> str:
    """Escape what CommonMark, and what chat rooms make of it, would take for markup."""
    return _MARKUP.sub(lambda found: _escaped(found[0]), quiet(text))


def _escaped(found: str) -> str:
    return f"{found}\\" if found.isdigit() else f"\\{found}"


def _markdown_link(label: str, url: str) -> str:
    return f"[{label}](<{url.replace('<', '%3C').replace('>', '%3E').replace(chr(92), '%5C')}>)"


TEXT = Markup(plain=quiet, strong=str, linked="{}\n{}".format)
MARKDOWN = Markup(plain=_markdown, strong="**{}**".format, linked=_markdown_link)
HTML = Markup(
    plain=lambda text: escape(quiet(text)),
    strong="<b>{}</b>".format,
    linked=lambda label, url: f'<a href="{escape(url)}">{label}</a>',
    line="<br/>",
    line_end="<br/>",
    opening="<p>",
    closing="</p>",
    gap="\n",
)


def short_id(message_id: str) -> str:
    """Give a message's id in a form that people can compare."""
    return f"#{message_id[:6]}"


def summary(outline: Outline) -> str:
    """Say what is inside in words that are all ours: no item has a say in it."""
    if not outline.sections:
        return f"Nothing to tell ({outline.profile})"
    return "; ".join(f"{section.counts} for {section.search}" for section in outline.sections)


def pieces(told: Wording, markup: Markup, message_id: str) -> Pieces:
    """Lay a message out in one markup: scan's own form, or the lines that the user's template made."""
    outline = told.outline
    footer = markup.plain(f"scan, profile {outline.profile}, {short_id(message_id)}")
    if told.own and told.form == "text":
        lines = tuple(markup.plain(line.rstrip()) for line in told.text.rstrip().split("\n"))
        return Pieces(
            parts=(Part("", lines),), more=0, footer=footer, rest="…", closing=markup.line_end, gap=markup.line_gap
        )
    remark = (Part(markup.plain(outline.remark), ()),) if outline.remark else ()
    return Pieces(
        parts=(*remark, *(_part(section, markup) for section in outline.sections)),
        more=outline.more,
        footer=footer,
        opening=markup.opening,
        closing=markup.closing,
        gap=markup.gap,
    )


def _part(section: Section, markup: Markup) -> Part:
    heading = [markup.strong(markup.plain(f"{section.search}: {section.counts}"))]
    if section.remark:
        heading.append(markup.plain(section.remark))
    entries = (markup.line.join(_lines(entry, markup)) for entry in section.entries)
    return Part(markup.line.join(heading), tuple(entries))


def _lines(entry: Entry, markup: Markup) -> Iterable[str]:
    title = markup.strong(markup.plain(entry.title))
    note = markup.plain(f"({entry.note}) ") if entry.note else ""
    yield note + (markup.linked(title, entry.link) if entry.link else title)
    if entry.facts:
        yield markup.plain(" · ".join(entry.facts))
    for change in entry.changes:
        yield markup.plain(f"{change.field}: {change.old or '(nothing)'} → {change.new or '(nothing)'}")
    if entry.reasons:
        yield markup.plain(f"matched {'; '.join(entry.reasons)}")
