import pytest

from scan.channels.mailbox import parse_mailbox


@pytest.mark.parametrize(
    ("text", "name", "address"),
    [
        ("me@example.org", "", "me@example.org"),
        ("  me+jobs@example.org ", "", "me+jobs@example.org"),
        ("Scan <scan@example.org>", "Scan", "scan@example.org"),
        ('"Scan, at home" <scan@localhost>', "Scan, at home", "scan@localhost"),
        ("Zoë <zoë@exämple.org>", "Zoë", "zoë@xn--exmple-cua.org"),
    ],
)
def test_an_address_is_read_with_its_name(text: str, name: str, address: str) -> None:
    mailbox = parse_mailbox(text)
    assert (mailbox.name, mailbox.address) == (name, address)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "me",
        "me@",
        "@example.org",
        "me@example..org",
        "me@-example.org",
        ".me@example.org",
        "a b@example.org",
        "me@example.org, you@example.org",
        "me@example.org\r\nBcc: you@example.org",
        "<me@example.org> you",
        "me@[127.0.0.1]",
        f"{'x' * 65}@example.org",
        f"me@{'x.' * 130}org",
    ],
)
def test_what_is_no_address_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError) as refused:
        parse_mailbox(text)
    assert str(refused.value).endswith("is not an e-mail address; write it like me@example.org")
    assert "\n" not in str(refused.value)
