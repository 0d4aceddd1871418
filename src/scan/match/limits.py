"""What a condition may not do: use up the memory, or all the time there is.

CEL has no endless loops, but `exists`, `all` and the like bind a name to a value, and a name can be joined with itself
or put into a list many times over: a few of them, one in the other, grow like 2 to the power of 2. Without loops a
condition grows no more than it is long.
"""

import re

_LONGEST = 2_000
_MOST_LOOPS = 3

_LITERAL = re.compile(
    r"""
    //[^\n]*                                                                        # a comment
    | [bB]?[rR](?: \"{3}[\s\S]*?\"{3} | '{3}[\s\S]*?'{3} | "[^"\n]*" | '[^'\n]*' )  # raw: a backslash is a backslash
    | \"{3}(?:\\[\s\S]|[^\\])*?\"{3} | '{3}(?:\\[\s\S]|[^\\])*?'{3}
    | "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])*'
    """,
    re.VERBOSE,
)
_LOOP = re.compile(r"\b(?:all|exists|exists_one|map|filter)\s*\(")


def excess(condition: str) -> str | None:
    """Tell what a condition has too much of; None if nothing."""
    if len(condition) > _LONGEST:
        return f"the condition has {len(condition)} characters; at most {_LONGEST} are allowed"
    code = _LITERAL.sub("''", condition)
    loops = len(_LOOP.findall(code))
    if loops > _MOST_LOOPS:
        return (
            f"the condition has {loops} loops (all, exists, exists_one, map, filter); at most {_MOST_LOOPS} are allowed"
        )
    if loops and "+" in code:
        return "the condition has a loop (all, exists, exists_one, map, filter) and a +; only one of them is allowed"
    return None
