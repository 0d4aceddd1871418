"""Numbers and amounts of money as people write them."""

import re

from scan.sources.jobs import whole

_WRITTEN = re.compile(
    r"""(?x) (?P<sign> (?<![\w.,)]) [-\u2212] \s? )? (?P<digits>
        [0-9]+ (?: [.,'\u2019][0-9]+ | [ \u00a0\u202f][0-9]{3}(?![0-9]) )* ) (?P<thousand> \ ?[kK]\b )?"""
)


def number_in(text: str) -> int | float | None:
    """Give the first number of a text: 1234.5 of "$ 1,234.50", "1.234,50 EUR" and "1 234,50", 90000 of "90k".

    One separator before exactly three digits sets thousands apart ("1.200" is 1200), unless a zero stands before it.
    """
    found = _WRITTEN.search(text)
    if not found or len(found["digits"]) > _LONGEST:
        return None
    number = float(_plain(found["digits"])) * (1000 if found["thousand"] else 1)
    return whole(-number if found["sign"] else number)


_LONGEST = 30
"""Characters; a longer one is an id or a telephone number, not an amount."""


def _plain(digits: str) -> str:
    """Write the number with no separator but a decimal point."""
    digits = re.sub("[ \u00a0\u202f'\u2019]", "", digits)
    separators = re.findall("[.,]", digits)
    if not separators:
        return digits
    before, _, after = digits.rpartition(separators[-1])
    if len(set(separators)) == 1 and (len(separators) > 1 or (len(after) == 3 and len(before) <= 3 and before != "0")):
        return re.sub("[.,]", "", digits)
    return f"{re.sub('[.,]', '', before)}.{after}"
