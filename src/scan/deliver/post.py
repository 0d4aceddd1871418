"""One POST that hands a message over, and what its answer means."""

from collections.abc import Callable

from scan.channels.clean import one_line
from scan.deliver.handover import Handover
from scan.errors import DeliveryError, FetchError
from scan.page import Page, Request

_LATER = frozenset({408, 425, 429})
_CHANNEL_IS_WRONG = frozenset({401, 403, 404, 405, 407})


def post(
    request: Request,
    handover: Handover,
    *,
    host: str,
    keys: str,
    ask: Callable[[Request], Page],
    receipt: Callable[[Page], str],
) -> None:
    """Ask once, and tell `handover` of it.

    Args:
        request: with the message as its body.
        handover: whoever keeps the outbox.
        host: the receiver's name, as errors may show it.
        keys: the channel's keys that may be wrong, in words.
        ask: `scan.fetch.Fetcher.ask`.
        receipt: finds in the answer what the receiver calls the message.

    Raises:
        DeliveryError: it was not accepted, or nobody knows (`in_doubt`). Its message names the host only.

    """
    handover.arm()
    try:
        page = ask(request)
    except FetchError as error:
        if error.status is not None:
            raise _refusal(host, keys, error.status, error.retry_after) from error
        reason = one_line(error.reason.replace(request.url, "***"), 200)
        raise DeliveryError(f"{host}: {reason}", in_doubt=error.in_doubt) from error
    if not 200 <= page.status <= 299:
        raise _refusal(host, keys, page.status, page.retry_after)
    handover.accepted(page.status, one_line(receipt(page), 200))


def _refusal(host: str, keys: str, status: int, retry_after: float | None) -> DeliveryError:
    """Read a status: later, never, or not before the channel is mended."""
    said = f"{host}: answered {status}"
    if 300 <= status <= 399:
        return DeliveryError(f"{said}: it has moved; give its new address", config=True, code=status)
    if status in _CHANNEL_IS_WRONG:
        return DeliveryError(f"{said}; mend the channel's {keys}", config=True, code=status)
    if status >= 500 or status in _LATER:
        return DeliveryError(said, retry_after=retry_after, code=status)
    return DeliveryError(said, permanent=True, code=status)
