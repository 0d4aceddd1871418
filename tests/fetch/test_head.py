import pytest

from scan.fetch.head import read_head, write_head
from scan.page import Request, Validators


def test_names_are_lower_case_and_values_trimmed() -> None:
    assert read_head([b"HTTP/1.1 200 OK\r\n", b'ETag:  "a:b" \r\n', b"X-Empty:\r\n"]) == {
        "etag": '"a:b"',
        "x-empty": "",
    }


def test_the_values_of_a_repeated_name_are_joined() -> None:
    assert read_head([b"Link: a\r\n", b"LINK: b\r\n"]) == {"link": "a, b"}


def test_bytes_beyond_ascii_and_lone_returns_do_no_harm() -> None:
    assert read_head([b"X: \xfc\xff\r\n", b"Y: a\rb\r\n", b"no colon\r\n"]) == {"x": "\xfc\xff", "y": "a b"}


def test_validators_are_sent_byte_for_byte() -> None:
    etag, date = 'W/"\xfc, x"', "Sun Nov  6 08:49:37 1994"
    head = write_head(Request(url="", validators=Validators(etag=etag, last_modified=date)))
    assert b'If-None-Match: W/"\xfc, x"' in head
    assert b"If-Modified-Since: Sun Nov  6 08:49:37 1994" in head


def test_only_gzip_is_asked_for() -> None:
    assert b"Accept-Encoding: gzip" in write_head(Request(url=""))


def test_nothing_is_conditional_without_validators() -> None:
    assert write_head(Request(url="", accept="text/html")) == [b"Accept: text/html", b"Accept-Encoding: gzip"]


def test_a_requests_own_headers_replace_ours_whatever_their_case() -> None:
    head = write_head(Request(url="", headers={"ACCEPT": "text/x", "X-Empty": "", "X": "ö"}))
    assert head == [b"Accept-Encoding: gzip", b"ACCEPT: text/x", b"X-Empty;", b"X: \xf6"]


def test_a_value_beyond_latin_1_is_sent_as_utf_8() -> None:
    assert "X: 漢".encode() in write_head(Request(url="", headers={"X": "漢"}))


def test_a_body_is_not_called_a_form_and_does_not_wait_for_permission() -> None:
    assert {b"Content-Type:", b"Expect:"} < set(write_head(Request(url="", method="POST")))
    typed = write_head(Request(url="", method="POST", headers={"content-type": "application/json"}))
    assert b"Content-Type:" not in typed
    assert b"content-type: application/json" in typed


@pytest.mark.parametrize("header", [{"X": "a\r\nY: b"}, {"X": "a\n"}, {"X": "a\0"}, {"X\nY": "a"}])
def test_a_header_that_would_write_another_is_refused_without_its_value(header: dict[str, str]) -> None:
    with pytest.raises(ValueError) as refused:
        write_head(Request(url="", headers=header))
    assert "line break" in str(refused.value)
    assert not any(value in str(refused.value) for value in header.values() if len(value) > 1)
