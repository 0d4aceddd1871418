"""`scan explain` and `scan matches --rematch`: why something was told or not, and what a search would find."""

import re
from typing import Any

import pytest

from tests.cli.boards import SEARCH, answer, config, job
from tests.cli.conftest import Scan
from tests.web import Web

pytestmark = pytest.mark.cli

LOG = "channels:\n  - {name: log, kind: command, run: [/bin/cat]}\n"
SEARCHES = """searches:
  - {name: engineers, any: [engineer], none: [senior], title: {all: ['re:\\beng']}}
  - {name: paid, any: [engineer], where: attributes.salary_max > 1000, on: [new, changed]}
  - {name: elsewhere, sources: [other], any: [engineer]}
"""


def lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines()]


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Scan:
    """Make a profile to look at, with one item that was new, edited, gone and back, and another that stayed."""
    scan = Scan(tmp_path_factory.mktemp("lived"))
    stays = job(2, "Cook")
    boards = [
        answer(job(1, "Engineer"), stays),
        answer(job(1, "Engineer", location={"name": "Rome"}), stays),
        answer(stays),
        answer(job(1, "Senior Engineer", location={"name": "Rome"}), stays),
    ]
    other = "  - {name: other, kind: greenhouse, board: o, enabled: false}\n"
    with Web() as web:
        scan.configure(config(web.serve("/jobs", boards), f"{other}{SEARCHES}{LOG}"))
        for _ in boards:
            scan.run()
    return scan


class TestTheItem:
    @pytest.mark.parametrize("sought", ["1", "https://boards.example.org/jobs/1", "engineer senior", "SENIOR"])
    def test_it_is_found_by_its_id_its_address_and_words_of_its_title(self, lived: Scan, sought: str) -> None:
        ran = lived("explain", sought)
        assert (ran.status, ran.err) == (0, "")
        assert ran.out.startswith("Senior Engineer at Acme\n")

    def test_it_is_found_by_its_key(self, scan: Scan, web: Web) -> None:
        scan.configure(config(web.serve("/jobs", answer(job(4101, "Cook"), job(4102, "Engineer")))))
        scan.run()
        assert scan("explain", "4102", "--json").json["item"]["title"] == "Engineer"

    def test_it_is_shown_whole(self, lived: Scan) -> None:
        shown = lines(lived("explain", "1").out)
        for line in ("id 1", "source acme", "key 1", "kind job", "location Rome", "published_at 2026-11-01 13:00"):
            assert line in shown
        assert "What you will do" in shown

    def test_several_that_fit_are_listed_with_their_ids(self, scan: Scan, web: Web) -> None:
        scan.configure(config(web.serve("/jobs", answer(*[job(number, f"Engineer {number}") for number in range(30)]))))
        scan.run()
        ran = scan("explain", "engineer")
        assert (ran.status, ran.out) == (2, "")
        assert "“engineer” fits more than 20 items; name one by its id:" in ran.err
        assert len(re.findall(r"^ *\d+  20.*Engineer \d+ at Acme", ran.err, re.MULTILINE)) == 20
        assert "“engineer 9” fits 3 items" in scan("explain", "engineer 9").err
        assert scan("explain", "engineer 29").status == 0

    @pytest.mark.parametrize("sought", ["gardener", "99", "", "%", "_"])
    def test_what_fits_nothing_is_refused(self, lived: Scan, sought: str) -> None:
        ran = lived("explain", sought)
        assert (ran.status, ran.out) == (2, "")
        assert f"No item has “{sought}” for its id, key or address, or in its title." in ran.err


