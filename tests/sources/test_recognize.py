"""Which source an address shows: every kind by all its public addresses, and none by anything else."""

import dataclasses
from typing import Any

import pytest

from scan.sources import KINDS, Source
from scan.sources.addresses import URL
from scan.sources.marks import Marks

GENERIC = {"command", "feed", "json", "html", "jsonld", "sitemap", "csv", "ical"}
"""Known by what a page holds, not by its address."""

ADDRESSES: dict[tuple[str, str], list[str]] = {
    ("greenhouse", "board=acme"): [
        "https://boards.greenhouse.io/acme",
        "https://boards.greenhouse.io/acme/jobs/4101001?gh_src=abc",
        "https://job-boards.greenhouse.io/acme",
        "https://job-boards.greenhouse.io/acme/jobs/4101001",
        "https://job-boards.eu.greenhouse.io/acme/jobs/4101001",
        "https://boards.eu.greenhouse.io/acme",
        "https://boards.greenhouse.io/embed/job_board?for=acme",
        "https://boards.greenhouse.io/embed/job_board/js?for=acme",
        "https://job-boards.greenhouse.io/embed/job_app?for=acme&token=4101001",
        "https://boards-api.greenhouse.io/v1/boards/acme/jobs?content=true",
        "https://boards-api.greenhouse.io/v1/boards/acme",
        "https://api.greenhouse.io/v1/boards/acme/embed/jobs",
    ],
    ("lever", "site=acme"): [
        "https://jobs.lever.co/acme",
        "https://jobs.lever.co/acme/5ac21346-8e0c-4494-8e7a-3eb92ff77902",
        "https://jobs.lever.co/acme/5ac21346-8e0c-4494-8e7a-3eb92ff77902/apply",
        "https://api.lever.co/v0/postings/acme?mode=json",
    ],
    ("lever", "eu=True site=acme"): ["https://jobs.eu.lever.co/acme/", "https://api.eu.lever.co/v0/postings/acme"],
    ("ashby", "board=acme"): [
        "https://jobs.ashbyhq.com/acme",
        "https://jobs.ashbyhq.com/acme/5ac21346-8e0c-4494-8e7a-3eb92ff77902/application",
        "https://jobs.ashbyhq.com/acme/embed?version=2",
        "https://api.ashbyhq.com/posting-api/job-board/acme?includeCompensation=true",
    ],
    ("ashby", "board=Acme Robots"): ["https://jobs.ashbyhq.com/Acme%20Robots"],
    ("workable", "account=acme"): [
        "https://apply.workable.com/acme/",
        "https://apply.workable.com/acme/j/5AC2134600/",
        "https://apply.workable.com/api/v1/widget/accounts/acme?details=true",
        "https://apply.workable.com/api/v3/accounts/acme/jobs",
        "https://www.workable.com/api/accounts/acme?details=true",
        "https://acme.workable.com/jobs/123",
    ],
    ("smartrecruiters", "company=Acme1"): [
        "https://jobs.smartrecruiters.com/Acme1",
        "https://jobs.smartrecruiters.com/Acme1/743999700000000-engineer",
        "https://jobs.smartrecruiters.com/oneclick-ui/company/Acme1/publication/abc",
        "https://careers.smartrecruiters.com/Acme1/berlin",
        "https://api.smartrecruiters.com/v1/companies/Acme1/postings?limit=100",
    ],
    ("recruitee", "company=acme"): [
        "https://acme.recruitee.com/",
        "https://acme.recruitee.com/o/backend-engineer",
        "https://acme.recruitee.com/api/offers/",
    ],
    ("personio", "account=acme"): [
        "https://acme.jobs.personio.de/",
        "https://acme.jobs.personio.de/job/123?language=en",
        "https://acme.jobs.personio.de/xml",
    ],
    ("personio", "account=acme domain=com"): ["https://acme.jobs.personio.com/job/123"],
    ("workday", "instance=wd5 site=External tenant=acme"): [
        "https://acme.wd5.myworkdayjobs.com/External",
        "https://acme.wd5.myworkdayjobs.com/en-US/External",
        "https://acme.wd5.myworkdayjobs.com/de-DE/External/job/Berlin/Engineer_R-1",
        "https://acme.wd5.myworkdayjobs.com/External/jobs?q=engineer",
        "https://acme.wd5.myworkdayjobs.com/wday/cxs/acme/External/jobs",
    ],
    ("workday", "domain=myworkdaysite.com instance=wd3 site=External tenant=acme"): [
        "https://wd3.myworkdaysite.com/recruiting/acme/External",
        "https://wd3.myworkdaysite.com/en-US/recruiting/acme/External/job/Berlin/Engineer_R-1",
        "https://wd3.myworkdaysite.com/wday/cxs/acme/External/jobs",
    ],
    ("teamtailor", "company=acme"): [
        "https://acme.teamtailor.com/",
        "https://acme.teamtailor.com/jobs/123-engineer",
        "https://acme.teamtailor.com/jobs.rss",
        "https://acme.teamtailor.com/jobs.json",
    ],
    ("teamtailor", "company=acme na=True"): ["https://acme.na.teamtailor.com/jobs"],
    ("bamboohr", "tenant=acme"): [
        "https://acme.bamboohr.com/careers",
        "https://acme.bamboohr.com/careers/27",
        "https://acme.bamboohr.com/careers/list",
        "https://acme.bamboohr.com/jobs/embed2.php",
        "https://acme.bamboohr.com/js/embed.js",
    ],
    ("breezy", "company=acme"): [
        "https://acme.breezy.hr/",
        "https://acme.breezy.hr/p/5ac213468e0c-engineer",
        "https://acme.breezy.hr/json",
    ],
    ("rippling", "board=acme"): [
        "https://ats.rippling.com/acme/jobs",
        "https://ats.rippling.com/en-GB/acme/jobs/5ac21346-8e0c-4494-8e7a-3eb92ff77902",
        "https://ats.rippling.com/embed/acme/jobs?s=https%3A%2F%2Facme.example%2F",
        "https://ats.rippling.com/api/v2/board/acme/jobs?page=0",
        "https://api.rippling.com/platform/api/ats/v1/board/acme/jobs",
    ],
    ("pinpoint", "company=acme"): [
        "https://acme.pinpointhq.com/",
        "https://acme.pinpointhq.com/en/postings/5ac21346-8e0c-4494-8e7a-3eb92ff77902",
        "https://acme.pinpointhq.com/postings.json",
    ],
    ("jazzhr", "tenant=acme"): [
        "https://acme.applytojob.com/apply",
        "https://acme.applytojob.com/apply/jobs/details/abc",
        "https://app.jazz.co/feeds/export/jobs/acme",
        "https://app.jazz.co/widgets/basic/create/acme",
    ],
    ("icims", "site=acme"): [
        "https://careers-acme.icims.com/jobs/search?ss=1",
        "https://careers-acme.icims.com/jobs/1001/engineer/job?in_iframe=1",
    ],
    ("icims", "site=uscareers-acme.icims.com"): ["https://uscareers-acme.icims.com/jobs/intro"],
    ("remoteok", ""): ["https://remoteok.com/api", "https://remoteok.com/remote-python-jobs", "https://remoteok.io/"],
    ("remotive", ""): ["https://remotive.com/remote-jobs/software-dev", "https://remotive.com/api/remote-jobs"],
    ("remotive", "category=software-dev search=go"): [
        "https://remotive.com/api/remote-jobs?category=software-dev&search=go"
    ],
    ("arbeitnow", ""): ["https://www.arbeitnow.com/", "https://arbeitnow.com/api/job-board-api?page=2"],
    ("himalayas", ""): ["https://himalayas.app/jobs", "https://himalayas.app/jobs/api?limit=20"],
    ("jobicy", ""): ["https://jobicy.com/jobs", "https://jobicy.com/api/v2/remote-jobs"],
    ("jobicy", "geo=europe tag=python"): ["https://jobicy.com/api/v2/remote-jobs?count=20&tag=python&geo=europe"],
    ("weworkremotely", ""): ["https://weworkremotely.com/", "https://weworkremotely.com/remote-jobs.rss"],
    ("weworkremotely", "category=remote-programming-jobs"): [
        "https://weworkremotely.com/categories/remote-programming-jobs",
        "https://weworkremotely.com/categories/remote-programming-jobs.rss",
    ],
    ("hn_hiring", ""): [
        "https://news.ycombinator.com/submitted?id=whoishiring",
        "https://hn.algolia.com/api/v1/search_by_date?tags=story,author_whoishiring",
    ],
    ("usajobs", "email=${env:USAJOBS_EMAIL} key=${credential:usajobs} keyword=python location=Denver"): [
        "https://www.usajobs.gov/Search/Results?k=python&l=Denver",
        "https://data.usajobs.gov/api/Search?Keyword=python&LocationName=Denver",
    ],
    ("ckan", "portal=data.example.org query=air"): ["https://data.example.org/api/3/action/package_search?q=air"],
    ("ckan", "portal=example.org/open"): ["https://example.org/open/api/3/action/package_search"],
    ("socrata", "dataset=msk6-43c6 domain=data.example.org fields={}"): [
        "https://data.example.org/resource/msk6-43c6.json?$limit=10",
        "https://data.example.org/d/msk6-43c6",
        "https://data.example.org/Permitting/Approved-Building-Permits/msk6-43c6",
        "https://data.example.org/Permitting/Approved-Building-Permits/msk6-43c6/about_data",
        "https://data.example.org/api/views/msk6-43c6/rows.csv",
    ],
    ("legistar", "client=chicago"): [
        "https://chicago.legistar.com/Calendar.aspx",
        "https://chicago.legistar.com/MeetingDetail.aspx?ID=1",
        "https://webapi.legistar.com/v1/chicago/events",
    ],
}

