"""Google Sheets read through gspread, from a stand-in on this machine that checks what Google checks."""

import json
import sys
from collections.abc import Iterator
from datetime import timedelta

import pytest

from scan.errors import SheetError
from scan.fetch import Fetcher
from scan.fetch.settings import HttpSettings
from scan.sheets import Spreadsheet
from tests.sheets import EMAIL, READING, Sheets
from tests.web import Answer

pytestmark = pytest.mark.integration

BUILDINGS: list[list[object]] = [["Name", "Site"], ["Loft", "loft.example.org"], [], ["Café", 12.5, True]]


@pytest.fixture
def google() -> Iterator[Sheets]:
    with Sheets() as server:
        server.share("book", {"Notes": [["hello"]], "O'Hare": BUILDINGS})
        yield server


@pytest.fixture
def fetcher() -> Iterator[Fetcher]:
    with Fetcher(HttpSettings(retries=1, timeout=timedelta(seconds=5)), version="1", random=lambda: 0.0) as door:
        yield door


def sheet(google: Sheets, fetcher: Fetcher, book: str = "book", credentials: str | None = None) -> Spreadsheet:
    environ = {"SHEETS_EMULATOR_HOST": google.root}
    return Spreadsheet(book, credentials or google.credentials, ask=fetcher.get, environ=environ)


def why(google: Sheets, fetcher: Fetcher, book: str = "book", tab: str | None = None, credentials: str = "") -> str:
    with pytest.raises(SheetError) as raised:
        sheet(google, fetcher, book, credentials).rows(tab)
    return str(raised.value)


def test_a_tab_is_read_as_it_is_shown_with_one_request_and_the_least_rights(google: Sheets, fetcher: Fetcher) -> None:
    book = sheet(google, fetcher, "https://docs.google.com/spreadsheets/d/book/edit?gid=0#gid=0")

    assert book.rows("O'Hare") == [["Name", "Site"], ["Loft", "loft.example.org"], [], ["Café", "12.5", "TRUE"]]
    assert google.calls() == ["GET book/values/'O''Hare'"]
    assert list(google.tokens.values()) == [READING]
    assert book.rows("O'Hare")
    assert len(google.tokens) == 1


def test_without_a_name_the_first_tab_is_read_and_an_empty_one_is_no_rows(google: Sheets, fetcher: Fetcher) -> None:
    assert sheet(google, fetcher).rows(None) == [["hello"]]

    google.share("book", {"Notes": []})

    assert sheet(google, fetcher).rows(None) == []


def test_what_is_wrong_is_said_with_its_cure(google: Sheets, fetcher: Fetcher) -> None:
    assert why(google, fetcher, tab="Buildnigs") == "no tab is called 'Buildnigs'; there are Notes, O'Hare"
    assert why(google, fetcher, "other") == "there is no such spreadsheet; its id stands in its address, after /d/"

    google.books["book"].shared_with.clear()

    assert why(google, fetcher) == (
        f"Google refuses (HTTP 403: The caller does not have permission); share the spreadsheet with {EMAIL}"
    )


@pytest.mark.parametrize("credentials", ["google.json", "{}", "[]", '{"client_email": "a@b"}', "not\0json"])
def test_what_is_no_key_is_refused_without_asking(google: Sheets, fetcher: Fetcher, credentials: str) -> None:
    said = why(google, fetcher, credentials=credentials)

    assert said.startswith("the credentials are no service account's key; ")
    assert credentials not in said
    assert google.requests == []


def test_a_key_that_google_does_not_know_is_told(google: Sheets, fetcher: Fetcher) -> None:
    stranger = json.dumps({**json.loads(google.credentials), "client_email": "other@project.iam.gserviceaccount.com"})

    said = why(google, fetcher, credentials=stranger)

    assert said == "Google gives the service account no token: HTTP 400: invalid_grant: Invalid JWT Signature."


def test_a_fault_of_the_moment_is_tried_again_and_a_longer_one_told(google: Sheets, fetcher: Fetcher) -> None:
    google.refuse = [Answer(status=503)]
    assert sheet(google, fetcher).rows(None) == [["hello"]]

    google.refuse = [Answer(status=500, body=b"oops")]
    assert why(google, fetcher) == "Google Sheets: HTTP 500"

    google.refuse = [Answer(body=b"<html>")]
    assert why(google, fetcher) == "an answer that is not the Sheets API's"


def test_a_spent_quota_is_told_with_the_time_to_wait(google: Sheets, fetcher: Fetcher) -> None:
    google.refuse = [Answer(status=429, headers={"Retry-After": "3600"}, body=b'{"error": {"message": "Quota"}}')]

    with pytest.raises(SheetError, match="HTTP 429: Quota") as raised:
        sheet(google, fetcher).rows(None)

    assert raised.value.retry_after == 3600

    google.quota = 0
    assert "Quota exceeded" in why(google, fetcher)


def test_a_server_that_is_not_there_is_told(google: Sheets, fetcher: Fetcher) -> None:
    google.close()

    assert "onnect" in why(google, fetcher)


def test_without_gspread_it_is_said_what_to_install(
    google: Sheets, fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "gspread.http_client", None)
    monkeypatch.delitem(sys.modules, "scan.sheets.account", raising=False)

    assert "pip install 'scan[sheets]'" in why(google, fetcher)
    assert google.requests == []
