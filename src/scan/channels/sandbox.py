"""Jinja2 with nothing to call, nothing to load, and an end: in time, in memory and in output.

Jinja2's own sandbox keeps a template from Python's insides; `'a' * 10**10`, four nested loops or a doubling of texts
stop the machine in it all the same. So only what a message needs is let through (`_PARTS`, `_FILTERS`), and what is let
through is counted: arithmetic is for numbers, no text inside an expression outgrows `TEXT_LIMIT`, every round of a loop
costs what stands in it, and the output ends at `OUTPUT_LIMIT`.
"""

import functools
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any

from jinja2 import StrictUndefined, Undefined, nodes, pass_context
from jinja2.exceptions import TemplateError, TemplateRuntimeError
from jinja2.filters import FILTERS
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer

TEXT_LIMIT = 10_000
"""Characters of a text inside an expression."""

OUTPUT_LIMIT = 500_000
"""Characters of a whole message."""

STEPS = 500_000
"""Parts of a template that loops may pass through, all rounds together. 1,000 items in every detail take 100,000."""

_DIGITS = 15
_LARGEST = 10**_DIGITS

_MALFORMED = (MemoryError, RecursionError, SyntaxError, ValueError)
"""What Jinja2, or Python beneath it, says to a template that is absurdly deep or holds absurd numbers."""

_PARTS = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.Assign, nodes.If, nodes.For),
    *(nodes.Name, nodes.Const, nodes.List, nodes.Tuple, nodes.Getattr, nodes.Getitem, nodes.Slice, nodes.Keyword),
    *(nodes.Filter, nodes.Test, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.CondExpr),
    *(nodes.Add, nodes.Sub, nodes.Mul, nodes.Div, nodes.FloorDiv, nodes.Mod, nodes.Neg, nodes.Pos, nodes.Concat),
)

_REFUSED: Mapping[type[nodes.Node], str] = {
    nodes.Call: "nothing can be called here; use a filter",
    nodes.Pow: "no powers here; write the number",
    nodes.Include: "no other file can be included; write it here",
    nodes.Import: "no other file can be imported; write it here",
    nodes.FromImport: "no other file can be imported; write it here",
    nodes.Extends: "no other file can be extended; write it here",
    nodes.Scope: "escaping cannot be switched; it is on in .html, and off elsewhere",
}

_FILTERS = (
    *("abs", "capitalize", "count", "d", "default", "dictsort", "e", "escape", "first", "float", "groupby", "int"),
    *("items", "join", "last", "length", "list", "lower", "map", "max", "min", "reject", "rejectattr", "select"),
    *("selectattr", "sort", "string", "title", "trim", "truncate", "unique", "upper", "urlencode", "wordcount"),
    "wordwrap",
)

_LOOP = ("index", "index0", "revindex", "revindex0", "first", "last", "length", "previtem", "nextitem")

_EACH = "rounds of a loop"
"""The filter around what a loop goes through: a name that no template can write."""


class Malformed(Exception):
    """A template that cannot be used.

    Attributes:
        line: in the template; None if that is not known.

    """

    def __init__(self, message: str, line: int | None) -> None:
        super().__init__(message)
        self.line = line


