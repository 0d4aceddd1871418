"""The shipped rotation of the log file, done for real on a log in a temporary folder."""

import gzip
from pathlib import Path

import pytest

from tests.system.rotation import Rotation

pytestmark = pytest.mark.system

FIVE_MIB = 5 * 1024 * 1024


@pytest.fixture
def rotate(tmp_path: Path) -> Rotation:
    return Rotation(tmp_path)


def test_logrotate_accepts_the_configuration(rotate: Rotation) -> None:
    rotate.log.write_bytes(b"{}\n")
    said = rotate("--debug")
    assert "error" not in said
    assert f"considering log {rotate.log}" in said


def test_a_missing_log_is_no_error(rotate: Rotation) -> None:
    rotate()
    assert rotate.names() == []


@pytest.mark.parametrize(
    ("size", "names"), [(FIVE_MIB - 1, ["scan.log"]), (FIVE_MIB, ["scan.log", "scan.log.1"])], ids=["below", "at"]
)
def test_a_log_is_rotated_from_five_mib_on(rotate: Rotation, size: int, names: list[str]) -> None:
    rotate.log.write_bytes(b"x" * size)
    rotate()
    assert rotate.names() == names


def test_the_fresh_log_has_the_mode_of_the_old_one(rotate: Rotation) -> None:
    rotate.log.write_bytes(b"x")
    rotate.log.chmod(0o640)
    rotate("--force")
    assert rotate.log.stat().st_size == 0
    assert rotate.log.stat().st_mode & 0o777 == 0o640


def test_what_a_run_in_flight_writes_during_two_rotations_is_kept(rotate: Rotation) -> None:
    with rotate.log.open("wb", buffering=0) as run:
        run.write(b"before\n")
        rotate("--force")
        run.write(b"after\n")
    rotate.log.write_bytes(b"the next run\n")
    rotate("--force")
    assert gzip.decompress(rotate.log.with_name("scan.log.2.gz").read_bytes()) == b"before\nafter\n"
    assert rotate.log.with_name("scan.log.1").read_bytes() == b"the next run\n"


def test_seven_old_logs_are_kept(rotate: Rotation) -> None:
    for number in range(10):
        rotate.log.write_text(f"{number}\n", encoding="utf-8")
        rotate("--force")
    assert rotate.names() == ["scan.log", "scan.log.1", *(f"scan.log.{number}.gz" for number in range(2, 8))]
    assert gzip.decompress(rotate.log.with_name("scan.log.7.gz").read_bytes()) == b"3\n"
