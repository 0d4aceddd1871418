"""The `lists:` section of the config."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated

from scan.declare import Address, Doc, Problem, SecretText


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Where a list comes from: an address, or a Google Sheet."""

    url: Annotated[Address | None, Doc("where it is as CSV", example="https://example.org/buildings.csv")] = None
    headers: Annotated[Mapping[str, str], Doc("sent to the address's own host only")] = field(default_factory=dict)
    sheet: Annotated[str | None, Doc("instead: a Google Sheet, by its id or address")] = None
    tab: Annotated[str | None, Doc("which tab of the sheet; default: its first", example="Buildings")] = None
    credentials: Annotated[
        SecretText | None,
        Doc("the key of a service account that may read the sheet, in JSON", example="${credential:google}"),
    ] = None

    @property
    def is_file(self) -> bool:
        """Whether it lies on this machine, and so is as much the user's own as the config."""
        return self.url is not None and self.url.startswith("file:")

    def problems(self) -> Iterator[Problem]:
        """Find what is missing, and what doesn't go together."""
        if (self.url is None) == (self.sheet is None):
            yield Problem((), "a list has either a url or a sheet")
        elif self.sheet is None:
            yield from (
                Problem((name,), "belongs to a sheet") for name in ("tab", "credentials") if getattr(self, name)
            )
        elif self.headers:
            yield Problem(("headers",), "belongs to a url")
        elif self.credentials is None:
            yield Problem(("sheet",), "needs credentials: a service account's key, such as ${credential:google}")

    def fingerprint(self) -> str:
        """Identify the place, so that a copy from another one is not taken for this list's."""
        place = (self.url or "", self.sheet or "", self.tab or "")
        return hashlib.sha256("\x1f".join(place).encode()).hexdigest()[:16]
