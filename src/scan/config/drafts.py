"""Entries that no config has yet: values to YAML, and read back as the config's own are."""

import re
from collections.abc import Mapping
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

import msgspec
import yaml

from scan.config.document import compose
from scan.config.entries import Entries, Known
from scan.config.findings import Findings
from scan.config.keys import keys_of
from scan.config.kinds import Kinds, installed
from scan.config.model import SourceEntry
from scan.config.placeholders import Placeholders
from scan.config.reader import Reader
from scan.config.writing import written
from scan.errors import ConfigError
from scan.sources.base import Source

Values = Mapping[str, Any]
"""An entry as YAML has it: names, texts, numbers, lists and mappings."""


class Draft(msgspec.Struct, frozen=True):
    """An entry of `sources:` that could be added to a config.

    Attributes:
        values: as they are written.
        entry: as a run would read them.
        secrets: every secret text in it, for redaction.

    """

    values: Values
    entry: SourceEntry
    secrets: frozenset[str]

    @property
    def text(self) -> str:
        """The entry in YAML, an item of a list that is not indented."""
        return as_entry(self.values)


class Drafts:
    """Reads drafts for one config: relative files lie in its folder."""

    def __init__(self, path: Path, environ: Mapping[str, str], *, kinds: Kinds | None = None) -> None:
        self._folder, self._environ, self._kinds = path.absolute().parent, environ, kinds or installed()

    def read(self, values: Values) -> Draft:
        """Read an entry through its YAML.

        Raises:
            ConfigError: it is no entry; each problem as `entry:LINE:COLUMN: PATH: what is wrong`.

        """
        findings = Findings()
        reader = Reader(findings, Placeholders(self._environ, self._folder, findings.hide))
        node = compose(as_entry(values))
        assert node is not None
        (item,) = node.value
        entry = Entries(reader, self._kinds, Known()).source()(item)
        if findings.errors:
            raise ConfigError(*findings.lines(findings.errors, item, "entry"))
        return Draft(values, entry, frozenset(findings.secrets))


_BREAK = re.compile("[\n\r\x85\u2028\u2029]")
_ENDLESS = 1_000_000


def as_entry(values: Values, *, flow: bool = False) -> str:
    """Write an entry in YAML: an item of a list, a key a line; or, in flow style, a mapping on one line."""
    what = values if flow else [values]
    text = yaml.dump(what, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=_ENDLESS, default_flow_style=flow)
    return text.strip() if flow else text


class _Dumper(yaml.SafeDumper):
    """Writes every text on one line."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"' if _BREAK.search(text) else None)


_Dumper.add_representer(str, _text)


def values_of(source: Source) -> dict[str, Any]:
    """Write the keys of a source that differ from their defaults, secrets as they are."""
    defaults = {one.name: None if one.default is MISSING else one.default for one in fields(source)}
    keys = {key.name: written(getattr(source, key.attribute)) for key in keys_of(type(source))}
    return {name: value for name, value in keys.items() if value is not None and value != defaults[name]}
