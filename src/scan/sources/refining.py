"""What a config may ask of a value that was found: a part of it, a number, how a time is written."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated

from scan.declare import Doc, Problem
from scan.model import RawTime
from scan.sources.fields import TIMES, attribute_of, zone_problem
from scan.sources.patterns import compiled, pattern_problem


@dataclass(frozen=True, kw_only=True)
class Refined:
    """What is made of a found text, whatever it was found by."""

    date: Annotated[str | None, Doc("how the time is written, as for strptime", example="'%B %d, %Y'")] = None
    zone: Annotated[str | None, Doc("the IANA zone of a time without one", example="America/Chicago")] = None
    pattern: Annotated[str | None, Doc("RE2: its first group is taken, or the whole match")] = None
    fixed: Annotated[str | None, Doc("this text, the same for every item")] = None
    number: Annotated[bool, Doc("of an attribute: the first number in the text, an amount of money as well")] = False
    currency: Annotated[bool, Doc("of an attribute: the currency of an amount, by its code or sign")] = False

    def problems(self, target: str) -> Iterable[Problem]:
        """Find what doesn't compile, and what doesn't fit the field."""
        place = ("fields", target)
        if self.pattern is not None and (message := pattern_problem(self.pattern)):
            yield Problem((*place, "pattern"), message)
        if (self.date or self.zone) and target not in TIMES:
            yield Problem(place, f"date and zone are for {' and '.join(TIMES)} only")
        for name in ("number", "currency"):
            if getattr(self, name) and attribute_of(target) is None:
                message = f"a {name} is for attributes.NAME only: every other field is a text or a time"
                yield Problem((*place, name), message)
        if self.number and self.currency:
            yield Problem(place, "number and currency are two values; write two attributes")
        if self.zone and (message := zone_problem(self.zone)):
            yield Problem((*place, "zone"), message)

    @property
    def reads(self) -> bool:
        """Whether something is read out of the text, rather than the text being taken."""
        return self.pattern is not None or self.number or self.currency

    def matched(self, text: str | None) -> str | None:
        """Give the part of a text that is wanted; None where it isn't there."""
        if self.pattern is None or text is None:
            return text
        found = compiled(self.pattern).search(text)
        if not found:
            return None
        part: str | None = found.group(1 if found.re.groups else 0)
        return part

    def finished(self, text: str | None, target: str) -> str | float | RawTime | None:
        """Make of a text what the field takes; None of a blank one, and of one without what is asked for."""
        if text is None or not text.strip():
            return None
        if self.number or self.currency:
            from scan.sources.numbers import currency_in, number_in  # start-up: few configs ask for either

            return number_in(text) if self.number else currency_in(text)
        if target in TIMES and (self.date is not None or self.zone is not None):
            return RawTime(value=" ".join(text.split()), format=self.date, zone=self.zone)
        return text
