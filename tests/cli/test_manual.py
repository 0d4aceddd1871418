"""docs/cli.md is what the command line says of itself; what is written by hand in it names everything there is.

To write what is made anew: `make docs`.
"""

import ast
import inspect
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

import click
import msgspec
import pytest

from scan.cli import COMMANDS, cli, door
from scan.cli.matches import FATES
from scan.cli.status import CHECK
from scan.outcome import RunOutcome
from tests.cli.boards import answer, config, job
from tests.cli.conftest import Scan
from tests.web import Web

ROOT = Path(__file__).parents[2]
MANUAL = ROOT / "docs" / "cli.md"
BEGIN, END = "<!-- made from --help: make docs -->\n", "<!-- end of what is made -->\n"


def written() -> str:
    return MANUAL.read_text(encoding="utf-8")


def made() -> str:
    """Describe every command as its --help does."""
    context = click.Context(cli, info_name="scan")
    parts = [options(cli, context), "## Commands\n", *listed()]
    for name in COMMANDS:
        command = cli.get_command(context, name)
        assert command is not None
        parts += described(command, context, name)
    return "\n".join(parts)


def listed() -> Iterator[str]:
    yield "| command | what it does |\n|---|---|"
    yield from (f"| [`scan {name}`](#scan-{name}) | {text} |" for name, text in COMMANDS.items())
    yield ""


def described(command: click.Command, parent: click.Context, name: str) -> Iterator[str]:
    context = click.Context(command, parent=parent, info_name=name)
    usage = command.get_usage(context).removeprefix("Usage: ")
    yield f"### {context.command_path}\n"
    yield f"`{' '.join(usage.split())}`\n"
    yield f"{inspect.cleandoc(command.help or '')}\n"
    yield options(command, context)
    for inner in getattr(command, "commands", {}).values():
        yield from described(inner, context, inner.name or "")


def options(command: click.Command, context: click.Context) -> str:
    records = [(param, param.get_help_record(context)) for param in command.get_params(context)]
    rows = [
        f"| `{cell(record[0])}` | {variable(param)}{cell(record[1])} |"
        for param, record in records
        if record is not None and record[0] != "--help"
    ]
    return "\n".join(["| option | meaning |", "|---|---|", *rows, ""]) if rows else ""


def variable(param: click.Parameter) -> str:
    return f"(`${param.envvar}`) " if param.envvar else ""


def cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def test_the_manual_is_current() -> None:
    before, _, rest = written().partition(BEGIN)
    _, _, after = rest.partition(END)
    whole = f"{before}{BEGIN}\n{made()}\n{END}{after}"
    if "SCAN_REWRITE" in os.environ:
        MANUAL.write_text(whole, encoding="utf-8")
    assert written() == whole


def test_every_command_and_option_has_a_help() -> None:
    context = click.Context(cli, info_name="scan")
    for name in COMMANDS:
        command = cli.get_command(context, name)
        assert command is not None
        for one in (command, *getattr(command, "commands", {}).values()):
            assert one.help, name
            assert all(param.help for param in one.params if isinstance(param, click.Option)), name


def test_the_manual_has_every_exit_status() -> None:
    statuses = {value for name, value in vars(door).items() if name.isupper() and isinstance(value, int)}
    table = section("Exit status")
    documented = {
        int(number) for row in re.findall(r"^\| ([\d, ]+) \|", table, re.MULTILINE) for number in row.split(",")
    }
    assert statuses - {door.SIGNALLED} <= documented
    for status, _ in CHECK.values():
        assert re.search(rf"\b{status} ", table)


def test_the_manual_has_every_event_and_no_other() -> None:
    documented = set(re.findall(r"^\| `([a-z_]+)` \| .* \| .*\|$", section("Log lines"), re.MULTILINE))
    assert documented == set(events())


def events() -> Iterator[str]:
    """Find what every log call names its event."""
    texts = (path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py"))
    for text in (text for text in texts if '"event"' in text):
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Dict):
                for key, value in zip(node.keys, node.values, strict=True):
                    if isinstance(key, ast.Constant) and key.value == "event" and isinstance(value, ast.Constant):
                        yield str(value.value)


def test_the_manual_has_every_word_for_whether_a_match_was_told() -> None:
    assert {word for word in FATES.values() if f"`{word}`" not in section("Output")} == set()


def test_the_manual_s_run_is_a_whole_result() -> None:
    example = result()
    assert json.loads(msgspec.json.encode(msgspec.convert(example, RunOutcome))) == example


@pytest.mark.cli
def test_a_run_s_result_has_the_fields_of_the_manual_s(scan: Scan, web: Web) -> None:
    scan.configure(config(web.serve("/jobs", answer(job(1)))))
    assert shape(scan.run()) == shape(result())


@pytest.mark.cli
def test_a_status_has_the_fields_of_the_manual_s(scan: Scan, web: Web) -> None:
    bad = "  - {name: bad, kind: greenhouse, board: b, url: 'file:/nowhere.json'}\n"
    scan.configure(config(web.serve("/jobs", answer(job(1))), bad))
    scan.run()
    found, example = scan("status", "--json").json, document("The status")
    assert set(found) == set(example)
    assert shape(found["last_run"]) == {**shape_of_run(), "summary": None}
    for name in ("runs", "sources", "deliveries", "attention"):
        assert shape(found[name]) == shape(example[name]), name


@pytest.mark.cli
def test_a_health_has_the_fields_of_the_manual_s(scan: Scan, web: Web) -> None:
    scan.configure(config(web.serve("/jobs", answer(job(1)))))
    scan.run()
    assert shape(scan("health").json) == shape(document("The health"))


def test_the_manual_has_every_kind_of_what_needs_somebody() -> None:
    source = (ROOT / "src" / "scan" / "status" / "attention.py").read_text(encoding="utf-8")
    kinds = set(re.findall(r'Attention\(\s*"(\w+)"', source))
    assert len(kinds) > 10
    assert {kind for kind in kinds if f"`{kind}`" not in section("The status")} == set()


def shape_of_run() -> dict[str, object]:
    return {name: shape(value) for name, value in result().items() if name != "by_source"}


def section(title: str) -> str:
    _, _, rest = written().partition(f"\n## {title}\n")
    assert rest
    return rest.partition("\n## ")[0]


def result() -> dict[str, object]:
    return document("The result of a run")


def document(title: str) -> dict[str, object]:
    found = re.search(r"```json\n(.*?)```", section(title), re.DOTALL)
    assert found is not None
    example: dict[str, object] = json.loads(found[1])
    return example


def shape(value: object) -> object:
    """Leave nothing of a document but its keys."""
    if isinstance(value, dict):
        return {name: shape(inner) for name, inner in value.items()}
    return [shape(inner) for inner in value[:1]] if isinstance(value, list) else None
