"""What is made from the declarations: `config show`, the schema, the manual, the starter."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from scan.config.json_schema import schema
from scan.config.kinds import installed
from scan.config.loading import load
from scan.config.manual import reference
from scan.config.show import as_yaml, shown
from scan.config.starter import STARTER
from tests.config.configs import KINDS, loaded
from tests.config.test_loading import WHOLE

DOCS = Path(__file__).parents[2] / "docs/config.md"


class TestShown:
    def test_defaults_are_filled_in_and_keys_stand_in_the_order_of_their_declaration(self, tmp_path: Path) -> None:
        view = shown(loaded(tmp_path, WHOLE))

        assert list(view)[:3] == ["every", "calendar", "grace"]
        assert (view["every"], view["http"]["max_body"], view["retention"]["runs"]) == ("1h30m", "5MB", "30d")
        assert list(view["sources"][0])[:5] == ["name", "kind", "url", "organization", "board"]
        assert view["searches"][0]["title"] == {"any": [], "all": [], "none": ["senior"]}
        assert view["channels"][0]["from"] == "c@example.org"

    def test_what_is_shown_loads_to_the_same_config(self, tmp_path: Path) -> None:
        config = loaded(tmp_path, WHOLE.replace("timezone", "grace: 90s\ntimezone"))

        assert loaded(tmp_path, as_yaml(shown(config)).replace("every: 1h30m", "every: 90m")) == config

    def test_a_calendar_is_shown_as_it_is_written(self, tmp_path: Path) -> None:
        view = shown(loaded(tmp_path, "calendar: [14:30 UTC, 2:00 UTC]"))

        assert view["calendar"] == "02:00,14:30 UTC"

    def test_the_config_s_own_business_is_no_key(self, tmp_path: Path) -> None:
        assert not {"path", "secrets", "warnings"} & set(shown(loaded(tmp_path, WHOLE)))


class TestSchema:
    def test_every_key_has_a_description_and_no_other_is_allowed(self) -> None:
        described = schema(KINDS)

        for mapping in mappings(described):
            assert mapping.get("additionalProperties") is not None or "allOf" in mapping
        assert described["properties"]["every"]["description"] == "how often a source is due (1m to 31d)"
        assert described["properties"]["every"]["default"] == "15m"

    def test_an_entry_is_described_by_its_kind(self) -> None:
        described = schema(KINDS)

        entry = described["properties"]["sources"]["items"]
        assert entry["properties"]["kind"]["enum"] == ["board", "table"]
        assert [case["then"]["$ref"] for case in entry["allOf"]] == ["#/$defs/source.board", "#/$defs/source.table"]
        board = described["$defs"]["source.board"]
        assert board["required"] == ["name", "board"]
        assert {"name", "kind", "board", "every", "tags", "url"} <= set(board["properties"])
        assert described["$defs"]["channel.mail"]["required"] == ["name", "to"]

    def test_a_short_and_a_long_form_are_both_allowed(self) -> None:
        field = schema(KINDS)["$defs"]["source.table"]["properties"]["fields"]["additionalProperties"]

        assert [form["type"] for form in field["anyOf"]] == ["string", "object"]

    def test_it_is_json_for_every_kind_there_is(self) -> None:
        described = json.loads(json.dumps(schema()))

        assert {f"source.{kind}" for kind in installed().sources} <= set(described["$defs"])


def mappings(described: Any) -> Iterator[dict[str, Any]]:
    """Find every described mapping with keys."""
    if isinstance(described, dict):
        if described.get("type") == "object" and "properties" in described:
            yield described
        for inner in described.values():
            yield from mappings(inner)
    elif isinstance(described, list):
        for inner in described:
            yield from mappings(inner)


class TestManual:
    def test_it_tells_keys_kinds_defaults_and_limits(self) -> None:
        manual = reference(KINDS)

        assert "| `every` | duration | `15m` | how often a source is due; 1m to 31d |" in manual
        assert "| `kind` | `board`, `table` | required | each has keys of its own |" in manual
        assert "### kind `board`" in manual
        assert "| `board` | text | required | its name (`acme`) |" in manual

    def test_the_copy_in_docs_is_current(self) -> None:
        assert DOCS.read_text(encoding="utf-8") == reference(), "docs/config.md is stale; write reference() into it"


class TestStarter:
    def test_it_loads_without_a_warning(self, tmp_path: Path) -> None:
        path = tmp_path / "scan.yaml"
        path.write_text(STARTER)

        config = load(path, environ={})

        assert config.warnings == ()
        assert (len(config.sources), len(config.searches), len(config.channels)) == (1, 1, 1)

    def test_what_is_commented_out_loads_too(self, tmp_path: Path) -> None:
        path = tmp_path / "scan.yaml"
        lines = STARTER.splitlines()[1:]
        path.write_text("\n".join(re.sub("^# ", "  ", re.sub("^# (?=[a-z])", "", line)) for line in lines))
        (tmp_path / "smtp").write_text("hunter2")

        config = load(path, environ={"CREDENTIALS_DIRECTORY": str(tmp_path)})

        assert (len(config.sources), len(config.searches), len(config.channels)) == (2, 2, 2)
        assert str(config.timezone) == "Europe/Berlin"


def test_the_schema_lets_a_list_s_columns_stand_wherever_they_may() -> None:
    entry = schema(KINDS)["$defs"]["source.board"]["properties"]
    for key, text in {"name": "units-{Building No}", "url": "{Link}", "every": "{Every}"}.items():
        pattern = next(form["pattern"] for form in (entry[key], *entry[key].get("anyOf", ())) if "pattern" in form)
        assert re.search(pattern, text), key
