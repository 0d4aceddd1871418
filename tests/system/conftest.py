"""What `make install` and `make deb` are given, and what they make."""

from pathlib import Path

import pytest
from filelock import FileLock

from tests.system.building import PYTHON, ROOT, Checkout, done, later_package


@pytest.fixture(scope="session")
def wheelhouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with every wheel that an installation without a network needs."""
    folder = tmp_path_factory.mktemp("wheels")
    done([PYTHON, "-m", "venv", str(folder / "venv")])
    needed = [f"{ROOT}[postgresql,sheets]", "hatchling", "markdown-it-py", "click"]
    pip = [
        str(folder / "venv/bin/pip"),
        "--quiet",
        "--disable-pip-version-check",
        "--cache-dir",
        str(ROOT / ".work/pip"),
    ]
    done([*pip, "wheel", "--wheel-dir", str(folder), *needed])
    return folder


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    """Give a copy of this checkout that may be changed."""
    return Checkout.copy(tmp_path / "checkout")


@pytest.fixture(scope="session")
def deb() -> Path:
    """Give the Debian package."""
    (ROOT / ".work").mkdir(exist_ok=True)
    with FileLock(ROOT / ".work" / "deb.lock"):  # tests run side by side
        return ROOT / done(["make", "--no-print-directory", "deb"], cwd=ROOT).stdout.split()[-1]


@pytest.fixture(scope="session")
def later_deb(deb: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a later version of the package, whose schema is later too."""
    return later_package(deb, tmp_path_factory.mktemp("later"), "9.0")
