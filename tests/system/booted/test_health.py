"""The health endpoint, asked over HTTP."""

import json

from tests.cli.boards import answer, job
from tests.gate import Gate
from tests.system.booted.configs import watched
from tests.system.booted.service import BOOTED, Service
from tests.web import Web

pytestmark = BOOTED

OF_NEWS = """
cd /usr/lib/systemd/system
sed 's/9109/9110/' scan-health.socket > /etc/systemd/system/scan-health-news.socket
sed 's|/etc/scan/scan.yaml|/etc/scan/news.yaml|' scan-health@.service > /etc/systemd/system/scan-health-news@.service
systemctl daemon-reload
"""
"""What docs/systemd.md says of another profile."""

URL = "http://127.0.0.1:9109/health"


def ask(service: Service, *options: str) -> tuple[int, str]:
    """Ask for the health; give the status and the body."""
    done = service.machine("curl", "--silent", "--show-error", "--write-out", "\n%{http_code}", *options, URL)
    body, _, code = done.out.rpartition("\n")
    return int(code), body


def test_nothing_listens_before_somebody_wants_it(service: Service) -> None:
    assert service.machine("curl", "--silent", URL, check=False).status == 7


def test_it_tells_of_the_last_run(service: Service, web: Web) -> None:
    gate = Gate(answer(job(1)))
    web.serve("/jobs", gate)
    service.configure(watched(web))
    service.machine("systemctl", "enable", "--now", "scan-health.socket")
    code, body = ask(service)
    assert (code, json.loads(body)["status"]) == (503, "not_started")
    service.begin_run()
    with gate:
        assert ask(service)[0] == 503
    service.start()
    code, body = ask(service)
    assert (code, json.loads(body)["status"]) == (200, "healthy")
    assert json.loads(body)["sources"]["acme"]["status"] == "healthy"
    assert ask(service, "--head")[0] == 200
    assert ask(service, "--request", "POST")[0] == 405


def test_a_hundred_requests_get_a_hundred_answers_and_leave_nothing(service: Service, web: Web) -> None:
    web.serve("/jobs", answer(job(1)))
    service.configure(watched(web))
    service.start()
    service.machine("systemctl", "start", "scan-health.socket")
    each = ["curl", "--silent", "--fail", "--parallel", "--parallel-max", "50", "--parallel-immediate"]
    done = service.machine(*each, "--write-out", "%{http_code}\n", *["--output", "/dev/null", URL] * 100)
    assert done.out.split() == ["200"] * 100
    gone = "while systemctl list-units --all --plain --no-legend 'scan-health@*' | grep -q .; do :; done"
    service.machine("timeout", "30", "sh", "-c", gone)
    assert not [
        line for line in service.journal("*") if "scan-health@" in f"{line.get('UNIT')} {line.get('_SYSTEMD_UNIT')}"
    ]
    assert service.show("ActiveState", unit="scan-health.socket") == ("active",)


def test_another_profile_has_an_endpoint_of_its_own(service: Service, web: Web) -> None:
    web.serve("/jobs", answer(job(1)))
    service.configure(watched(web), profile="news")
    service.machine("sh", "-c", OF_NEWS)
    service.machine("systemctl", "start", "scan-health-news.socket", "scan@news.service")
    body = service.machine("curl", "--silent", "http://127.0.0.1:9110/health").out
    assert (json.loads(body)["profile"], json.loads(body)["status"]) == ("news", "healthy")
    service.machine("systemctl", "stop", "scan-health-news.socket")
