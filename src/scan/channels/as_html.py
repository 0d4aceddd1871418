"""A digest as HTML for mail programs: one column, inline styles, nothing loaded from anywhere.

Colours are the reader's own (`inherit`, and opacity for what is less important), so that it reads well in light and in
dark. Whatever text goes into a tag is escaped; only what `_tag` made is taken for markup.
"""

from collections.abc import Iterable
from html import escape

from scan.channels.digest import Entry, Outline, Section
from scan.model import FieldChange

_BODY = "margin:0;padding:24px 16px;font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"
_COLUMN = "max-width:640px;margin:0 auto"
_HEADING = "margin:32px 0 8px;font-size:20px;line-height:1.3"
_COUNTS = "font-size:14px;font-weight:normal;opacity:.7"
_ENTRY = "padding:14px 0;border-top:1px solid #999"
_TITLE = "font-weight:600"
_LINK = "color:inherit;text-decoration:underline;text-underline-offset:3px"
_NOTE = "margin-right:8px;padding:1px 7px;border:1px solid #999;border-radius:9px;font-size:12px"
_FACTS = "font-size:14px"
_CHANGE = "margin-top:4px;font-size:14px"
_LOG = "margin-top:8px;font:12px/1.5 ui-monospace,monospace;overflow-wrap:anywhere"
_FAINT = "margin-top:4px;font-size:13px;opacity:.7"


class _Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


def as_html(outline: Outline) -> str:
    """Lay a digest out as a whole HTML document."""
    blocks = [_tag("p", outline.remark, style="margin:0")] if outline.remark else []
    blocks += map(_section, outline.sections)
    if outline.more:
        blocks.append(_tag("p", f"and {outline.more} more", style=_ENTRY))
    blocks.append(_tag("p", f"scan, profile {outline.profile}", style=f"padding-top:20px;{_FAINT}"))
    head = _tag(
        "head",
        _tag("meta", charset="utf-8"),
        _tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        _tag("meta", name="color-scheme", content="light dark"),
        _tag("title", outline.subject),
    )
    body = _tag("body", _tag("div", *blocks, style=_COLUMN), style=_BODY)
    return f"<!doctype html>\n{_tag('html', head, body, lang='en')}\n"


def _tag(name: str, /, *children: str, **attributes: str) -> _Markup:
    """Make an element, `meta` a void one. Each child goes on a line of its own where it is markup."""
    inside = "".join(f"\n{child}" if isinstance(child, _Markup) else escape(child) for child in children)
    given = "".join(f' {key}="{escape(value)}"' for key, value in attributes.items())
    return _Markup(f"<{name}{given}>" if name == "meta" else f"<{name}{given}>{inside}</{name}>")


def _section(section: Section) -> _Markup:
    blocks = [_tag("h2", f"{section.search} ", _tag("span", section.counts, style=_COUNTS), style=_HEADING)]
    if section.remark:
        blocks.append(_tag("p", section.remark, style="margin:0 0 8px"))
    return _tag("div", *blocks, *map(_entry, section.entries))


def _entry(entry: Entry) -> _Markup:
    title = _tag("a", entry.title, href=entry.link, style=_LINK) if entry.link else entry.title
    note = [_tag("span", entry.note, style=_NOTE)] if entry.note else []
    return _tag("div", _tag("div", *note, title, style=_TITLE), *_details(entry), style=_ENTRY)


def _details(entry: Entry) -> Iterable[_Markup]:
    if entry.facts:
        yield _tag("div", " · ".join(entry.facts), style=_FACTS)
    for change in entry.changes:
        yield _change(change)
    if entry.reasons:
        yield _tag("div", f"matched {'; '.join(entry.reasons)}", style=_FAINT)
    if entry.lines:
        yield _tag("div", *(_tag("div", line) for line in entry.lines), style=_LOG)


def _change(change: FieldChange) -> _Markup:
    old = _tag("del", change.old) if change.old else "(nothing)"
    new = _tag("ins", change.new) if change.new else "(nothing)"
    return _tag("div", f"{change.field}: ", old, " → ", new, style=_CHANGE)
