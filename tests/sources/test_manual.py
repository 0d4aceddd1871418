from pathlib import Path

from scan.sources import KINDS
from scan.sources.manual import manual

MANUAL = Path(__file__).parents[2] / "docs/sources.md"


def test_the_manual_in_docs_is_current() -> None:
    expected = manual(KINDS)
    assert MANUAL.read_text(encoding="utf-8") == expected, "run: python -m tests.sources.test_manual"


def test_the_manual_lists_every_kind_and_every_key() -> None:
    text = manual(KINDS)
    for kind in KINDS:
        assert f"\n## {kind}\n" in text
    assert "- `board`: the last part of boards.greenhouse.io/acme, such as `acme`; required" in text
    assert "- `eu`: the site is on jobs.eu.lever.co\n" in text


if __name__ == "__main__":
    MANUAL.write_text(manual(KINDS), encoding="utf-8")
