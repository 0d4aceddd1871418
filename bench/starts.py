"""What a command costs that does next to nothing."""

from collections.abc import Iterator

from bench import config
from bench.workshop import PYTHON, SCAN, Sample, Workshop

CASE = "start"
PASS, CLICK = "python -c pass", "import click"
LIMITS = {"scan --version": 1.4, "scan --help": 1.4, "scan status": 2}
"""The commands that are measured, and what they may cost at most, over `import click`."""


def cold_starts(workshop: Workshop, rounds: int) -> Iterator[Sample]:
    """Measure starts beside those of Python and of the library that every command line needs."""
    small = workshop.folder / "small.yaml"
    config.write_small(small)
    workshop.forget()
    workshop.run(SCAN, "-c", str(small), "run", "--all")
    commands = {
        PASS: [PYTHON, "-c", "pass"],
        CLICK: [PYTHON, "-c", CLICK],
        **{who: [SCAN, "-c", str(small), who.removeprefix("scan ")] for who in LIMITS},
    }
    for _ in range(rounds):
        for who, command in commands.items():
            yield Sample(CASE, who, workshop.run(*command)[0])
