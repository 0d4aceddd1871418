"""The config: one YAML file a profile, read into frozen values. The only room that knows YAML."""

from scan.config.addition import add
from scan.config.drafts import Draft, Drafts, as_entry, values_of
from scan.config.json_schema import schema
from scan.config.kinds import Kinds
from scan.config.loading import load
from scan.config.manual import reference
from scan.config.model import Config, SourceEntry
from scan.config.show import as_yaml, shown
from scan.config.starter import STARTER

__all__ = [
    "STARTER",
    "Config",
    "Draft",
    "Drafts",
    "Kinds",
    "SourceEntry",
    "add",
    "as_entry",
    "as_yaml",
    "load",
    "reference",
    "schema",
    "shown",
    "values_of",
]
