"""Every surface under libFuzzer, one after another: `make fuzz`. Writes what came of it into docs/reliability.md.

`make fuzz SURFACES="feed addresses" SECONDS=60` runs some; once all were run, the table is written. What is found is
kept in `.work/fuzz/found`, and `python -m fuzz --again FILE…` shows it once more, without libFuzzer.
"""

import argparse
import json
import logging
import os
import re
import sys
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from fuzz.corpus import LONGEST, ROOT, seeds, words_of, write

if TYPE_CHECKING:  # imported by main, where libFuzzer is to see what is covered
    from fuzz.surface import Surface

WORK = ROOT / ".work/fuzz"
FOUND = WORK / "found"
RESULTS = WORK / "results.json"
PAGE = ROOT / "docs/reliability.md"
BEGIN, END = "<!-- what `make fuzz` found: begin -->", "<!-- what `make fuzz` found: end -->"

SLOWEST = 10
"""Seconds for one input of up to 16 KB; more is a hang."""

MEMORY = 1_024
"""MB for the whole process; more is a leak, or an answer that grows too large."""

COVERED = ["scan", "feedparser", "sgmllib", "protego", "jmespath", "email", "csv", "html", "urllib", "json"]
"""Packages whose branches libFuzzer sees: our own, and what they read foreign texts with, as far as it is in Python."""

_STATUS = re.compile(r"cov: (\d+) ft: \d+ corp: (\d+)")
_EXECUTED = re.compile(r"stat::number_of_executed_units:\s*(\d+)")
_PEAK = re.compile(r"stat::peak_rss_mb:\s*(\d+)")


class Result(NamedTuple):
    """What came of one surface.

    Attributes:
        reads: what it reads, in words.
        seeds: inputs to start from.
        inputs: executed.
        branches: of the code that were reached.
        kept: inputs of which each reached something new.
        peak: MB of memory.

    """

    reads: str
    seconds: int
    seeds: int
    inputs: int
    branches: int
    kept: int
    peak: int


def fuzz(surface: "Surface", seconds: int) -> Result | None:
    """Fuzz one surface in a process of its own; None if anything was found, which then has been printed."""
    corpus, log, words = WORK / "corpus" / surface.name, WORK / f"{surface.name}.log", WORK / f"{surface.name}.words"
    begun = write(surface, corpus)
    words.write_text("".join(f'"{word}"\n' for word in words_of(surface)))
    child = os.fork()
    if child == 0:
        output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
        os.dup2(output, 1)
        os.dup2(output, 2)
        _hand_over(surface, corpus, words, seconds)
    _, status = os.waitpid(child, 0)
    said = log.read_text(errors="replace")
    if status:
        say(said[-4000:])
        return None
    branches, kept = map(int, _STATUS.findall(said)[-1])
    reads = (surface.check.__doc__ or "").strip().partition("\n")[0].rstrip(".")
    return Result(reads, seconds, begun, _number(_EXECUTED, said), branches, kept, _number(_PEAK, said))


def _hand_over(surface: "Surface", corpus: Path, words: Path, seconds: int) -> None:
    """Let libFuzzer have this process; it ends it."""
    import atheris

    flags = (
        *(f"-max_total_time={seconds}", f"-max_len={LONGEST}", f"-timeout={SLOWEST}", f"-rss_limit_mb={MEMORY}"),
        *("-print_final_stats=1", f"-dict={words}", f"-artifact_prefix={FOUND}/{surface.name}-"),
    )
    atheris.Setup(["fuzz", str(corpus), *flags], surface.check)
    atheris.Fuzz()


def _number(pattern: re.Pattern[str], text: str) -> int:
    found = pattern.search(text)
    return int(found[1]) if found else 0


def table(results: Mapping[str, Result]) -> Iterator[str]:
    """Write the results, in Markdown."""
    inputs, seconds = sum(one.inputs for one in results.values()), sum(one.seconds for one in results.values())
    yield f"{len(results)} surfaces, {inputs:,} inputs in {seconds // 60} minutes."
    yield ""
    columns = ("surface", "reads", "seconds", "seeds", "inputs", "branches reached", "kept inputs", "peak MB")
    yield f"| {' | '.join(columns)} |"
    yield f"|{'---|' * len(columns)}"
    for name, one in results.items():
        numbers = (one.seconds, one.seeds, one.inputs, one.branches, one.kept, one.peak)
        counts = " | ".join(f"{number:,}" for number in numbers)
        yield f"| {name} | {one.reads} | {counts} |"


def keep(results: Mapping[str, Result]) -> None:
    """Put the table into the page, between its marks."""
    page = PAGE.read_text("utf-8")
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text("\n".join([before + BEGIN, "", *table(results), "", END]) + after, "utf-8")


def say(text: str) -> None:
    """Print at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main() -> int:
    """Fuzz; 1 if anything was found."""
    parser = argparse.ArgumentParser(prog="fuzz")
    parser.add_argument("surfaces", nargs="*", metavar="SURFACE")
    parser.add_argument("--seconds", type=int, default=180, help="for each")
    parser.add_argument("--again", nargs="+", type=Path, metavar="FILE", help="what was found, once more")
    given = parser.parse_args()
    logging.disable()
    warnings.simplefilter("ignore")
    if given.again:
        return again(given.again)
    import atheris

    with atheris.instrument_imports(include=COVERED):
        from fuzz.surfaces import SURFACES

        for surface in SURFACES.values():  # so that what is imported at need is imported here
            for seed in seeds(surface, recorded=False):
                surface.check(seed)
    FOUND.mkdir(parents=True, exist_ok=True)
    known = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    results = {name: Result(*known[name]) for name in SURFACES if name in known}
    failed = False
    for name in given.surfaces or SURFACES:
        result = fuzz(SURFACES[name], given.seconds)
        failed |= result is None
        say(f"{name}: {'FAILED' if result is None else f'{result.inputs:,} inputs, {result.branches:,} branches'}")
        if result is not None:
            results[name] = result
            RESULTS.write_text(json.dumps(results))
    if not failed and results.keys() == SURFACES.keys():
        keep({name: results[name] for name in SURFACES})
    return int(failed)


def again(files: list[Path]) -> int:
    """Read what was found once more; the error is Python's own to show."""
    from fuzz.surfaces import SURFACES

    for file in files:
        name = file.name.partition("-")[0]
        SURFACES[name].check(file.read_bytes())
        say(f"{file}: well")
    return 0


if __name__ == "__main__":
    sys.exit(main())
