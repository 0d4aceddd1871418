"""YAML that is none, or that is dangerous or ambiguous."""

import time
from pathlib import Path

import pytest

from scan.config.document import Refused, compose
from tests.config.configs import told

BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{name}: &{name} [{','.join([f'*{before}'] * 9)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("text", "place", "what"),
    [
        ("a: [1", (2, 1), "did not find expected ',' or ']'"),
        ("a: 'x\nb: y", (1, 4), "found unexpected end of stream; close the quote"),
        ("\ta: 1", (1, 1), "indent with spaces"),
        ("a: b: c", (1, 5), "quote a text that holds ': '"),
        ("a: @x", (1, 4), "quote a text that starts with @"),
        ("a:\n- b\nc", (4, 1), "a key is followed by a colon and a space"),
        ("a: *b", (1, 4), "quote a text that starts with *"),
        ("a: 1\n---\nb: 2", (2, 1), "one file holds one document"),
        ("a: \x07", (1, 4), "control characters are not allowed"),
        ("a:\n  b\0", (2, 4), "control characters are not allowed"),
        ("a: !!python/object/apply:os.system [x]", (1, 4), "a tag; write the value without one"),
        ("a: !!str 1", (1, 4), "a tag"),
        ("!x a: 1", (1, 1), "a tag"),
        ("[" * 900, (1, 64), "nested more than 64 deep"),
        ("- " * 100_000, (1, 127), "nested more than 64 deep"),
        ("{a: " * 100_000, (1, 253), "nested more than 64 deep"),
        ("? " * 100_000, (1, 127), "nested more than 64 deep"),
    ],
)
def test_what_cannot_be_read_is_refused_at_its_place(text: str, place: tuple[int, int], what: str) -> None:
    with pytest.raises(Refused) as error:
        compose(text)

    assert (error.value.line, error.value.column) == place
    assert what in error.value.message
    assert "; " in error.value.message


def test_nesting_that_libyaml_itself_refuses_is_refused_in_the_same_words() -> None:
    with pytest.raises(Refused, match="nested more than 64 deep; a config needs"):
        compose("[" * 100_000)


@pytest.mark.parametrize("text", [BOMB, "a: &a [*a, *a]", "a: &a {b: *a}", "a: &a [x]\nb: [" + "*a," * 600 + "]"])
def test_aliases_that_repeat_much_are_refused_at_once(text: str) -> None:
    started = time.process_time()

    with pytest.raises(Refused, match="aliases repeat more than 1000 values"):
        compose(text)
    assert time.process_time() - started < 1


@pytest.mark.parametrize(
    "line", ["password: 'hunter2", "password: hunter2: x", "password: [hunter2", "\tpassword: hunter2"]
)
def test_a_syntax_error_does_not_quote_the_line(tmp_path: Path, line: str) -> None:
    (problem,) = told(tmp_path, f"every: 1h\n{line}\n")

    assert "not valid YAML" in problem
    assert "hunter2" not in problem


@pytest.mark.parametrize("text", ["", "# only a comment", "---", "---\n..."])
def test_an_empty_document_is_none_or_null(text: str) -> None:
    root = compose(text)

    assert root is None or root.value == ""


def test_a_star_and_an_exclamation_mark_may_stand_in_texts() -> None:
    root = compose("a: 'x*'\nb: data[*].x\nc: hello!\nd: ! x")

    assert root is not None
    assert [value.value for _, value in root.value] == ["x*", "data[*].x", "hello!", "x"]
