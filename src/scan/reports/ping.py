"""A sign of life of every run, for healthchecks.io and whatever speaks its protocol: if it stays away, they tell you.

    - kind: ping
      url: https://hc-ping.com/0b7e8b32-7c1d-4d34-a5b8-6a3f7c1f2d11
      timeout: 5s                     # optional: the longest that one ping may take
      partial_failure: fail           # optional; success: a run in which only some sources failed is well

A run that begins pings `/start`; one that ends pings its exit status (`/0`, `/1`, `/3`), of which 0 is a success; one
that was asked to end pings `/log`, which is no verdict; one that an error ended pings `/fail`. All bear the run's id
(`rid`), so that times are measured whatever else runs. The body is the run's summary, its failed sources and the end
of its log, up to 10,000 bytes, without secrets. A run that is skipped, because another one is in progress, pings
nothing, and neither does `scan report`.

A ping that fails is logged (`report_failed`) and not tried again: the next run is near. The address is a secret.

Source: https://healthchecks.io/docs/http_api/, read 2026-11.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field
from datetime import timedelta
from typing import Annotated, Literal
from urllib.parse import urlencode, urlsplit, urlunsplit

from scan.channels.clean import web_link
from scan.declare import Doc, Problem, SecretText
from scan.outcome import RunOutcome, summary
from scan.page import Request
from scan.reports.base import Report

LONGEST_BODY = 10_000
"""Bytes that a receiver keeps, as it is installed."""


class Ping(Report, kind="ping"):
    """A sign of life of every run."""

    url: Annotated[
        SecretText, Doc("the check's address", example="https://hc-ping.com/0b7e8b32-7c1d-4d34-a5b8-6a3f7c1f2d11")
    ] = field(repr=False)
    timeout: Annotated[timedelta, Doc("the longest that one ping may take", within=("1s", "1m"))] = timedelta(seconds=5)
    partial_failure: Annotated[Literal["fail", "success"], Doc("what a run is in which only some sources failed")] = (
        "fail"
    )

    @property
    def host(self) -> str:
        """Name the receiver as errors may show it."""
        return urlsplit(self.url).hostname or "?"

    @property
    def label(self) -> str:
        """Name the receiver."""
        return f"{self.kind} {self.host}"

    def problems(self) -> Iterable[Problem]:
        """Find an address that is none."""
        if web_link(self.url) is None:
            yield Problem(("url",), "not a web address; write it like https://hc-ping.com/UUID")

    def start(self, run_id: str) -> Request:
        """Say that a run has begun."""
        return self._request("start", run_id, b"")

    def end(self, outcome: RunOutcome, exit_status: int, log: Sequence[str]) -> Request:
        """Say how a run has ended; `log` are its last lines."""
        signal = str(exit_status)
        if outcome.status == "interrupted":
            signal = "log"
        elif outcome.status == "partial_failure" and self.partial_failure == "success":
            signal = "0"
        return self._request(signal, outcome.run_id, _body(list(_told(outcome)), log))

    def broken(self, run_id: str, error: str, log: Sequence[str]) -> Request:
        """Say that an error has ended a run."""
        return self._request("fail", run_id, _body([error], log))

    def _request(self, signal: str, run_id: str, body: bytes) -> Request:
        parts = urlsplit(self.url)
        query = "&".join(filter(None, (parts.query, urlencode({"rid": run_id}))))
        return Request(
            url=urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/{signal}", query=query, fragment="")),
            method="POST",
            headers={"Content-Type": "text/plain; charset=utf-8"},
            body=body,
            once=True,
        )


def _told(outcome: RunOutcome) -> Iterator[str]:
    """Sum a run up."""
    yield f"{outcome.profile}: {outcome.status}: {summary(outcome)}"
    for source in outcome.by_source:
        if source.status in {"failed", "suspicious"}:
            yield f"{source.status}: {source.source}: {source.error}"
    yield from outcome.errors


def _body(said: Sequence[str], log: Sequence[str]) -> bytes:
    """Put the summary first, and of the log as many of its last lines as there is room for."""
    head = _cut("\n".join(said).encode(errors="replace"), LONGEST_BODY)
    kept: list[bytes] = []
    room = LONGEST_BODY - len(head) - len(b"\n\n")
    for line in reversed(log):
        encoded = line.encode(errors="replace") + b"\n"
        room -= len(encoded)
        if room < 0:
            break
        kept.append(encoded)
    return b"\n\n".join(filter(None, (head, b"".join(reversed(kept)))))


def _cut(text: bytes, length: int) -> bytes:
    return text[:length].decode(errors="ignore").encode()
