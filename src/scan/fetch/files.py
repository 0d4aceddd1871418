"""`file:` addresses: a page from this machine's disk."""

import os
import stat
from pathlib import Path
from urllib.parse import unquote_to_bytes, urlsplit

from scan.errors import FetchError
from scan.page import Page, Request


def read_file(request: Request, *, max_body: int) -> Page:
    """Read the file behind a `file:` address, percent-decoded; a query is no part of its name.

    Only what the config names is read: a guarded request, one that came from a page, never is.

    Raises:
        FetchError: it may not be read, is no regular file, too large, or the system says no (in its own words).

    """
    if request.guarded:
        raise FetchError(request.url, "a page leads to a file of this machine, which is never followed")
    try:
        body = _read(_path(request.url), max_body)
    except (OSError, ValueError) as error:
        raise FetchError(request.url, getattr(error, "strerror", None) or str(error)) from error
    return Page(url=request.url, body=body, received=len(body))


def _path(url: str) -> Path:
    parts = urlsplit(url)
    if parts.netloc not in {"", "localhost"}:
        raise ValueError("a file: address names no other machine; file:///path would be right")
    path = Path(os.fsdecode(unquote_to_bytes(parts.path)))
    if not path.is_absolute():
        raise ValueError("a file: address is absolute; file:///path would be right")
    return path


def _read(path: Path, max_body: int) -> bytes:
    with open(path, "rb", opener=_opener) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise ValueError("not a regular file")
        body = file.read(max_body + 1)
    if len(body) > max_body:
        raise ValueError(f"larger than {max_body} bytes")
    return body


def _opener(path: str, flags: int) -> int:
    # Without this flag, opening a named pipe waits for somebody to write into it.
    return os.open(path, flags | os.O_NONBLOCK)
