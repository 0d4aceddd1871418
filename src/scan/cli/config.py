"""`scan config`: check, show, describe or start a config."""

import json
import os

import click

from scan.cli.context import Settings, strict_perms
from scan.cli.output import safe
from scan.errors import ConfigError, NotPermitted


@click.group()
def command() -> None:
    """Check, show or start a config."""


@command.command()
@strict_perms
@click.pass_obj
def check(settings: Settings, *, strict_perms: bool) -> None:
    """Validate the config: every problem at once, each with its line and what would be right."""
    from scan.config.kinds import installed

    config = settings.load_config(closely=True, strict_perms=strict_perms)
    for warning in (*config.warnings, *config.list_warnings, *installed().problems()):
        click.echo(f"warning: {safe(warning)}", err=True)
    counted = [
        _counted(len(config.sources), "source", "sources"),
        _counted(len(config.searches), "search", "searches"),
        _counted(len(config.channels), "channel", "channels"),
        *([_counted(len(config.reports), "report", "reports")] if config.reports else []),
    ]
    click.echo(f"{config.path}: ok ({', '.join(counted)})")


@command.command()
@click.pass_obj
def show(settings: Settings) -> None:
    """Print the config as it works: defaults filled in, secrets masked."""
    from scan.config.show import as_yaml, shown

    click.echo(as_yaml(shown(settings.load_config())), nl=False)


@command.command()
def schema() -> None:
    """Print a JSON Schema of the config, for editors."""
    from scan.config.json_schema import schema as make_schema

    click.echo(json.dumps(make_schema(), indent=2, ensure_ascii=False))


@command.command()
@click.pass_obj
def init(settings: Settings) -> None:
    """Write a commented config to start with; never over an existing file."""
    from scan.config.starter import STARTER

    path = settings.config_path
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(STARTER)
    except FileExistsError:
        raise ConfigError(f"{path}: exists already; `scan config check` validates it") from None
    except PermissionError:
        raise NotPermitted(f"{path}: may not be written; choose another place with --config FILE") from None
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}; choose another place with --config FILE") from error
    click.echo(f"{path} is written. Next: edit it, `scan config check`, `scan preview`, `scan run`.")


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"
