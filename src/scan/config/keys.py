"""The keys that a class declares: its annotated fields that have a `Doc`."""

import dataclasses
from collections.abc import Mapping
from enum import EnumType
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

import msgspec

from scan.declare import Doc


class Key(msgspec.Struct, frozen=True):
    """One key of a mapping in the config.

    Attributes:
        name: as written in YAML.
        attribute: the field's name; `from_` for `from`, which Python keeps for itself.
        annotation: its type, without the `Doc`.
        default: None for a required one.

    """

    name: str
    attribute: str
    annotation: Any
    doc: Doc
    required: bool
    default: Any


def keys_of(declared: type) -> tuple[Key, ...]:
    """Read a dataclass's keys, in the order of declaration."""
    hints = get_type_hints(declared, include_extras=True)
    keys = (_key(field, hints[field.name]) for field in dataclasses.fields(declared))
    return tuple(key for key in keys if key is not None)


def _key(field: dataclasses.Field[Any], hint: Any) -> Key | None:
    annotation, doc = undocumented(hint)
    if doc is None:
        return None
    required = field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
    default = None
    if field.default is not dataclasses.MISSING:
        default = field.default
    elif field.default_factory is not dataclasses.MISSING:
        default = field.default_factory()
    return Key(field.name.rstrip("_"), field.name, annotation, doc, required, default)


def undocumented(hint: Any) -> tuple[Any, Doc | None]:
    """Take an annotation apart into the type and its `Doc`."""
    if get_origin(hint) is not Annotated:
        return hint, None
    annotation, *extras = get_args(hint)
    return annotation, next((extra for extra in extras if isinstance(extra, Doc)), None)


def members(annotation: Any) -> tuple[Any, ...]:
    """Give the types of a union but None; of anything else, itself."""
    if get_origin(annotation) in {Union, UnionType}:
        return tuple(member for member in get_args(annotation) if member is not NoneType)
    return (annotation,)


def allows_none(annotation: Any) -> bool:
    """Tell whether None is a value of the type."""
    return get_origin(annotation) in {Union, UnionType} and NoneType in get_args(annotation)


def is_section(annotation: Any) -> bool:
    """Tell whether the type is a mapping with declared keys."""
    return isinstance(annotation, type) and dataclasses.is_dataclass(annotation)


def is_list(annotation: Any) -> bool:
    """Tell whether the type is a list."""
    return get_origin(annotation) is tuple


def is_mapping(annotation: Any) -> bool:
    """Tell whether the type is a mapping with free keys."""
    return get_origin(annotation) is Mapping


def is_choice(annotation: Any) -> bool:
    """Tell whether the type is an enumeration."""
    return isinstance(annotation, EnumType)
