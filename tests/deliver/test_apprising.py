"""How a message is fitted to a service, and what is understood of what Apprise says. Nothing is sent here."""

from collections.abc import Iterator

import msgspec
import pytest
from apprise import Apprise as Library
from apprise import NotifyFormat
from apprise.plugins import NotifyBase

from scan.channels.apprise import Apprise, AppriseMessage
from scan.declare import SecretText
from scan.deliver.apprising import ROOM, Job, cure, done, worded
from tests.channels.samples import digest, item, notice

pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")  # Apprise's, before 3.13

DISCORD = "discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js"
MATTERMOST = "mmost://localhost/3ccdd113474722377935511fc85d3dd4"
MAIL = "mailto://user:password@gmail.com"
PUSHOVER = "pover://uuuuuuuuuuuuuuuuuuuuuuuuuuuuuu@aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
SLACK = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#general"
SMS = "twilio://AC0123456789012345678901234567890123:abcdef0123456789abcdef0123456789@15551234567/15557654321"
TELEGRAM = "tgram://123456789:abcdefg_hijklmnop/12315544"
TITLE = "*B* <b>c</b>"


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Keep what Apprise logs about addresses out of other tests' output."""
    import logging

    logger = logging.getLogger("apprise")
    logger.disabled = True
    yield
    logger.disabled = False


def service(url: str) -> NotifyBase:
    found = Library.instantiate(url)
    assert isinstance(found, NotifyBase)
    return found


def message(count: int = 1) -> AppriseMessage:
    told = digest(*(notice(item(title=TITLE, key=str(number))) for number in range(count)))
    payload = Apprise(name="team", url=SecretText("json://x")).compose(told, "team")
    return msgspec.json.decode(payload, type=AppriseMessage)


@pytest.mark.parametrize(
    ("url", "form", "title", "body"),
    [
        (PUSHOVER, NotifyFormat.TEXT, "*B* <b>c</b> at Acme (backend)", "\n*B* <b>c</b>\nhttps"),
        (MAIL, NotifyFormat.HTML, "*B* <b>c</b> at Acme (backend)", "<b>*B* &lt;b&gt;c&lt;/b&gt;</b>"),
        (TELEGRAM, NotifyFormat.HTML, "1 new for backend", "<b>*B* &lt;b&gt;c&lt;/b&gt;</b>"),
        (SLACK, NotifyFormat.MARKDOWN, "1 new for backend", r"[**\*B\* \<b\>c\</b\>**](<https"),
        (DISCORD, NotifyFormat.MARKDOWN, "1 new for backend", r"[**\*B\* \<b\>c\</b\>**](<https"),
        (MATTERMOST, NotifyFormat.TEXT, "1 new for backend", r"[**\*B\* \<b\>c\</b\>**](<https"),
        (f"{TELEGRAM}?format=markdown", NotifyFormat.MARKDOWN, "1 new for backend", r"[**\*B\* \<b\>c\</b\>**](<https"),
        (f"{MAIL}?format=text", NotifyFormat.TEXT, "*B* <b>c</b> at Acme (backend)", "\n*B* <b>c</b>\nhttps"),
    ],
)
def test_a_message_has_the_form_that_the_service_shows(url: str, form: NotifyFormat, title: str, body: str) -> None:
    found_title, found_body, found_form = worded(message(), service(url))
    assert (found_form, found_title) == (form, title)
    assert body in found_body


@pytest.mark.parametrize("url", [PUSHOVER, TELEGRAM, DISCORD, SLACK, MATTERMOST, SMS])
def test_a_message_keeps_within_what_the_service_takes_and_counts_the_rest(url: str) -> None:
    taker = service(url)
    title, body, _ = worded(message(200), taker)
    assert len(title) + len(body) <= taker.body_maxlen
    assert ("more" in body) or ("200 not shown" in body)
    assert "#ababab" in body


def test_an_address_that_says_how_to_split_is_obeyed() -> None:
    _, body, _ = worded(message(40), service(f"{PUSHOVER}?overflow=split"))
    assert len(body) > 1024 * ROOM
    assert body.count(TITLE) == 40


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("slak://s3cret/token", "did you mean slack://?"),
        ("qqqqqqqq://s3cret", "https://appriseit.com/services lists the services"),
        ("slack://s3cret", "https://appriseit.com/services tells how a slack:// address is written"),
        ("windows://s3cret", "windows:// needs what this machine has not"),
    ],
)
def test_an_address_that_apprise_cannot_use_is_told_with_its_cure(url: str, said: str) -> None:
    answer = done(Job(url=url, seconds=5))
    assert (answer.service, answer.accepted, answer.said) == (None, False, said)
    assert cure(url) == said


def test_an_address_that_is_only_looked_at_is_not_sent_to() -> None:
    answer = done(Job(url="json://127.0.0.1:1/", seconds=5))
    assert (answer.service, answer.accepted, answer.said) == ("JSON", False, "")
