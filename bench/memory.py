"""What a run takes of memory where one source is large, and where there are many."""

import json
from collections.abc import Iterator
from pathlib import Path

from bench import config
from bench.feeds import feed, item
from bench.measure import Failed
from bench.workshop import SCAN, Sample, Workshop

LARGE = 200_000
"""Items of one source: as many as scan takes of any."""
FEW, MANY = 100, 10_000
"""Sources of one item each."""
FIRST, SAME = "one source, first", "one source, same body"
FLAT = {number: f"{number:,} sources, same body" for number in (FEW, MANY)}

_SEAM = b"</channel>"


def memory(workshop: Workshop) -> Iterator[Sample]:
    """Measure runs with one large source, and with few and many small ones, each twice.

    Raises:
        Failed: a run found something else than all items, new and then unchanged.

    """
    large = workshop.folder / "large.yaml"
    write_large(large)
    workshop.forget()
    yield from (run(workshop, large, case, LARGE) for case in (FIRST, SAME))
    for number, case in FLAT.items():
        small = workshop.folder / "small.yaml"
        config.write_many(small, number)
        workshop.forget()
        run(workshop, small, "first", number)
        yield run(workshop, small, case, number)


def run(workshop: Workshop, profile: Path, case: str, items: int) -> Sample:
    """Run once, and see whether all items were found."""
    cost, said = workshop.run(SCAN, "-c", str(profile), "run", "--all", "--json")
    found = json.loads(said)["items"]
    if found["unchanged" if "same" in case else "new"] != items:
        raise Failed(f"{case}: it found {found}")
    return Sample(case, "scan", cost)


def write_large(path: Path) -> None:
    """Configure one feed of very many items.

    It is written item by item: what a process measures begins with this one's memory.
    """
    file = path.with_suffix(".xml")
    head, seam, tail = feed(0, 0).partition(_SEAM)
    with file.open("wb") as out:
        out.write(head)
        out.writelines(item(0, position).encode() for position in range(LARGE))
        out.write(seam + tail)
    path.write_text(
        "http: {max_body: 1GB}\nchannels:\n  - {name: out, kind: stdout}\nsources:\n"
        f"  - {{name: large, kind: feed, url: 'file:{file}', first_run: baseline}}\n",
        encoding="utf-8",
    )
