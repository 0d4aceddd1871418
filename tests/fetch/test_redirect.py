import pytest

from scan.errors import FetchError
from scan.fetch.redirect import follow
from scan.page import Page, Request, Validators

SECRET = {"Authorization": "Bearer s3cret"}
KNOWN = Validators(etag='"1"')


def get(url: str) -> Request:
    return Request(url=url, headers=SECRET, validators=KNOWN)


def lead(asked: Request, location: str, status: int = 302, first: Request | None = None) -> Request:
    following = follow(first or asked, asked, Page(url=asked.url, status=status, headers={"location": location}))
    assert following is not None
    return following


@pytest.mark.parametrize(
    ("location", "url"),
    [
        ("/b", "http://a.example/b"),
        ("c?d=e", "http://a.example/x/c?d=e"),
        ("//b.example", "http://b.example/"),
        ("https://b.example:81/?q#f", "https://b.example:81/?q"),
        ("http://[2001:DB8::1]:80/", "http://[2001:db8::1]:80/"),
        ("/\xc3\xbc b", "http://a.example/%C3%BC%20b"),
        ("/a%2Fb", "http://a.example/a%2Fb"),
    ],
)
def test_a_redirect_leads_to_its_location(location: str, url: str) -> None:
    assert lead(get("http://a.example/x/y"), location).url == url


@pytest.mark.parametrize("status", [200, 300, 304, 404])
def test_an_answer_that_is_no_redirect_leads_nowhere(status: int) -> None:
    assert follow(get("http://a/"), get("http://a/"), Page(url="", status=status, headers={"location": "/b"})) is None


def test_a_redirect_without_a_location_leads_nowhere() -> None:
    assert follow(get("http://a/"), get("http://a/"), Page(url="", status=302)) is None


@pytest.mark.parametrize(
    "location", ["file:///etc/passwd", "ftp://a/", "gopher://a/", "javascript:1", "http://[::1", "https://"]
)
def test_a_redirect_to_anything_but_the_web_is_an_error(location: str) -> None:
    with pytest.raises(FetchError) as refused:
        lead(get("http://a/"), location)
    assert location not in refused.value.reason


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("http://a/x", "/y"),
        ("http://a/x", "http://A/y"),
        ("http://a/x", "http://a:80/y"),
        ("http://a/x", "https://a/y"),
        ("https://a:444/x", "https://a:444/y"),
    ],
)
def test_headers_and_validators_go_along_to_the_same_server(source: str, target: str) -> None:
    following = lead(get(source), target)
    assert (following.headers, following.validators) == (SECRET, KNOWN)


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("https://a/", "https://b/"),
        ("https://a/", "https://a.b/"),
        ("https://a/", "http://a/"),
        ("https://a/", "https://a:444/"),
        ("http://a:8080/", "https://a:8443/"),
        ("https://a/", r"https://a\@b/"),
        ("https://a/", "https://a:x@b/"),
    ],
)
def test_headers_and_validators_never_go_to_another_server_nor_out_of_https(source: str, target: str) -> None:
    following = lead(get(source), target)
    assert (following.headers, following.validators) == ({}, Validators())


def test_what_was_dropped_stays_dropped_on_the_way_back() -> None:
    first = get("https://a/")
    away = lead(first, "https://b/")
    assert lead(away, "https://a/", first=first).headers == {}


def test_a_login_stays_with_its_server() -> None:
    first = get("https://u:p@a/")
    assert lead(first, "/b").url == "https://u:p@a/b"
    assert lead(first, "https://a/b").url == "https://u:p@a/b"
    assert lead(first, "https://b/").url == "https://b/"


def test_a_login_that_a_server_sends_is_left_out() -> None:
    assert lead(get("https://a/"), "https://x:y@b/").url == "https://b/"


@pytest.mark.parametrize(
    ("method", "status", "following"),
    [
        ("GET", 301, "GET"),
        ("GET", 303, "GET"),
        ("POST", 301, "GET"),
        ("POST", 302, "GET"),
        ("POST", 303, "GET"),
        ("POST", 307, "POST"),
        ("POST", 308, "POST"),
        ("PUT", 302, "PUT"),
        ("PUT", 303, "GET"),
    ],
)
def test_the_method_and_the_body_change_as_in_browsers(method: str, status: int, following: str) -> None:
    asked = Request(
        url="http://a/",
        method=method,  # type: ignore[arg-type]  # the table's texts
        body=None if method == "GET" else b"{}",
        headers={"Content-Type": "application/json", "X": "y"},
    )
    request = lead(asked, "/b", status)
    assert request.method == following
    kept = method != "GET" and following == method
    assert request.body == (b"{}" if kept else None)
    assert request.headers["X"] == "y"


def test_a_get_after_a_post_says_nothing_of_a_body() -> None:
    asked = Request(url="http://a/", method="POST", body=b"{}", headers={"Content-Type": "application/json"})
    assert lead(asked, "/b", 303).headers == {}


def test_only_another_host_than_the_first_is_guarded() -> None:
    first = get("http://a/")
    away = lead(first, "http://b/")
    assert away.guarded
    assert not lead(first, "/b").guarded
    assert not lead(first, "http://a:81/").guarded
    assert not lead(away, "http://a/c", first=first).guarded


def test_what_was_guarded_stays_guarded() -> None:
    assert lead(Request(url="http://a/", guarded=True), "/b").guarded
