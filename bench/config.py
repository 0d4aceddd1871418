"""The configs that the benchmark gives to `scan`."""

import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from pathlib import Path

from bench.feeds import feed

HEAD = """\
every: 15m
http: {concurrency: 32, per_host: 32}
channels:
  - {name: out, kind: stdout}
"""
KINDS = {
    "xml": "kind: feed",
    "rss": "kind: feed",
    "atom": "kind: feed",
    "json": "kind: greenhouse, board: b",
    "html": (
        "kind: html, items: li.job, fields: {title: a, url: a@href, key: '@data-id', location: .location, text: .desc}"
    ),
}
"""How a source is configured, by the end of its address."""

Search = Mapping[str, object]


def write(path: Path, urls: Iterable[str], searches: Iterable[Search]) -> None:
    """Configure sources, each as the end of its address says, and searches.

    What the first scan matches is stored, not told: telling is not measured here.
    """
    # JSON is YAML.
    lines = [HEAD, "searches:", *(f"  - {json.dumps(search, ensure_ascii=False)}" for search in searches), "sources:"]
    lines += [
        f"  - {{name: s{number}, {KINDS[url.rpartition('.')[2]]}, url: '{url}', first_run: baseline}}"
        for number, url in enumerate(urls)
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def searches(items: int, number: int = 10) -> list[Search]:
    """Make searches of twenty words each; one word of one search stands in one item of each feed."""
    starts = range(items - 1, items - 1 + 20 * number, 20)
    return [
        {"name": f"s{start}", "any": [f"word{word}" for word in range(start, start + 20)], "none": ["unpaid"]}
        for start in starts
    ]


def words(searches: Iterable[Search]) -> list[str]:
    """Give the words of all searches."""
    lists = (search.get(rule, ()) for search in searches for rule in ("any", "all", "none"))
    return sorted(set(chain.from_iterable(one for one in lists if isinstance(one, Sequence))))


def write_small(path: Path) -> None:
    """Configure three feeds as files: what somebody has who starts."""
    lines = [HEAD, "sources:"]
    for number in range(3):
        file = path.with_name(f"small-{number}.xml")
        file.write_bytes(feed(number, 50))
        lines.append(f"  - {{name: f{number}, kind: feed, url: 'file:{file}'}}")
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
