"""What goes wrong with the sources: each fault spoils an answer in its own way, and says what can still be read in it.

What cannot be read has a decoy among its items, which is nowhere else: to be told of it is to have believed what was
never sent whole.
"""

import gzip
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from random import Random

from tests.soak.sites import Item, Site
from tests.web import Answer

MAX_BODY = 60_000
"""Bytes of an answer, as the config allows."""

LOGIN = Answer(
    body=b"<!doctype html><title>Log in</title><form><input name=user><input name=password></form>",
    headers={"Content-Type": "text/html"},
)

Spoilt = tuple[Answer, Sequence[Item]]
"""An answer, and the items that can be read in it."""

Spoil = Callable[[Site], Spoilt]

_decoys = count(1)


def _with_decoy(site: Site) -> bytes:
    """Give a page that must not be believed: with an item more, the first one."""
    number = 900_000 + next(_decoys)
    return site.answer([Item(key=str(number), posting=f"X{number:06}", wanted=True), *site.shown]).body


def _spoils(**how: object) -> Spoil:
    """Send the page, but so that nobody is to read it."""
    return lambda site: (replace(site.answer(site.shown), body=_with_decoy(site), **how), ())  # type: ignore[arg-type]


def _with_header(name: str, value: str) -> Callable[[Site], Answer]:
    def answer(site: Site) -> Answer:
        page = site.answer(site.shown)
        return replace(page, headers={**dict(page.headers), name: value})

    return answer


def _broken_gzip(site: Site) -> Spoilt:
    packed = gzip.compress(_with_decoy(site))
    return replace(_with_header("Content-Encoding", "gzip")(site), body=packed[: len(packed) * 2 // 3]), ()


def _lying_charset(site: Site) -> Spoilt:
    kind = dict(site.answer(site.shown).headers)["Content-Type"]
    return _with_header("Content-Type", f"{kind}; charset=iso-8859-15")(site), site.shown


def _malformed(site: Site) -> Spoilt:
    """Cut JSON off, which nobody can read; leave tags open and use undeclared entities, which everybody can."""
    page = site.answer(site.shown)
    if site.kind in {"json", "greenhouse"}:
        body = _with_decoy(site)
        return replace(page, body=body[: len(body) * 2 // 3]), ()
    if site.kind == "feed":
        return replace(page, body=page.body.replace(b"<title>News", b"<title>News&nbsp;& more")), site.shown
    return replace(page, body=page.body.replace(b"</td>", b"").replace(b"</tr>", b"")), site.shown


def _empty(site: Site) -> Spoilt:
    return site.answer([]), ()


def _half(site: Site) -> Spoilt:
    """Leave out the older half, which looks as if they were gone."""
    some = site.shown[: len(site.shown) // 2 + 1]
    return site.answer(some), some


def _oversized(site: Site) -> Spoilt:
    return replace(site.answer(site.shown), body=_with_decoy(site) + b" " * MAX_BODY), ()


def _redirect(site: Site) -> Spoilt:
    return Answer(status=302, headers={"Location": f"/{site.name}/moved"}), ()


def _redirect_loop(site: Site) -> Spoilt:
    return Answer(status=302, headers={"Location": f"/{site.name}"}), ()


FAULTS: Mapping[str, Spoil] = {
    "500": _spoils(status=500),
    "503": _spoils(status=503),
    "404": _spoils(status=404),
    "429 with Retry-After": lambda _: (Answer(status=429, headers={"Retry-After": "1800"}), ()),
    "a body cut short": _spoils(cut=True),
    "closed without an answer": _spoils(drop=True),
    "connection reset": _spoils(reset=True),
    "broken gzip": _broken_gzip,
    "a lying charset": _lying_charset,
    "malformed": _malformed,
    "a login page instead": lambda _: (LOGIN, ()),
    "an empty list": _empty,
    "half a list": _half,
    "oversized": _oversized,
    "redirect": _redirect,
    "redirect loop": _redirect_loop,
}
SLOW: Mapping[str, Spoil] = {"silence": _spoils(hang=True), "dripping": _spoils(drip=0.5)}
"""These cost a run its time-out, in true time: only some runs have them."""


@dataclass(frozen=True, kw_only=True)
class Weather:
    """How often something goes wrong with sources.

    Attributes:
        rate: share of the sources that have a fault at any time.
        lasting: runs that a fault lasts on average.
        slow_runs: share of the runs in which some sources are silent or drip.

    """

    rate: float
    lasting: float = 2.5
    slow_runs: float


class Moods:
    """Which fault each source has at present."""

    def __init__(self, chance: Random, weather: Weather) -> None:
        self._chance, self._weather = chance, weather
        self._of: dict[str, str] = {}

    def change(self, sites: Sequence[Site], *, fair: bool) -> None:
        """Choose for the next run; `fair` ends all faults."""
        chance, weather = self._chance, self._weather
        ends = 1 / weather.lasting
        begins = weather.rate * ends / (1 - weather.rate)
        for site in sites:
            name = site.name
            if fair or (name in self._of and (self._of[name] in SLOW or chance.random() < ends)):
                self._of.pop(name, None)
            elif name not in self._of and chance.random() < begins:
                self._of[name] = chance.choice(list(FAULTS))
        if not fair and chance.random() < weather.slow_runs:
            for site in chance.sample(list(sites), 2):
                self._of[site.name] = chance.choice(list(SLOW))

    def of(self, site: Site) -> str | None:
        return self._of.get(site.name)


def spoil(fault: str, site: Site) -> Spoilt:
    """Give what a source answers that has a fault."""
    return (FAULTS.get(fault) or SLOW[fault])(site)