NOBODY_S = [
    "https://boards.greenhouse.io/",
    "https://www.greenhouse.io/acme",
    "https://jobs.lever.co/",
    "https://www.lever.co/acme",
    "https://jobs.ashbyhq.com/api/non-user-graphql",
    "https://apply.workable.com/",
    "https://apply.workable.com/j/5AC2134600",
    "https://jobs.workable.com/search",
    "https://static.smartrecruiters.com/job-widget/1.6.1/script/smart_widget.js",
    "https://www.recruitee.com/",
    "https://acme.recruitee.com.evil.example/",
    "https://a.b.recruitee.com/",
    "https://www.personio.de/",
    "https://acme.wd5.myworkdayjobs.com/",
    "https://wd5.myworkdaysite.com/recruiting/acme",
    "https://assets-aws.teamtailor-cdn.com/assets/packs/js/careersite.js",
    "https://www.teamtailor.com/?utm_campaign=poweredby",
    "https://assets-cdn.breezy.hr/logo.png",
    "https://app.breezy.hr/signin",
    "https://www.bamboohr.com/careers",
    "https://images4.bamboohr.com/logo.png",
    "https://www.pinpointhq.com/",
    "https://rippling.com/acme/jobs",
    "https://community.icims.com/",
    "https://news.ycombinator.com/item?id=1",
    "https://himalayas.app/blog",
    "https://example.org/blog/2026/four-five",
    "https://example.org/jobs",
    "ftp://boards.greenhouse.io/acme",
    "file:///boards.greenhouse.io/acme",
    "https://jobs.lever.co/${file:%2Fetc%2Fpasswd}",
    "https://jobs.ashbyhq.com/a%0Ab",
    "https://[::1",
    "",
]


