from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from scan.declare import Address
from scan.errors import StoreError
from scan.lists.copies import Copies
from scan.lists.copy import Copy
from scan.lists.origin import Origin
from scan.lists.table import Table
from scan.page import Validators

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
WEB = Origin(url=Address("https://example.org/a.csv"))
TABLE = Table(headings=("a",), rows=((2, ("1",)),))
GOOD = Copy(origin=WEB.fingerprint(), table=TABLE, synced_at=NOW, validators=Validators(etag='"1"'))


def test_what_is_kept_is_there_the_next_time(tmp_path: Path) -> None:
    name = f"data/ü {'x' * 300}.csv"
    Copies(tmp_path / "lists").keep({name: GOOD})

    assert Copies(tmp_path / "lists").get(name, WEB) == GOOD
    assert Copies(tmp_path / "lists").get(name, Origin(sheet="1")).table is None
    assert {path.stat().st_mode & 0o007 for path in (tmp_path / "lists").iterdir()} == {0}


def test_a_failed_sync_keeps_the_table(tmp_path: Path) -> None:
    Copies(tmp_path).keep({"a": GOOD})
    Copies(tmp_path).keep({"a": msgspec.structs.replace(GOOD, error="no answer", failing_since=NOW)})

    copy = Copies(tmp_path).get("a", WEB)
    assert (copy.table, copy.error, copy.validators.etag) == (TABLE, "no answer", '"1"')


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"origin": 1}', b"\xff"])
def test_a_broken_copy_is_as_good_as_none(tmp_path: Path, content: bytes) -> None:
    Copies(tmp_path).keep({"a": GOOD})
    for path in tmp_path.iterdir():
        path.write_bytes(content)

    assert Copies(tmp_path).get("a", WEB) == Copy(origin=WEB.fingerprint())


def test_a_folder_that_cannot_be_written_is_an_error_of_the_store(tmp_path: Path) -> None:
    (tmp_path / "lists").touch()
    with pytest.raises(StoreError, match="lists"):
        Copies(tmp_path / "lists").keep({"a": GOOD})


def test_a_file_of_this_machine_is_read_where_it_lies_unless_it_is_wanted_as_it_was_synced(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    origin = Origin(url=Address(f"file://{file}"))
    file.write_text("a\n1\n")
    copies = Copies(tmp_path / "lists")
    copies.keep({"a": copies.get("a", origin)})
    file.write_text("a\n2\n")

    assert Copies(tmp_path / "lists").get("a", origin).table == Table(headings=("a",), rows=((2, ("2",)),))
    assert Copies(tmp_path / "lists", as_synced=True).get("a", origin).table == TABLE

    file.unlink()

    copy = Copies(tmp_path / "lists").get("a", origin)
    assert (copy.table, copy.error) == (TABLE, "No such file or directory")
