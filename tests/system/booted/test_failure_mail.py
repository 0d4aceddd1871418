"""A failed start is told by mail, with the last lines of that start, and with secrets that systemd hands over."""

from tests.cli.boards import answer, job
from tests.mail import Mailbox, Received
from tests.system.booted.configs import channel, config, subjects, text, watched
from tests.system.booted.conftest import OpenMailbox
from tests.system.booted.service import BOOTED, Service, has_ended
from tests.web import Answer, Web

pytestmark = BOOTED

FAILURE = "scan-failure@scan.service"
SUBJECT = "scan: scan.service failed: exit status 1"
LOGIN = ("scan", "hunter2")


def boards(web: Web, count: int) -> str:
    """Configure as many boards, none of which is there."""
    entry = "  - {{name: b{0}, kind: greenhouse, board: b{0}, url: '{1}'}}\n"
    return config(web.url("/0"), "".join(entry.format(number, web.url(f"/{number}")) for number in range(1, count)))


def fail(service: Service) -> None:
    service.mark()
    assert service.start(check=False).status == 1
    service.until(has_ended, unit=FAILURE)


def told(mailbox: Mailbox) -> list[Received]:
    return [received for received in mailbox.messages if "scan.service" in received.message["Subject"]]


def test_a_failed_start_is_mailed_with_the_last_50_lines_of_that_start(
    service: Service, web: Web, mailbox: Mailbox
) -> None:
    service.configure(boards(web, 60) + channel(mailbox) + "alerts: [me]\n")
    fail(service)
    (received,) = told(mailbox)
    assert received.message["Subject"] == SUBJECT
    lines = [line.removeprefix("  | ") for line in text(received).splitlines() if line.startswith("  | ")]
    assert len(lines) == 50
    assert len(service.events("source_failed")) == 60
    assert sum("gone (HTTP 404)" in line for line in lines) > 40
    assert "scan.service: Failed with result 'exit-code'." in lines
    assert service.show("Result", unit=FAILURE) == ("success",)


def test_the_same_failure_is_told_once_until_a_run_goes_well(service: Service, web: Web, mailbox: Mailbox) -> None:
    bad = Answer(status=500)
    web.serve("/jobs", [bad, bad, answer(job(1)), bad])
    service.configure(config(web.url("/jobs")) + channel(mailbox) + "alerts: [me]\n")
    service.always()
    fail(service)
    fail(service)
    assert "that is told already" in service.said(FAILURE)
    assert len(told(mailbox)) == 1
    service.start()
    fail(service)
    assert len(told(mailbox)) == 2


def test_without_alerts_the_journal_says_that_nobody_is_told(service: Service, web: Web) -> None:
    service.configure(boards(web, 1))
    fail(service)
    assert "scan.service failed: exit status 1; alerts: in /etc/scan/scan.yaml names nobody to tell" in service.said(
        FAILURE
    )


# --- secrets that systemd hands over


def hand_over(service: Service) -> None:
    """Do what docs/systemd.md says of secrets."""
    service.machine.write("/etc/scan/credentials/smtp", LOGIN[1], mode=0o600)
    for unit in ("scan.service", FAILURE):
        service.drop_in("[Service]\nLoadCredential=smtp:/etc/scan/credentials/smtp\n", unit=unit, name="credentials")


def test_both_services_have_the_secret_that_nobody_else_has(
    service: Service, web: Web, open_mailbox: OpenMailbox
) -> None:
    mailbox = open_mailbox(login=LOGIN)
    web.serve("/jobs", [answer(job(1, "Engineer")), Answer(status=500)])
    smtp = f"smtp://{LOGIN[0]}:${{credential:smtp}}@127.0.0.1:{mailbox.port}"
    service.configure(watched(web, channel(mailbox, smtp=smtp) + "alerts: [me]\n"))
    hand_over(service)
    service.always()
    service.start()
    assert subjects(mailbox) == ["First run: Engineer at Acme (engineers)"]
    fail(service)
    assert len(told(mailbox)) == 1
    service.mark()
    assert LOGIN[1] not in service.said() + service.said(FAILURE)
    refused = service.machine("cat", "/etc/scan/credentials/smtp", user="scan", check=False)
    assert "Permission denied" in refused.err


def test_a_secret_that_is_missing_fails_the_start(service: Service, web: Web) -> None:
    service.configure(watched(web))
    hand_over(service)
    service.machine("rm", "/etc/scan/credentials/smtp")
    assert service.start(check=False).status == 1
    assert service.show("Result", "ExecMainStatus") == ("exit-code", "243")


def test_by_hand_the_secret_comes_from_the_folder_that_is_named(service: Service, web: Web, mailbox: Mailbox) -> None:
    smtp = f"smtp://{LOGIN[0]}:${{credential:smtp}}@127.0.0.1:{mailbox.port}"
    service.configure(watched(web, channel(mailbox, smtp=smtp)))
    hand_over(service)
    assert service.machine("scan", "units", check=False).status == 78
    folder = {"CREDENTIALS_DIRECTORY": "/etc/scan/credentials"}
    assert "OnCalendar=*-*-* *:00/15:00 UTC" in service.machine("scan", "units", environ=folder).out


def test_an_encrypted_secret_is_handed_over_as_well(service: Service, web: Web, open_mailbox: OpenMailbox) -> None:
    mailbox = open_mailbox(login=LOGIN)
    web.serve("/jobs", answer(job(1, "Engineer")))
    smtp = f"smtp://{LOGIN[0]}:${{credential:smtp}}@127.0.0.1:{mailbox.port}"
    service.configure(watched(web, channel(mailbox, smtp=smtp)))
    service.machine("install", "--directory", "--mode=700", "/etc/scan/credentials")
    encrypt = f"printf {LOGIN[1]} | systemd-creds encrypt --name=smtp - /etc/scan/credentials/smtp"
    service.machine("sh", "-c", encrypt)
    service.drop_in("[Service]\nLoadCredentialEncrypted=smtp:/etc/scan/credentials/smtp\n")
    service.start()
    assert subjects(mailbox) == ["First run: Engineer at Acme (engineers)"]


# --- somebody else is told


def test_another_service_can_be_told_instead(service: Service, web: Web, mailbox: Mailbox) -> None:
    service.configure(boards(web, 1) + channel(mailbox) + "alerts: [me]\n")
    own = "[Service]\nType=oneshot\nExecStart=/bin/sh -c 'echo %i: $MONITOR_SERVICE_RESULT > /run/told'\n"
    service.machine.write("/etc/systemd/system/own@.service", own)
    service.drop_in("[Unit]\nOnFailure=own@%n.service\n")
    service.machine("systemctl", "mask", "--quiet", "scan-failure@scan.service")
    service.start(check=False)
    service.until(has_ended, unit="own@scan.service.service")
    assert service.machine("cat", "/run/told").out == "scan.service: exit-code\n"
    assert mailbox.messages == []
    service.machine("systemctl", "unmask", "--quiet", "scan-failure@scan.service")
