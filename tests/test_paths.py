from pathlib import Path

import pytest

from scan import paths


def test_the_config_that_was_given_is_taken_as_it_is() -> None:
    assert paths.config_file(given="a/b.yaml", profile=None, environ={}) == Path("a/b.yaml")


def test_a_profile_is_a_file_of_the_config_folder(tmp_path: Path) -> None:
    environ = {"XDG_CONFIG_HOME": str(tmp_path)}
    (tmp_path / "scan").mkdir()
    assert paths.config_file(given=None, profile="news", environ=environ) == tmp_path / "scan" / "news.yaml"
    assert paths.config_file(given=None, profile=None, environ=environ) == tmp_path / "scan" / "scan.yaml"


def test_systemds_folder_comes_before_the_users(tmp_path: Path) -> None:
    system, user = tmp_path / "system", tmp_path / "user"
    for folder in (system, user / "scan"):
        folder.mkdir(parents=True)
    environ = {"CONFIGURATION_DIRECTORY": str(system), "XDG_CONFIG_HOME": str(user)}
    assert paths.config_folder(environ) == system
    system.rmdir()
    assert paths.config_folder(environ) == user / "scan"


def test_without_any_folder_the_users_own_is_named(tmp_path: Path) -> None:
    if paths.SYSTEM_CONFIG.is_dir():
        pytest.fail("this machine has /etc/scan: the test would say nothing")
    assert paths.config_folder({"HOME": str(tmp_path)}) == tmp_path / ".config" / "scan"


def test_the_state_of_a_system_config_is_the_systems() -> None:
    state = paths.state_of(Path("/etc/scan/news.yaml"), {"HOME": "/home/me"})
    assert state.database == Path("/var/lib/scan/news.db")
    assert state.lock == Path("/var/lib/scan/news.lock")
    assert state.status == Path("/var/lib/scan/news.status.json")
    assert paths.state_of(Path("/etc/scan/a.yaml"), {"STATE_DIRECTORY": "/srv/s"}).folder == Path("/srv/s")


def test_the_state_of_any_other_config_is_the_users(tmp_path: Path) -> None:
    environ = {"HOME": "/home/me", "STATE_DIRECTORY": "/var/lib/scan"}
    assert paths.state_of(tmp_path / "jobs.yaml", environ).database == Path("/home/me/.local/state/scan/jobs.db")
    assert paths.state_of(tmp_path / "jobs.yaml", {"XDG_STATE_HOME": "/x"}).folder == Path("/x/scan")
