"""Lists of kind `json` and `html` that want to be asked in their own way, through the installed command."""

import json
from urllib.parse import parse_qs

import pytest

from tests.cli.conftest import Scan
from tests.web import Answer, Asked, Web

pytestmark = pytest.mark.cli


def units(asked: Asked) -> Answer:
    """Give two rows a page, to whoever asks by POST, with a key, for what follows a cursor."""
    wanted = json.loads(asked.body)
    if asked.method != "POST" or asked.headers.get("x-api-key") != "k-93c2f0a1" or wanted["site"] != 7:
        return Answer(status=403)
    start = int(wanted["after"] or 0)
    rows = [{"id": n, "name": {"en": f"Unit {n}"}, "price": f"$ {n},200.50 / mo"} for n in range(start + 1, start + 3)]
    following = str(start + 2) if start < 4 else None
    return Answer(body=json.dumps({"data": {"rows": rows}, "next": following}).encode())


def meetings(asked: Asked) -> Answer:
    """Give a page of a table to whoever sends the form."""
    form = parse_qs(asked.body.decode())
    page = int(form["page"][0])
    rows = "".join(
        f"<tr><td><a href=/m/{n}.pdf>Meeting {n}</a><td>May {n}, 2026" for n in range(3 * page - 2, 3 * page + 1)
    )
    return Answer(
        body=f"<h1>7 results</h1><table>{rows if page < 3 else '<tr><td><a href=/m/7.pdf>Meeting 7'}</table>".encode()
    )


def test_a_list_that_wants_to_be_asked_by_post_is_read_to_its_end_and_then_silent(scan: Scan, web: Web) -> None:
    web.serve("/units", units)
    web.serve("/meetings", meetings)
    scan.configure(f"""
sources:
  - name: units
    kind: json
    url: {web.url("/units")}
    method: POST
    headers: {{X-API-Key: k-93c2f0a1}}
    body: {{site: 7, after: "{{cursor}}"}}
    items: data.rows
    pages: {{cursor: next, max: 9}}
    fields:
      key: id
      title: name.en
      attributes.rent: {{path: price, number: true}}
      attributes.currency: {{path: price, currency: true}}
  - name: meetings
    kind: html
    url: {web.url("/meetings")}
    method: POST
    body: {{page: "{{page}}", what: council}}
    items: "tr"
    pages: {{total: h1, max: 9}}
    fields: {{title: a, url: "a@href", published_at: {{select: "td + td", date: "%B %d, %Y", zone: America/Chicago}}}}
searches:
  - {{name: cheap, sources: [units], where: "attributes.rent < 3000.0 && attributes.currency == 'USD'"}}
""")
    first = scan.run()
    rows = {row["source"]: row for row in first["by_source"]}
    assert [(rows[name]["status"], rows[name]["new"]) for name in ("units", "meetings")] == [("ok", 6), ("ok", 7)]
    assert first["matches"]["new"] == 2
    assert len(web.asked("/units")) == len(web.asked("/meetings")) == 3
    items = {item["title"]: item for item in scan("items", "--json").json["items"]}
    assert items["Unit 2"]["attributes"] == {"rent": 2200.5, "currency": "USD"}
    assert items["Meeting 1"]["published_at"] == "2026-05-01T05:00:00Z"
    assert items["Meeting 1"]["url"] == web.url("/m/1.pdf")

    second = scan.run()
    counts = second["items"]
    assert (counts["new"], counts["changed"], counts["gone"], second["matches"]["new"]) == (0, 0, 0, 0)
    assert "k-93c2f0a1" not in scan("config", "show").out
