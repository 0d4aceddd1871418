"""The pages of single items: which are worth reading, and what becomes of an item with its page, or without. Pure.

A list without descriptions costs one request; the pages of all its items would cost hundreds. So a page is read only
for an item that is new or changed, and that some search may still want once it is known; it is remembered, so that an
unchanged item costs no request; and one that fails is tried again a few times, then given up.
"""

from scan.details.choosing import Chooser
from scan.details.memory import Memory, Nothing
from scan.details.outstanding import Outstanding
from scan.details.whole import Whole

__all__ = ["Chooser", "Memory", "Nothing", "Outstanding", "Whole"]
