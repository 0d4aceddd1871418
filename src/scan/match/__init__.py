"""Searches on items: compiled once, then item by item, which hold and why. Pure.

The libraries behind it are imported where they are used: the config, which only declares searches, pays for none.
"""

from scan.match.explanation import Condition, Explanation
from scan.match.matcher import Matcher
from scan.match.plan import waits
from scan.match.problems import problems
from scan.match.search import FIELDS, Search, Words, selects

__all__ = ["FIELDS", "Condition", "Explanation", "Matcher", "Search", "Words", "problems", "selects", "waits"]
