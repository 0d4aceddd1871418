import json

import pytest

from scan.channels.apprise import Apprise
from scan.declare import SecretText
from tests.channels.samples import digest, item, notice


def test_a_message_has_every_form_a_service_may_prefer() -> None:
    channel = Apprise(name="team", url=SecretText("discord://1/s3cret"))
    message = json.loads(channel.compose(digest(notice(item(title="@everyone *look*"))), "team"))
    assert message["subject"] == "@\u200beveryone *look* at Acme (backend)"
    assert message["summary"] == "1 new for backend"
    assert {name: len(message[name]["parts"]) for name in ("text", "markdown", "html")} == {
        "text": 1,
        "markdown": 1,
        "html": 1,
    }
    assert "s3cret" not in json.dumps(message)


@pytest.mark.parametrize("url", ["s3cret", "", "discord:/s3cret", "discord://s3 cret", "discord://s3cret\n"])
def test_what_is_no_address_is_refused_without_repeating_it(url: str) -> None:
    (problem,) = Apprise(name="team", url=SecretText(url)).problems()
    assert problem.path == ("url",)
    assert "s3" not in problem.message.replace("https", "")
