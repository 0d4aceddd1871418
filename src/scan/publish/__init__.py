"""Rendered reports -> files, and whatever else a kind of report is. None of them can fail or hang a run."""

from scan.publish.publisher import Published, Publisher
from scan.publish.world import LONGEST, World

__all__ = ["LONGEST", "Published", "Publisher", "World"]
