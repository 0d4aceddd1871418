"""Lists that are asked for in parts, by a number in the address."""

import re
from urllib.parse import quote


def number_in(url: str, parameter: str) -> int | None:
    """Give the number that a parameter of an address has; None where it has none."""
    found = _assignment(parameter).search(url)
    return int(found["number"]) if found else None


def raised(url: str, parameter: str, by: int) -> str | None:
    """Give the same address with a parameter's number raised; None where it has none, as of a copy in a file."""
    found = _assignment(parameter).search(url)
    if not found:
        return None
    return f"{url[: found.start('number')]}{int(found['number']) + by}{url[found.end('number') :]}"


def _assignment(parameter: str) -> re.Pattern[str]:
    names = "|".join(re.escape(name) for name in (parameter, quote(parameter, safe="")))
    return re.compile(rf"[?&](?:{names})=(?P<number>[0-9]{{1,9}})(?=&|#|$)")
