import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from scan.atomic import replace, replace_changed


def test_what_was_there_is_replaced_and_nothing_else_is_left(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text("old")

    replace(path, b"new", mode=0o600)

    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_is_replaced_and_not_followed(tmp_path: Path) -> None:
    elsewhere, path = tmp_path / "elsewhere", tmp_path / "a"
    elsewhere.write_text("mine")
    path.symlink_to(elsewhere)

    replace(path, b"new")

    assert (elsewhere.read_text(), path.is_symlink()) == ("mine", False)


def test_what_cannot_be_replaced_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "folder"
    (path / "inside").mkdir(parents=True)

    with pytest.raises(OSError, match="directory"):
        replace(path, b"new")

    assert sorted(tmp_path.rglob("*")) == [path, path / "inside"]


def test_a_file_that_would_stay_the_same_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a"
    assert replace_changed(path, [b"one ", b"two"], mode=0o644)
    os.utime(path, (1, 1))

    assert not replace_changed(path, [b"one two"], mode=0o644)
    assert path.stat().st_mtime == 1
    assert replace_changed(path, [b"one two three"], mode=0o644)
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"one two three", 0o644)


def test_a_file_whose_making_breaks_off_stays_as_it_is(tmp_path: Path) -> None:
    def parts() -> Iterator[bytes]:
        yield b"half"
        raise KeyError

    path = tmp_path / "a"
    path.write_text("old")

    with pytest.raises(KeyError):
        replace_changed(path, parts(), mode=0o644)

    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]
