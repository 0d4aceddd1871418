"""The one door out: every error becomes a line on standard error and an exit status."""

import errno
import os
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import click

from scan.cli.context import Settings
from scan.errors import ConfigError, NotPermitted, ScanError, StoreError, StoreUnreachable

if TYPE_CHECKING:  # start-up: a run imports it
    from scan.outcome import RunOutcome

OK = 0
FAILED = 1
PARTLY_FAILED = 3
UNKNOWN = 3
"""To monitoring."""

UNREACHABLE = 69
BUG = 70
STORE = 74
TRY_LATER = 75
NOT_PERMITTED = 77
CONFIG = 78
SIGNALLED = 128
"""And the number of the signal that ended the run."""

INTERRUPTED = 130

STATUS: tuple[tuple[type[ScanError], int], ...] = (
    (ConfigError, CONFIG),
    (StoreUnreachable, UNREACHABLE),
    (StoreError, STORE),
    (NotPermitted, NOT_PERMITTED),
    (ScanError, FAILED),
)


def run_guarded(command: click.Command, arguments: Sequence[str], environ: Mapping[str, str]) -> int:
    """Run a command and return the exit status; nothing but that and standard error tells of a failure.

    Except to monitoring, which reads standard output, and for which 1 and 2 mean something else.
    """
    settings = Settings(environ)
    try:
        result = command.main(list(arguments), prog_name="scan", standalone_mode=False, obj=settings)
    except (click.exceptions.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except click.ClickException as error:
        error.show()
        return _failed(arguments, error.exit_code, error.format_message())
    except ScanError as error:
        said = _redacted(str(error), settings)
        _say(said if isinstance(error, ConfigError) else f"scan: {said}", settings)
        return _failed(arguments, next(status for kind, status in STATUS if isinstance(error, kind)), said)
    except Exception as error:  # noqa: BLE001  # the door: whatever comes here is a bug of ours
        return _failed(arguments, *_unexpected(error, settings))
    return result if isinstance(result, int) else OK


def _failed(arguments: Sequence[str], status: int, said: str) -> int:
    """Exit with a status; where monitoring asked, with the one that says that nobody knows."""
    if not {"status", "--check"} <= set(arguments):
        return status
    from scan.cli.output.text import safe

    click.echo(f"SCAN UNKNOWN - {safe(' '.join(said.split())).replace('|', '/')}")
    return UNKNOWN


def exit_status(outcome: "RunOutcome") -> int:
    """Tell what a run that was not stopped makes of the process."""
    if outcome.status == "failure":
        return FAILED
    if outcome.sources.left:
        return TRY_LATER
    return PARTLY_FAILED if outcome.status == "partial_failure" else OK


def pipe_closed() -> int:
    """End quietly when the reader has had enough (`scan items | head`); click alone would exit with 1."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return OK


def _unexpected(error: Exception, settings: Settings) -> tuple[int, str]:
    """Say what nobody below has made an error of: the machine's own limits, and our bugs."""
    import traceback

    if isinstance(error, OSError) and error.errno in {errno.EMFILE, errno.ENFILE}:
        said = "too many open files; raise the limit (ulimit -n, or LimitNOFILE= of the service)"
        click.echo(f"scan: {said}", err=True)
        return STORE, said
    if isinstance(error, MemoryError):
        said = "out of memory; allow more of it (ulimit -v, or MemoryMax= of the service)"
        click.echo(f"scan: {said}", err=True)
        return STORE, said
    _say(_redacted(traceback.format_exc(), settings), settings)
    _say("scan: this is a bug in scan; please report it with the lines above (no secret is in them)", settings)
    return BUG, "a bug in scan"


def _say(text: str, settings: Settings) -> None:
    """Write to standard error; where that is the journal, each line as an error."""
    from scan.systemd import is_journal

    mark = "<3>" if is_journal(sys.stderr.fileno(), settings.environ) else ""
    for line in text.splitlines():
        click.echo(mark + line, err=True)


def _redacted(text: str, settings: Settings) -> str:
    from scan.redaction import Redaction

    return Redaction(settings.secrets)(text)
