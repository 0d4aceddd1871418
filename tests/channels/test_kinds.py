"""What holds for every kind of channel."""

import re
from datetime import timedelta
from importlib import import_module
from typing import Any, get_type_hints

import pytest
import yaml

from scan.channels import KINDS
from scan.channels.base import Channel
from scan.channels.command import Command
from scan.channels.webhook import Webhook
from scan.declare import SecretText
from tests.channels.samples import changed, digest, gone, item, notice

EVERY_KIND = pytest.mark.parametrize("kind", KINDS)


def example(kind: str) -> dict[str, Any]:
    """Read the config entry in a kind's manual page."""
    page = import_module(KINDS[kind].__module__).__doc__ or ""
    block = re.search(r"(?:^    .*\n)+", page, re.MULTILINE)
    assert block, f"the manual page of {kind} has no example"
    (entry,) = yaml.safe_load(block[0])
    assert isinstance(entry, dict)
    return entry


def made(kind: str) -> Channel:
    entry = example(kind)
    assert entry.pop("kind") == kind
    fields = get_type_hints(KINDS[kind])
    values: dict[str, Any] = {}
    for key, value in entry.items():
        field = key if key in fields else f"{key}_"
        assert field in fields, f"{kind} has no key {key}"
        if fields[field] is timedelta:
            values[field] = timedelta(seconds=int(value.removesuffix("s")))
        else:
            values[field] = (value,) if field == "to" else tuple(value) if isinstance(value, list) else value
    return KINDS[kind](**values)


@EVERY_KIND
def test_its_name_is_the_one_it_is_listed_under(kind: str) -> None:
    assert KINDS[kind].kind == kind


@EVERY_KIND
def test_the_example_of_its_manual_page_is_right(kind: str) -> None:
    assert list(made(kind).problems()) == []


@EVERY_KIND
def test_it_tells_somebody(kind: str) -> None:
    assert made(kind).recipients()


@EVERY_KIND
def test_a_message_is_the_same_to_the_byte_however_often_it_is_composed(kind: str) -> None:
    told = digest(notice(), changed(), gone())
    channel = made(kind)
    (recipient, *_) = channel.recipients()
    assert channel.compose(told, recipient) == channel.compose(told, recipient)
    assert b"Senior Engineer" in channel.compose(told, recipient)


@EVERY_KIND
def test_a_hostile_item_costs_no_other_its_message(kind: str) -> None:
    hostile = notice(item(title="\ud800\r\n\0", url="https://[", attributes={"a": object()}))
    channel = made(kind)
    (recipient, *_) = channel.recipients()
    assert b"Senior Engineer" in channel.compose(digest(hostile, notice()), recipient)


def hook(url: str = "https://example.org/hook", **fields: Any) -> Webhook:
    return Webhook(name="hook", url=SecretText(url), **fields)


@pytest.mark.parametrize(
    ("channel", "paths"),
    [
        (hook(secret="any text"), []),
        (hook("file:///etc/passwd"), [("url",)]),
        (hook(secret="whsec_no base64"), [("secret",)]),
        (
            hook(
                headers={"Webhook-Id": "1", "A b": "1", "X-A": "1\r\nX-B: 2", "X-Right": "1"},
            ),
            [("headers", "Webhook-Id"), ("headers", "A b"), ("headers", "X-A")],
        ),
        (Command(name="log", run=("notify", "--now")), []),
        (Command(name="log", run=()), [("run",)]),
        (Command(name="log", run=("notify", "a\0b")), [("run",)]),
    ],
)
def test_what_is_wrong_is_found_at_its_key(channel: Channel, paths: list[tuple[str, ...]]) -> None:
    assert [problem.path for problem in channel.problems()] == paths


@EVERY_KIND
def test_what_a_channel_shows_of_itself_holds_no_secret(kind: str) -> None:
    shown = repr(made(kind))
    assert not [secret for secret in ("PASSWORD", "whsec_", "TOKEN", "/hook") if secret in shown]
