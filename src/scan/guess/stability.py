"""Which class names will still be there tomorrow: not those that a build makes, a style names, or a state changes."""

import re
from functools import lru_cache

_STYLE = re.compile(
    r"""(?x) ^-? (?:
        (?: [mp][trblxyse]? | [whz] ) -? (?: [0-9] .* | auto | full | px | screen | none | min | max | fit )
      | (?: is | has | js | ng | no | size | min | max | text | font | leading | tracking | bg | border | rounded | ring
        | shadow | gap | space | justify | self | place | order | float | object | fill | stroke | group | divide | dark
        | top | bottom | left | right | inset | cursor | duration | ease | animate | u | o ) - .*
      | (?: flex | grid | col | cols | row | clear | inline | block | hidden | visible | invisible | static | relative
        | absolute | fixed | sticky | overflow | truncate | transition | opacity | aspect | sm | md | lg | xl | xs | xxl
        | d | align | container | clearfix | pull | push | offset | underline | uppercase | lowercase | capitalize
        | italic | antialiased | sr-only | text | dark | shadow | rounded | border ) (?: - .* )?
      ) $"""
)
_STATE = frozenset(
    (
        *("active", "current", "selected", "open", "opened", "closed", "show", "shown", "hide", "hidden", "collapsed"),
        *("odd", "even", "alt", "first", "last", "new", "visited", "disabled", "enabled", "expanded", "is", "focus"),
        *("loaded", "lazy", "lazyload", "lazyloaded", "animated", "highlight", "highlighted", "fade", "in"),
    )
)
_PIECE = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_VOWEL = re.compile(r"[aeiouyAEIOUY]")
_NAME = re.compile(r"-?[A-Za-z_][A-Za-z0-9_-]*")
_LONGEST = 60


@lru_cache(maxsize=10_000)
def is_stable(name: str) -> bool:
    """Tell whether a class name says what something is, and so will stay."""
    if not _NAME.fullmatch(name) or len(name) > _LONGEST or _STYLE.match(name) or name.lower() in _STATE:
        return False
    parts = [part for part in re.split(r"[-_]+", name) if part]
    return bool(parts) and not any(map(_is_made_up, parts)) and any(len(part) > 1 and part.isalpha() for part in parts)


def _is_made_up(part: str) -> bool:
    """Tell whether a part of a name is of a build's making, such as `bqhLpl`, `1rd450u`, or an id."""
    if any(map(str.isdigit, part)):
        letters = sum(map(str.isalpha, part))
        return len(part) >= 5 if letters else True
    pieces = _PIECE.findall(part)
    mixed = part != part.lower() and part != part.upper()
    if mixed and len(part) >= 4:
        short = len(part) / len(pieces) < 2.5
        odd = any(len(piece) >= 3 and (piece.isupper() or not _VOWEL.search(piece)) for piece in pieces)
        return short or odd
    return len(part) >= 6 and len(_VOWEL.findall(part)) / len(part) < 0.17
