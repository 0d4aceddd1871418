"""What a kind of report is: what is known (`View`) made into a document. Pure.

As with sources and channels, the class is its own config and documentation; `scan.publish` does the writing. Most kinds
are files: they give their bytes bit by bit, so that however much is known, little of it is in memory.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, NamedTuple, dataclass_transform

from scan.declare import Doc, Problem

if TYPE_CHECKING:  # start-up: imported where something is reported
    from scan.reports.view import View


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(field,))
@dataclass(frozen=True, kw_only=True)
class Report:
    """A configured way to show what is known. Subclasses become frozen dataclasses of their annotated fields."""

    kind: ClassVar[str] = ""

    def __init_subclass__(cls, *, kind: str = "", **kwargs: Any) -> None:
        """Make the subclass a dataclass; one without a kind is a base of others."""
        super().__init_subclass__(**kwargs)
        cls.kind = kind
        dataclass(frozen=True, kw_only=True)(cls)

    @property
    def label(self) -> str:
        """What logs and errors call it; no secret may be in it."""
        return self.kind

    def problems(self) -> Iterable[Problem]:
        """Find what is wrong with the configured values beyond their types."""
        return ()


class Document(NamedTuple):
    """One file of a report.

    Attributes:
        name: relative to the report's place; empty for the place itself.
        parts: its bytes, made while they are written.

    """

    name: str
    parts: Iterable[bytes]


class FileReport(Report):
    """A report that is a file, or several in a folder.

    Attributes:
        mode: permissions of a file that was not there before.

    """

    mode: ClassVar[int] = 0o640

    to: Annotated[Path, Doc("where to write it")]

    @property
    def label(self) -> str:
        """Name the kind and the place."""
        return f"{self.kind} {self.to}"

    def documents(self, view: "View") -> Iterator[Document]:
        """Give the report's files, each written whole before the next is asked for."""
        yield Document("", self.render(view))

    def render(self, view: "View") -> Iterator[bytes]:
        """Give the bytes of a report that is one file."""
        raise NotImplementedError
