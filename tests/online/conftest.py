"""Tests that ask the true services. Collected only when asked for: `pytest -m online`, or `make online`."""

from pathlib import Path

import pytest


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave these tests alone unless they are meant."""
    del collection_path
    return None if "online" in config.option.markexpr else True
