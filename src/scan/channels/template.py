r"""Messages in your own words: a Jinja2 template in place of the text, or of an e-mail's HTML.

    Subject: {{ notices|length }} for {{ profile }}

    {% for search, found in notices|groupby('search') %}
    {{ search }}
    {% for notice in found %}
    * {{ notice.item.title }}{{ ' at ' ~ notice.item.organization if notice.item.organization else '' }}
      {{ notice.item.published_at|day }} {{ notice.link }}
    {% endfor %}
    {% endfor %}
    {{ 'and ' ~ more ~ ' more' if more else '' }}

`template: FILE` names it, relative to the config's folder; `scan config check` tries it on samples. A name that ends in
`.html` (or `.html.j2`) makes the HTML part of an e-mail, where whatever is put in is escaped; any other makes the text.
If it begins with a line `Subject: …`, that is the subject. Where it fails on what an item holds, the message goes out
in scan's own form, and says so. `webhook` and `command` have no templates, as their JSON is a promise to programs;
alerts are always in scan's own form.

| name | is |
|---|---|
| `profile`, `subject`, `created_at`, `backlog`, `more` | as in the JSON below; `subject` is scan's own |
| `notices` | what is told, at most `max_items` |
| `notice.search`, `.event`, `.first_run`, `.item`, `.sources`, `.reasons`, `.changes` | as in the JSON below |
| `notice.link` | the item's address if it is one that is safe to show as a link |
| `notice.note`, `.facts`, `.why` | in words: what happened to it, what is known of it, why it matched |

Every text is one line without control characters, cut at 1,000 characters. Nothing (null) is shown as nothing, a list
not at all: join it, or loop over it. A name that is not there is an error, so an attribute that not every item has is
written `notice.item.attributes.salary|default('')`. Times are shown in the config's time zone; `|day` makes `20 Nov
2026` of one, `|date('%d.%m. %H:%M')` whatever you like.

There are `for`, `if`, `set`, Jinja2's tests, arithmetic for numbers, `~` for texts, and the filters abs, capitalize,
count, default, dictsort, escape, first, float, groupby, int, items, join, last, length, list, lower, map, max, min,
reject, rejectattr, replace, round, select, selectattr, sort, string, title, trim, truncate, unique, upper, urlencode,
wordcount and wordwrap. Nothing can be called, included or imported. A template has 100 KB at most, and makes 500,000
characters at most.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from html import unescape
from traceback import walk_tb
from typing import Any
from zoneinfo import ZoneInfo

from jinja2.exceptions import TemplateRuntimeError, UndefinedError

from scan.channels.as_json import ITEM
from scan.channels.clean import one_line, web_link
from scan.channels.digest import day, subject, worded
from scan.channels.sandbox import OUTPUT_LIMIT, Malformed, Sandbox
from scan.declare import TextFile
from scan.model import Digest, Notice

NAMES = ("profile", "subject", "created_at", "backlog", "more", "notices")

_TEXT = 1000
_HTML = re.compile(r"\.html?(\.j2|\.jinja2?)?\Z", re.IGNORECASE)
_SUBJECT = re.compile(r"Subject:([^\n]*)\n?", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendering:
    """What a template made.

    Attributes:
        subject: one line; None if the template leaves it to scan.
        body: with its line end; HTML if the template is.

    """

    subject: str | None
    body: str


def is_html(template: TextFile) -> bool:
    """Tell by its name whether a template makes HTML."""
    return _HTML.search(template.path.name) is not None


def render(template: TextFile, digest: Digest, max_items: int) -> Rendering:
    """Render a digest, at most `max_items` of its items.

    Raises:
        Malformed: the template is none, or fails on this digest; with its line, where that is known.

    """
    zone, html = ZoneInfo(digest.zone), is_html(template)
    dates: dict[str, Callable[..., str]] = {
        "day": lambda moment: "" if moment is None else day(moment, zone),
        "date": lambda moment, form: "" if moment is None else moment.astimezone(zone).strftime(form),
    }
    sandbox = Sandbox(html=html, show=lambda value: _shown(value, zone), filters=dates)
    generate = sandbox.prepare(template.text, NAMES)
    try:
        body = _joined(generate(_values(digest, max_items, zone)))
        body.encode()
    except Exception as error:  # whatever an item and a template make of each other, the message goes out
        raise Malformed(_reason(error), _line(error)) from error
    return _with_subject(body, html=html, wanted=_SUBJECT.match(template.text) is not None)


def _joined(chunks: Any) -> str:
    """Put the output together for as long as it has an end."""
    parts, size = [], 0
    for chunk in chunks:
        parts.append(chunk)
        size += len(chunk)
        if size > OUTPUT_LIMIT:
            raise TemplateRuntimeError(f"the message grows too long (more than {OUTPUT_LIMIT} characters)")
    return "".join(parts)


def _with_subject(body: str, *, html: bool, wanted: bool) -> Rendering:
    """Take the subject off the first line. What an item says there is never taken for one."""
    line = _SUBJECT.match(body) if wanted else None
    if line is not None:
        body = body[line.end() :].lstrip("\n")
    if not body.strip():
        raise Malformed("it makes an empty message", None)
    own = one_line(unescape(line[1]) if html else line[1], 200) if line else ""
    return Rendering(subject=own or None, body=body.rstrip("\n") + "\n")


def _reason(error: BaseException) -> str:
    """Say what is wrong, and what would be right where something is missing."""
    if isinstance(error, UndefinedError):
        return f"{one_line(str(error))}; where not every item has it, write |default('')"
    return one_line(str(error)) or type(error).__name__


def _line(error: BaseException) -> int | None:
    """Find the template's line that an error comes from."""
    lines = [line for frame, line in walk_tb(error.__traceback__) if frame.f_code.co_filename == "<template>"]
    return lines[-1] if lines else None


