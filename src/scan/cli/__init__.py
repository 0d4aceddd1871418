"""The command line: options become plain values, results are printed, errors become one line and an exit status.

One small file a command, loaded when used, so that `scan --help` answers at once.
"""

import gc
import importlib
import io
import os
import resource
import sys
from typing import NoReturn

import click

from scan import __version__
from scan.cli.context import Settings
from scan.cli.door import pipe_closed, run_guarded
from scan.cli.output.terminal import shows_colours

COMMANDS = {
    "run": "Scan the due sources once and tell what is new.",
    "preview": "Show what a run would store and send, and change nothing.",
    "status": "Show how everything is, and what needs you.",
    "health": "Print how the profile is, as JSON, or as the answer to an HTTP request.",
    "runs": "List the runs, or show one whole.",
    "sources": "List the configured sources: cadence, due, health.",
    "items": "List stored items.",
    "matches": "List what the searches found.",
    "explain": "Show an item whole, its history, and why each search matches it or not.",
    "deliveries": "List what is told to whom, and try again, give up or let go.",
    "probe": "Recognize what is behind an address, and print a config entry for it.",
    "report": "Publish the reports now, without a run.",
    "channels": "Send a test message to the channels.",
    "db": "Look after the database: upgrade, prune, backup, check.",
    "config": "Check, show or start a config.",
    "units": "Print or install systemd units that fit the config's cadence.",
    "failure": "Tell the channels under alerts: that the service failed.",
}
"""Every command with its short help, so that `scan --help` need not import any."""


class LazyGroup(click.Group):
    """Loads a command's file when the command is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the commands in the order in which they are met."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one command."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"scan.cli.{cmd_name}")
        command: click.Command = module.command
        return command

    def invoke(self, ctx: click.Context) -> object:
        """Run the command for as long as somebody reads."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            return pipe_closed()

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without loading them."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "-c", "--config", type=click.Path(readable=False), metavar="FILE", envvar="SCAN_CONFIG", help="The config file."
)
@click.option(
    "-p", "--profile", metavar="NAME", envvar="SCAN_PROFILE", help="Short for NAME.yaml in the config folder [scan]."
)
@click.option("--database-url", metavar="URL", envvar="DATABASE_URL", help="Overrides the config's database.")
@click.option(
    "--log-level",
    type=click.Choice(["debug", "info", "warning", "error"], case_sensitive=False),
    envvar="SCAN_LOG_LEVEL",
    help="Overrides logging.level.",
)
@click.option(
    "--log-format",
    type=click.Choice(["json", "logfmt", "text"], case_sensitive=False),
    envvar="SCAN_LOG_FORMAT",
    help="Overrides logging.format.",
)
@click.version_option(__version__, prog_name="scan", message="%(prog)s %(version)s")
@click.pass_context
def cli(
    ctx: click.Context,
    *,
    config: str | None,
    profile: str | None,
    database_url: str | None,
    log_level: str | None,
    log_format: str | None,
) -> None:
    """Watch job boards, feeds, JSON APIs and web pages, and tell once about each new thing that matches."""
    if config and profile:
        raise click.UsageError("--config and --profile exclude each other.")
    settings: Settings = ctx.obj
    ctx.color = shows_colours(settings.environ)
    settings.choose(
        config=config, profile=profile, database_url=database_url, log_level=log_level, log_format=log_format
    )


def main() -> NoReturn:
    """Run the command line and exit.

    At once: Python would take the process apart object by object, a sixth of what an unchanged scan costs.
    """
    gc.set_threshold(50_000)  # looking for garbage among what libraries keep was a tenth of an unchanged scan
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # None where it is closed
            stream.reconfigure(errors="backslashreplace")  # a locale without “…” costs a character, not the command
    # A core file would hold every secret; systemd-coredump heeds it too.
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    status = run_guarded(cli, sys.argv[1:], os.environ)
    try:
        for stream in filter(None, (sys.stdout, sys.stderr)):
            stream.flush()
    except OSError:  # a full disk: Python says so, in its own way
        sys.exit(status)
    os._exit(status)
