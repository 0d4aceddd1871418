from pathlib import Path

import pytest

from scan.config.machine import machine_zone


@pytest.mark.parametrize(("named", "zone"), [("Europe/Berlin", "Europe/Berlin"), (":Asia/Tokyo", "Asia/Tokyo")])
def test_the_environment_names_the_zone(named: str, zone: str, tmp_path: Path) -> None:
    assert str(machine_zone({"TZ": named}, tmp_path / "none")) == zone


def test_else_the_machines_link_does(tmp_path: Path) -> None:
    link = tmp_path / "localtime"
    link.symlink_to("/usr/share/zoneinfo/America/Chicago")
    assert str(machine_zone({}, link)) == "America/Chicago"


@pytest.mark.parametrize("named", ["", "Nowhere/Land", "../../etc/passwd", "CST6CDT,M3.2.0,M11.1.0"])
def test_without_a_zone_that_exists_it_is_utc(named: str, tmp_path: Path) -> None:
    (tmp_path / "localtime").write_bytes(b"TZif2")
    assert str(machine_zone({"TZ": named}, tmp_path / "localtime")) == "UTC"
