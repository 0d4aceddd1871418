"""JSON answers: which of their lists are the items, and which of the columns are which fields."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from scan.guess.answers import guess_answer, mapped
from scan.page import Page
from scan.sources.following import Pages
from scan.sources.json import Json
from tests.guess.pages import JOBS

NOW = datetime(2026, 11, 30, tzinfo=UTC)
URL = "https://example.org/api"


def best(answer: Any, url: str = URL, **headers: str) -> dict[str, Any]:
    """Give the keys of the best guess, without its address."""
    page = Page(url=url, body=json.dumps(answer).encode(), headers=headers)
    guesses = guess_answer(page, answer, url, NOW)
    keys = dict(guesses[0].keys) if guesses else {}
    return keys if keys.get("url") != url else {name: value for name, value in keys.items() if name != "url"}


def rows(**more: Any) -> list[dict[str, Any]]:
    """Make rows: a callable is asked for each row's value."""
    return [
        {name: value(n) if callable(value) else value for name, value in more.items()} | {"title": title}
        for n, title in enumerate(JOBS)
    ]


def link(number: int) -> str:
    return f"https://example.org/jobs/{number}"


JOB = rows(id=lambda n: 100 + n, url=link, created_at="2026-11-02T08:00:00Z")
FIELDS = {"key": "id", "title": "title", "url": "url", "published_at": "created_at"}


@pytest.mark.parametrize(
    ("answer", "items"),
    [
        (JOB, None),
        ({"jobs": JOB}, "jobs"),
        ({"data": {"results": JOB}, "meta": {"total": 8}}, "data.results"),
        ({"a b": {"c-d": JOB}}, '"a b"."c-d"'),
        ({"pages": [{"hits": JOB[:4]}, {"hits": JOB[4:]}]}, "pages[].hits[]"),
        ({"by_id": {str(row["id"]): row for row in JOB}}, "values(by_id)"),
        # lists of something else beside the items, longer ones too
        ({"relatedJobs": JOB * 4, "jobs": JOB}, "jobs"),
        ({"facets": [{"name": f"Facet {n}", "values": [{"value": "x"}]} for n in range(50)], "jobs": JOB}, "jobs"),
        ({"departments": [{"id": n, "name": f"Department {n}"} for n in range(90)], "jobs": JOB}, "jobs"),
        ({"jobs": [{**row, "tags": [{"name": f"tag {n}"} for n in range(9)]} for row in JOB]}, "jobs"),
        ({"legal": "notice", "jobs": [{"legal": "notice"}, *JOB]}, "jobs"),
    ],
)
def test_the_list_that_looks_like_items_is_found(answer: Any, items: str | None) -> None:
    keys = best(answer)
    assert keys.get("items") == items
    assert {target: keys["fields"].get(target) for target in ("title", "url", "published_at")} == {
        target: FIELDS[target] for target in ("title", "url", "published_at")
    }


@pytest.mark.parametrize(
    ("row", "fields"),
    [
        (
            {"title": {"rendered": "T"}, "link": link, "date": "2026-11-02T08:00:00", "id": int},
            {"key": "id", "title": "title.rendered", "url": "link", "published_at": "date"},
        ),
        (
            {"text": "T", "hostedUrl": link, "applyUrl": lambda n: link(n) + "/apply", "createdAt": 1_793_000_000_000},
            {"title": "text", "url": "hostedUrl", "published_at": "createdAt"},
        ),
        (
            {"jobTitle": "T", "companyName": "Acme", "company_url": "https://acme.example/", "jobUrl": link},
            {"title": "jobTitle", "url": "jobUrl", "organization": "companyName"},
        ),
        (
            {"name": "T", "company": {"name": "Acme"}, "location": {"name": "Berlin"}, "logo": lambda n: f"/l/{n}.png"},
            {"title": "name", "organization": "company.name", "location": "location.name"},
        ),
        (
            {"titre": "T", "entreprise": "Acme", "ville": "Lyon", "lien": link},
            {"title": "titre", "url": "lien", "organization": "entreprise", "location": "ville"},
        ),
        (
            {"title": "T", "locations": ["Berlin", "Lyon"], "posted": "11/23/2026", "updated": "2026-11-24"},
            {
                "title": "title",
                "published_at": {"path": "posted", "date": "%m/%d/%Y"},
                "updated_at": "updated",
                "location": "locations",
            },
        ),
        (
            {
                "title": "T",
                "description": "<p>" + "What there is to do. " * 9,
                "type": lambda n: "ab"[n % 2],
                "uuid": link,
            },
            {"key": "uuid", "title": "title", "text": "description", "attributes.type": "type"},
        ),
        (
            {"title": "T", "rent": lambda n: f"$ 1,{200 + n}", "valid_until": "2026-12-24", "user_id": int},
            {"title": "title", "attributes.rent": {"path": "rent", "number": True}},
        ),
    ],
)
def test_columns_are_fields_by_their_names_and_values(row: dict[str, Any], fields: dict[str, Any]) -> None:
    def value(name: str, number: int) -> Any:
        found = row[name]
        if found == "T":
            return JOBS[number]
        if isinstance(found, dict) and "T" in found.values():
            return dict.fromkeys(found, JOBS[number])
        return found(number) if callable(found) else found

    answer = {"results": [{name: value(name, n) for name in row} for n in range(len(JOBS))]}
    assert best(answer)["fields"] == fields


