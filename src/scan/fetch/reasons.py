"""libcurl's error numbers -> plain words without an address in them, and whether another try may help.

Source: curl.se/libcurl/c/libcurl-errors.html.
"""

import os
from typing import NamedTuple


class Failure(NamedTuple):
    """Why there is no page.

    Attributes:
        reason: for people, without the address.
        transient: the connection failed; the next one may not.

    """

    reason: str
    transient: bool = False


TIMED_OUT = 28
_BAD_CERTIFICATE = 60
_COULD_NOT_CONNECT = 7

_FAILURES = {
    1: Failure("not an http: or https: address"),
    3: Failure("not a valid address"),
    5: Failure("no such host: the proxy", transient=True),
    6: Failure("no such host", transient=True),
    8: Failure("the answer is not HTTP"),
    16: Failure("the connection broke", transient=True),
    18: Failure("the body ends early", transient=True),
    35: Failure("no secure connection", transient=True),
    52: Failure("the connection was closed without an answer", transient=True),
    55: Failure("the connection broke while sending", transient=True),
    56: Failure("the connection broke while receiving", transient=True),
    58: Failure("the client certificate cannot be used"),
    77: Failure("the file of trusted certificates cannot be read"),
    97: Failure("the proxy refused", transient=True),
    100: Failure("the answer's headers are too large"),
}

_CERTIFICATE_WORDS = {
    "expired": "certificate has expired",
    "not yet valid": "certificate is not valid yet",
    "self-signed": "certificate is self-signed",
    "self signed": "certificate is self-signed",
    "subject name": "certificate is for another host",
    "host name": "certificate is for another host",
    "hostname": "certificate is for another host",
    "issuer": "certificate is from an unknown authority",
}


def failure(code: int, message: str, errno: int) -> Failure:
    """Say what a libcurl error means; `errno` is the system's, 0 for none.

    The message is searched for known words, never repeated: addresses are in it.
    """
    if code == _BAD_CERTIFICATE:
        text = message.lower()
        known = (meaning for word, meaning in _CERTIFICATE_WORDS.items() if word in text)
        return Failure(next(known, "certificate is not trusted"))
    if code == _COULD_NOT_CONNECT:
        return Failure(os.strerror(errno).lower() if errno else "no connection", transient=True)
    return _FAILURES.get(code) or Failure(f"the transfer failed (libcurl error {code})")
