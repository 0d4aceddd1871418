"""How dates are written that can't be read without being told."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

_FORMS = (
    "%d.%m.%Y", "%d.%m.%Y %H:%M", "%d.%m.%y", "%m/%d/%Y", "%d/%m/%Y", "%m/%d/%Y %I:%M %p", "%d/%m/%Y %H:%M",
    "%d-%m-%Y", "%m-%d-%Y", "%m/%d/%y", "%d/%m/%y", "%Y.%m.%d", "%Y.%m.%d.", "%Y年%m月%d日",
)  # fmt: skip
_LIKE_ONE = re.compile(r"[0-9]{1,4}[./年-] ?[0-9]{1,2}[./月-] ?[0-9]{1,4}")
_FURTHEST = timedelta(days=1500)
_OLDEST = 1990


def date_format(texts: Iterable[str], now: datetime) -> str | None:
    """Find the one form, as for strptime, in which all of these are times; None where there is none or no telling.

    07/08/2026 may be of July or of August: unless another date decides, none is better than a wrong one.
    """
    texts = [" ".join(text.split()) for text in texts]
    if not texts or not all(map(_LIKE_ONE.match, texts)):
        return None  # at a hundredth of what trying costs
    fitting = [form for form in _FORMS if all(_is_written_so(text, form, now) for text in texts)]
    distinct = {tuple(datetime.strptime(text, form).replace(tzinfo=UTC) for text in texts) for form in fitting}
    return fitting[0] if len(distinct) == 1 else None


def _is_written_so(text: str, form: str, now: datetime) -> bool:
    try:
        moment = datetime.strptime(text, form).replace(tzinfo=UTC)
    except ValueError:
        return False
    return moment.year >= _OLDEST and moment - now < _FURTHEST
