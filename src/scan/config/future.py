"""What the design has and this version has not: refused by name, so that nobody waits for what is not there.

Whoever builds one of these deletes its line.
"""

from collections.abc import Mapping

Plain = str | list["Plain"] | dict[str, "Plain"]

KEYS: Mapping[str, tuple[Plain, ...]] = {
    "executor": ("local", {"kind": "local"}),
}
"""Key of the whole config: the values that ask for what is done today. Null, an empty list or mapping always do."""
