import os
from datetime import timedelta
from pathlib import Path

import pytest

from scan import status
from scan.errors import StoreError
from tests.status.documents import NOW, document


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "scan.status.json"
    runs = [{"run_id": "2", "status": "success"}, {"run_id": "1", "status": "running"}]
    status.write(path, document(runs=runs))
    assert status.read(path) == {"version": status.VERSION, **document(runs=runs)}
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]
    assert path.stat().st_mode & 0o777 == 0o640 & ~_umask()


@pytest.mark.parametrize("count", [0, 1, 2, 3])
@pytest.mark.parametrize("names", [("run_id", "status"), ("status",)])
def test_what_is_alike_in_all_rows_is_read_again_too(tmp_path: Path, count: int, names: tuple[str, ...]) -> None:
    runs = [{name: str(number) if name == "run_id" else None for name in names} for number in range(count)]
    status.write(tmp_path / "s", document(runs=runs))
    found = status.read(tmp_path / "s")
    assert found is not None
    assert found["runs"] == runs


def test_a_thousand_sources_take_little_more_than_their_names(tmp_path: Path) -> None:
    """Twice a run: an unchanged one of 1,000 sources writes no more than 1 MB in all."""
    (one, *_) = document()["sources"]
    sources = [{**one, "source": f"some-company-{number}", "items": number} for number in range(1000)]
    status.write(tmp_path / "s", document(sources=sources))
    assert (tmp_path / "s").stat().st_size < 40_000


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"version": 99}', b'{"version": 4}', b"\xff"])
def test_a_file_that_makes_no_sense_is_as_good_as_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "s").write_bytes(content)
    assert status.read(tmp_path / "s") is None


def test_a_missing_folder_is_an_error_of_the_store(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="No such file"):
        status.write(tmp_path / "none" / "s", document())


def test_before_the_first_run_a_profile_has_not_started() -> None:
    assert status.judge(None, now=NOW, lock_free=True)["status"] == "not_started"


def test_a_profile_is_healthy_until_twice_its_interval_has_passed() -> None:
    assert status.judge(document(), now=NOW, lock_free=True)["status"] == "healthy"
    late = status.judge(document(), now=NOW + timedelta(minutes=21), lock_free=True)
    assert (late["status"], late["sources"][0]["health"]) == ("unhealthy", "stale")


def test_a_run_that_claims_to_be_running_without_the_lock_was_interrupted() -> None:
    claims = document(running={"run_id": "1", "pid": 1, "since": "2026-11-23T07:59:00Z"})
    alive, dead = (status.judge(claims, now=NOW, lock_free=free) for free in (False, True))
    assert (alive["running"]["pid"], alive["interrupted"]) == (1, False)
    assert (dead["running"], dead["interrupted"]) == (None, True)


def test_a_run_of_which_a_part_failed_or_one_that_takes_too_long_degrades() -> None:
    partly = document(last_run={**document()["last_run"], "status": "partial_failure"})
    assert status.judge(partly, now=NOW, lock_free=True)["status"] == "degraded"
    for minute, found in (("46", "healthy"), ("44", "degraded")):
        running = document(running={"run_id": "2", "pid": 1, "since": f"2026-11-23T07:{minute}:00Z"})
        assert status.judge(running, now=NOW, lock_free=False)["status"] == found


def test_before_the_first_run_everything_has_its_place_already() -> None:
    before, after = (status.judge(one, now=NOW, lock_free=True) for one in (None, document()))
    assert set(before) | {"profile"} == set(after)


def test_a_channel_out_of_order_or_a_delivery_that_is_dead_or_held_degrades() -> None:
    held = [{"source": "acme", "deliveries": 1, "since": None}]
    for more in ({"channels": [{"channel": "me"}]}, {"deliveries": {"dead": 1}}, {"held": held}):
        assert status.judge(document(**more), now=NOW, lock_free=True)["status"] == "degraded"
