"""The man pages: made from docs/, and shown as a terminal shows them."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from scan.cli import COMMANDS
from tests.system.building import ROOT, done
from tests.system.tools import tool

pytestmark = pytest.mark.system

MAKE = """
import json, sys
from pathlib import Path
from manual import manual
print(json.dumps(manual(Path(sys.argv[1]), version="1.2", purpose="Watches things")))
"""

CLI = """# The command line

`scan [OPTIONS] COMMAND`. Of all.

| option | meaning |
|---|---|
| `--all` | Everything. |

## Commands

| command | what it does |
|---|---|
| [`scan run`](#scan-run) | Do it. |

### scan run

`scan run [OPTIONS]`

Do it at once.

| option | meaning |
|---|---|
| `--dry-run` | Not at all. |

### scan run again

Once more.

## Exit status

| status | meaning |
|---|---|
| 0 | success |
"""

CONFIG = r"""# The config

One file. See [searches](searches.md#words), [what was tried](reliability.md) and <https://example.org>.

## `http:` how

| key | takes | default | meaning |
|---|---|---|---|
| `every` | duration | `15m` | how often, a\|b |
| `proxy` | text |  |  |

- one with `re:\bunpaid\b`
  .hidden

  and more

1. first

```yaml
.leading: 'dots' \n stay
```
"""


def pages(docs: Path) -> dict[str, str]:
    made: dict[str, str] = json.loads(done([sys.executable, "-c", MAKE, str(docs)], cwd=ROOT / "packaging").stdout)
    return made


def shown(page: str) -> list[str]:
    """Give the lines that a terminal shows, without head and foot.

    Whatever troff has to say is a failure, except that an address is longer than a line.
    """
    command = [tool("groff"), "-k", "-man", "-ww", "-Wbreak", "-Tutf8", "-P-c"]
    ran = subprocess.run(command, input=page, capture_output=True, text=True, check=True, timeout=60)
    assert ran.stderr == ""
    lines = re.sub(".\b", "", ran.stdout).splitlines()
    return [line.strip() for line in lines[1:-1] if line]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    docs = tmp_path_factory.mktemp("docs")
    for name, text in (
        ("cli", CLI),
        ("config", CONFIG),
        ("searches", "# Searches\n\n## Words\n\nWhole.\n"),
        ("reliability", "# R\n"),
    ):
        (docs / f"{name}.md").write_text(text)
    return pages(docs)


def test_every_page_for_users_and_every_command_has_one() -> None:
    found = pages(ROOT / "docs")
    assert set(found) >= {
        "scan.1",
        "scan.yaml.5",
        "scan-sources.5",
        "scan-channels.5",
        "scan-systemd.7",
        "scan-delivery.7",
    }
    assert set(found) >= {f"scan-{name}.1" for name in COMMANDS}
    assert [name for name in found if "performance" in name or "reliability" in name] == []


def test_troff_has_nothing_to_complain_of() -> None:
    for name, page in pages(ROOT / "docs").items():
        assert "NAME" in shown(page), name


def test_a_command_has_a_page_with_the_usual_parts(made: dict[str, str]) -> None:
    assert shown(made["scan-run.1"]) == [
        "NAME",
        "scan-run - do it",
        "SYNOPSIS",
        "scan run [OPTIONS]",
        "DESCRIPTION",
        "Do it at once.",
        "OPTIONS",
        "--dry-run",
        "Not at all.",
        "SCAN RUN AGAIN",
        "Once more.",
        "SEE ALSO",
        "scan(1), scan.yaml(5), scan-searches(7)",
    ]


def test_the_page_of_all_commands_leaves_each_to_its_own(made: dict[str, str]) -> None:
    assert shown(made["scan.1"]) == [
        "NAME",
        "scan - watches things",
        "DESCRIPTION",
        "scan [OPTIONS] COMMAND. Of all.",
        "OPTIONS",
        "--all  Everything.",
        "COMMANDS",
        "scan run",
        "Do it.",
        "EXIT STATUS",
        "0      success",
        "SEE ALSO",
        "scan.yaml(5), scan-searches(7)",
    ]


def test_a_table_becomes_a_list_and_signs_stay_what_they_are(made: dict[str, str]) -> None:
    assert shown(made["scan.yaml.5"]) == [
        "NAME",
        "scan.yaml - one file",
        "DESCRIPTION",
        "One file. See searches (scan-searches(7)), what was tried and",
        "https://example.org.",
        "HTTP: HOW",
        "every  how often, a|b (takes: duration; default: 15m)",
        "proxy  (takes: text)",
        r"•   one with re:\bunpaid\b .hidden",
        "and more",
        "1.  first",
        r".leading: 'dots' \n stay",
        "SEE ALSO",
        "scan(1), scan-searches(7)",
    ]


def test_what_no_man_page_is_made_of_is_refused(tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text("# Title\n\n> quoted\n")
    ran = subprocess.run(
        [sys.executable, "-c", MAKE, str(tmp_path)], cwd=ROOT / "packaging", capture_output=True, text=True, check=False
    )
    assert "blockquote: nothing that man pages are made of" in ran.stderr
