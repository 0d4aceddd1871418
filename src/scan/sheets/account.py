"""A service account's way in: its key becomes a token, and requests go out by our own door."""

import io
import json
from collections.abc import Callable, Mapping
from typing import Any, Literal

from scan.errors import FetchError, SheetError
from scan.page import Page, Request

try:
    import requests
    from google.auth.exceptions import GoogleAuthError
    from google.auth.transport.requests import Request as TokenRequest
    from google.oauth2.service_account import Credentials
    from gspread.http_client import HTTPClient
except ImportError as missing:
    raise SheetError(
        f"Google Sheets need gspread, which is not installed ({missing.name} is missing); pip install 'scan[sheets]'"
    ) from missing

GOOGLE = "https://sheets.googleapis.com"

_NO_KEY = "the credentials are no service account's key; the whole JSON file that Google gave would be right"


def api(credentials: str, *, scope: str, ask: Callable[[Request], Page], root: str | None) -> HTTPClient:
    """Let a service account in; returns gspread's client.

    The token is asked for once, and lasts for an hour. (gspread's own session would renew it, but from a thread of
    its own asks Google where the account may be used from, too.)

    Args:
        credentials: the key, in JSON.
        scope: what it may do.
        ask: gets the requests out.
        root: another server than Google's.

    Raises:
        SheetError: the credentials are no key, or Google doesn't take it.
        FetchError: there was no answer.

    """
    session = requests.Session()
    session.trust_env = False  # no proxy, no netrc
    session.mount("https://", _Door(ask, root))
    session.mount("http://", _Door(ask, root))
    try:
        account = Credentials.from_service_account_info(_key(credentials), scopes=[scope])
        account.refresh(TokenRequest(session))
    except ValueError as error:  # MalformedError is one
        raise SheetError(_NO_KEY) from error
    except GoogleAuthError as error:
        raise SheetError(f"Google gives the service account no token: {error}") from error
    except FetchError as error:
        if error.status is None:
            raise
        raise SheetError(f"Google gives the service account no token: {error.reason}") from error
    session.headers["Authorization"] = f"Bearer {account.token}"
    return HTTPClient(account, session)


def email(credentials: str) -> str:
    """Give the address of the service account, with which a spreadsheet can be shared."""
    return str(_key(credentials)["client_email"])


def _key(credentials: str) -> dict[str, Any]:
    try:
        key = json.loads(credentials)
        return {**key, "client_email": str(key["client_email"])}
    except (ValueError, TypeError, KeyError) as error:
        raise SheetError(_NO_KEY) from error


class _Door(requests.adapters.BaseAdapter):
    """Has requests go out by way of `ask`: with its time-outs, limits, proxy and certificates.

    An answer that says no is raised here, whatever the libraries would make of it.
    """

    def __init__(self, ask: Callable[[Request], Page], root: str | None) -> None:
        super().__init__()
        self._ask, self._root = ask, root

    def send(self, request: requests.PreparedRequest, *args: object, **kwargs: object) -> requests.Response:
        """Ask.

        Raises:
            FetchError: there was no answer, or it says no.

        """
        del args, kwargs
        url = str(request.url)
        if self._root:
            url = url.replace(GOOGLE, self._root, 1)
        headers = {name: str(value) for name, value in request.headers.items() if name.lower() in _PASSED_ON}
        method = _METHODS[request.method or "GET"]
        page = self._ask(
            Request(url=url, method=method, headers=headers, body=_bytes(request.body), once=method != "GET")
        )
        if page.status >= 400:
            raise FetchError(url, _said(page), status=page.status, retry_after=page.retry_after)
        return _response(request, page)

    def close(self) -> None:
        """Do nothing: connections are the door's."""


_PASSED_ON = frozenset({"authorization", "content-type"})
_METHODS: Mapping[str, Literal["GET", "POST", "PUT"]] = {"GET": "GET", "POST": "POST", "PUT": "PUT"}


def _bytes(body: object) -> bytes | None:
    return body.encode() if isinstance(body, str) else body if isinstance(body, bytes) else None


def _response(request: requests.PreparedRequest, page: Page) -> requests.Response:
    response = requests.Response()
    response.request = request
    response.url = page.url
    response.status_code = page.status
    response.headers.update(page.headers)
    response.raw = io.BytesIO(page.body)
    return response


def _said(page: Page) -> str:
    """Give Google's own words: of its APIs `{"error": {"message": …}}`, of its tokens `{"error_description": …}`.

    Source: https://cloud.google.com/apis/design/errors#http_mapping, and RFC 6749 section 5.2.
    """
    try:
        answer = json.loads(page.body)
        error = answer["error"]
        words = error["message"] if isinstance(error, dict) else f"{error}: {answer.get('error_description', '')}"
    except (ValueError, TypeError, KeyError):
        words = ""
    return f"HTTP {page.status}: {str(words)[:300]}".rstrip(": ")
