"""Manual pages made from what classes declare and their docstrings say."""

import dataclasses
import re
from datetime import timedelta
from typing import Any, get_args, get_type_hints

from scan.declare import Doc


def keys(declared: type, left_out: frozenset[str] = frozenset()) -> str:
    """Write a table of a class's keys."""
    hints = get_type_hints(declared, include_extras=True)
    lines = ["| key | meaning | default | example |", "|---|---|---|---|"]
    for field in dataclasses.fields(declared):
        doc = next((extra for extra in get_args(hints[field.name]) if isinstance(extra, Doc)), None)
        if doc is None or field.name in left_out:
            continue
        example = f"`{doc.example}`" if doc.example else ""
        bounds = f"; {doc.range}" if doc.range else ""
        lines.append(f"| `{field.name.rstrip('_')}` | {doc.text}{bounds} | {shown(field)} | {example} |")
    return "\n".join(lines) + "\n" if len(lines) > 2 else ""


def shown(field: "dataclasses.Field[Any]") -> str:
    if field.default is dataclasses.MISSING:
        return "required" if field.default_factory is dataclasses.MISSING else "none"
    if isinstance(field.default, timedelta):
        return f"{field.default.total_seconds():g}s"
    return "none" if field.default is None else str(field.default)


def markdown(docstring: str | None) -> str:
    """Make fenced blocks of indented ones: JSON, Jinja2 or YAML, as they look."""

    def fenced(block: re.Match[str]) -> str:
        text = re.sub(r"^    ", "", block[0], flags=re.MULTILINE)
        language = "jinja" if "{{" in text else "json" if text.startswith("{") else "yaml"
        return f"```{language}\n{text}```\n"

    return re.sub(r"(?:^    .*\n)(?:\n?    .*\n)*", fenced, f"{(docstring or '').strip()}\n", flags=re.MULTILINE)
