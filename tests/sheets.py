"""Google Sheets for tests, on this machine only: the token endpoint of service accounts, and the Sheets API v4.

    with Sheets() as google:
        google.share("book", {"Buildings": [["name", "site"], ["Loft", "loft.example.org"]]})
        environ = {"SHEETS_EMULATOR_HOST": google.root}
        credentials = google.credentials

It knows what `scan` might ask: metadata, `values` get, batchGet, update and batchUpdate, and `:batchUpdate` with
addSheet, updateSheetProperties and updateCells, which are done all or not at all. A text that begins with `=` and is
entered as a user would (USER_ENTERED, formulaValue) becomes a `Formula`.

Source: https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets, and for the token
https://developers.google.com/identity/protocols/oauth2/service-account#httprest.
"""

import base64
import json
import re
import time
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from tests.spreadsheet import Book, Cell, Refusal, Rows, Tab, batch_update, get, properties, trimmed, update
from tests.web import Answer, Asked, Web

EMAIL = "scan@project.iam.gserviceaccount.com"
READING = "https://www.googleapis.com/auth/spreadsheets.readonly"
WRITING = "https://www.googleapis.com/auth/spreadsheets"
AUDIENCE = "https://oauth2.googleapis.com/token"


class Sheets(Web):
    """Google, as far as spreadsheets go.

    Attributes:
        books: the spreadsheets by id.
        quota: how many more API requests are answered before 429; None for no end.
        refuse: what the next API requests get instead of an answer, one after another; None lets one through.
        tokens: the scope of each token given out.
        clock: says what time it is, in seconds since 1970.

    """

    def __init__(self) -> None:
        super().__init__()
        self.books: dict[str, Book] = {}
        self.quota: int | None = None
        self.refuse: list[Answer | None] = []
        self.tokens: dict[str, str] = {}
        self.clock: Callable[[], float] = time.time

    @property
    def root(self) -> str:
        """What stands for https://sheets.googleapis.com."""
        return self.url("").rstrip("/")

    @property
    def credentials(self) -> str:
        """The key of a service account, as Google gives it: JSON."""
        return json.dumps(
            {
                "type": "service_account",
                "project_id": "project",
                "private_key_id": "0123456789abcdef",
                "private_key": _private_key(),
                "client_email": EMAIL,
                "client_id": "1",
                "token_uri": self.url("/token"),
            }
        )

    def share(self, book: str, tabs: Mapping[str, Rows]) -> None:
        """Put a spreadsheet there that the service account may use, in place of what was there."""
        made = {title: Tab(number, [list(row) for row in rows]) for number, (title, rows) in enumerate(tabs.items())}
        self.books[book] = Book(made, {EMAIL})

    def rows(self, book: str, tab: str) -> list[list[Cell]]:
        """Give a tab's cells, without empty ends."""
        return trimmed(self.books[book].tabs[tab].rows)

    def calls(self, *, method: str | None = None) -> list[str]:
        """Give the API requests so far: the method, and the address after the version, decoded."""
        asked = [one for one in self.requests if one.path.startswith("/v4/") and method in {None, one.method}]
        return [f"{one.method} {unquote(one.path.removeprefix('/v4/spreadsheets/'))}" for one in asked]

    def answer(self, asked: Asked) -> Answer:
        self.requests.append(asked)
        if asked.path == "/token":
            return self._token(asked)
        if self.refuse and (refused := self.refuse.pop(0)):
            return refused
        try:
            return _json(self._api(asked))
        except Refusal as refusal:
            error = {"code": refusal.code, "message": refusal.message, "status": refusal.status}
            return _json({"error": error}, refusal.code)

    def _token(self, asked: Asked) -> Answer:
        """Check the assertion as RFC 7523 has it, and give a token."""
        form = parse_qs(asked.body.decode())
        head, claims, signature = form["assertion"][0].split(".")
        claim = json.loads(_decoded(claims))
        try:
            _public_key().verify(_decoded(signature), f"{head}.{claims}".encode(), padding.PKCS1v15(), hashes.SHA256())
            assert form["grant_type"] == ["urn:ietf:params:oauth:grant-type:jwt-bearer"]
            assert json.loads(_decoded(head))["alg"] == "RS256"
            assert (claim["iss"], claim["aud"]) == (EMAIL, AUDIENCE)
            assert claim["iat"] - 60 < self.clock() < claim["exp"] <= claim["iat"] + 3600
        except Exception:  # noqa: BLE001 - whatever is wrong with it
            return _json({"error": "invalid_grant", "error_description": "Invalid JWT Signature."}, 400)
        token = f"ya29.token-{len(self.tokens)}-of-this-test"
        self.tokens[token] = claim["scope"]
        return _json({"access_token": token, "expires_in": 3599, "token_type": "Bearer"})

    def _api(self, asked: Asked) -> Any:
        self._let_in(asked)
        where = re.fullmatch(r"/v4/spreadsheets/([^/:]+)(:batchUpdate|/values/(.+)|/values(:\w+))?", asked.path)
        book = self.books.get(where[1]) if where else None
        if where is None or book is None:
            raise Refusal(404, "NOT_FOUND", "Requested entity was not found.")
        if EMAIL not in book.shared_with:
            raise Refusal(403, "PERMISSION_DENIED", "The caller does not have permission")
        body = json.loads(asked.body) if asked.body else {}
        if where[2] == ":batchUpdate":
            return batch_update(book, body["requests"])
        if where[2] is None:
            return {"spreadsheetId": where[1], "sheets": [properties(title, tab) for title, tab in book.tabs.items()]}
        query = parse_qs(urlsplit(asked.target).query)
        if where[4] is not None:
            return _several(book, where[4], query, body)
        wanted = unquote(where[3])
        if asked.method == "PUT":
            return update(book, {**body, "range": wanted}, query["valueInputOption"][0])
        return get(book, wanted)

    def _let_in(self, asked: Asked) -> None:
        scope = self.tokens.get(asked.headers.get("authorization", "").removeprefix("Bearer "))
        if scope is None:
            raise Refusal(401, "UNAUTHENTICATED", "Request had invalid authentication credentials.")
        if self.quota is not None:
            self.quota -= 1
            if self.quota < 0:
                raise Refusal(429, "RESOURCE_EXHAUSTED", "Quota exceeded for quota metric 'Read requests'.")
        if asked.method != "GET" and scope != WRITING:
            raise Refusal(403, "PERMISSION_DENIED", "Request had insufficient authentication scopes.")


def _several(book: Book, what: str, query: Mapping[str, list[str]], body: Any) -> Any:
    """Read or write several ranges."""
    if what == ":batchGet":
        return {"valueRanges": [get(book, wanted) for wanted in query["ranges"]]}
    return {"responses": [update(book, one, body["valueInputOption"]) for one in body["data"]]}


def _json(value: Any, status: int = 200) -> Answer:
    return Answer(status=status, body=json.dumps(value).encode(), headers={"Content-Type": "application/json"})


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


@cache
def _key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _private_key() -> str:
    form, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return _key().private_bytes(serialization.Encoding.PEM, form, plain).decode()


def _public_key() -> rsa.RSAPublicKey:
    return _key().public_key()
