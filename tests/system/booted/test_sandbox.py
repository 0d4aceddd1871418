"""What a run may not do, tried from within: a channel's program is run by `scan`, and tries to get out."""

import json
import re
from pathlib import Path

import pytest

from tests.cli.boards import SEARCH, answer, job
from tests.system.booted import probe
from tests.system.booted.configs import config
from tests.system.booted.service import BOOTED, Service
from tests.web import Web

pytestmark = BOOTED

PROGRAM, RESULT = "/usr/lib/library/probe.py", "/var/lib/scan/probe.json"


@pytest.fixture
def ready(service: Service) -> Service:
    service.machine.write(PROGRAM, Path(probe.__file__).read_text(encoding="utf-8"))
    service.machine("sh", "-c", "install -d -m 755 /home/ann; echo secret > /home/ann/diary")
    return service


def result(service: Service) -> dict[str, str]:
    found: dict[str, str] = json.loads(service.machine("cat", RESULT).out)
    return found


def test_the_service_cannot_get_out_of_its_sandbox(ready: Service, web: Web) -> None:
    web.serve("/jobs", answer(job(1, "Engineer")))
    channel = f"channels: [{{name: out, kind: command, run: [/usr/bin/python3, {PROGRAM}, {RESULT}]}}]\n"
    ready.configure(config(web.url("/jobs"), SEARCH + channel))
    ready.start()
    tried = result(ready)
    assert {name: tried[name] for name in probe.ALLOWED} == dict.fromkeys(probe.ALLOWED, "worked")
    assert {name for name in probe.ATTEMPTS if tried[name] == "worked"} == set()
    assert {tried[name] for name in probe.ATTEMPTS} <= {"EPERM", "EACCES", "EROFS", "ENOENT", "EAFNOSUPPORT", "ENOSYS"}


def test_outside_of_it_its_user_could_do_more(ready: Service) -> None:
    ready.machine("/usr/bin/python3", PROGRAM, RESULT, user="scan")
    tried = result(ready)
    assert {
        "read /home",
        "see others' processes",
        "memory to write and to execute",
        "another personality",
        "a netlink socket",
        "set the set-user-ID bit",
    } <= {name for name in probe.ATTEMPTS if tried[name] == "worked"}


@pytest.mark.parametrize(
    ("unit", "most"),
    [
        ("scan.service", 1.1),
        ("scan@news.service", 1.1),
        ("scan-failure@scan.service", 1.1),
        ("scan-health@1.service", 0.3),
    ],
)
def test_the_loaded_service_is_exposed_no_more_than_it_must_be(service: Service, unit: str, most: float) -> None:
    judged = service.machine("systemd-analyze", "security", "--no-pager", unit).out
    exposure = re.search(r"Overall exposure level for \S+: (\d+\.\d)", judged)
    assert exposure is not None
    assert float(exposure[1]) <= most
