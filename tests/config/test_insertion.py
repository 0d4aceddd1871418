"""An entry put into a config's text: at the end of its sources, in their style, and nothing else changes."""

import pytest
import yaml

from scan.config.document import Refused, compose
from scan.config.insertion import inserted
from scan.config.starter import STARTER
from scan.config.tables import plain

ENTRY = {"name": "new", "kind": "json", "url": "https://example.org/", "fields": {"title": "a: b", "url": "link"}}
BLOCK = """\
- name: new
  kind: json
  url: https://example.org/
  fields:
    title: 'a: b'
    url: link
"""
FLOW = "{name: new, kind: json, url: 'https://example.org/', fields: {title: 'a: b', url: link}}"


def block(indent: str, end: str = "\n") -> str:
    return "".join(f"{indent}{line}{end}" for line in BLOCK.splitlines())


TEXTS = {
    "after the last entry, and the comments that are its own": (
        "sources:   # where\n  - name:  a   # one\n    kind: feed\n    # every: 1h\n",
        "  # of nothing\n\n# what for\nsearches: []\n",
        "  ",
    ),
    "without indentation": ("every: 15m\nsources:\n- {name: a,   kind: feed}\n- name: b\n", "searches: []\n", ""),
    "a dash by itself": ("sources:\n    -\n      name: a\n", "every: 1h\n", "    "),
    "a text of several lines": ("sources:\n  - name: a\n    body: |\n      x\n      y\n", "every: 1h\n", "  "),
    "a value left out": ("sources:\n  - name: a\n    fields:\n      url:\n", "every: 1h\n", "  "),
    "nothing after it": ("sources:\n  - name: a\n", "", "  "),
    "none yet": ("sources:   # none yet\n", "every: 1h\n", "  "),
    "windows": ("every: 1h\r\nsources:\r\n  - name: a\r\n", "searches: []\r\n", "  "),
}


@pytest.mark.parametrize("name", TEXTS)
def test_an_entry_is_put_where_its_neighbours_are(name: str) -> None:
    before, after, indent = TEXTS[name]
    end = "\r\n" if "\r" in before else "\n"
    assert inserted(before + after, ENTRY) == before + block(indent, end) + after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "sources:\n" + block("  ")),
        ("# mine\n", "# mine\nsources:\n" + block("  ")),
        ("every: 1h", "every: 1h\nsources:\n" + block("  ")),
        ("every: 1h\n# end\n", "every: 1h\nsources:\n" + block("  ") + "# end\n"),
        ("every: 1h\n...\n", "every: 1h\nsources:\n" + block("  ") + "...\n"),
        ("sources: [] # none\n", "sources: # none\n" + block("  ")),
        ("sources: ~\nevery: 1h\n", "sources:\n" + block("  ") + "every: 1h\n"),
        ("sources:\n  - name: a", "sources:\n  - name: a\n" + block("  ").rstrip("\n")),
        (
            "sources:\n\n  - name: a\n\n  - name: b\n\nevery: 1h\n",
            "sources:\n\n  - name: a\n\n  - name: b\n\n" + block("  ") + "\nevery: 1h\n",
        ),
        ("sources: [{name: a}]  # flat\n", f"sources: [{{name: a}}, {FLOW}]  # flat\n"),
        ("sources: [\n  {name: a},\n]\n", f"sources: [\n  {{name: a}}, {FLOW},\n]\n"),
    ],
)
def test_an_entry_is_put_into_what_has_no_list_of_the_usual_form(before: str, after: str) -> None:
    assert inserted(before, ENTRY).rstrip("\n") == after.rstrip("\n")


@pytest.mark.parametrize(
    "text",
    [
        *("{sources: []}", "[a]", "all: &s []\nsources: *s\n", "sources: {a: b}\n", "sources: a\n"),
        *("sources: &s []\nall: *s\n", "sources: &s ~\nall: *s\n"),
    ],
)
def test_what_cannot_be_added_to_is_refused_with_its_place(text: str) -> None:
    with pytest.raises(Refused, match="add it by hand"):
        inserted(text, ENTRY)


@pytest.mark.parametrize("text", [STARTER, *(before + after for before, after, _ in TEXTS.values())])
def test_all_that_was_there_is_there_and_the_entry_last(text: str) -> None:
    was, now = compose(text), compose(inserted(text, ENTRY))
    assert was is not None
    assert now is not None
    old, new = plain(was), plain(now)
    assert isinstance(old, dict)
    assert isinstance(new, dict)
    sources = old.get("sources")
    assert new == {**old, "sources": [*(sources if isinstance(sources, list) else []), ENTRY]}
    left = iter(inserted(text, ENTRY).splitlines(keepends=True))
    assert all(line in left for line in text.splitlines(keepends=True))


def test_every_text_of_an_entry_comes_back_as_it_was() -> None:
    odd = [
        "a\nb: [c]\n- d",
        "#",
        "*x",
        "&y z",
        "!tag",
        "'",
        '"',
        "{",
        "no",
        "15:30",
        "0x1",
        "~",
        " a ",
        "é\u2028\x85",
        "\ud7ff",
        "- ",
    ]
    entry = {
        "name": "new",
        "kind": "html",
        "items": odd[0],
        "fields": {f"attributes.n{n}": text for n, text in enumerate(odd)},
    }
    for text in ("", "sources: [{name: a}]\n", STARTER):
        found = yaml.safe_load(inserted(text, entry))["sources"][-1]
        assert found == entry
