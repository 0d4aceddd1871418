from datetime import UTC, datetime
from typing import Any

import pytest

from scan.channels.as_text import as_text
from scan.channels.digest import BACKLOG, FIRST_RUN, outline, subject
from scan.model import Event, Notice
from tests.channels.samples import changed, digest, gone, item, notice


@pytest.mark.parametrize(
    ("notices", "said"),
    [
        ((notice(),), "Senior Engineer at Acme (backend)"),
        ((gone(),), "Gone: Cook at Acme (kitchen)"),
        ((notice(item(kind="article")),), "Senior Engineer (backend)"),
        ((notice(first_run=True),), "First run: Senior Engineer at Acme (backend)"),
        ((notice(), notice()), "2 new for backend: Senior Engineer at Acme, …"),
        ((notice(), changed(), gone()), "1 new, 1 changed, 1 gone for backend, kitchen: Senior Engineer at Acme, …"),
        ((notice(), notice(search="b"), notice(search="c")), "3 new for 3 searches: Senior Engineer at Acme, …"),
    ],
)
def test_the_subject_says_what_is_inside(notices: tuple[Notice, ...], said: str) -> None:
    assert subject(digest(*notices)) == said


def test_the_subject_of_a_backlog_says_so() -> None:
    assert subject(digest(notice(), backlog=True)) == "Already stored: Senior Engineer at Acme (backend)"


def test_the_subject_stays_short_whatever_the_names() -> None:
    long = notice(item(title="x" * 100_000, organization="y" * 100_000), search="z" * 100_000)
    assert len(subject(digest(long, long))) < 220


def test_a_digest_of_nothing_says_so() -> None:
    assert outline(digest(notices=()), 50).subject == "Nothing to tell (jobs)"


def test_items_are_grouped_by_search_in_order_of_first_appearance() -> None:
    told = outline(digest(gone(), notice(), gone(), changed()), 50)
    assert [(section.search, section.counts) for section in told.sections] == [
        ("kitchen", "2 gone"),
        ("backend", "1 new, 1 changed"),
    ]


def test_what_a_first_run_or_a_changed_search_found_is_told_apart_in_words() -> None:
    told = outline(digest(notice(), notice(first_run=True)), 50)
    assert [section.remark for section in told.sections] == [None, FIRST_RUN]
    assert FIRST_RUN in as_text(told)
    stored = outline(digest(notice(), backlog=True), 50)
    assert [section.remark for section in stored.sections] == [BACKLOG]
    assert BACKLOG in as_text(stored)


def test_what_exceeds_the_most_items_is_counted() -> None:
    told = outline(digest(*[notice()] * 5), 2)
    assert told.more == 3
    assert sum(len(section.entries) for section in told.sections) == 2
    assert told.subject.startswith("5 new")
    assert "and 3 more" in as_text(told)
    assert "more" not in as_text(outline(digest(*[notice()] * 5), 5))


def test_the_text_tells_each_item_whole() -> None:
    assert as_text(outline(digest(notice(), changed(), gone()), 50)) == (
        """\
backend: 1 new, 1 changed
-------------------------

* Senior Engineer
  Acme · Berlin · published 20 Nov 2026 · salary min: 90000 · remote: yes · from acme, remoteok
  https://jobs.acme.test/1
  matched “python” in title
  matched “remote” in text: work fully remote from
  matched attributes.salary_min >= 90000

* [changed] Data Engineer
  Acme · Berlin · published 20 Nov 2026 · salary min: 90000 · remote: yes · from acme, remoteok
  https://jobs.acme.test/1
  location: Bonn -> Berlin
  organization: (nothing) -> Acme

kitchen: 1 gone
---------------

* [gone: no longer listed] Cook
  Acme · Berlin · published 20 Nov 2026 · salary min: 90000 · remote: yes · from acme, remoteok

-- \nscan, profile jobs
"""
    )


@pytest.mark.parametrize(
    ("published", "zone", "day"),
    [
        (datetime(2026, 11, 20, 3, tzinfo=UTC), "UTC", "20 Nov 2026"),
        (datetime(2026, 11, 20, 3, tzinfo=UTC), "America/Chicago", "19 Nov 2026"),
        (datetime(2026, 11, 20, 23, tzinfo=UTC), "Asia/Tokyo", "21 Nov 2026"),
        (datetime(2026, 11, 20, tzinfo=UTC), "America/Chicago", "20 Nov 2026"),
    ],
)
def test_days_are_the_readers_but_a_mere_date_stays_itself(published: datetime, zone: str, day: str) -> None:
    ((entry,),) = (s.entries for s in outline(digest(notice(item(published_at=published)), zone=zone), 50).sections)
    assert f"published {day}" in entry.facts


@pytest.mark.parametrize(
    "broken",
    [{"title": None}, {"organization": 7}, {"published_at": datetime.min.replace(tzinfo=UTC)}, {"attributes": None}],
)
def test_an_item_that_cannot_be_worded_becomes_its_link_and_the_others_are_told(broken: dict[str, Any]) -> None:
    told = as_text(outline(digest(notice(item(**broken)), notice(), zone="America/Chicago"), 50))
    assert told.count("https://jobs.acme.test/1") == 2
    assert "* Senior Engineer" in told


def test_an_item_broken_throughout_still_is_a_line() -> None:
    broken = notice(item(title=None, url=7), event=Event.CHANGED)
    assert "* (an item that cannot be shown)" in as_text(outline(digest(broken), 50))
