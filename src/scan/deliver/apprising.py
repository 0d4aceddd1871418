"""The process that talks to a service by Apprise: a `Job` as JSON on standard input, an `Answer` on standard output.

It stands alone because Apprise's services know no total time-out, some start threads, and many fill half a second with
imports: `scan.deliver.apprise` ends this process in time, whatever hangs in it.
"""

import logging
import re
import sys
from collections.abc import Iterable
from difflib import get_close_matches
from urllib.parse import unquote

import msgspec
from apprise import Apprise, AppriseAsset, NotifyFormat
from apprise.common import OverflowMode
from apprise.plugins import NotifyBase
from apprise.url import URLBase

from scan.channels.apprise import AppriseMessage
from scan.channels.clean import one_line
from scan.redaction import MASK

SHOW_MARKDOWN = frozenset({"discord", "mmost", "mmosts", "zulip"})
"""Services that show Markdown although Apprise sends them plain text: theirs is the escaped form."""

ROOM = 0.85
"""Of a service's limit: it counts after its own escaping, some of them in UTF-16."""

TITLE_MARKUP = 12
"""Characters that a service puts around a title which becomes a part of the body: `<b></b><br />`."""

CONNECT = 10.0
"""Seconds until a connection stands, at most, unless the address says otherwise."""

_STATUS = re.compile(r"\berror=([1-5]\d\d)\b")
_LOST_ANSWER = re.compile(r"Read timed out|RemoteDisconnected|Connection aborted|IncompleteRead|ChunkedEncoding")
_CAUSE = re.compile(
    r"Connection refused|Connection reset by peer|No route to host|Network is unreachable|timed out"
    r"|Name or service not known|Temporary failure in name resolution|certificate verify failed|RemoteDisconnected"
)
_PARTS = re.compile(r"[^/?#&=:@,\s]{4,}")


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be sent, where to, and within how many seconds. Without a message, the address is only looked at."""

    url: str
    seconds: float
    message: AppriseMessage | None = None


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it.

    Attributes:
        service: its name, as Apprise has it; None if Apprise cannot use the address, and `said` tells the cure.
        status: the HTTP status of a refusal, where it is known.
        said: why not, without any part of the address.
        lost: the service may have accepted it: its answer never came.

    """

    service: str | None = None
    accepted: bool = False
    status: int | None = None
    said: str = ""
    lost: bool = False


def main() -> None:
    """Do one job."""
    logging.getLogger("apprise").setLevel(logging.DEBUG)  # it names the cause of a failure on that level only
    job = msgspec.json.decode(sys.stdin.buffer.read(), type=Job)
    sys.stdout.buffer.write(b"\n" + msgspec.json.encode(done(job)))
    sys.stdout.buffer.flush()


def done(job: Job) -> Answer:
    """Look at the address, and send to it."""
    asset = AppriseAsset(app_id="scan", image_url_mask=None, image_url_logo=None, async_mode=False)
    service = Apprise.instantiate(job.url, asset=asset)
    if not isinstance(service, NotifyBase):
        return Answer(said=cure(job.url))
    if job.message is None:
        return Answer(service=str(service.service_name))
    _limit_steps(service, job.seconds / 2)
    title, body, form = worded(job.message, service)
    sender = Apprise(asset=asset)
    sender.add(service)
    result = sender.notify(title=title, body=body, body_format=form, log_level=logging.DEBUG)
    entries = list(result.logs())
    whole = "\n".join(entry.message for entry in entries)
    status = _STATUS.search(whole)
    return Answer(
        service=str(service.service_name),
        accepted=bool(result),
        status=int(status[1]) if status else None,
        said=_reason((entry.message for entry in entries if entry.level in {"WARNING", "ERROR"}), job.url)
        + (f" ({cause[0].lower()})" if (cause := _CAUSE.search(whole)) and status is None else ""),
        lost=status is None and bool(_LOST_ANSWER.search(whole)),
    )


def cure(url: str) -> str:
    """Say what would be a right address, without a part of this one: any may be a secret."""
    scheme = url.partition("://")[0].lower()
    services = Apprise().details(show_requirements=True, show_disabled=True)["schemas"]
    known = {
        name: service
        for service in services
        for name in (*(service["protocols"] or ()), *(service["secure_protocols"] or ()))
    }
    if scheme not in known:
        close = get_close_matches(scheme, sorted(known), n=1)
        return f"did you mean {close[0]}://?" if close else "https://appriseit.com/services lists the services"
    if not known[scheme]["enabled"]:
        needed = ", ".join(known[scheme]["requirements"]["packages_required"]) or "what this machine has not"
        return f"{scheme}:// needs {needed}"
    return f"https://appriseit.com/services tells how a {scheme}:// address is written"


def worded(message: AppriseMessage, service: NotifyBase) -> tuple[str, str, NotifyFormat]:
    """Choose a message's title, body and form for a service, as much as it takes."""
    form = service.resolve_format()
    marked_down = form is NotifyFormat.MARKDOWN or not SHOW_MARKDOWN.isdisjoint(_schemes(service))
    if marked_down:
        form = service.resolve_format(NotifyFormat.MARKDOWN)
    pieces = message.markdown if marked_down else message.html if form is NotifyFormat.HTML else message.text
    # A title that is put into marked up text is put there as it is: so it must be in our own words.
    shown_as_is = not marked_down and (form is NotifyFormat.TEXT or service.title_maxlen > 0)
    title = message.subject if shown_as_is else message.summary
    room = int(service.body_maxlen * ROOM)
    if service.title_maxlen > 0:
        title = _cut(title, service.title_maxlen)
    else:
        title = _cut(title, room - len(pieces.first(0)) - TITLE_MARKUP)
    if service.title_maxlen <= 0 or service.overflow_amalgamate_title:
        room -= len(title) + TITLE_MARKUP
    all_of_it = service.overflow_mode is not OverflowMode.UPSTREAM  # the address says how to cut or split it
    return title, pieces.most(lambda body: all_of_it or len(body) <= room), form


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: max(limit - 1, 0)] + "…"


def _schemes(service: NotifyBase) -> set[str]:
    schemes: set[str] = service.schemas()  # type: ignore[no-untyped-call]  # Apprise has not typed all it has
    return schemes


def _limit_steps(service: NotifyBase, seconds: float) -> None:
    """Give each step its time, unless the address does."""
    if service.socket_connect_timeout == URLBase.socket_connect_timeout:
        service.socket_connect_timeout = min(CONNECT, seconds)
    if service.socket_read_timeout == URLBase.socket_read_timeout:
        service.socket_read_timeout = seconds


def _reason(lines: Iterable[str], url: str) -> str:
    """Give the last thing that was said, with every part of the address masked: any may be a secret."""
    said = one_line(([""] + [line for line in lines if line.strip()])[-1], 300)
    rest = url.partition("://")[2]
    parts = {part for form in (rest, unquote(rest)) for part in _PARTS.findall(form)}
    for part in sorted(parts, key=len, reverse=True):
        said = said.replace(part, MASK)
    return said


if __name__ == "__main__":
    main()