@pytest.mark.parametrize(
    "answer",
    [
        {},
        [],
        None,
        "text",
        {"jobs": []},
        {"ok": False, "error": "Document not found"},
        [1, 2, 3],
        [{"id": 1, "count": 2}, {"id": 2, "count": 3}],
        {"a": {"a": {"a": {"a": {"a": {"a": {"a": {"a": JOB}}}}}}}},
    ],
)
def test_what_has_no_items_gives_nothing(answer: Any) -> None:
    assert best(answer) == {}


def test_a_single_thing_is_one_item() -> None:
    answer = {**JOB[0], "lists": [{"text": f"Heading number {n}", "content": "x" * 50} for n in range(4)]}
    assert best(answer) == {"fields": FIELDS}


@pytest.mark.parametrize(
    ("url", "answer", "url_then", "pages"),
    [
        (f"{URL}?page=1", {"jobs": JOB, "total": 80}, f"{URL}?page={{page}}", {"start": 1, "total": "total"}),
        (f"{URL}?q=a&page=0#x", {"jobs": JOB}, f"{URL}?q=a&page={{page}}#x", {"start": 0}),
        (f"{URL}?offset=0&limit=8", {"jobs": JOB}, f"{URL}?offset={{page}}&limit=8", {"start": 0, "step": 8}),
        (URL, {"jobs": JOB, "links": {"next": "/api?page=2"}}, URL, {"next": "links.next"}),
        (URL, {"jobs": JOB, "next_url": f"{URL}?p=2", "count": 80}, URL, {"next": "next_url", "total": "count"}),
        (f"{URL}?cursor=", {"jobs": JOB, "meta": {"next_cursor": "abc"}}, f"{URL}?cursor={{cursor}}",
         {"cursor": "meta.next_cursor"}),
        (URL, {"jobs": JOB, "total": 80}, URL, None),
        (URL, {"jobs": JOB, "prev": "/api?page=0", "nextSteps": "call us"}, URL, None),
        (f"{URL}?page=two", {"jobs": JOB}, f"{URL}?page=two", None),
    ],
)  # fmt: skip
def test_how_a_list_goes_on_is_seen(url: str, answer: Any, url_then: str, pages: dict[str, Any] | None) -> None:
    page = Page(url=url, body=json.dumps(answer).encode())
    guess = guess_answer(page, answer, url, NOW)[0]
    assert (guess.keys["url"], guess.keys.get("pages")) == (url_then, pages)
    built = {**guess.keys, **({"pages": Pages(**guess.keys["pages"])} if pages else {})}
    assert list(Json(**built).problems()) == []
    assert [one.keys.get("pages") for one in guess.otherwise] == ([None] if pages else [])


def test_a_link_header_leads_on() -> None:
    assert best(JOB, link=f'<{URL}?page=2>; rel="next"')["pages"] == {"link": True}


def test_an_address_with_a_placeholder_of_the_user_s_is_not_touched() -> None:
    page = Page(url=f"{URL}?page=1&key=abc", body=b"")
    (guess,) = guess_answer(page, JOB, f"{URL}?page=1&key=${{env:KEY}}", NOW)
    assert (guess.keys["url"], "pages" in guess.keys) == (f"{URL}?page=1&key=${{env:KEY}}", False)


def test_the_columns_of_a_dataset_are_mapped() -> None:
    permits: list[Mapping[str, Any]] = [
        {"permit_no": f"P-{n}", "description": f"New house number {n}", "issued_date": "2026-11-02"} for n in range(5)
    ]
    assert mapped(permits, NOW) == {"key": "permit_no", "title": "description", "published_at": "issued_date"}
