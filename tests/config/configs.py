"""Kinds and configs for the tests of the config."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from scan.channels.base import Channel
from scan.config.kinds import Kinds
from scan.config.loading import load
from scan.config.model import Config
from scan.declare import Address, Doc, Problem, SecretText
from scan.errors import ConfigError
from scan.sources.base import Source


@dataclass(frozen=True, kw_only=True)
class Pick:
    """The long form of a field."""

    select: Annotated[str, Doc("a selector")]
    date: Annotated[str | None, Doc("a format")] = None


class Board(Source, kind="board", item_kind="job", complete=True):
    """A named board."""

    board: Annotated[str, Doc("its name", example="acme")]
    ratio: Annotated[float, Doc("a number", within=("0", "1"))] = 0.5


class Table(Source, kind="table", item_kind="item", complete=True):
    """Rows of a page."""

    url: Annotated[Address, Doc("the page")] = field()
    fields: Annotated[Mapping[str, str | Pick], Doc("what to read")] = field()
    body: Annotated[str | Mapping[str, Any] | None, Doc("what to send")] = None
    method: Annotated[Literal["GET", "POST"], Doc("how to ask")] = "GET"

    def problems(self) -> Iterable[Problem]:
        """Refuse the selector `(`."""
        for name, pick in self.fields.items():
            if pick == "(":
                yield Problem(("fields", name), "not a selector; close the bracket")
            if isinstance(pick, Pick) and pick.date == "%":
                yield Problem(("fields", name, "date", "whole"), "not a format; write %Y")


class Mail(Channel, kind="mail"):
    """A message."""

    to: Annotated[str | tuple[str, ...], Doc("addresses")]
    from_: Annotated[str, Doc("the sender")] = "scan@example.org"
    smtp: Annotated[SecretText | None, Doc("the server")] = None
    api_key: Annotated[str | None, Doc("a key")] = None
    timeout: Annotated[
        timedelta, Doc("of each step", check=lambda value: None if value else "too short; 1s is right")
    ] = timedelta(seconds=30)


KINDS = Kinds(sources={"board": Board, "table": Table}, channels={"mail": Mail}, reports={})


def write(folder: Path, text: str) -> Path:
    """Write a config that nobody else may read."""
    path = folder / "scan.yaml"
    path.write_text(text, encoding="utf-8")
    path.chmod(0o600)
    return path


def loaded(
    folder: Path, text: str, environ: Mapping[str, str] | None = None, overrides: Mapping[str, object] | None = None
) -> Config:
    """Load a config from its text."""
    return load(write(folder, text), environ=environ or {}, overrides=overrides or {}, kinds=KINDS)


def told(
    folder: Path, text: str, environ: Mapping[str, str] | None = None, overrides: Mapping[str, object] | None = None
) -> list[str]:
    """Load a wrong config, and give the problems without the folder and the file's name."""
    try:
        loaded(folder, text, environ, overrides)
    except ConfigError as error:
        prefix = f"{folder}/scan.yaml:"
        return [problem.removeprefix(prefix) for problem in error.problems]
    return []


def source(text: str) -> str:
    """Write a config with one source of kind board, and more keys of it."""
    return f"sources:\n  - name: acme\n    kind: board\n    board: acme\n    {text}\n"