class TestTheHistory:
    def test_everything_that_happened_is_there_in_its_order(self, lived: Scan) -> None:
        out = lived("explain", "1").out
        happened = out[out.index("HISTORY") : out.index("SEARCHES")]
        events = re.findall(r"^  \d{4}-\d\d-\d\d \d\d:\d\d  (.*)$", happened, re.MULTILINE)
        assert events[:4] == ["first seen", "engineers matched (new)", "changed", "gone"]
        assert sorted(events[4:]) == ["back", "changed"]
        assert "location: “Berlin” → “Rome”" in happened
        assert "title: “Engineer” → “Senior Engineer”" in happened
        assert re.search(r"log: sent \d{4}-", happened)

    def test_it_is_whole_as_json(self, lived: Scan) -> None:
        story = lived("explain", "1", "--json").json
        assert story["configured"] is True
        (absence,) = story["absences"]
        assert absence["seen_at"] < absence["gone_at"] < absence["returned_at"]
        assert [(change["field"], change["old"], change["new"]) for change in story["changes"]] == [
            ("location", "Berlin", "Rome"),
            ("title", "Engineer", "Senior Engineer"),
        ]
        (match,) = story["matches"]
        assert (match["search"], match["event"]) == ("engineers", "new")
        (delivery,) = match["deliveries"]
        assert (delivery["channel"], delivery["state"], delivery["attempts"]) == ("log", "sent", 1)

    def test_one_that_is_gone_is_still_explained(self, scan: Scan, web: Web) -> None:
        jobs = [job(1, "Engineer"), job(2, "Cook")]
        scan.configure(config(web.serve("/jobs", [answer(*jobs), answer(jobs[1])]), SEARCH))
        for _ in range(2):
            scan.run()
        assert re.search(r"^  20.*  gone$", scan("explain", "engineer").out, re.MULTILINE)
        (absence,) = scan("explain", "engineer", "--json").json["absences"]
        assert absence["returned_at"] is None

    def test_a_delivery_that_failed_says_why_without_its_secrets(self, scan: Scan, web: Web) -> None:
        secret = "hunter22-s3cret"
        program = f"[/bin/sh, -c, 'echo {secret} is refused >&2; exit 1']"
        channel = f"channels:\n  - {{name: log, kind: command, run: {program}}}\n"
        url, headers = web.serve("/jobs", answer(job(1, "Engineer"))), f", headers: {{Authorization: Bearer {secret}}}"
        scan.configure(config(url, f"{SEARCH}{channel}", more=headers))
        scan("run", "--all")
        out, as_json = scan("explain", "engineer").out, scan("explain", "engineer", "--json")
        assert re.search(r"log: batched, tried 1×, next try 20.*\*\*\* is refused$", out, re.MULTILINE)  # noqa: RUF001
        assert as_json.json["matches"][0]["deliveries"][0]["error"].endswith("*** is refused")
        assert secret not in out + as_json.out

    def test_a_duplicate_is_named_as_one(self, scan: Scan, web: Web) -> None:
        mirror = (
            f"  - {{name: mirror, kind: greenhouse, board: b, url: '{web.serve('/b', answer(job(9, 'Engineer')))}'}}\n"
        )
        scan.configure(config(web.serve("/jobs", answer(job(1, "Engineer"))), f"{mirror}{SEARCH}{LOG}"))
        scan.run()
        shown = [scan("explain", identity).out for identity in ("1", "2")]
        assert sum("engineers matched (new); not told, as another source had the same" in out for out in shown) == 1


class TestTheSearches:
    def test_each_says_every_condition_and_whether_it_held(self, lived: Scan) -> None:
        out = lived("explain", "1").out
        assert [line.partition(" (Key")[0] for line in lines(out[out.index("SEARCHES") :])] == [
            "SEARCHES",
            "engineers: fails",
            "yes any: engineer title: Senior Engineer",
            r"yes title.all: re:\beng title: Senior Engineer",
            "NO none: senior title: Senior Engineer",
            "paid (on new, changed): fails",
            "yes any: engineer title: Senior Engineer",
            "NO where: attributes.salary_max > 1000",
            "elsewhere: does not look at acme",
        ]
        assert re.search(r"where: attributes.salary_max > 1000 +\(Key not found .*\)$", out, re.MULTILINE)

    def test_the_same_as_json(self, lived: Scan) -> None:
        opinions = {one["search"]: one for one in lived("explain", "1", "--json").json["searches"]}
        verdicts = {name: one["verdict"] for name, one in opinions.items()}
        assert verdicts == {"engineers": "fails", "paid": "fails", "elsewhere": "looks_elsewhere"}
        assert opinions["engineers"]["conditions"][2] == {
            "rule": "none",
            "term": "senior",
            "held": False,
            "field": "title",
            "excerpt": "Senior Engineer",
            "note": None,
        }

    def test_the_config_as_it_is_now_is_asked(self, scan: Scan, web: Web) -> None:
        scan.configure(config(web.serve("/jobs", answer(job(1, "Engineer"))), SEARCH))
        scan.run()
        scan.configure(config(web.url("/jobs"), "searches:\n  - {name: all}\n", name="renamed"))
        out = scan("explain", "1").out
        assert "The config has no source acme any more." in out
        assert "all: matches\n    yes  no conditions: everything matches" in out
        scan.configure(config(web.url("/jobs")))
        assert "the config has none" in scan("explain", "1").out


