"""An entry added to a config's file."""

import os
import stat
import tempfile
from pathlib import Path

import pytest

from scan.config.addition import add
from scan.config.drafts import Drafts
from scan.errors import ConfigError, NotPermitted
from scan.sources import KINDS

FEED = {"name": "new", "kind": "feed", "url": "https://example.org/feed"}


def added(path: Path, **values: str) -> None:
    add(path, Drafts(path, {}).read({**FEED, **values}), environ={})


def test_a_file_is_replaced_with_its_owner_and_permissions(tmp_path: Path) -> None:
    path = tmp_path / "scan.yaml"
    path.write_bytes(b"every: 1h\n")
    path.chmod(0o604)
    if os.geteuid() == 0:
        os.chown(path, 65534, 65533)
    was = path.stat()
    added(path)
    now = path.stat()
    assert (now.st_uid, now.st_gid, stat.S_IMODE(now.st_mode)) == (was.st_uid, was.st_gid, 0o604)
    assert path.read_text() == "every: 1h\nsources:\n  - name: new\n    kind: feed\n    url: https://example.org/feed\n"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("sources: [{name: new, kind: feed, url: 'https://x.example/'}]\n", "given twice"),
        ("every: soon\n", "every"),
        ("{every: 1h}\n", "add it by hand"),
    ],
)
def test_a_file_that_would_not_load_is_not_written(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "scan.yaml"
    path.write_text(text)
    with pytest.raises(ConfigError, match=said):
        added(path)
    assert path.read_text() == text


def test_a_file_that_is_not_there_or_not_utf_8_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "scan.yaml"
    with pytest.raises(ConfigError, match="No such file"):
        added(path)
    path.write_bytes(b"# \xff\n")
    with pytest.raises(ConfigError, match="not UTF-8"):
        added(path)


def test_a_folder_that_may_not_be_written_is_said_so() -> None:
    with tempfile.TemporaryDirectory() as name:
        path, us = Path(name) / "scan.yaml", os.geteuid()
        path.write_text("every: 1h\n")
        assert KINDS["feed"], "imported by whoever may read this Python's library"
        path.parent.chmod(0o555)
        if us == 0:
            os.seteuid(65534)
        try:
            with pytest.raises(NotPermitted, match="by hand"):
                added(path)
        finally:
            os.seteuid(us)
            path.parent.chmod(0o755)
        assert path.read_text() == "every: 1h\n"
