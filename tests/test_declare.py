"""Kinds by name."""

import sys

import pytest

from scan.declare import Catalogue

KINDS = Catalogue[object]({"hue": "colorsys:rgb_to_hls", "odd": "this_is_no_module:Odd"})


def test_a_kind_is_imported_when_it_is_asked_for_and_no_sooner() -> None:
    sys.modules.pop("colorsys", None)
    assert list(KINDS) == ["hue", "odd"]
    assert "hue" in KINDS
    assert len(KINDS) == 2
    assert "colorsys" not in sys.modules
    assert KINDS["hue"] is sys.modules["colorsys"].rgb_to_hls


def test_there_is_no_kind_that_was_not_named() -> None:
    assert "sound" not in KINDS
    assert KINDS.get("sound") is None
    with pytest.raises(KeyError, match="sound"):
        KINDS["sound"]
