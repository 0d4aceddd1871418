"""Sources from lists, from outside: synced, expanded, retired, known again, and used as they were if a sync fails."""

import json
from collections.abc import Iterator

import pytest

from tests.cli.conftest import Ran, Scan
from tests.sheets import Sheets
from tests.web import Answer, Asked, Web

pytestmark = pytest.mark.cli

CONFIG = """\
http: {{retries: 0, timeout: 5s}}
lists:
  buildings: {{{origin}}}
sources:
  - name: units
    kind: json
    url: "{web}/units/{{site}}?q={{name}}"
    organization: "{{Name}}"
    fields: {{key: id, title: name}}
    tags: [units]
    each: {{from: buildings}}
{more}
searches:
  - {{name: all, sources: [units], notify: [log]}}
channels:
  - {{name: log, kind: stdout}}
"""


def table(*rows: str) -> Answer:
    return Answer(body="\n".join(["Name,Site", *rows]).encode(), headers={"Content-Type": "text/csv"})


def units(*names: str) -> Answer:
    return Answer(body=json.dumps([{"id": name, "name": name} for name in names]).encode())


@pytest.fixture
def listed(scan: Scan, web: Web) -> Scan:
    """Two buildings in a list by HTTP, with a unit each."""
    web.serve("/list.csv", table("Loft,loft", "Café,cafe"))
    web.serve("/units/loft", units("Loft 1"))
    web.serve("/units/cafe", units("Café 1"))
    scan.configure(CONFIG.format(origin=f"url: '{web.url('/list.csv')}'", web=web.url("").rstrip("/"), more=""))
    return scan


@pytest.fixture
def google() -> Iterator[Sheets]:
    with Sheets() as server:
        yield server


def names(run: object) -> list[str]:
    assert isinstance(run, dict)
    return sorted(source["source"] for source in run["by_source"])


def found(scan: Scan) -> list[str]:
    return sorted(match["item"]["title"] for match in scan("matches", "--json").json["matches"])


def the_list(scan: Scan) -> dict[str, object]:
    (one,) = scan("status", "--json").json["lists"]
    assert isinstance(one, dict)
    return one


def warnings(ran: Ran) -> list[str]:
    return [line["message"] for line in ran.log if line["level"] == "warning"]


def test_each_row_is_a_source_and_the_second_run_is_silent(listed: Scan, web: Web) -> None:
    first, second = listed.run(), listed.run()

    assert names(first) == names(second) == ["units.Cafe", "units.Loft"]
    assert (first["items"]["new"], first["deliveries"]["sent"]) == (2, 2)
    assert (second["items"]["new"], second["deliveries"]["sent"]) == (0, 0)
    assert found(listed) == ["Café 1", "Loft 1"]
    assert {asked.target for asked in web.asked("/units/cafe")} == {"/units/cafe?q=Caf%C3%A9"}
    assert [source["source"] for source in listed("sources", "--json").json["sources"]] == ["units.Loft", "units.Cafe"]
    item = listed("items", "--source", "units.Cafe", "--json").json["items"][0]
    assert item["organization"] == "Café"
    (opinion,) = listed("explain", str(item["id"]), "--json").json["searches"]
    assert opinion["verdict"] == "matches"
    assert listed("config", "check").out.endswith("ok (2 sources, 1 search, 1 channel)\n")


def test_a_removed_row_s_source_is_retired_and_known_when_it_is_back(listed: Scan, web: Web) -> None:
    listed.run()
    web.serve("/units/cafe", units("Café 1", "Café 2"))
    web.serve("/list.csv", table("Loft,loft"))
    asked = len(web.asked("/units/cafe"))

    for _ in range(2):
        run = listed.run()
        assert (names(run), run["items"]["gone"], run["deliveries"]["sent"]) == (["units.Loft"], 0, 0)
    assert len(web.asked("/units/cafe")) == asked
    status = listed("status", "--json").json
    assert (status["status"], [source["source"] for source in status["sources"]]) == ("healthy", ["units.Loft"])
    assert [item["title"] for item in listed("items", "--source", "units.Cafe", "--json").json["items"]] == ["Café 1"]

    web.serve("/list.csv", table("Loft,loft", "Café,cafe"))
    back = listed.run()

    assert (back["items"]["new"], back["items"]["returned"], back["deliveries"]["sent"]) == (1, 0, 1)
    assert listed.run()["deliveries"]["sent"] == 0