def recognized(address: str) -> dict[str, Source]:
    url = URL.read(address)
    found = {kind: adapter.recognize(url) for kind, adapter in KINDS.items()} if url else {}
    return {kind: source for kind, source in found.items() if source is not None}


def shown(source: Source) -> str:
    """Write the keys that differ from their defaults."""
    keys: dict[str, Any] = {
        one.name: value
        for one in dataclasses.fields(source)
        if (value := getattr(source, one.name)) != one.default and value is not None
    }
    return " ".join(f"{name}={value}" for name, value in sorted(keys.items()))


@pytest.mark.parametrize(
    ("kind", "keys", "address"), [(*names, address) for names, addresses in ADDRESSES.items() for address in addresses]
)
def test_an_address_shows_its_source_and_no_other(kind: str, keys: str, address: str) -> None:
    assert {kind: shown(source) for kind, source in recognized(address).items()} == {kind: keys}


@pytest.mark.parametrize("address", NOBODY_S)
def test_what_is_nobody_s_board_is_not_recognized(address: str) -> None:
    assert recognized(address) == {}


def test_every_named_kind_is_recognized() -> None:
    assert {kind for kind, _ in ADDRESSES} == KINDS.keys() - GENERIC


def page(address: str, **marks: Any) -> dict[str, str]:
    url = URL.read(address)
    assert url is not None
    loads = tuple(read for text in marks.pop("loads", ()) if (read := URL.read(text)))
    found = {kind: adapter.recognize_page(url, Marks(loads=loads, **marks)) for kind, adapter in KINDS.items()}
    return {kind: shown(source) for kind, source in found.items() if source is not None}


