"""What whole scans are measured at, each on the state that the one before has left."""

FIRST = "first"
"""Everything is new."""
UNMODIFIED = "304"
"""The server says that nothing has changed."""
NEW = "1 % new"
"""It says so of all but one source in a hundred, which has a new item."""
SAME = "same body"
"""From here on the server sends everything anew: nothing has changed, though."""
AGAIN = "bytes differ"
"""The same items in another page."""
EDITED = "1 % changed"
"""Of a hundred items one is another than before."""

CASES = (FIRST, UNMODIFIED, NEW, SAME, AGAIN, EDITED)
CONDITIONAL = frozenset((FIRST, UNMODIFIED, NEW))
"""In which the server knows ETag and Last-Modified."""
