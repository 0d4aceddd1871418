"""Every scenario there is, on two cores: `make faults`. Prints what came of it and keeps it in docs/reliability.md."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context

from tests.faults.campaigns import campaigns, counted, enter, play
from tests.faults.story import INVARIANTS, Findings
from tests.reliability import keep, say

CORES = 2


def run_all() -> list[tuple[str, Findings]]:
    with ProcessPoolExecutor(CORES, mp_context=get_context("spawn"), initializer=enter) as pool:
        planned = campaigns(*pool.submit(counted).result())
        begun = [(campaign, [pool.submit(play, part) for part in campaign.parts]) for campaign in planned]
        return [(campaign.name, _total(campaign.name, parts)) for campaign, parts in begun]


def _total(name: str, parts: Sequence[Future[Findings]]) -> Findings:
    total = Findings()
    for number, part in enumerate(parts, 1):
        total.add(part.result())
        say(f"\r{name}: {number} of {len(parts)}", end="")
    say(f"\r{name}: {total.scenarios} scenarios, {total.runs} runs, {len(total.broken)} breaches")
    return total


def table(found: Sequence[tuple[str, Findings]]) -> Iterator[str]:
    """Write what came of it, in Markdown."""
    columns = ("scenarios", "number", "alerts", "lost", "with a copy", "copies", "of another identity", "given up")
    yield f"| {' | '.join(columns)} |"
    yield f"|{'---|' * len(columns)}"
    for name, one in found:
        numbers = (one.scenarios, one.expected, one.lost, one.doubling, one.copies, one.renamed, one.given_up)
        yield f"| {name} | {' | '.join(f'{number:,}' for number in numbers)} |"
    total = Findings()
    for _, one in found:
        total.add(one)
    yield ""
    yield "| | invariant | checked | broken |"
    yield "|---|---|---|---|"
    for name, what in INVARIANTS.items():
        broken = sum(which == name for which, _ in total.broken)
        yield f"| {name} | {what} | {total.checks[name]:,} | {broken} |"
    yield ""
    yield "Points of the killed runs by what they are next to: " + _listed(total.points) + "."
    yield ""
    yield "Of the runs that were killed once, these were the points after which a message came twice:"
    yield ""
    once = Findings()
    for _, one in found[:2]:
        once.add(one)
    for point, number in sorted(once.doubled_at.items(), key=lambda pair: (-pair[1], pair[0])):
        yield f"- {point}: {number}"


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {number:,}" for name, number in sorted(counts.items(), key=lambda pair: -pair[1]))


def main() -> int:
    found = run_all()
    lines = list(table(found))
    say("\n" + "\n".join(lines))
    keep("faults", lines)
    broken = [breach for _, one in found for breach in one.broken]
    for invariant, what in broken:
        say(f"BROKEN {invariant}: {what}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
