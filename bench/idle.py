"""What a run costs that has nothing to do."""

import json
from collections.abc import Iterator

from bench import config
from bench.measure import Failed
from bench.workshop import SCAN, Sample, Workshop

MANY = 10_000
"""Sources, of which none is due."""
CASES = {"nothing due": config.write_many, "no row due": config.write_rows}
"""Sources written out, and as the rows of a list."""


def idle(workshop: Workshop) -> Iterator[Sample]:
    """Measure runs with many sources of which none is due."""
    for case, write in CASES.items():
        many = workshop.folder / f"{write.__name__}.yaml"
        write(many, MANY)
        workshop.forget()
        workshop.run(SCAN, "-c", str(many), "--log-level", "error", "run")
        cost, said = workshop.run(SCAN, "-c", str(many), "run", "--json")
        if json.loads(said)["sources"]["not_due"] != MANY:
            raise Failed(f"some of {MANY} sources were due")
        yield Sample(case, "scan", cost)
