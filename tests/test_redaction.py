import base64
import json
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scan.redaction import MASK, Redaction

SECRET = 'p@ss "wörd"/+&'


@pytest.mark.parametrize(
    "form",
    [
        SECRET,
        quote(SECRET, safe=""),
        json.dumps(SECRET)[1:-1],
        base64.b64encode(SECRET.encode()).decode(),
    ],
)
def test_a_known_secret_is_masked_in_every_form_in_which_it_travels(form: str) -> None:
    shown = Redaction([SECRET])(f"before {form} after")
    assert form not in shown
    assert MASK in shown


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("http://user:hunter2@example.org/x: refused", "hunter2"),
        ("smtps://user:hunter2@mail.example.org:465", "hunter2"),
        ("https://example.org/feed?token=hunter2&page=2", "hunter2"),
        ("https://example.org/feed?page=2&api_key=hunter2", "hunter2"),
        ("Authorization: Bearer hunter2", "hunter2"),
        ('{"Cookie": "hunter2"}', "hunter2"),
    ],
)
def test_what_looks_like_a_secret_is_masked_too(text: str, secret: str) -> None:
    shown = Redaction()(text)
    assert secret not in shown


def test_what_is_no_secret_stays() -> None:
    text = "https://example.org/jobs?page=2&keyword=python: HTTP 404; the author: Ada; 12:30"
    assert Redaction(["secret"])(text) == text


def test_a_secret_within_another_leaves_no_rest() -> None:
    assert Redaction(["abcd", "abcdefgh"])("xabcdefghx") == f"x{MASK}x"


@given(st.text(min_size=4), st.text())
def test_no_secret_ever_passes(secret: str, text: str) -> None:
    if secret in MASK or any(char in secret for char in "*"):
        return
    assert secret not in Redaction([secret])(text + secret + text).replace(MASK, "\0")
