"""The manual of all kinds of sources, made of the adapters' own docstrings: docs/sources.md."""

import dataclasses
import sys
from collections.abc import Mapping
from datetime import timedelta
from textwrap import fill
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from scan.declare import Doc
from scan.phrases import span
from scan.sources.base import Source

_TITLE = """# Sources

What `scan` can watch. Every entry of `sources:` has a `name`, a `kind`, and the keys of its kind, listed here; the keys
that all kinds share are in config.md. This page is made from the adapters in `src/scan/sources/` (`make docs`).

## The pages of single items

Some lists lack what searches look for: the description, the date, the pay. What is missing is on each item's own page.
Such a page is read only for an item that is new or changed, and that some search may still want: a search for
`title: {any: [engineer]}` has no page of a gardener read, one for `any: [python]` has all read, as the word may be on
any of them. What was read is remembered: an unchanged item costs no request. A search that is added or changed has the
pages read that it may want.

At most `details` pages of one source are read in a run (50 unless its entry says otherwise; 0 for none), and only in
the first half of the time that the run has; the rest is read in the next ones. Until then an item is stored as the list
has it. It is told at once to a search that its page can only confirm; one with `none` words or a `where` waits for the
page. A page that fails is tried again in the next two runs; after that the item is taken as the list has it. A failing
page never costs its item, nor its source.

The kinds `smartrecruiters`, `workday`, `bamboohr`, `breezy`, `rippling` and `icims` know their pages. For lists of your
own, of kind `json`, `html`, `jsonld`, `feed`, `sitemap` and `csv`, say what to read:

```yaml
follow:
  html: {text: "div.description", attributes.pay: {select: ".pay", number: true}}   # CSS, as in kind html
```

or `json: {text: body}` (JMESPath, as in kind `json`) or `jsonld: true` (what the page says of itself in schema.org's
words; see kind `jsonld`). The page is the item's address, unless `url: "https://example.org/api/items/{key}"` says
where else it is; `zone` is that of its times without one. What it says replaces what the list said, but for `key` and
`url`; attributes are put together.
"""


def manual(kinds: Mapping[str, type[Source]]) -> str:
    """Write the manual, in Markdown: a chapter a kind."""
    return "\n".join([_TITLE, *(_chapter(kind, adapter) for kind, adapter in kinds.items())])


def example(adapter: type[Source]) -> str:
    """Give the YAML of the manual page: its first indented block."""
    lines = _page(adapter).splitlines()
    first = next(number for number, line in enumerate(lines) if line.startswith("    "))
    block = []
    for line in lines[first:]:
        if line and not line.startswith("    "):
            break
        block.append(line.removeprefix("    "))
    return "\n".join(block).strip() + "\n"


def _page(adapter: type[Source]) -> str:
    return sys.modules[adapter.__module__].__doc__ or ""


def _chapter(kind: str, adapter: type[Source]) -> str:
    yaml = example(adapter)
    indented = "\n".join(f"    {line}" if line else "" for line in yaml.rstrip().splitlines())
    text = _page(adapter).strip().replace(indented, f"```yaml\n{yaml}```")
    scope = "lists everything it has" if adapter.complete else "is a window: its items are never gone"
    keys = "\n".join(_key(field, hint) for field, hint in _keys(adapter))
    items = f"Items are of kind `{adapter.item_kind}`; such a source {scope}."
    return "\n\n".join(filter(None, (f"## {kind}", text, items, _limits(adapter), f"{keys}\n")))


def _limits(adapter: type[Source]) -> str:
    """Say how often the service is asked."""
    said: list[str] = []
    if adapter.limit:
        said.append(f"At most {adapter.limit}, over all sources of this kind and from one run to the next.")
    if adapter.seldom() >= timedelta(minutes=1):
        said.append(f"Without `every:`, such a source is due every {span(adapter.seldom().total_seconds())}.")
    return fill(" ".join((*said, "With `url:`, none of this holds.")), 120) if said else ""


def _keys(adapter: type[Source]) -> list[tuple["dataclasses.Field[Any]", Any]]:
    hints = get_type_hints(adapter, include_extras=True)
    return [(one, hints[one.name]) for one in dataclasses.fields(adapter)]


def _key(field: "dataclasses.Field[Any]", hint: Any) -> str:
    annotations = get_args(hint)[1:] if get_origin(hint) is Annotated else ()
    doc = next((one for one in annotations if isinstance(one, Doc)), Doc(""))
    example = f", such as `{doc.example}`" if doc.example else ""
    if field.default is dataclasses.MISSING:
        default = "; required"
    elif field.default in (None, False):
        default = ""
    else:
        default = f"; default `{field.default}`"
    return f"- `{field.name}`: {doc.text}{example}{default}"
