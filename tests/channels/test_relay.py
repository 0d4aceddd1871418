import pytest

from scan.channels.relay import Relay, parse_relay


@pytest.mark.parametrize(
    ("address", "relay"),
    [
        ("smtps://mail.example.org", Relay(host="mail.example.org", port=465, security="tls")),
        ("smtp+starttls://mail.example.org", Relay(host="mail.example.org", port=587, security="starttls")),
        ("smtp://mail.example.org", Relay(host="mail.example.org", port=25, security="opportunistic")),
        ("smtp://mail.example.org/?tls=none", Relay(host="mail.example.org", port=25, security="none")),
        ("smtp://localhost:2525", Relay(host="localhost", port=2525, security="none")),
        ("smtp://[::1]", Relay(host="::1", port=25, security="none")),
        (
            "smtps://me%40example.org:p%2Fw@mail.example.org:466",
            Relay(host="mail.example.org", port=466, security="tls", user="me@example.org", password="p/w"),
        ),
        (
            "smtps://me@example.org:p@ss?/w#d@mail.example.org",
            Relay(host="mail.example.org", port=465, security="tls", user="me@example.org", password="p@ss?/w#d"),
        ),
    ],
)
def test_an_address_says_host_port_encryption_and_login(address: str, relay: Relay) -> None:
    assert parse_relay(address) == relay


@pytest.mark.parametrize(
    ("address", "security"),
    [
        ("smtp://u:p@mail.example.org", "starttls"),
        ("smtp://u:p@mail.example.org?tls=none", "none"),
        ("smtp://u:p@127.0.0.1", "none"),
    ],
)
def test_a_password_travels_encrypted_unless_it_stays_here_or_is_told_not_to(address: str, security: str) -> None:
    assert parse_relay(address).security == security


def test_a_login_given_apart_is_taken_as_it_is() -> None:
    relay = parse_relay("smtps://mail.example.org", user="me", password="100%41@:/")
    assert (relay.user, relay.password) == ("me", "100%41@:/")


def test_a_password_is_not_shown() -> None:
    assert "sesame" not in repr(parse_relay("smtps://me:sesame@mail.example.org"))


@pytest.mark.parametrize(
    "address",
    [
        "mail.example.org",
        "https://me:sesame@mail.example.org",
        "smtps://me:sesame@",
        "smtps://me:sesame@mail.example.org:port",
        "smtps://me:sesame@mail.example.org:0",
        "smtps://me:sesame@mail.example.org:99999",
        "smtps://me:sesame@mail.example.org/path",
        "smtps://me:sesame@[::1",
        "smtps://me:sesame@mail.example.org?tls=none",
        "smtp://me:sesame@mail.example.org?tls=maybe",
        "smtps://me:sesämé@mail.example.org",
        "smtps://:sesame@mail.example.org",
    ],
)
def test_what_is_wrong_is_said_without_the_password(address: str) -> None:
    with pytest.raises(ValueError) as refused:
        parse_relay(address)
    assert "ses" not in str(refused.value)


def test_a_user_without_a_password_is_refused() -> None:
    with pytest.raises(ValueError, match="come together"):
        parse_relay("smtps://me@mail.example.org")
