import os
from pathlib import Path

import pytest

from scan.errors import FetchError
from scan.fetch.files import read_file
from scan.page import Request


def read(url: str, *, max_body: int = 1000, guarded: bool = False) -> bytes:
    return read_file(Request(url=url, guarded=guarded), max_body=max_body).body


def refusal(url: str, *, max_body: int = 1000, guarded: bool = False) -> str:
    with pytest.raises(FetchError) as refused:
        read(url, max_body=max_body, guarded=guarded)
    return refused.value.reason


def test_a_file_is_a_page(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b"[]")
    page = read_file(Request(url=f"file://{tmp_path}/a.json"), max_body=2)
    assert (page.status, page.body, page.received, page.url) == (200, b"[]", 2, f"file://{tmp_path}/a.json")


def test_a_name_is_percent_decoded(tmp_path: Path) -> None:
    (tmp_path / "ä b?%").write_bytes(b"x")
    assert read(f"file://{tmp_path}/%C3%A4%20b%3F%25") == b"x"
    assert read(f"file://localhost{tmp_path}/ä b%3F%25?v=1#top") == b"x"


def test_a_missing_file_is_an_error_in_the_systems_words(tmp_path: Path) -> None:
    assert refusal(f"file://{tmp_path}/none") == "No such file or directory"


def test_a_directory_is_no_page(tmp_path: Path) -> None:
    assert refusal(f"file://{tmp_path}") == "Is a directory"


def test_a_named_pipe_is_refused_without_waiting_for_a_writer(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert refusal(f"file://{tmp_path}/pipe") == "not a regular file"


def test_a_device_is_refused() -> None:
    assert refusal("file:///dev/zero") == "not a regular file"


def test_a_file_above_the_size_limit_is_refused(tmp_path: Path) -> None:
    (tmp_path / "big").write_bytes(b"123")
    assert refusal(f"file://{tmp_path}/big", max_body=2) == "larger than 2 bytes"


@pytest.mark.parametrize("url", ["file://server/share/a", "file:a.json", "file:./a"])
def test_a_file_is_on_this_machine_and_absolute(url: str) -> None:
    assert "file:///path would be right" in refusal(url)


def test_a_name_with_a_nul_is_refused() -> None:
    assert "null" in refusal("file:///etc/%00passwd")


def test_a_file_that_a_page_leads_to_is_never_read(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x")
    assert "never followed" in refusal(f"file://{tmp_path}/a", guarded=True)
