"""The configs that the benchmark gives to `scan`."""

from pathlib import Path

from bench.generate import Corpus, feed

HEAD = """\
every: 15m
http: {concurrency: 32, per_host: 32}
channels:
  - {name: out, kind: stdout}
"""


def write(path: Path, corpus: Corpus, url: str, searches: int = 10) -> None:
    """Configure every feed of a corpus, and searches of twenty words each.

    One word of one search stands in one item of each feed. What the first scan matches is stored, not told: telling is
    not measured here.
    """
    lines = [HEAD, "searches:"]
    for number in range(searches):
        first = corpus.items - 1 + 20 * number
        words = ", ".join(f"word{position}" for position in range(first, first + 20))
        lines.append(f"  - {{name: s{number}, any: [{words}], none: [unpaid]}}")
    lines.append("sources:")
    lines += [
        f"  - {{name: f{number}, kind: feed, url: '{url}/{name}', first_run: baseline}}"
        for number, name in enumerate(corpus.names())
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_small(path: Path, corpus: Corpus) -> None:
    """Configure the corpus's first three feeds as files: what somebody has who starts."""
    files = [f"file:{corpus.folder / name}" for name, _ in zip(corpus.names(), range(3), strict=False)]
    lines = [HEAD, "sources:"]
    lines += [f"  - {{name: f{number}, kind: feed, url: '{file}'}}" for number, file in enumerate(files)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_many(path: Path, sources: int, items: int = 1) -> None:
    """Configure one file of so many items over and over: a config with many sources that cost little to look at."""
    lonely = path.with_suffix(".xml")
    lonely.write_bytes(feed(0, items))
    lines = ["every: 1d", "channels:", "  - {name: out, kind: stdout}", "sources:"]
    lines += [
        f"  - {{name: some-company-{number}, kind: feed, url: 'file:{lonely}', first_run: baseline}}"
        for number in range(sources)
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_rows(path: Path, sources: int) -> None:
    """Configure the same as the rows of a list."""
    lonely = path.with_suffix(".xml")
    lonely.write_bytes(feed(0, 1))
    names = "".join(f"some-company-{number}\n" for number in range(sources))
    path.with_suffix(".csv").write_text(f"name\n{names}", encoding="utf-8")
    each = f"{{from: {path.stem}.csv}}"
    entry = f"{{name: '{{name}}', kind: feed, url: 'file:{lonely}', first_run: baseline, each: {each}}}"
    lines = ["every: 1d", "channels:", "  - {name: out, kind: stdout}", "sources:", f"  - {entry}"]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
