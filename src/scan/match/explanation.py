"""Why a search met an item or not, for people."""

import msgspec


class Condition(msgspec.Struct, frozen=True, kw_only=True):
    """One condition of a search, and whether it held.

    Attributes:
        rule: `any`, `all`, `none`, `where`, or with a field, `title.any`.
        term: as the config has it; of an `any` without any, all of its words, with commas.
        held: for `none`, that the word isn't there.
        field: where the word was found, or None.
        excerpt: the text around it.
        note: why a `where` could not be evaluated.

    """

    rule: str
    term: str
    held: bool
    field: str | None = None
    excerpt: str | None = None
    note: str | None = None


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """One search on one item: it holds if all of its conditions do."""

    search: str
    held: bool
    conditions: tuple[Condition, ...]
