import json
import stat

import pytest

from tests.cli.conftest import Scan

pytestmark = pytest.mark.cli

CONFIG = """
sources:
  - {name: a, kind: feed, url: "file:feed.xml"}
  - {name: b, kind: feed, url: "https://u:hunter22@example.org/feed"}
searches:
  - {name: s, any: [python]}
channels:
  - {name: screen, kind: stdout}
"""


class TestCheck:
    def test_a_config_that_is_right_is_counted(self, scan: Scan) -> None:
        scan.configure(CONFIG)

        ran = scan("config", "check")

        assert (ran.status, ran.err) == (0, "")
        assert ran.out == f"{scan.config}: ok (2 sources, 1 search, 1 channel)\n"

    def test_every_problem_is_told_on_standard_error(self, scan: Scan) -> None:
        scan.configure("evry: 1h\nhttp: {retries: x}\nsources: [{name: a, kind: feed, url: x}]\n")

        ran = scan("config", "check")

        assert (ran.status, ran.out) == (78, "")
        lines = [line.removeprefix("scan: ").removeprefix(f"{scan.config}:") for line in ran.err.splitlines()]
        assert [line.split(": ")[:2] for line in lines] == [
            ["1:1", "evry"],
            ["2:17", "http.retries"],
            ["3:38", "sources[0].url"],
        ]

    def test_warnings_do_not_make_it_wrong(self, scan: Scan) -> None:
        scan.configure(CONFIG)
        scan.config.chmod(0o644)

        ran = scan("config", "check")

        assert ran.status == 0
        assert ran.err.startswith(f"warning: {scan.config}:4:32: sources[1].url: a secret in a file that everybody can")
        assert "hunter22" not in ran.err

    def test_an_empty_config_has_nothing_to_do(self, scan: Scan) -> None:
        scan.configure("")

        ran = scan("config", "check")

        assert (ran.status, ran.out) == (0, f"{scan.config}: ok (0 sources, 0 searches, 0 channels)\n")
        assert "nothing to do" in ran.err

    def test_a_missing_config_says_how_to_start(self, scan: Scan) -> None:
        ran = scan("config", "check")

        assert (ran.status, ran.out) == (78, "")
        assert "no such file; `scan config init` writes one to start with" in ran.err


class TestShow:
    def test_defaults_are_filled_in_and_secrets_masked(self, scan: Scan) -> None:
        scan.configure(CONFIG)

        ran = scan("config", "show")

        assert ran.status == 0
        assert ran.out.startswith("every: 15m\ncalendar: null\n")
        assert "hunter22" not in ran.out

    def test_what_is_shown_can_be_loaded(self, scan: Scan) -> None:
        scan.configure(CONFIG.replace("u:hunter22@", ""))
        first = scan("config", "show").out

        scan.configure(first)

        assert scan("config", "show").out == first


def test_the_schema_is_json_and_needs_no_config(scan: Scan) -> None:
    ran = scan("config", "schema")

    assert ran.status == 0
    assert json.loads(ran.out)["$schema"] == "https://json-schema.org/draft/2020-12/schema"


class TestInit:
    def test_it_writes_a_config_that_is_right_and_nobody_else_s(self, scan: Scan) -> None:
        ran = scan("config", "init")

        assert ran.status == 0
        assert ran.out.startswith(f"{scan.config} is written. Next: ")
        assert stat.S_IMODE(scan.config.stat().st_mode) == 0o600
        assert scan("config", "check").status == 0

    def test_it_makes_the_folders(self, scan: Scan) -> None:
        path = scan.folder / "a/b/scan.yaml"

        ran = scan("--config", str(path), "config", "init")

        assert ran.status == 0
        assert path.is_file()

    def test_it_never_overwrites(self, scan: Scan) -> None:
        scan.configure("every: 1h\n")

        ran = scan("config", "init")

        assert (ran.status, ran.out) == (78, "")
        assert "exists already" in ran.err
        assert scan.config.read_text() == "every: 1h\n"

    def test_a_folder_that_cannot_be_made_is_told(self, scan: Scan) -> None:
        scan.configure("")

        ran = scan("--config", f"{scan.config}/x/scan.yaml", "config", "init")

        assert (ran.status, ran.out) == (78, "")
        assert "choose another place with --config FILE" in ran.err
