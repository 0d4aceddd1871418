from pathlib import Path

import pytest

from tests.config.configs import Board, loaded, source, told

HERE = (
    "no credentials here; systemd gives them by LoadCredential=x:FILE, "
    "and by hand CREDENTIALS_DIRECTORY names their folder"
)
FORMS = (
    "no such placeholder; ${env:NAME}, ${env:NAME:-default}, ${file:PATH} or ${credential:NAME} would be right, "
    "and $${ for a plain ${"
)


def organization(folder: Path, text: str, **environ: str) -> str | None:
    """Load a config with a text in it, and give the text as the source has it."""
    entry = loaded(folder, source(f"organization: {text}"), environ).sources[0]
    assert isinstance(entry.source, Board)
    return entry.source.organization


def test_a_variable_fills_a_text(tmp_path: Path) -> None:
    assert organization(tmp_path, "a ${env:X} b ${env:Y}", X="one", Y="") == "a one b "


def test_a_default_stands_for_a_variable_that_is_unset_or_empty(tmp_path: Path) -> None:
    assert organization(tmp_path, "${env:X:-a:-b}${env:Y:-}", X="") == "a:-b"


def test_a_file_gives_its_text_without_the_line_end(tmp_path: Path) -> None:
    (tmp_path / "name.txt").write_bytes(b" one\ntwo \r\n")

    assert organization(tmp_path, "${file:name.txt}") == " one\ntwo "
    assert organization(tmp_path, f"'${{file:{tmp_path}/name.txt}}'") == " one\ntwo "


def test_a_credential_is_a_file_of_systemd_s(tmp_path: Path) -> None:
    (tmp_path / "cred").mkdir()
    (tmp_path / "cred/smtp").write_text("hunter2\n")

    assert organization(tmp_path, "${credential:smtp}", CREDENTIALS_DIRECTORY=f"{tmp_path}/cred") == "hunter2"


def test_a_doubled_dollar_is_a_plain_one(tmp_path: Path) -> None:
    assert organization(tmp_path, "$${env:X} $$ $x", X="one") == "${env:X} $$ $x"


def test_what_comes_in_is_not_filled_again(tmp_path: Path) -> None:
    assert organization(tmp_path, "${env:X}", X="${env:Y}", Y="one") == "${env:Y}"


def test_a_value_of_any_type_may_come_from_elsewhere(tmp_path: Path) -> None:
    assert loaded(tmp_path, "http: {retries: '${env:X}'}", {"X": "7"}).http.retries == 7


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("${env:NOPE}", "the environment has no NOPE; set it, or write ${env:NOPE:-default}"),
        ("${env:1}", "no name of an environment variable; ${env:NAME} would be right"),
        ("${file:nope}", "cannot read FOLDER/nope (No such file or directory); write the path of a readable text file"),
        ("${file:.}", "cannot read FOLDER (Is a directory); write the path of a readable text file"),
        ("${file:binary}", "FOLDER/binary is not UTF-8 text; write the path of a readable text file"),
        ("${file:large}", "FOLDER/large holds more than 1MB; write the path of a readable text file"),
        ("${credential:x}", HERE),
        ("${credential:../x}", "a credential's name is no path; the name given to LoadCredential= would be right"),
        *((text, FORMS) for text in ("${ENV:X}", "${X}", "${}", "${env:}", "a ${env:X")),
    ],
)
def test_what_cannot_be_filled_is_told_at_its_place(tmp_path: Path, text: str, expected: str) -> None:
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    (tmp_path / "large").write_bytes(b"x" * 1_000_001)

    (line,) = told(tmp_path, source(f"organization: '{text}'"))

    assert line == f"5:19: sources[0].organization: {expected.replace('FOLDER', str(tmp_path))}"


def test_a_credential_that_is_not_there_is_told(tmp_path: Path) -> None:
    (line,) = told(tmp_path, source("organization: '${credential:x}'"), {"CREDENTIALS_DIRECTORY": str(tmp_path)})

    assert line.endswith("x (No such file or directory); add LoadCredential=x:FILE to the unit")


def test_a_wrong_value_from_elsewhere_is_not_quoted(tmp_path: Path) -> None:
    (line,) = told(tmp_path, "every: ${env:X}", {"X": "hunter2"})

    assert line == "1:8: every: '${env:X}' is not a duration; write 90s, 15m, 2h, 1d, 1h30m or PT15M"