def test_a_list_that_cannot_be_had_is_used_as_it_was_and_that_is_told(listed: Scan, web: Web) -> None:
    listed.run()
    web.serve("/list.csv", Answer(status=500))

    ran = listed("run", "--all")

    assert (ran.status, names(ran.log[-1])) == (0, ["units.Cafe", "units.Loft"])
    (warning,) = warnings(ran)
    why = "cannot be synced, its last good copy is used: the server failed (HTTP 500)"
    assert warning == f"the list buildings {why}"
    status = listed("status")
    assert "profile: degraded" in status.out
    assert "! the list buildings cannot be synced, used as it was" in status.out
    assert "buildings is as it was on" in listed("config", "check").err

    web.serve("/list.csv", table("Loft,loft"))
    assert names(listed.run()) == ["units.Loft"]
    assert (the_list(listed)["error"], listed("status", "--check").status) == (None, 0)


def test_skip_sync_and_dry_run_ask_nobody_for_the_list(listed: Scan, web: Web) -> None:
    dry = listed("run", "--dry-run", "--json")
    assert (dry.json, web.requests) == ({"sources": []}, [])
    assert not listed.state.exists()
    listed.run()
    web.serve("/list.csv", table("Loft,loft"))
    asked = len(web.asked("/list.csv"))

    run = listed.run("--skip-sync")
    dry = listed("run", "--dry-run", "--json")

    assert names(run) == [source["source"] for source in dry.json["sources"]][::-1] == ["units.Cafe", "units.Loft"]
    assert len(web.asked("/list.csv")) == asked


def test_an_unchanged_list_is_not_sent_again(listed: Scan, web: Web) -> None:
    web.serve("/list.csv", Answer(body=b"Name,Site\nLoft,loft\n", etag='"1"'))

    assert names(listed.run()) == names(listed.run()) == ["units.Loft"]

    assert [asked.headers.get("if-none-match") for asked in web.asked("/list.csv")] == [None, '"1"']


def test_a_list_that_never_was_there_fails_the_run_partly_and_costs_no_other_source(listed: Scan, web: Web) -> None:
    web.serve("/list.csv", Answer(status=503, headers={"Retry-After": "86400"}))
    more = f"  - {{name: other, kind: json, url: '{web.serve('/other', units('Other 1'))}', fields: {{title: name}}}}"
    listed.configure(CONFIG.format(origin=f"url: '{web.url('/list.csv')}'", web=web.url("").rstrip("/"), more=more))

    ran = listed("run", "--all")

    assert (ran.status, names(ran.log[-1])) == (3, ["other"])
    (error,) = ran.log[-1]["errors"]
    assert error == "the list buildings was never synced: the server failed (HTTP 503)"
    assert "was never synced" in listed("config", "check").err

    web.serve("/list.csv", table("Loft,loft"))
    assert names(listed.run()) == ["other"]  # it asked to be left alone for a day
    assert listed("run", "--skip-sync").status == 3


def test_odd_rows_are_left_out_with_their_number_and_cost_no_other(listed: Scan, web: Web) -> None:
    web.serve("/list.csv", table("Loft,loft", ",,", "Loft,again", ",cafe", "Café,cafe", "Dach,"))

    ran = listed("run", "--all")

    assert names(ran.log[-1]) == ["units.Cafe", "units.Loft"]
    assert the_list(listed)["rejected_rows"] == [
        "row 4: name: 'units.Loft' is taken; a column that tells the rows apart would be right",
        "row 5: name: the column Name is empty",
        "row 7: url: the column Site is empty",
    ]
    (warning,) = warnings(ran)
    assert warning.startswith("3 rows of the list buildings are left out; the first: row 4: name: 'units.Loft' is")
    assert "row 7: url: the column Site is empty" in listed("config", "check").err


def test_the_entry_s_name_stands_for_all_its_rows_and_new_rows_can_be_named_at_once(listed: Scan, web: Web) -> None:
    assert names(listed("run", "units", "--json").json) == ["units.Cafe", "units.Loft"]
    web.serve("/list.csv", table("Loft,loft", "Dach,dach"))
    web.serve("/units/dach", units("Dach 1"))

    assert names(listed("run", "units.Dach", "--json").json) == ["units.Dach"]
    assert listed("run", "units.Cafe").status == 2
    assert found(listed) == ["Café 1", "Dach 1", "Loft 1"]


def test_preview_shows_the_list_as_it_is_and_keeps_nothing(listed: Scan) -> None:
    shown = listed("preview", "--json").json["sources"]

    assert [source["source"] for source in shown] == ["units.Loft", "units.Cafe"]
    assert [match["search"] for source in shown for match in source["items"][0]["matches"]] == ["all", "all"]
    assert not listed.state.exists()


