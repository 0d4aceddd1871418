"""Values from elsewhere inside a text: `${env:NAME}`, `${env:NAME:-default}`, `${file:PATH}`, `${credential:NAME}`.

`$${` is a plain `${`.
"""

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec

_PLACEHOLDER = re.compile(r"\$\$\{|\$\{([^}]*)(\}?)")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_LARGEST = 1_000_000
_FORMS = "${env:NAME}, ${env:NAME:-default}, ${file:PATH} or ${credential:NAME}"


class Placeholders(msgspec.Struct, frozen=True):
    """Where placeholders get their values.

    Attributes:
        folder: relative paths of `${file:…}` lie here.
        hide: is told every text that came in, as it may be a secret.

    """

    environ: Mapping[str, str]
    folder: Path
    hide: Callable[[str], None]

    def expand(self, text: str) -> str:
        """Put in the values.

        Raises:
            ValueError: one is not there, or not readable; with what would be right.

        """
        return _PLACEHOLDER.sub(self._value, text)

    def _value(self, match: re.Match[str]) -> str:
        if match[0] == "$${":
            return "${"
        kind, _, rest = match[1].partition(":")
        sources: dict[str, Callable[[str], str]] = {
            "env": self._variable,
            "file": self._file,
            "credential": self._credential,
        }
        if not match[2] or kind not in sources or not rest:
            raise ValueError(f"no such placeholder; {_FORMS} would be right, and $${{ for a plain ${{")
        return sources[kind](rest)

    def _variable(self, text: str) -> str:
        name, given, default = text.partition(":-")
        if not _NAME.fullmatch(name):
            raise ValueError("no name of an environment variable; ${env:NAME} would be right")
        value = self.environ.get(name)
        if given and not value:
            return default
        if value is None:
            raise ValueError(f"the environment has no {name}; set it, or write ${{env:{name}:-default}}")
        self.hide(value)
        return value

    def _file(self, name: str) -> str:
        return self._content(self.folder / name, "write the path of a readable text file")

    def _credential(self, name: str) -> str:
        folder = self.environ.get("CREDENTIALS_DIRECTORY")
        if "/" in name or name in {".", ".."}:
            raise ValueError("a credential's name is no path; the name given to LoadCredential= would be right")
        if not folder:
            raise ValueError(
                f"no credentials here; systemd gives them by LoadCredential={name}:FILE, "
                "and by hand CREDENTIALS_DIRECTORY names their folder"
            )
        return self._content(Path(folder, name), f"add LoadCredential={name}:FILE to the unit")

    def _content(self, path: Path, cure: str) -> str:
        try:
            with path.open("rb") as file:
                content = file.read(_LARGEST + 1)
            text = content.decode()
        except UnicodeDecodeError:
            raise ValueError(f"{path} is not UTF-8 text; {cure}") from None
        except (OSError, ValueError) as error:  # ValueError: a NUL character in the path
            reason = error.strerror if isinstance(error, OSError) else "no path"
            raise ValueError(f"cannot read {path} ({reason}); {cure}") from None
        if len(content) > _LARGEST:
            raise ValueError(f"{path} holds more than 1MB; {cure}")
        text = text.removesuffix("\n").removesuffix("\r")
        self.hide(text)
        return text
