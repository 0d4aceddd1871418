"""Every recorded page probed, and what is proposed held against what a reader of the page would: docs/probe.md."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from scan.config.drafts import Drafts
from scan.probe import Probed, probe
from scan.sources import KINDS
from tests.probe.answering import Answers

ROOT = Path(__file__).parents[2]
RECORDED = ROOT / "../shared/data"
MANUAL = ROOT / "docs" / "probe.md"
BEGIN, END = "<!-- made from the recorded pages: make docs -->\n", "<!-- end of what is made -->\n"
NOW = datetime(2026, 11, 30, tzinfo=UTC)
EXPECTED = yaml.safe_load((Path(__file__).parent / "recorded.yaml").read_text(encoding="utf-8"))
FLOORS = {"boards": 1.0, "mirrors": 0.95, "feeds": 1.0, "answers": 0.95, "pages": 0.9, "files": 1.0}
"""The share of each group for which something useful must be proposed."""

GROUPS = {
    "boards": "boards of named services, by an address of the service",
    "mirrors": "the same answers at an address that says nothing",
    "feeds": "feeds, at an address of their own",
    "answers": "other JSON, at an address that says nothing",
    "pages": "web pages: lists, boards, single jobs",
    "files": "sitemaps, calendars, XML",
}


@dataclass(frozen=True)
class Case:
    """One recorded page, where it is probed, and what is to come of it."""

    group: str
    name: str
    at: str
    asked: str
    wanted: Mapping[str, Any]


def cases() -> Iterator[Case]:
    services = EXPECTED["services"]
    for name, wanted in EXPECTED["boards"].items():
        kind = name.partition("/")[0]
        yield Case("boards", name, services[kind]["at"], services[kind]["asked"], {"kind": kind, **wanted})
        if wanted["count"]:
            mirror = f"https://example.org/{name}"
            yield Case("mirrors", name, mirror, mirror, {**wanted, "kind": "json"})
    for group, kind in (("feeds", "feed"), ("answers", "json"), ("pages", ""), ("files", "")):
        for name, wanted in EXPECTED[group].items():
            at = wanted.get("at", f"https://example.org/{name}")
            yield Case(group, name, at, wanted.get("asked", at), {"kind": kind, **wanted})


CASES = list(cases())


@cache
def probed(number: int) -> Probed:
    case = CASES[number]
    answers: Any = Answers({case.asked: RECORDED / case.name})
    drafts = Drafts(ROOT / "none.yaml", {})
    return probe(case.at, drafts=drafts, kinds=KINDS, fetcher=answers, taken=(), now=NOW)


def useful(case: Case, found: Probed) -> bool:
    """Tell whether the best candidate is of the right kind, with the right items: as many, the first one the same.

    Where there is nothing to propose, nothing may be.
    """
    if "nothing" in case.wanted or not found.candidates:
        return "nothing" in case.wanted and not found.candidates
    best, wanted = found.candidates[0], case.wanted
    if (best.kind, best.total) != (wanted["kind"], wanted["count"]):
        return False
    first = best.items[0] if best.items else None
    title_right = first is None or first.title == " ".join(wanted["title"].split())
    return title_right and (first is None or wanted.get("url") in {None, first.url})


def score() -> dict[str, list[bool]]:
    results: dict[str, list[bool]] = {group: [] for group in GROUPS}
    for number, case in enumerate(CASES):
        results[case.group].append(useful(case, probed(number)))
    return results


def test_every_recorded_page_is_in_the_list() -> None:
    names = {case.name for case in CASES}
    folders = [path for path in RECORDED.iterdir() if path.is_dir() and path.name != "feedparser-tests"]
    recorded = {f"{folder.name}/{path.name}" for folder in folders for path in folder.iterdir() if path.is_file()}
    assert recorded - names == {
        "smartrecruiters/pages_and_details.json",  # several answers in one file, made by hand
        "workday/pages_mirror.json",
    }
    assert names <= recorded


@pytest.mark.recorded
def test_something_useful_is_proposed_for_most() -> None:
    shares = {group: sum(results) / len(results) for group, results in score().items()}
    assert {group: share for group, share in shares.items() if share < FLOORS[group]} == {}


@pytest.mark.recorded
def test_every_candidate_has_an_entry_that_the_config_takes_and_items_that_a_run_would_store() -> None:
    drafts = Drafts(ROOT / "none.yaml", {})
    for number, case in enumerate(CASES):
        for candidate in probed(number).candidates:
            entry = drafts.read(candidate.entry).entry
            assert (entry.source.kind, list(entry.source.problems())) == (candidate.kind, []), case.name
            assert 0.35 <= candidate.score <= 1.0
            assert {item.source for item in candidate.items} <= {entry.name}
            assert len(candidate.items) == min(5, candidate.total)


@pytest.mark.recorded
def test_the_manual_has_the_score() -> None:
    text = MANUAL.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    whole = f"{before}{BEGIN}\n{made()}\n{END}{after}"
    if "SCAN_REWRITE" in os.environ:
        MANUAL.write_text(whole, encoding="utf-8")
    assert MANUAL.read_text(encoding="utf-8") == whole


def made() -> str:
    """Write the score in Markdown."""
    results = score()
    lines = ["| recorded | useful |", "|---|---|"]
    lines += [f"| {GROUPS[group]} | {sum(ones)} of {len(ones)} |" for group, ones in results.items()]
    total = [one for ones in results.values() for one in ones]
    lines += [f"| **all** | **{sum(total)} of {len(total)}** |", ""]
    lines += ["| page | expected | proposed | |", "|---|---|---|---|"]
    lines += [row(number) for number, case in enumerate(CASES) if case.group in {"answers", "pages", "files"}]
    misses = [number for number, case in enumerate(CASES) if not useful(case, probed(number))]
    lines += [row(number) for number in misses if CASES[number].group in {"boards", "mirrors", "feeds"}]
    return "\n".join([*lines, ""])


def row(number: int) -> str:
    case, found = CASES[number], probed(number)
    best = found.candidates[0] if found.candidates else None
    wanted = (
        f"nothing: {case.wanted['nothing']}"
        if "nothing" in case.wanted
        else f"{case.wanted['kind']}, {case.wanted['count']}"
    )
    proposed = f"{best.kind}, {best.total} ({best.confidence})" if best else "nothing"
    return f"| {case.name} | {wanted} | {proposed} | {'yes' if useful(case, found) else 'no'} |"
