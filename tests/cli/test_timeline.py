"""Real boards as they were every few days for months, replayed in order through the installed command.

Each step's counts must equal those made here, straight from the recorded JSON.
"""

import json

import pytest

from tests.cli.conftest import Scan
from tests.timeline import TIMELINE, expected
from tests.web import Answer, Web

pytestmark = [pytest.mark.cli, pytest.mark.recorded]


@pytest.mark.parametrize("board", ["canonical", "celonis"])
def test_each_step_of_a_real_board_has_the_counts_of_its_recording(scan: Scan, web: Web, board: str) -> None:
    recordings = [path.read_bytes() for path in sorted((TIMELINE / board).glob("*.json"))]
    assert len(recordings) >= 12
    url = web.serve("/jobs", [Answer(body=recording, gzip=True) for recording in recordings])
    scan.configure(f"sources:\n  - {{name: board, kind: greenhouse, board: {board}, url: '{url}'}}\n")

    steps = [scan.run()["items"] for _ in recordings]

    assert steps == expected(recordings)
    assert any(step["changed"] for step in steps), "the recordings hold changes"
    again = scan.run()  # the last recording once more: silence
    assert again["by_source"][0]["status"] == "unchanged"
    assert (again["items"]["new"], again["items"]["changed"], again["items"]["gone"]) == (0, 0, 0)


def jumped(recording: bytes, count: int) -> bytes:
    """Give a recording that lost all but some of its jobs and counts itself whole, as another board did: 331 to 38."""
    jobs = json.loads(recording)["jobs"][:count]
    return json.dumps({"jobs": jobs, "meta": {"total": len(jobs)}}).encode()


def test_a_real_board_that_jumps_loses_nothing_until_the_jump_is_confirmed(scan: Scan, web: Web) -> None:
    first, second, third = (path.read_bytes() for path in sorted((TIMELINE / "celonis").glob("*.json"))[:3])
    whole = [len(json.loads(recording)["jobs"]) for recording in (first, second, third)]
    jump, stump = jumped(first, 38), b'{"jobs": [], "meta": {"total": %d}}' % whole[1]
    answers = [first, jump, stump, second, third, jumped(third, 38), jumped(third, 37), jumped(third, 38)]
    url = web.serve("/jobs", [Answer(body=body, gzip=True) for body in answers])
    scan.configure(f"every: 1h\nsources:\n  - {{name: board, kind: greenhouse, board: celonis, url: '{url}'}}\n")

    scan.run()
    for reason in ("of 202 items are missing", f"0 of {whole[1]} items"):  # a jump, and an empty page with a total
        result = scan.run()
        assert result["items"]["gone"] == 0
        assert reason in result["by_source"][0]["error"]
    (row,) = scan("sources", "--json").json["sources"]
    assert (row["health"], row["items"]) == ("suspicious", 202)
    assert f"0 of {whole[1]} items" in scan("sources").out

    steps = [scan.run()["items"] for _ in (second, third)]
    assert steps == expected([first, second, third])[1:], "as if nothing had been"
    (row,) = scan("sources", "--json").json["sources"]
    assert (row["health"], row["suspicious_since"], row["error"]) == ("healthy", None, None)

    assert scan.run()["items"]["gone"] == 0
    (row,) = scan("sources", "--json").json["sources"]
    assert (row["health"], row["items"]) == ("suspicious", whole[2])
    assert f"of {whole[2]} items are missing" in row["error"]
    assert scan.run()["items"]["gone"] == 0, "too soon to be believed"
    scan.set_back("suspicious_since", hours=2)
    lasting = scan.run()
    assert lasting["by_source"][0]["status"] == "ok"
    assert lasting["items"]["gone"] == whole[2] - 38, "after two intervals it is believed"
    assert scan.run()["by_source"][0]["status"] == "unchanged"
