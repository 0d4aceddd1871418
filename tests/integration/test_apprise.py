"""Messages by Apprise to a real server on this machine, through the process that sends them."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest

from scan import deliver
from scan.channels.apprise import Apprise
from scan.channels.stdout import Stdout
from scan.declare import SecretText
from scan.deliver import apprise
from scan.errors import DeliveryError
from tests.channels.samples import changed, digest, gone, item, notice
from tests.deliver.handovers import FullDiskError, Recorded, Refusing
from tests.web import Answer, Web

pytestmark = pytest.mark.integration

DIGEST = digest(notice(), changed(), gone())


@pytest.fixture
def web() -> Iterator[Web]:
    with Web() as web:
        yield web


def team(web: Web, path: str, *, seconds: float = 30) -> Apprise:
    url = f"json://user:s3cret-password@127.0.0.1:{web.port}{path}"
    return Apprise(name="team", url=SecretText(url), timeout=timedelta(seconds=seconds))


def send(channel: Apprise, handover: Recorded) -> None:
    apprise.send(channel, channel.compose(DIGEST, "team"), handover, environ=os.environ)


def refused(channel: Apprise) -> DeliveryError:
    handover = Recorded()
    with pytest.raises(DeliveryError) as raised:
        send(channel, handover)
    assert handover.events == ["armed"]
    assert "s3cret" not in str(raised.value)
    return raised.value


def test_a_message_arrives_with_its_short_id(web: Web) -> None:
    web.serve("/s3cret", Answer())
    handover = Recorded()
    threads = threading.active_count()
    send(team(web, "/s3cret"), handover)
    (asked,) = web.asked("/s3cret")
    received = json.loads(asked.body)
    assert received["title"].startswith("1 new, 1 changed, 1 gone for backend, kitchen: Senior Engineer at Acme")
    assert "Senior Engineer\nhttps://jobs.acme.test/1\n" in received["message"]
    assert received["message"].endswith("#ababab")
    assert asked.headers["authorization"].startswith("Basic ")
    assert asked.headers["user-agent"] == "scan"
    assert handover.events == ["armed", "accepted"]
    assert handover.receipts == [(None, "JSON")]
    assert threading.active_count() <= threads + 1  # the server's own, for this connection


def test_a_retry_says_the_same(web: Web) -> None:
    web.serve("/s3cret", Answer())
    for _ in range(2):
        send(team(web, "/s3cret"), Recorded())
    first, second = web.asked("/s3cret")
    assert first.body == second.body


@pytest.mark.parametrize(
    ("status", "config"),
    [(400, False), (401, True), (403, True), (404, True), (410, True), (429, False), (500, False), (503, False)],
)
def test_a_refusal_is_what_its_status_says(web: Web, status: int, config: bool) -> None:
    web.serve("/s3cret", Answer(status=status))
    error = refused(team(web, "/s3cret"))
    assert (error.config, error.permanent, error.in_doubt, error.code) == (config, False, False, status)
    assert str(error).startswith("JSON: Failed to send JSON POST notification: ")


@pytest.mark.parametrize("answer", [Answer(drop=True), Answer(hang=True)], ids=["dropped", "silent"])
def test_a_lost_answer_leaves_the_message_in_doubt(web: Web, answer: Answer) -> None:
    web.serve("/s3cret", answer)
    error = refused(team(web, "/s3cret?rto=0.5"))
    assert (error.config, error.permanent, error.in_doubt) == (False, False, True)


def test_nobody_listening_is_temporary_and_not_in_doubt() -> None:
    error = refused(Apprise(name="team", url=SecretText("json://127.0.0.1:1/s3cret")))
    assert (error.config, error.permanent, error.in_doubt) == (False, False, False)
    assert "connection refused" in str(error)


def test_a_service_that_never_ends_is_ended_in_time(web: Web) -> None:
    web.serve("/s3cret", Answer(body=b"x" * 1000, drip=0.2))
    begun = time.monotonic()
    error = refused(team(web, "/s3cret", seconds=4))
    assert time.monotonic() - begun < 10
    assert (error.config, error.permanent, error.in_doubt) == (False, False, True)
    assert str(error) == "apprise: no answer within 4 s"


def test_nothing_is_sent_if_it_cannot_be_armed(web: Web) -> None:
    web.serve("/s3cret", Answer())
    with pytest.raises(FullDiskError):
        send(team(web, "/s3cret"), Refusing())
    assert web.requests == []


def test_a_payload_that_is_none_is_no_crash(web: Web) -> None:
    handover = Recorded()
    with pytest.raises(DeliveryError, match="ended without an answer") as raised:
        apprise.send(team(web, "/"), b'{"no": "message"}', handover, environ=os.environ)
    assert raised.value.in_doubt
    assert web.requests == []


def test_an_address_that_apprise_does_not_know_is_the_channels_fault() -> None:
    error = refused(Apprise(name="team", url=SecretText("slak://s3cret")))
    assert error.config
    assert "did you mean slack://?" in str(error)


def test_a_close_look_finds_what_apprise_cannot_use(web: Web) -> None:
    assert list(deliver.close_look(team(web, "/s3cret"), environ=os.environ)) == []
    (problem,) = deliver.close_look(Apprise(name="team", url=SecretText("slak://s3cret")), environ=os.environ)
    assert problem.path == ("url",)
    assert problem.message == "Apprise cannot use this address; did you mean slack://?"
    assert list(deliver.close_look(Stdout(name="screen"), environ=os.environ)) == []
    assert web.requests == []


def test_a_file_in_the_present_folder_is_not_run(
    web: Web, tmp_path: "os.PathLike[str]", monkeypatch: pytest.MonkeyPatch
) -> None:
    web.serve("/s3cret", Answer())
    monkeypatch.chdir(tmp_path)
    with open("apprise.py", "w") as file:  # noqa: PTH123 - the present folder is the point
        file.write("raise SystemExit('not ours')")
    send(team(web, "/s3cret"), Recorded())
    assert len(web.asked("/s3cret")) == 1


def test_scan_itself_never_imports_apprise() -> None:
    code = "import sys, scan.cli, scan.deliver, scan.config, scan.run; sys.exit('apprise' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_hostile_item_arrives_as_text(web: Web) -> None:
    web.serve("/s3cret", Answer())
    channel = team(web, "/s3cret?format=html")
    told = digest(notice(item(title="</p><script>alert(1)</script>\r\n\0\ud800 @everyone")))
    apprise.send(channel, channel.compose(told, "team"), Recorded(), environ=os.environ)
    received = json.loads(web.asked("/s3cret")[0].body)
    assert "<script>" not in received["message"]
    assert "@everyone" not in received["message"]
