"""Job boards for tests, in the true shape."""

import json
from collections.abc import Sequence
from typing import Any

from tests.web import Answer


def job(number: int, title: str = "", **more: Any) -> dict[str, Any]:
    """One posting of a Greenhouse board."""
    return {
        "id": number,
        "title": title or f"Job {number}",
        "absolute_url": f"https://boards.example.org/jobs/{number}",
        "location": {"name": "Berlin"},
        "company_name": "Acme",
        "first_published": "2026-11-01T08:00:00-05:00",
        "updated_at": "2026-11-01T08:00:00-05:00",
        "content": "&lt;p&gt;What you will do&lt;/p&gt;",
        **more,
    }


def board(jobs: Sequence[dict[str, Any]]) -> bytes:
    """A whole board as the API sends it."""
    return json.dumps({"jobs": list(jobs), "meta": {"total": len(jobs)}}).encode()


def answer(*jobs: dict[str, Any], **more: Any) -> Answer:
    """A board as an answer of the test server."""
    return Answer(body=board(jobs), headers={"Content-Type": "application/json"}, **more)


def config(url: str, rest: str = "", *, name: str = "acme", more: str = "") -> str:
    """A config with one board, and a search for everything that is called an engineer."""
    source = f"  - {{name: {name}, kind: greenhouse, board: acme, url: '{url}'{more}}}\n"
    return f"every: 15m\nhttp: {{retries: 0, timeout: 5s}}\nsources:\n{source}{rest}"


SEARCH = "searches:\n  - {name: engineers, any: [engineer]}\n"
