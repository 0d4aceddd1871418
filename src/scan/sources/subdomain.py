"""A company's name as part of a host's: the first label of `acme.example.com`."""

import re

_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")


def label_problem(value: object) -> str | None:
    """Say what is wrong with a name that becomes part of a host's; such a name can never lead to another host."""
    if isinstance(value, str) and _LABEL.fullmatch(value):
        return None
    return f"{value!r} is no part of a host's name: letters, digits and hyphens only, such as acme"
