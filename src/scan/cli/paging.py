"""Long lists, a part at a time: the newest first, `--limit` of them, after `--offset`.

Rows come at the front and are pruned at the end: whoever turns the pages while a run writes may see a row twice, and
misses none.
"""

from collections.abc import Callable, Sequence
from typing import TypeVar

import click

Row = TypeVar("Row")
Command = TypeVar("Command", bound=Callable[..., object])


def paged(limit: int) -> Callable[[Command], Command]:
    """Give a command the options, with so many rows where nothing is said."""

    def decorate(command: Command) -> Command:
        skip = click.option(
            "--offset", type=click.IntRange(min=0), metavar="N", default=0, help="Leave out so many, the newest ones."
        )
        many = click.option(
            "--limit",
            type=click.IntRange(min=1),
            metavar="N",
            default=limit,
            show_default=True,
            help="How many, newest first.",
        )
        return many(skip(command))

    return decorate


def part(read: Callable[..., Sequence[Row]] | None, limit: int, offset: int) -> tuple[Sequence[Row], int | None]:
    """Read a part of a list.

    Args:
        read: given `limit` and `offset`; None where nothing is stored yet.
        limit: how many rows.
        offset: how many are left out before.

    Returns:
        The rows, and the offset of what follows; None where nothing does.

    """
    rows = read(limit=limit + 1, offset=offset) if read else ()
    return rows[:limit], offset + limit if len(rows) > limit else None


def say_more(following: int | None) -> None:
    """Tell people that there is more, beside what is printed."""
    if following is not None:
        click.echo(f"there are more: --offset {following}", err=True)
