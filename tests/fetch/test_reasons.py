import errno

import pytest

from scan.fetch.reasons import Failure, failure


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ("SSL certificate OpenSSL verify result: certificate has expired (10)", "certificate has expired"),
        ("certificate is not yet valid", "certificate is not valid yet"),
        ("self-signed certificate in certificate chain", "certificate is self-signed"),
        ("no alternative certificate subject name matches target host name 'x'", "certificate is for another host"),
        ("unable to get local issuer certificate", "certificate is from an unknown authority"),
        ("whatever", "certificate is not trusted"),
    ],
)
def test_a_bad_certificate_is_explained_and_not_tried_again(message: str, reason: str) -> None:
    assert failure(60, message, 0) == Failure(reason)


def test_a_refused_connection_is_told_in_the_systems_words_and_tried_again() -> None:
    assert failure(7, "", errno.ECONNREFUSED) == Failure("connection refused", transient=True)
    assert failure(7, "", 0) == Failure("no connection", transient=True)


@pytest.mark.parametrize("code", [6, 18, 52, 55, 56])
def test_a_connection_that_failed_is_tried_again(code: int) -> None:
    assert failure(code, "", 0).transient


@pytest.mark.parametrize("code", [1, 3, 8, 23, 42, 63, 77, 100, 999])
def test_what_another_try_cannot_mend_is_not_tried_again(code: int) -> None:
    assert not failure(code, "", 0).transient


@pytest.mark.parametrize("code", range(1, 105))
def test_no_reason_repeats_libcurls_message(code: int) -> None:
    assert "s3cret" not in failure(code, "Could not resolve host: s3cret.example", 0).reason
