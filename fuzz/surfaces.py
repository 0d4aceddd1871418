"""All surfaces, in a table: the modules that define them enter them there."""

from fuzz import pages, texts, told, wire, words
from fuzz.surface import SURFACES, Surface

__all__ = ["SURFACES", "Surface", "pages", "texts", "told", "wire", "words"]
