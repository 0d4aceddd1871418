"""What an answer's HTTP status means to a source, in plain words."""

from scan.errors import FetchError
from scan.page import Page

_REASONS = {
    401: "not let in (HTTP 401): credentials are missing or wrong",
    403: "refused (HTTP 403): credentials are missing, or the server wants no programs",
    404: "gone (HTTP 404): the address is wrong, or what was there is closed",
    407: "the proxy wants credentials (HTTP 407)",
    410: "gone (HTTP 410): what was there is closed for good",
    429: "asked too often (HTTP 429): a longer every: helps",
}


def demand_success(page: Page) -> None:
    """Let an answer through whose status says that it is one.

    Raises:
        FetchError: it says no.

    """
    if not 200 <= page.status < 300:
        reason = _REASONS.get(page.status) or _other(page.status)
        raise FetchError(page.url, reason, status=page.status, retry_after=page.retry_after)


def _other(status: int) -> str:
    if status >= 500:
        return f"the server failed (HTTP {status})"
    return f"refused (HTTP {status})" if status >= 400 else f"no answer to work with (HTTP {status})"