def _shown(value: Any, zone: ZoneInfo) -> Any:
    """Show one value."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return f"{day(value, zone)} {value.astimezone(zone):%H:%M}"
    if isinstance(value, str | int | float):
        return value
    if value is None:
        return ""
    raise TemplateRuntimeError("a list cannot be shown; join it, or loop over it")


def _values(digest: Digest, max_items: int, zone: ZoneInfo) -> Mapping[str, Any]:
    told = digest.notices[:max_items]
    return {
        "profile": one_line(digest.profile, _TEXT),
        "subject": subject(digest),
        "created_at": digest.created_at,
        "backlog": digest.backlog,
        "more": len(digest.notices) - len(told),
        "notices": [_notice(notice, zone) for notice in told],
    }


def _notice(notice: Notice, zone: ZoneInfo) -> dict[str, Any]:
    words = worded(notice, zone)
    return {
        "search": one_line(notice.search, _TEXT),
        "event": str(notice.event),
        "first_run": notice.first_run,
        "item": {name: _clean(getattr(notice.item, name)) for name in ITEM} | {"url": web_link(notice.item.url)},
        "sources": _clean(notice.sources),
        "reasons": [_fields(reason) for reason in notice.reasons],
        "changes": [_fields(change) for change in notice.changes],
        "link": words.link,
        "note": words.note,
        "facts": list(words.facts),
        "why": list(words.reasons),
    }


def _fields(struct: Any) -> dict[str, Any]:
    return {name: _clean(getattr(struct, name)) for name in struct.__struct_fields__}


def _clean(value: Any) -> Any:
    """Make every text in a value one line, however deep it lies."""
    if isinstance(value, str):
        return one_line(value, _TEXT)
    if isinstance(value, Mapping):
        return {one_line(str(name), _TEXT): _clean(inner) for name, inner in value.items()}
    return list(map(_clean, value)) if isinstance(value, list | tuple) else value
