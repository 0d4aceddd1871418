"""An example profile as whoever installed it has it: the shipped files, the installed command, any time of any day.

    town = installed("council", tmp_path, web)
    web.serve("/data/Calendar.html", Answer(status=500))         # what the page has become
    ran = town.at(datetime(2026, 11, 23, 8, tzinfo=UTC))("run")

The profile's addresses under `data/` lead to the test's own server, which has the example's files until it is told
otherwise. The clock is set for the command alone, by libfaketime (Debian: `faketime`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.cli.conftest import Scan
from tests.web import Answer, Web

EXAMPLES = Path(__file__).parents[2] / "examples"
FAKETIME = "/usr/$LIB/faketime/libfaketime.so.1"
"""Where Debian has it; the loader puts in the architecture's folder."""

CREDENTIALS = "credentials"
"""The folder that stands for what systemd hands over."""


@dataclass
class Example(Scan):
    """An installed example profile.

    Attributes:
        name: of the profile.

    """

    name: str = "scan"

    @property
    def config(self) -> Path:
        return self.folder / f"{self.name}.yaml"

    @property
    def database(self) -> Path:
        return self.state / f"{self.name}.db"

    @property
    def lock(self) -> Path:
        return self.state / f"{self.name}.lock"

    def at(self, moment: datetime) -> "Example":
        """Have the same at another time."""
        shown = f"@{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
        clock = {"LD_PRELOAD": FAKETIME, "FAKETIME": shown, "FAKETIME_DONT_FAKE_MONOTONIC": "1", "TZ": "UTC"}
        return replace(self, environ={**self.environ, **clock})

    def credential(self, name: str, secret: str) -> None:
        """Hand a credential over, as systemd would."""
        folder = self.folder / CREDENTIALS
        folder.mkdir(exist_ok=True)
        (folder / name).write_text(secret, encoding="utf-8")
        self.environ["CREDENTIALS_DIRECTORY"] = str(folder)


def installed(name: str, folder: Path, web: Web, instead: Mapping[str, str] | None = None) -> Example:
    """Install an example into a folder of the test's.

    Args:
        name: of the example.
        folder: for config, state and logs.
        web: a server that gets the example's files.
        instead: what else of the config's text is replaced, because it leads to the real world.

    """
    shipped = EXAMPLES / name
    text = (shipped / f"{name}.yaml").read_text(encoding="utf-8").replace("file:data/", web.url("/data/"))
    for old, new in (instead or {}).items():
        assert old in text, f"{name}.yaml has no {old}"
        text = text.replace(old, new)
    for path in sorted((shipped / "data").iterdir()):
        web.serve(f"/data/{path.name}", Answer(body=path.read_bytes()))
    example = Example(folder, name=name)
    example.configure(text)
    return example


def day(text: str) -> datetime:
    """Read a time of UTC, such as 2026-11-23 08:00."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def by_source(result: Any) -> dict[str, Any]:
    """Give what a run says of its sources, by name."""
    return {source["source"]: source for source in result["by_source"]}
