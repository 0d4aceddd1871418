"""Numbers and amounts of money as people write them."""

import re

from scan.sources.jobs import whole

_WRITTEN = re.compile(
    r"""(?x) (?P<sign> (?<![\w.,)]) [-\u2212] \s? )? (?P<digits>
        [0-9]+ (?: [.,'\u2019][0-9]+ | [ \u00a0\u202f][0-9]{3}(?![0-9]) )* ) (?P<thousand> \ ?[kK]\b )?"""
)
_LONGEST = 30
"""Characters; a longer one is an id or a telephone number, not an amount."""

_SIGNS = {"€": "EUR", "£": "GBP", "₹": "INR", "₽": "RUB", "₺": "TRY", "₴": "UAH", "₩": "KRW", "₪": "ILS", "zł": "PLN"}
_SIGNS |= {"Kč": "CZK", "R$": "BRL", "US$": "USD", "C$": "CAD", "CA$": "CAD", "A$": "AUD", "AU$": "AUD", "NZ$": "NZD"}
_SIGNS |= {"HK$": "HKD", "S$": "SGD", "MX$": "MXN", "$": "USD", "¥": "JPY", "Fr.": "CHF"}
_CODES = """
    AED ARS AUD BGN BRL CAD CHF CLP CNY COP CZK DKK EGP EUR GBP HKD HUF IDR ILS INR ISK JPY KES KRW MAD MXN MYR NGN
    NOK NZD PEN PHP PKR PLN RON RUB SAR SEK SGD THB TRY TWD UAH USD VND ZAR
"""
_NAMES = "|".join([*_CODES.split(), *sorted(map(re.escape, _SIGNS), key=len, reverse=True)])
_CURRENCY = re.compile(rf"(?<![A-Za-z])(?:{_NAMES})(?![A-Za-z])")


def number_in(text: str) -> int | float | None:
    """Give the first number of a text: 1234.5 of "$ 1,234.50", "1.234,50 EUR" and "1 234,50", 90000 of "90k".

    One separator before exactly three digits sets thousands apart ("1.200" is 1200), unless a zero stands before it.
    """
    found = _WRITTEN.search(text)
    return _number(found) if found else None


def largest_in(text: str) -> int | None:
    """Give the largest whole number of a text: 1234 of "1 to 20 of 1,234 jobs"."""
    numbers = (_number(found) for found in _WRITTEN.finditer(text))
    return max((number for number in numbers if isinstance(number, int)), default=None)


def currency_in(text: str) -> str | None:
    """Give the currency (ISO 4217) that a text names first by its code or its sign; a bare `$` is the US dollar."""
    found = _CURRENCY.search(text)
    return _SIGNS.get(found[0], found[0]) if found else None


def _number(found: re.Match[str]) -> int | float | None:
    if len(found["digits"]) > _LONGEST:
        return None
    number = float(_plain(found["digits"])) * (1000 if found["thousand"] else 1)
    return whole(-number if found["sign"] else number)


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
