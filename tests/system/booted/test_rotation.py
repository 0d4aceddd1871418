"""The log file is rotated by the machine's own logrotate, in the middle of runs, and nothing is lost."""

import json

from tests.cli.boards import answer, job
from tests.gate import Gate
from tests.system.booted.configs import watched
from tests.system.booted.service import BOOTED, Service, has_ended
from tests.web import Web

pytestmark = BOOTED

LOG = "/var/log/scan/scan.log"
ROTATE = ("logrotate", "--force", "/etc/logrotate.d/scan")


def test_nothing_is_lost_over_rotations_in_the_middle_of_runs(service: Service, web: Web) -> None:
    service.configure(watched(web, f"logging: {{file: {LOG}}}\n"))
    service.always()
    for number in range(1, 4):
        gate = Gate(answer(job(number)))
        web.serve("/jobs", gate)
        service.begin_run()
        with gate:
            service.machine(*ROTATE)
        service.until(has_ended, times=number)
    parts = (f"{LOG}.3.gz", f"{LOG}.2.gz", f"{LOG}.1", LOG)
    owners = service.machine("stat", "--format=%n %U:%G %a", "/var/log/scan", *parts).out.splitlines()
    assert owners == ["/var/log/scan scan:scan 750", *(f"{part} scan:scan 640" for part in parts)]
    text = service.machine("zcat", "--force", *parts).out
    assert [json.loads(line) for line in text.splitlines()] == service.events()
    assert len(service.events("run_finished")) == 3


def test_the_machines_own_rotation_takes_what_is_over_five_mib(service: Service, web: Web) -> None:
    web.serve("/jobs", answer(job(1)))
    service.configure(watched(web, f"logging: {{file: {LOG}}}\n"))
    service.start()
    service.machine("systemctl", "start", "logrotate.service")
    assert service.machine("ls", "/var/log/scan").out.split() == ["scan.log"]
    service.machine("sh", "-c", f"head -c 5M /dev/zero >> {LOG}")
    service.machine("systemctl", "start", "logrotate.service")
    assert service.machine("ls", "/var/log/scan").out.split() == ["scan.log", "scan.log.1"]
    assert service.show("Result", unit="logrotate.service") == ("success",)
