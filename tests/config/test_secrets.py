from pathlib import Path

import pytest

from scan.config.loading import load
from scan.config.secret_texts import is_secret_name
from scan.config.show import as_yaml, shown
from tests.config.configs import KINDS, loaded, source, told, write

PLANTED = """
database: postgresql://scan:dbpassword@db/scan
http: {proxy: "http://u:${env:PROXY}@proxy:3128"}
sources:
  - name: acme
    kind: board
    board: acme
    headers: {Authorization: Bearer bearersecret, X-API-Key: keysecret, Accept: text/plain}
    organization: from ${env:ORG}
  - name: units
    kind: table
    url: https://u:urlsecret@example.org/x?access_token=tokensecret&page=1
    fields: {key: requisition_id, title: name}
    body: {login: {password: bodysecret}, a: 1}
channels:
  - {name: me, kind: mail, to: x, smtp: "smtps://scan:smtp%40secret@mail", api_key: channelsecret}
"""
SECRETS = {
    "dbpassword",
    "proxysecret",
    "bearersecret",
    "keysecret",
    "orgsecret",
    "urlsecret",
    "tokensecret",
    "bodysecret",
    "smtp%40secret",
    "smtp@secret",
    "channelsecret",
}
ENVIRON = {"PROXY": "proxysecret", "ORG": "orgsecret"}


def test_every_secret_is_known(tmp_path: Path) -> None:
    config = loaded(tmp_path, PLANTED, ENVIRON)

    assert config.secrets >= SECRETS
    assert not config.secrets & {"requisition_id", "text/plain", "x", "acme"}


def test_no_secret_is_shown(tmp_path: Path) -> None:
    text = as_yaml(shown(loaded(tmp_path, PLANTED, ENVIRON)))

    assert [secret for secret in SECRETS if secret in text] == []
    assert "key: requisition_id" in text
    assert "organization: from ***" in text
    assert "Accept: text/plain" in text


def test_no_secret_is_in_an_error(tmp_path: Path) -> None:
    wrong = PLANTED.replace("Bearer bearersecret", "[bearersecret]").replace("a: 1}", "a: 1}\n    method: keysecret")

    lines = told(tmp_path, wrong, ENVIRON)

    assert [line.partition(": ")[0] for line in lines] == ["8:30", "15:13"]
    assert [secret for secret in SECRETS if any(secret in line for line in lines)] == []


@pytest.mark.parametrize("short", ["1", "abc"])
def test_a_trivially_short_text_is_masked_where_it_is_shown_and_nowhere_else(tmp_path: Path, short: str) -> None:
    text = f"channels: [{{name: me, kind: mail, to: x, api_key: {short}}}]"
    config = loaded(tmp_path, text, {"X": short})

    assert config.secrets == frozenset()
    assert shown(config)["channels"][0]["api_key"] == "***"


@pytest.mark.parametrize("mode", [0o644, 0o604])
def test_a_literal_secret_in_a_file_that_everybody_can_read_is_warned_of(tmp_path: Path, mode: int) -> None:
    path = write(tmp_path, PLANTED)
    path.chmod(mode)

    warnings = load(path, environ=ENVIRON, kinds=KINDS).warnings

    advice = "a secret in a file that everybody can read; chmod o-r, or ${credential:NAME}"
    assert [warning.removeprefix(f"{path}:") for warning in warnings] == [
        f"2:11: database: {advice}",
        f"8:30: sources[0].headers.Authorization: {advice}",
        f"8:62: sources[0].headers.X-API-Key: {advice}",
        f"12:10: sources[1].url: {advice}",
        f"14:30: sources[1].body.login.password: {advice}",
        f"16:41: channels[0].smtp: {advice}",
        f"16:85: channels[0].api_key: {advice}",
    ]


def test_a_secret_from_elsewhere_is_not_warned_of(tmp_path: Path) -> None:
    path = write(tmp_path, source("headers: {Authorization: 'Bearer ${env:X}'}\n    url: https://u:${env:X}@x/"))
    path.chmod(0o644)

    config = load(path, environ={"X": "hunter2"}, kinds=KINDS)

    assert config.warnings == ()
    assert config.secrets == {"hunter2"}


@pytest.mark.parametrize(
    "name", ["password", "api_key", "X-API-Key", "Authorization", "Set-Cookie", "clientSecret", "ACCESS_TOKEN", "key"]
)
def test_a_key_that_ends_in_a_secret_word_is_secret(name: str) -> None:
    assert is_secret_name(name)


@pytest.mark.parametrize("name", ["monkey", "token_url", "keys", "secretary", "title", "", "key_id", "tags"])
def test_other_keys_are_not(name: str) -> None:
    assert not is_secret_name(name)