@pytest.mark.parametrize(
    ("address", "marks", "expected"),
    [
        (
            "https://jobs.acme.example/o/engineer",
            {"loads": ["https://careers.recruiteecdn.com/image/upload/a.png"]},
            {"recruitee": "company=acme url=https://jobs.acme.example/api/offers/"},
        ),
        (
            "https://careers.acme.co.uk/jobs/1-engineer",
            {"loads": ["https://assets-aws.teamtailor-cdn.com/assets/packs/js/careersite-f9.js"]},
            {"teamtailor": "company=acme url=https://careers.acme.co.uk/jobs.rss?per_page=100&offset=0"},
        ),
        (
            "https://jobs.acme.example/p/1",
            {"loads": ["https://assets-cdn.breezy.hr/breezy-portal/javascripts/a.js"]},
            {"breezy": "company=acme url=https://jobs.acme.example/json"},
        ),
        (
            "https://acme.example/careers",
            {"code": "window.leverJobsOptions = {accountName: 'acme-inc', includeCss: true};"},
            {"lever": "site=acme-inc"},
        ),
        (
            "https://acme.example/careers",
            {"code": "whr(document).ready(function(){ whr_embed(407621, {detail: 'titles'}); });"},
            {"workable": "account=407621"},
        ),
        (
            "https://acme.example/careers",
            {
                "loads": ["https://static.smartrecruiters.com/job-widget/1.6.1/script/smart_widget.js"],
                "code": 'widget({"company_code": "Acme1", "bg_color": "#fff"})',
            },
            {"smartrecruiters": "company=Acme1"},
        ),
        (
            "https://data.example.org/dataset?q=air",
            {"generator": "ckan 2.10.5"},
            {"ckan": "portal=data.example.org query=air"},
        ),
        ("https://acme.example/", {"loads": ["https://images.teamtailor-cdn.com/logo.png"]}, {}),
        ("https://acme.example/", {"code": 'shop({"company_code": "Acme1"})', "generator": "WordPress 6.4"}, {}),
    ],
)
def test_a_page_on_a_host_of_its_owner_s_shows_its_source(
    address: str, marks: dict[str, Any], expected: dict[str, str]
) -> None:
    assert page(address, **marks) == expected
