"""What to do about what needs somebody, in more words than `scan status` has room for."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal, NamedTuple

from scan.channels.clean import one_line
from scan.phrases import span
from scan.reports.view import View
from scan.status import Attention, needs_attention

Level = Literal["bad", "warn"]

_BAD = {"channel", "dead", "failing", "late"}
_WORDS = {
    "channel": "channel",
    "dead": "given up",
    "failing": "failing",
    "held": "held back",
    "interrupted": "interrupted",
    "late": "late",
    "not_started": "not started",
    "removed": "waiting",
    "run": "last run",
    "running_long": "long run",
    "stale": "stale",
    "suspicious": "suspicious",
}
_ADVICE = {
    "channel": "Its messages wait, and nothing is lost: once it is mended, they are sent.",
    "dead": "They were tried for long, or refused for good. Retry them once what was wrong is mended, or drop them.",
    "held": "If they are new indeed, release them; if a site has only renamed what it lists, drop them.",
    "late": "Either the timer is off, or runs do not start, or none of them comes to its end.",
    "removed": "Put the channel back under its name, or drop them by their numbers.",
}
_MOVED = (
    "Open the address in a browser. If the page has moved, `scan probe URL` makes an entry for the new one. If it is "
    "closed for good, remove the source, or say `enabled: false`."
)
_OTHER_FORM = (
    "The answer is not what this kind of source reads: the page may have been rebuilt, or be behind a login or a "
    "consent page. `scan probe URL` says which kind would fit."
)
_CURES = {
    r"HTTP 40[17]": "Check its credentials: `headers:` of the source, or the file they come from.",
    r"HTTP 403": "If it has credentials, check them. If not, the site may want no programs: look for a feed or an API.",
    r"HTTP 4(?:04|10)": _MOVED,
    r"HTTP 429": "Ask less often: a longer `every:` for this source, or `http: {min_interval: 1s}`.",
    r"HTTP 5\d\d": "It is the server's own trouble and usually passes; nothing is to be done unless it lasts for days.",
    r"no such host": "Check the name in the address, and whether this machine can look names up.",
    r"certificate|secure connection": "Check the address in a browser, and this machine's clock and certificates.",
    r"timed out": "The server is slow, or nothing is there. If it is only slow, `http: {timeout: 60s}` helps.",
    r"expected .*, found ": _OTHER_FORM,
    r"(?i)no such file|permission denied": "Check its path, which starts in the config's folder, and who may read it.",
    r"refused|unreachable|connection": "Nothing answers there, or a firewall is between. Every run tries it again.",
}
"""By what an error says. What sources and the network say is in `scan.sources.statuses` and `scan.fetch.reasons`."""


class Advised(NamedTuple):
    """One thing that needs somebody, explained.

    Attributes:
        level: how bad it is.
        word: for what it is.
        text: what is wrong.
        advice: what to do, code between backticks; empty if the command says it all.
        command: what mends it, or shows more of it; empty if there is none.
        subject: the source, channel or unit that it is about; empty for the profile as a whole.

    """

    level: Level
    word: str
    text: str
    advice: str
    command: str
    subject: str


def advised(view: View) -> Iterator[Advised]:
    """Explain what needs somebody, what is bad before what is odd."""
    sources = {source["source"]: source for source in view.sources}
    needs = needs_attention(dict(view.status), now=view.now, scan=view.call)
    for one in sorted(needs, key=lambda need: need.kind not in _BAD):
        yield Advised(
            level="bad" if one.kind in _BAD else "warn",
            word=_WORDS.get(one.kind, one.kind.replace("_", " ")),
            text=one_line(one.text, 600),
            advice=_advice(one, sources.get(one.subject or "", {})).replace("`scan ", f"`{view.call} "),
            command=one.command or "",
            subject=one.subject or "",
        )


def _advice(one: Attention, source: Mapping[str, Any]) -> str:
    match one.kind:
        case "failing":
            return cure(source["error"] or "")
        case "suspicious":
            return (
                f"If it stays so for {span(2 * source['every_seconds'])}, it is believed. If the page shows more in a "
                "browser, its layout has changed, and the source's keys have to follow. If so few are right, lower "
                "`expect: {min_items: …}` where it is set."
            )
        case "stale" if source["error"]:
            return "What it gives has been incomplete since then, so nothing is taken for gone."
        case "stale":
            return "Runs do not come to it: they do not start, or end before its turn. Then `deadline:` is too short."
        case _:
            return _ADVICE.get(one.kind, "")


def cure(error: str) -> str:
    """Say what to do about a source's error, code between backticks; empty if nothing is known."""
    return next((advice for pattern, advice in _CURES.items() if re.search(pattern, error)), "")
