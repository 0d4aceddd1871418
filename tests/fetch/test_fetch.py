import subprocess
import sys

import pytest

import scan.fetch


def test_reading_the_settings_does_not_load_libcurl() -> None:
    code = "import sys, scan.fetch.settings; sys.exit('pycurl' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_rooms_face_is_there_when_it_is_used() -> None:
    assert scan.fetch.Fetcher.__name__ == "Fetcher"
    with pytest.raises(AttributeError):
        _ = scan.fetch.nothing
