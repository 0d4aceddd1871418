import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scan.fetch.body import BadBody, decode, refuse_encoding

TEXT = b"All work and no play makes Jack a dull boy. " * 50


def refusal(raw: bytes, max_body: int = 10_000) -> str:
    with pytest.raises(BadBody) as refused:
        decode(raw, "gzip", max_body)
    return str(refused.value)


@pytest.mark.parametrize("encoding", ["", "identity", "gzip", "x-gzip", " GZIP "])
def test_plain_and_gzip_are_taken(encoding: str) -> None:
    assert refuse_encoding(encoding) is None


@pytest.mark.parametrize("encoding", ["deflate", "br", "zstd", "gzip, gzip", "gzip,identity", "compress", "?"])
def test_an_encoding_that_was_not_asked_for_is_refused_by_name(encoding: str) -> None:
    fault = refuse_encoding(encoding)
    assert fault is not None
    assert encoding in fault


@pytest.mark.parametrize("encoding", ["", "Identity"])
def test_a_plain_body_is_left_alone(encoding: str) -> None:
    assert decode(TEXT, encoding, 10) == TEXT


@given(st.lists(st.binary(max_size=200), min_size=1, max_size=4))
def test_gzip_is_undone_whatever_its_number_of_members(parts: list[bytes]) -> None:
    assert decode(b"".join(map(gzip.compress, parts)), "gzip", 1000) == b"".join(parts)


def test_an_empty_body_needs_no_gzip_header() -> None:
    assert decode(b"", "gzip", 10) == b""


def test_padding_after_the_end_is_no_part_of_the_body() -> None:
    assert decode(gzip.compress(TEXT) + b"\0" * 8, "gzip", 10_000) == TEXT


def test_a_gzip_stream_that_ends_early_is_never_taken_for_whole() -> None:
    whole = gzip.compress(TEXT)
    assert {refusal(whole[:length]) for length in range(2, len(whole))} == {"the body ends early"}


def test_what_is_not_gzip_is_refused() -> None:
    assert refusal(b"<html>") == refusal(zlib.compress(TEXT)) == "the body is not the gzip it is announced as"


def test_a_wrong_checksum_is_refused() -> None:
    whole = gzip.compress(TEXT)
    assert refusal(whole[:-8] + b"\0" * 8) == "the body is not the gzip it is announced as"


def test_a_body_may_be_as_large_as_the_limit_but_not_larger() -> None:
    assert len(decode(gzip.compress(TEXT), "gzip", len(TEXT))) == len(TEXT)
    assert refusal(gzip.compress(TEXT), len(TEXT) - 1) == f"larger than {len(TEXT) - 1} bytes"
    assert refusal(gzip.compress(TEXT) * 3, len(TEXT) * 2) == f"larger than {len(TEXT) * 2} bytes"
