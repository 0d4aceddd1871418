"""How a configured list is asked for: an address and a body, with places in them to fill."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import quote, urlencode

from scan.page import Request

Body = str | Mapping[str, Any] | None
"""Sent as it is, or as JSON or a form."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A request whose `{page}` and `{cursor}`, in the address or the body, are filled for each page.

    Attributes:
        form: a body that is a mapping is sent as a web form sends its fields; else as JSON.

    """

    url: str
    accept: str
    method: Literal["GET", "POST"] = "GET"
    body: Body = None
    form: bool = False

    @property
    def template(self) -> str:
        """Everything that is sent, with its places."""
        return f"{self.url}\n{self.body if isinstance(self.body, str) else json.dumps(self.body, default=str)}"

    def request(self, values: Mapping[str, int | str]) -> Request:
        """Ask for the page that these values stand for."""
        url = self.url
        for name, value in values.items():
            url = url.replace(f"{{{name}}}", quote(str(value), safe=""))
        return self.at(url, values)

    def at(self, url: str, values: Mapping[str, int | str] | None = None) -> Request:
        """Ask the same at another address."""
        kind, body = self._written(_filled(self.body, values or {}))
        headers = {"Content-Type": kind} if kind else {}
        return Request(url=url, method=self.method, accept=self.accept, headers=headers, body=body)

    def _written(self, body: Any) -> tuple[str | None, bytes | None]:
        """Write a body as it is sent, with its content type where that is known."""
        if isinstance(body, Mapping):
            if self.form:
                return "application/x-www-form-urlencoded", urlencode(body, doseq=True).encode()
            return "application/json", json.dumps(body, ensure_ascii=False).encode()
        return None, None if body is None else str(body).encode()


def _filled(body: Any, values: Mapping[str, int | str]) -> Any:
    """Fill the places of a body; a value that is nothing else stays a number."""
    if isinstance(body, Mapping):
        return {name: _filled(value, values) for name, value in body.items()}
    if isinstance(body, list | tuple):
        return [_filled(value, values) for value in body]
    if not isinstance(body, str):
        return body
    for name, value in values.items():
        if body == f"{{{name}}}":
            return value
        body = body.replace(f"{{{name}}}", str(value))
    return body