class Sandbox(ImmutableSandboxedEnvironment):
    """Where one template is rendered once."""

    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%", "**"})

    def __init__(self, *, html: bool, show: Callable[[Any], Any], filters: Mapping[str, Callable[..., Any]]) -> None:
        """Prepare the room.

        Args:
            html: what is put in is escaped.
            show: makes what is put in a text.
            filters: more of them, beside Jinja2's own.

        """
        super().__init__(
            autoescape=html,
            undefined=StrictUndefined,
            finalize=functools.partial(_shown, show),
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        self.globals.clear()
        self.filters = {name: _bounded(FILTERS[name]) for name in _FILTERS}
        self.filters |= {"replace": _bounded(_replace), "round": _round}
        self.filters |= {name: _bounded(call) for name, call in filters.items()}
        self.filters[_EACH] = self._rounds
        self._left = STEPS

    def prepare(self, text: str, names: Iterable[str]) -> "Callable[[Mapping[str, Any]], Iterator[str]]":
        """Make a template ready to be rendered with values of these names.

        Raises:
            Malformed: it is no template, or wants what is not let through.

        """
        try:
            tree = self.parse(text)
            _check(tree, frozenset(names))
            _Counted().visit(tree)
            tree.set_environment(self)
            code = self.compile(tree)
        except TemplateError as error:
            raise Malformed(error.message or "no template", getattr(error, "lineno", None)) from error
        except _MALFORMED as error:
            raise Malformed(f"too deep, or with too large a number ({error})", None) from error
        return self.template_class.from_code(self, code, {}).generate

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Look a name up: in our own mappings, `loop` and groups, and nowhere in Python's objects."""
        return self.getitem(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """Look up an index, a slice or a name."""
        if isinstance(obj, Undefined):
            return obj
        if argument in _names(obj):
            return getattr(obj, argument)
        if isinstance(obj, Mapping | list | tuple | str):
            try:
                return obj[argument]
            except (LookupError, TypeError):
                pass
        return self.undefined(obj=obj, name=argument)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Calculate with numbers; texts are put together by `~`, which is counted."""
        for number in (left, right):
            if isinstance(number, Undefined):
                str(number)
            if isinstance(number, bool) or not isinstance(number, int | float) or abs(number) > _LARGEST:
                raise TemplateRuntimeError(f"{operator} is for numbers up to 10**{_DIGITS}; put texts together by ~")
        return super().call_binop(context, operator, left, right)

    @pass_context
    def _rounds(self, context: Any, items: Any, cost: int) -> list[Any]:
        """Charge a loop for all its rounds before the first. With the context in hand, it is never done beforehand."""
        del context
        rounds = list(items)
        self._left -= cost * len(rounds)
        if self._left < 0:
            raise TemplateRuntimeError(f"the loops go on too long (more than {STEPS} steps)")
        return rounds


def _check(tree: nodes.Template, names: frozenset[str]) -> None:
    """Refuse what is not let through, and names that nothing has."""
    known = {*names, *(node.name for node in tree.find_all(nodes.Name) if node.ctx == "store")}
    for node in [tree, *tree.find_all(nodes.Node)]:
        if wrong := _wrong(node, known):
            raise Malformed(wrong, node.lineno)


def _wrong(node: nodes.Node, known: set[str]) -> str | None:
    if not isinstance(node, _PARTS):
        return _REFUSED.get(type(node), f"{type(node).__name__.lower()} is not for messages; loops, if and set are")
    if isinstance(node, nodes.Name) and node.ctx == "load" and node.name not in {*known, "loop"}:
        return f"{node.name!r} is undefined; there are {', '.join(sorted(known))}"
    if isinstance(node, nodes.List) and not all(isinstance(item, nodes.Const) for item in node.items):
        return "a list holds plain texts and numbers only"
    if isinstance(node, nodes.For) and node.recursive:
        return "no recursive loops here; loop over what is there"
    return None


class _Counted(NodeTransformer):
    """Puts the counting filters where loops go round and texts are put together."""

    def visit_For(self, node: nodes.For) -> nodes.Node:  # noqa: N802 - its name in Jinja2
        cost = 1 + sum(1 for _ in node.find_all(nodes.Node))
        self.generic_visit(node)
        node.iter = nodes.Filter(node.iter, _EACH, [nodes.Const(cost)], [], None, None, lineno=node.lineno)
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802 - its name in Jinja2
        self.generic_visit(node)
        texts = nodes.List(node.nodes, lineno=node.lineno)
        return nodes.Filter(texts, "join", [], [], None, None, lineno=node.lineno)


def _bounded(call: Callable[..., Any]) -> Callable[..., Any]:
    """Have a filter take and give no text that is too long. Jinja2's marks on it stay."""

    @functools.wraps(call)
    def bounded(*arguments: Any, **named: Any) -> Any:
        for argument in (*arguments, *named.values()):
            _measure(argument)
        return _measure(call(*arguments, **named))

    return bounded


def _measure(value: Any) -> Any:
    if isinstance(value, str) and len(value) > TEXT_LIMIT:
        raise TemplateRuntimeError(f"a text grows too long (more than {TEXT_LIMIT} characters)")
    return value


def _replace(text: str, old: str, new: str) -> str:
    """Replace all of one text by another, measured beforehand: the result may be longer than both together."""
    if str(text).count(old) * len(new) > TEXT_LIMIT:
        raise TemplateRuntimeError(f"a text grows too long (more than {TEXT_LIMIT} characters)")
    return str(text).replace(old, new)


def _round(number: float, precision: int = 0) -> float:
    """Round to a few digits: Python raises ten to whatever power it is given."""
    if not -_DIGITS <= precision <= _DIGITS:
        raise TemplateRuntimeError(f"rounding is for up to {_DIGITS} digits")
    return round(number, precision)


def _shown(show: Callable[[Any], Any], value: Any) -> Any:
    """Have a value shown; what is undefined complains by itself."""
    return value if isinstance(value, Undefined) else show(value)


def _names(obj: Any) -> Collection[str]:
    """Name what may be had of `loop`, and of what `groupby` gives."""
    return _LOOP if isinstance(obj, LoopContext) else getattr(obj, "_fields", ()) if isinstance(obj, tuple) else ()
