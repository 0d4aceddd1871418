"""Header lines as libcurl hands them over -> a mapping, and the other way round. Pure."""

from collections.abc import Iterable

from scan.page import Request

MAX_BYTES = 256 * 1024
MAX_LINES = 1_000


def read_head(lines: Iterable[bytes]) -> dict[str, str]:
    """Read header lines: names in lower case, values as Latin-1, those of a repeated name joined by a comma.

    A line without a colon, and the status line, are passed over.
    """
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.decode("latin-1").partition(":")
        if not colon:
            continue
        # A lone carriage return could not be sent back in a validator.
        name, value = name.rstrip().lower(), value.strip().replace("\r", " ")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers


def write_head(request: Request) -> list[bytes]:
    """Write the header lines of a request as libcurl takes them.

    Compression is asked for here, not by libcurl's own option, so that the body comes undecoded (see `body`). What
    the request's own headers name replaces ours.

    Raises:
        ValueError: a header with a line break or NUL in it, which would write others.

    """
    ours: dict[str, str | None] = {"Accept": request.accept, "Accept-Encoding": "gzip"}
    if request.validators.etag is not None:
        ours["If-None-Match"] = request.validators.etag
    if request.validators.last_modified is not None:
        ours["If-Modified-Since"] = request.validators.last_modified
    if sends_body(request):
        # Unset, or libcurl would call any body a form, and wait a second for permission to send a large one.
        ours |= {"Content-Type": None, "Expect": None}
    if request.headers:
        theirs = {name.lower() for name in request.headers}
        ours = {name: value for name, value in ours.items() if name.lower() not in theirs} | dict(request.headers)
    return [_line(name, value) for name, value in ours.items()]


def sends_body(request: Request) -> bool:
    """Tell whether a request has a body, be it an empty one."""
    return request.body is not None or request.method != "GET"


def _line(name: str, value: str | None) -> bytes:
    """Write one header; libcurl's signs for none of this name, and for an empty one, are `Name:` and `Name;`."""
    line = f"{name}:" if value is None else f"{name}: {value}" if value else f"{name};"
    if any(character in line for character in "\r\n\0"):
        raise ValueError(f"the header {name!r} has a line break in it")
    try:
        return line.encode("latin-1")
    except UnicodeEncodeError:
        return line.encode()