def test_a_row_can_bring_in_no_secret_and_name_no_file(listed: Scan, web: Web) -> None:
    (listed.folder / "secret.txt").write_text("hidden-in-a-file")
    asked: list[Asked] = []

    def answer(question: Asked) -> Answer:
        asked.append(question)
        return units("One")

    web.serve("/units/x", answer)
    web.serve("/list.csv", table("${env:KEY} ${file:secret.txt},x", f"File,../../{listed.folder}/secret.txt"))
    listed.environ = {"KEY": "hidden-in-the-environment"}

    ran = listed("run", "--all")

    assert "hidden" not in ran.out + ran.err + asked[0].target
    assert asked[0].query == {"q": "${env:KEY} ${file:secret.txt}"}
    assert web.requests[-1].target.startswith("/units/..%2F..%2F")


def test_a_secret_goes_to_no_host_that_a_list_names(scan: Scan, web: Web) -> None:
    web.serve("/list.csv", Answer(body=b"name,site,key\na,127.0.0.1,row-key-1234\n"))
    entry = "sources:\n  - {name: u, kind: json, url: 'http://{site}/a', fields: {title: n}, each: {from: l},"
    lists = f"lists: {{l: {{url: '{web.url('/list.csv')}'}}}}\n"

    scan.configure(f"{lists}{entry} headers: {{Authorization: '${{env:KEY}}'}}}}\n")
    scan.environ = {"KEY": "the-config-s-own"}
    assert scan("run", "--all").status == 3
    assert "whoever edits the list could have this entry's secret" in scan("status").out

    scan.configure(f"{lists}{entry} headers: {{Authorization: '{{key}}'}}}}\n")
    ran = scan("--log-level", "debug", "run", "--all")
    assert names(ran.log[-1]) == ["u.a"]
    shown = scan("config", "show").out + ran.out + scan("status").out + scan("sources").out
    assert "row-key-1234" not in shown


def test_a_google_sheet_is_a_list_and_its_key_is_seen_nowhere(listed: Scan, web: Web, google: Sheets) -> None:
    google.share(
        "book-id-1234", {"Notes": [["x"]], "Buildings": [["Name", "Site"], ["Loft", "loft"], ["Café", "cafe"]]}
    )
    credentials = listed.folder / "credentials"
    credentials.mkdir()
    (credentials / "google").write_text(google.credentials)
    listed.environ = {
        "CREDENTIALS_DIRECTORY": str(credentials),
        "SHEET_ID": "book-id-1234",
        "SHEETS_EMULATOR_HOST": google.root,
    }
    origin = 'sheet: "${env:SHEET_ID}", tab: Buildings, credentials: "${credential:google}"'
    listed.configure(CONFIG.format(origin=origin, web=web.url("").rstrip("/"), more=""))

    first = listed("--log-level", "debug", "run", "--all")
    google.books["book-id-1234"].tabs["Buildings"].rows.pop()
    second = listed("--log-level", "debug", "run", "--all")
    google.books["book-id-1234"].shared_with.clear()
    third = listed("--log-level", "debug", "run", "--all")

    assert [names(ran.log[-1]) for ran in (first, second, third)] == [
        ["units.Cafe", "units.Loft"],
        ["units.Loft"],
        ["units.Loft"],
    ]
    assert "share the spreadsheet with scan@project" in warnings(third)[0]
    written = b"".join(path.read_bytes() for path in listed.state.rglob("*") if path.is_file()).decode("latin-1")
    seen = written + first.out + third.out + third.err + listed("config", "show").out + listed("status").out
    assert "PRIVATE KEY" not in seen
    assert "book-id-1234" not in seen
    assert "ya29." not in seen


def test_a_file_beside_the_config_is_a_list_and_counts_as_it_is(scan: Scan, web: Web) -> None:
    web.serve("/a", units("A 1"))
    web.serve("/b", units("B 1"))
    entry = f"name: 'house-{{id}}', kind: json, url: '{web.url('')}{{id}}', fields: {{title: name}}"
    scan.configure(f"sources:\n  - {{{entry}, each: {{from: h.csv}}}}\n")
    check = scan("config", "check")
    assert (check.status, "'h.csv' is no list, and no file beside the config" in check.err) == (78, True)

    (scan.folder / "h.csv").write_text("id\na\nb\n")
    assert "house-a\tjson\nhouse-b\tjson\n" in scan("run", "--dry-run").out
    assert names(scan.run()) == ["house-a", "house-b"]

    (scan.folder / "h.csv").unlink()
    assert names(scan.run()) == ["house-a", "house-b"]
    assert "No such file" in str(the_list(scan)["error"])
