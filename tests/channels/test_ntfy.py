import json
from typing import Any

import pytest

from scan.channels.ntfy import LONGEST_BODY, LONGEST_MESSAGE, Ntfy
from scan.model import Digest
from tests.channels.samples import changed, digest, item, notice

TOPIC = "https://ntfy.example.org/s3cret-topic"


def ntfy(url: str = TOPIC, **fields: Any) -> Ntfy:
    return Ntfy(**{"name": "phone", "url": url} | fields)


def composed(channel: Ntfy, told: Digest) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(channel.compose(told, channel.name))
    return found


def test_a_single_item_opens_its_page() -> None:
    message = composed(ntfy(priority="high", tags=("briefcase", "jobs")), digest(notice()))
    text = message.pop("message")
    assert message == {
        "title": "Senior Engineer at Acme (backend)",
        "priority": 4,
        "tags": ["briefcase", "jobs"],
        "click": "https://jobs.acme.test/1",
        "sequence_id": "ab" * 20,
    }
    assert text.endswith("#ababab")


def test_several_items_open_no_page() -> None:
    assert "click" not in composed(ntfy(), digest(notice(), changed()))


@pytest.mark.parametrize("url", ["javascript:alert(1)", "https://e.test/ \n", None, "ntfy://other/topic"])
def test_only_a_web_address_is_opened(url: str | None) -> None:
    assert "click" not in composed(ntfy(), digest(notice(item(url=url))))


@pytest.mark.parametrize("title", ["plain", 'quo"tes\\' * 40, "日本語" * 60, "\x00\x1f" * 50, "é" * 300])
def test_a_long_digest_keeps_within_what_ntfy_takes_and_counts_the_rest(title: str) -> None:
    told = digest(*(notice(item(title=f"{number} {title}", key=str(number))) for number in range(200)))
    payload = ntfy(max_items=100).compose(told, "phone")
    message = json.loads(payload)
    assert len(payload) <= LONGEST_BODY
    assert 0 < len(message["message"].encode()) <= LONGEST_MESSAGE
    assert len(message["title"].encode()) <= 1024
    assert "more\n" in message["message"]
    assert message["message"].endswith("#ababab")


def test_the_topic_is_the_last_part_of_the_address() -> None:
    assert ntfy().server() == "https://ntfy.example.org/"
    assert ntfy("https://example.org:8443/push/topic/").server() == "https://example.org:8443/push/"
    assert ntfy().topic() == "s3cret-topic"
    assert ntfy("https://example.org:8443/push/topic/").topic() == "topic"


def test_what_is_kept_of_a_message_holds_no_secret() -> None:
    kept = ntfy(token="tk_s3cret", user="me", password="s3cret").compose(digest(notice()), "phone")
    assert b"s3cret" not in kept


def test_a_login_is_a_token_or_a_user_with_a_password() -> None:
    assert ntfy().authorization() == {}
    assert ntfy(token="tk_1").authorization() == {"Authorization": "Bearer tk_1"}
    assert ntfy(user="me", password="zoë").authorization() == {"Authorization": "Basic bWU6em/Dqw=="}


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"url": "ntfy.sh/s3cret"}, "url"),
        ({"url": "https://ntfy.sh"}, "url"),
        ({"url": "https://ntfy.sh/"}, "url"),
        ({"url": "https://ntfy.sh/s3cret topic"}, "url"),
        ({"url": "https://ntfy.sh/s3cret?auth=x"}, "url"),
        ({"url": "https://ntfy.sh/s3cret," + "x" * 9}, "url"),
        ({"url": "https://ntfy.sh/" + "s3cret" * 11}, "url"),
        ({"url": "https://me:s3cret@ntfy.sh/topic"}, "url"),
        ({"url": "ntfys://ntfy.sh/s3cret"}, "url"),
        ({"token": "s3cret", "user": "me", "password": "s3cret"}, "token"),
        ({"token": "s3cret\nX-A: 1"}, "token"),
        ({"user": "me"}, "user"),
        ({"password": "s3cret"}, "user"),
        ({"user": "m:e", "password": "s3cret"}, "user"),
        ({"tags": ("a,b",)}, "tags"),
        ({"tags": ("",)}, "tags"),
        ({"tags": ("x" * 300, "y" * 300)}, "tags"),
    ],
)
def test_what_is_wrong_is_found_at_its_key_and_not_repeated(fields: dict[str, Any], path: str) -> None:
    (problem,) = ntfy(**fields).problems()
    assert problem.path == (path,)
    assert "s3cret" not in problem.message


@pytest.mark.parametrize("url", [TOPIC, "http://127.0.0.1:8080/a_B-9", "https://ntfy.sh/topic/"])
def test_a_right_address_is_taken(url: str) -> None:
    assert list(ntfy(url).problems()) == []
