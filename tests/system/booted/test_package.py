"""On a machine that is on: the package installed, upgraded in the middle of a run, removed, purged; `make install`."""

import re
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.boards import answer, job
from tests.gate import Gate
from tests.mail import Mailbox
from tests.system.booted.configs import channel, subjects, watched
from tests.system.booted.conftest import booted
from tests.system.booted.machine import Machine
from tests.system.booted.package import install
from tests.system.booted.service import BOOTED, Service, has_ended
from tests.system.building import PYTHON, ROOT, Checkout
from tests.web import Web

pytestmark = BOOTED


@pytest.fixture
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """Give a machine of the test's own that is on, without `scan`."""
    with booted(tmp_path_factory.mktemp("machine")) as machine:
        yield machine


KEPT = re.compile(r"/etc/(passwd|group|g?shadow|sub[ug]id|\.pwd)|/var/(?!.*scan)|/var/lib/dpkg/")
"""What the system itself keeps of whatever was installed, and what else is at work in it writes."""

UNITS = ("scan.timer", "scan@news.timer", "scan-health.socket")


def found(machine: Machine) -> set[str]:
    """Give every file there is."""
    return {
        path
        for path in machine("find", "/etc", "/usr", "/opt", "/var", "-xdev").out.splitlines()
        if not KEPT.match(path)
    }


def owned(machine: Machine, *paths: str) -> list[str]:
    return machine("stat", "--format=%n %U:%G %a", *paths).out.splitlines()


def test_it_comes_starts_nothing_and_goes_wholly(machine: Machine, deb: Path) -> None:
    before = found(machine)
    install(machine, deb)
    assert owned(machine, "/etc/scan/scan.yaml", "/var/lib/scan", "/var/log/scan") == [
        "/etc/scan/scan.yaml root:scan 640",
        "/var/lib/scan scan:scan 750",
        "/var/log/scan scan:scan 750",
    ]
    assert machine("systemctl", "is-enabled", *UNITS, check=False).out.split() == ["disabled"] * 3
    assert machine("systemctl", "list-units", "--all", "--plain", "--no-legend", "scan*").out == ""
    assert machine("man", "--where", "scan", "5", "scan.yaml").out.split() == [
        "/usr/share/man/man1/scan.1.gz",
        "/usr/share/man/man5/scan.yaml.5.gz",
    ]

    # In use, then removed: what a person made stays, and nothing points to what is gone.
    machine.write("/etc/scan/news.yaml", "sources: [{name: one, kind: csv, url: 'file:one.csv', fields: {title: a}}]\n")
    machine.write("/etc/scan/one.csv", "a\nb\n")
    machine("systemctl", "enable", "--now", *UNITS)
    machine("systemctl", "start", "scan@news.service")
    machine("scan", "--profile", "news", "units", "--install")
    machine("systemctl", "start", "scan@nobody.service", check=False)
    machine("apt-get", "--quiet", "--yes", "remove", "scan")
    left = found(machine) - before
    assert left >= {"/etc/scan/news.yaml", "/etc/scan/scan.yaml", "/var/lib/scan/news.db"}
    assert not [path for path in left if path.startswith("/usr/")]
    assert machine("find", "/etc/systemd", "-xtype", "l", "-name", "scan*").out == ""
    assert machine("systemctl", "list-units", "--all", "--plain", "--no-legend", "scan*").out == ""

    machine("install", "-D", "/dev/null", "/var/lib/systemd/timers/stamp-scan@news.timer")
    machine("apt-get", "--quiet", "--yes", "purge", "scan")
    assert found(machine) - before == set()
    assert machine("find", "/var/lib/systemd/timers", "-name", "*scan*").out == ""
    assert machine("getent", "passwd", "scan", check=False).out == ""
    assert machine("getent", "group", "scan", check=False).out == ""


