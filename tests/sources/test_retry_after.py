import pytest

from scan.page import Page


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "120"}, 120),
        ({"retry-after": " 0 "}, 0),
        ({"retry-after": "Tue, 06 Oct 2026 09:31:30 GMT", "date": "Tue, 06 Oct 2026 09:30:00 GMT"}, 90),
        ({"retry-after": "Tue, 06 Oct 2026 09:00:00 GMT", "date": "Tue, 06 Oct 2026 09:30:00 GMT"}, 0),
        ({"retry-after": "Tue, 06 Oct 2026 09:31:30 -0000", "date": "Tue, 06 Oct 2026 09:30:00 GMT"}, 90),
        ({"retry-after": "Tue, 06 Oct 2026 09:31:30 GMT"}, None),
        ({"retry-after": "-1"}, None),
        ({"retry-after": "1e9"}, None),
        ({"retry-after": "²"}, None),
        ({"retry-after": "soon"}, None),
        ({}, None),
    ],
)
def test_what_a_server_asked_for_is_read_in_seconds(headers: dict[str, str], seconds: float | None) -> None:
    assert Page(url="https://x", status=429, headers=headers).retry_after == seconds
