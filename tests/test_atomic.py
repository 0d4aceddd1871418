from pathlib import Path

import pytest

from scan.atomic import replace


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
