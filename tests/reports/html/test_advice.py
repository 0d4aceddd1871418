"""What is said of troubles: each error that sources and the network can give has a cure."""

import errno
import os
from dataclasses import replace

import pytest

from scan.errors import FetchError, ParseError
from scan.fetch.reasons import failure
from scan.page import Page
from scan.reports.html.advice import advised, cure
from scan.reports.html.page import coded
from scan.sources.statuses import demand_success
from tests.reports.html.pages import busy


@pytest.mark.parametrize(
    ("status", "advice"),
    [
        (401, "credentials"),
        (403, "credentials"),
        (404, "moved"),
        (410, "moved"),
        (429, "longer `every:`"),
        (500, "server's own"),
        (503, "server's own"),
    ],
)
def test_statuses_have_cures(status: int, advice: str) -> None:
    with pytest.raises(FetchError) as refused:
        demand_success(Page(url="https://example.org", status=status))
    assert advice in cure(str(refused.value))


@pytest.mark.parametrize(
    ("code", "advice"), [(6, "name in the address"), (7, "Nothing answers"), (60, "clock"), (35, "clock")]
)
def test_failures_of_the_network_have_cures(code: int, advice: str) -> None:
    assert advice in cure(str(FetchError("https://example.org", failure(code, "expired", 111).reason)))


@pytest.mark.parametrize("code", [errno.ENOENT, errno.EACCES])
def test_files_that_cannot_be_read_have_cures(code: int) -> None:
    assert "path" in cure(str(FetchError("file:///srv/jobs.json", os.strerror(code))))


def test_an_answer_in_another_form_has_a_cure() -> None:
    assert "kind would fit" in cure(str(ParseError("https://example.org", "JSON", "<!doctype html>")))
    assert cure("something else altogether") == ""


def test_what_is_bad_comes_before_what_is_odd() -> None:
    found = list(advised(busy(3)))
    assert [one.level for one in found] == ["bad", "bad", "bad", "warn"]
    assert [one.word for one in found] == ["channel", "given up", "failing", "suspicious"]


def test_a_stale_source_is_explained_by_what_is_known_of_it() -> None:
    view = busy(3)
    stale = {**view.sources[0], "health": "stale", "last_success_at": "2026-11-20T08:00:00Z"}
    for error, advice in ((None, "deadline"), ("3 of 9 pages", "incomplete")):
        status = {**view.status, "sources": [{**stale, "error": error}]}
        (*_, one) = advised(replace(view, status=status))
        assert (one.word, advice in one.advice) == ("stale", True)


def test_code_in_advice_is_set_as_code_and_nothing_else_is_markup() -> None:
    assert coded("see `a < b` & <b>") == "see <code>a &lt; b</code> &amp; &lt;b&gt;"