class TestRematch:
    @pytest.fixture
    def told(self, scan: Scan, web: Web) -> Scan:
        """Make a profile whose search told of one item and is changed now, so that it would find another."""
        jobs = [job(1, "Engineer"), job(2, "Cook"), job(3, "Gardener")]
        scan.configure(config(web.serve("/jobs", answer(*jobs)), f"{SEARCH}{LOG}"))
        scan.run()
        scan.configure(config(web.url("/jobs"), f"{SEARCH.replace('[engineer]', '[engineer, cook]')}{LOG}"))
        return scan

    @staticmethod
    def rematched(scan: Scan, *arguments: str) -> Any:
        ran = scan("matches", "--search", "engineers", "--rematch", "--json", *arguments)
        assert (ran.status, ran.err) == (0, "")
        return ran.json

    def test_it_shows_what_would_match_why_and_what_was_told(self, told: Scan) -> None:
        out = told("matches", "--search", "engineers", "--rematch").out
        assert re.search(r"^20.*  acme +Cook at Acme +no +cook$", out, re.MULTILINE)
        assert re.search(r"^20.*  acme +Engineer at Acme +yes +engineer$", out, re.MULTILINE)
        assert out.endswith("2 of 3 items match, 1 of them not told yet; nothing was sent\n")

    def test_it_sends_and_writes_nothing(self, told: Scan) -> None:
        before = {
            path.name: path.read_bytes() for path in told.state.iterdir() if not path.name.endswith(("-shm", "-wal"))
        }
        self.rematched(told)
        told("matches", "--search", "engineers", "--rematch", "--csv")
        assert {name: (told.state / name).read_bytes() for name in before} == before
        assert len(told("matches", "--json").json["matches"]) == 1
        assert told.run()["matches"]["new"] == 1, "the next run tells it all the same"
        assert self.rematched(told)["untold"] == 0

    def test_it_is_whole_as_json(self, told: Scan) -> None:
        result = self.rematched(told)
        assert (result["looked_at"], result["matched"], result["untold"]) == (3, 2, 1)
        cook, engineer = result["matches"]
        assert (cook["item"]["title"], cook["recorded"]) == ("Cook", None)
        assert cook["reasons"] == [{"rule": "any", "term": "cook", "field": "title", "excerpt": "Cook"}]
        assert engineer["recorded"]["deliveries"] == {"sent": 1}

    def test_csv_limit_and_since_hold(self, told: Scan) -> None:
        csv = told("matches", "--search", "engineers", "--rematch", "--csv").out.splitlines()
        assert csv[0].startswith("search,event,at,source,title")
        assert re.fullmatch(r"engineers,,,acme,Cook,Acme,Berlin,https://.*/2,false,no,cook", csv[1])
        assert re.fullmatch(r"engineers,new,20.*Z,acme,Engineer,.*,false,yes,engineer", csv[2])
        limited = self.rematched(told, "--limit", "1")
        assert (limited["matched"], len(limited["matches"])) == (2, 1)
        assert (
            told("matches", "--search", "engineers", "--rematch", "--limit", "1").err == "there are more: --offset 1\n"
        )
        assert self.rematched(told, "--since", "1h")["matched"] == 2
        assert self.rematched(told, "--since", "2999-01-01")["looked_at"] == 0

    def test_it_looks_only_where_the_search_looks_and_at_what_is_there(self, scan: Scan, web: Web) -> None:
        jobs = [job(number, "Engineer") for number in range(12)]
        web.serve("/jobs", [answer(*jobs), answer(*jobs[:10])])
        other = (
            f"  - {{name: other, kind: greenhouse, board: b, url: '{web.serve('/b', answer(job(77, 'Engineer')))}'}}\n"
        )
        search = "searches:\n  - {name: engineers, sources: [acme], any: [engineer]}\n"
        scan.configure(config(web.url("/jobs"), f"{other}{search}"))
        for _ in range(2):
            scan.run()
        assert self.rematched(scan)["looked_at"] == 10
