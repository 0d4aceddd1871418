"""Pages that end the process which reads them, every time."""

import signal
from pathlib import Path

import pytest

from tests.cli.boards import answer, config, job
from tests.cli.conftest import Scan, scan, web
from tests.plugins import planted
from tests.web import Answer, Web

__all__ = ["scan", "web"]

pytestmark = pytest.mark.cli

LETHAL = """
    import os
    from typing import Annotated
    from scan.declare import Address, Doc
    from scan.model import RawItem
    from scan.page import Page, Request
    from scan.sources import Batch, Source

    class Lethal(Source, kind="lethal", item_kind="item", complete=True):
        url: Annotated[Address, Doc("the page", example="https://example.org/")]

        def start(self):
            return Request(url=self.url)

        def parse(self, page):
            if page.body == b"kill":
                os.abort()
            return Batch(items=(RawItem(title="Engineer, at last"),))
"""

ALERTED = """\
searches: [{name: engineers, any: [engineer], notify: [log]}]
channels: [{name: log, kind: command, run: [/bin/sh, -c, 'cat >> told; echo >> told']}]
alerts: [log]
"""


@pytest.fixture
def profile(scan: Scan, web: Web, tmp_path: Path) -> Scan:
    """A source that kills the run, before one that is well."""
    place = tmp_path / "packages"
    place.mkdir()
    planted(place, "lethal", LETHAL, groups=("sources",), lethal="Lethal")
    scan.environ["PYTHONPATH"] = str(place)
    web.serve("/kill", Answer(body=b"kill"))
    well = config(web.serve("/jobs", answer(job(1, "Engineer"))), name="well").replace(
        "{retries", "{concurrency: 1, retries"
    )
    scan.configure(
        well.replace("sources:\n", f"sources:\n  - {{name: bad, kind: lethal, url: '{web.url('/kill')}'}}\n") + ALERTED
    )
    return scan


def test_a_page_that_kills_the_process_is_left_alone_after_three_times_and_costs_no_other(
    profile: Scan, web: Web
) -> None:
    for deaths in (1, 2, 3):
        assert profile("run", "--all").status == -signal.SIGABRT
        assert len(web.asked("/kill")) == deaths
        assert len(web.asked("/jobs")) == deaths - 1, "from the second run on the others come first"
    for alerts in (1, 0):
        ran = profile.run()
        assert (ran["status"], ran["sources"]["not_due"], len(web.asked("/kill"))) == ("success", 1, 3)
        assert ran["deliveries"]["sent"] == alerts
    told = (profile.folder / "told").read_text()
    assert told.count('"https://boards.example.org/jobs/1"') == 1
    assert told.count("bad fails: the run died while it read what this source had sent (3 times in a row)") == 1

    bad = next(source for source in profile("status", "--json").json["sources"] if source["source"] == "bad")
    assert bad["health"] == "failing"
    assert f"{profile.config} run bad` tries it now" in bad["error"]
    assert not list(profile.folder.rglob("core*"))

    web.serve("/kill", Answer(body=b"harmless"))
    assert profile("run", "bad", "--json").json["items"]["new"] == 1
    assert "bad works again: 1 items" in (profile.folder / "told").read_text()
    assert profile.run()["sources"]["not_due"] == 0


def test_no_process_of_scan_leaves_a_core_file(scan: Scan) -> None:
    limit = scan.folder / "limit"
    limit.write_text("""#!/bin/sh\nprintf '{"title": "at most %s bytes"}' "$(ulimit -c)"\n""")
    limit.chmod(0o700)
    scan.configure("sources: [{name: limit, kind: command, run: [./limit]}]\n")
    assert '"at most 0 bytes"' in scan("preview", "--json").out