def test_an_upgrade_in_the_middle_of_a_run_costs_nothing(
    service: Service, web: Web, mailbox: Mailbox, deb: Path, later_deb: Path, tmp_path: Path
) -> None:
    machine = service.machine
    install(machine, deb)
    gate = Gate(answer(job(1, "Engineer One")))
    web.serve("/jobs", gate)
    text = watched(web, channel(mailbox)).replace("timeout: 5s", "timeout: 2m")
    service.configure(text)
    service.tick("2099-01-01 00:00:00 UTC")
    machine("systemctl", "enable", "--now", "scan.timer", "scan-health.socket")
    machine("sh", "-c", "echo '# mine' >> /etc/logrotate.d/scan")
    service.begin_run()
    with gate:
        install(machine, later_deb)
        assert machine("scan", "--version").out == "scan 9.0\n"
        assert service.show("ActiveState") == ("activating",)
    service.until(has_ended)
    service.start()
    first, second = service.events("run_finished")
    assert (first["status"], first["deliveries"]["sent"], first["version"] == "9.0") == ("success", 1, False)
    assert (second["version"], second["sources"]["not_due"], second["deliveries"]["sent"]) == ("9.0", 1, 0)
    assert subjects(mailbox) == ["First run: Engineer One at Acme (engineers)"]
    with sqlite3.connect(shutil.copy(machine.path("/var/lib/scan/scan.db"), tmp_path)) as database:
        assert database.execute("SELECT count(*) FROM later").fetchone() == (0,)

    # Nothing but these two was started, what was edited stays, and of the first version nothing is left in the end.
    assert service.show("LastTriggerUSec", "ActiveState", unit="scan.timer") == ("", "active")
    assert len(service.runs()) == 2
    assert machine.path("/etc/scan/scan.yaml").read_text() == text
    assert machine.path("/etc/logrotate.d/scan").read_text().endswith("# mine\n")
    assert "200 OK" in machine("curl", "--silent", "--include", "http://127.0.0.1:9109/health").out
    machine("dpkg", "--install", f"/srv/{later_deb.name}")
    assert len(list(machine.path("/usr/lib/scan").glob("*.??????"))) == 1


def test_make_install_serves_the_same_service(service: Service, web: Web, checkout: Checkout, wheelhouse: Path) -> None:
    machine = service.machine
    before = found(machine)
    shutil.copytree(checkout.folder, machine.path("/srv/checkout"))
    shutil.copytree(wheelhouse, machine.path("/srv/wheels"), ignore=shutil.ignore_patterns("venv"))
    make = ["make", "--silent", "--directory=/srv/checkout", f"PYTHON={PYTHON}"]
    machine(*make, "install", environ={"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": "/srv/wheels"})
    assert owned(machine, "/etc/scan/scan.yaml", "/var/lib/scan") == [
        "/etc/scan/scan.yaml root:scan 640",
        "/var/lib/scan scan:scan 750",
    ]
    web.serve("/jobs", answer(job(1, "Engineer One")))
    service.configure(watched(web))
    service.start()
    assert [run["status"] for run in service.runs()] == ["success"]
    assert service.show("FragmentPath") == ("/usr/local/lib/systemd/system/scan.service",)

    machine("systemctl", "enable", "--now", "scan.timer")
    machine(*make, "uninstall")
    assert {path for path in found(machine) - before if not path.startswith("/var/l")} == {
        "/etc/scan",
        "/etc/scan/scan.yaml",
    }
    assert service.show("LoadState", unit="scan.timer") == ("not-found",)


def test_what_the_readme_says_works(machine: Machine, deb: Path) -> None:
    """Its first line, `make deb`, is what made the package."""
    (block,) = re.findall(r"## Let systemd run it\n\n```sh\nmake deb .*\n([^`]*)```", (ROOT / "README.md").read_text())
    machine("install", "-d", "/srv/checkout/.work/deb")
    shutil.copy(deb, machine.path("/srv/checkout/.work/deb"))
    machine("sh", "-euxc", f"cd /srv/checkout\n{block}", environ={"EDITOR": "true"})
    assert machine("systemctl", "is-active", "scan.timer").out == "active\n"
    assert "OnCalendar=*-*-* *:00/15:00 UTC" in machine("systemctl", "cat", "scan.timer").out
