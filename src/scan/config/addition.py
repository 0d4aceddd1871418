"""An entry added to a config's file, which stays as it is in everything else: content, owner, permissions."""

import codecs
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from scan import atomic
from scan.config.document import Refused
from scan.config.drafts import Draft
from scan.config.insertion import inserted
from scan.config.kinds import Kinds
from scan.config.loading import parse
from scan.errors import ConfigError, NotPermitted


def add(
    path: Path,
    draft: Draft,
    *,
    environ: Mapping[str, str],
    overrides: Mapping[str, object] = MappingProxyType({}),
    kinds: Kinds | None = None,
) -> None:
    """Add a source to the end of a config's; the file is replaced at once, and only by one that loads.

    Args:
        path: of a config that loads. A link is followed.
        draft: its name is none of the config's.
        environ: as for `load`, as what follows.
        overrides: values that win over the file's.
        kinds: of sources and whatever else entries have kinds of.

    Raises:
        ConfigError: the config is broken, or written in a way in which nothing can be added to it.
        NotPermitted: the file, or its folder, may not be written.

    """
    try:
        real = path.resolve(strict=True)
        content, was = real.read_bytes(), real.stat()
        mark = codecs.BOM_UTF8 if content.startswith(codecs.BOM_UTF8) else b""
        text = inserted(content.decode("utf-8-sig"), draft.values)
        parse(path, text, was.st_mode, environ=environ, overrides=overrides, kinds=kinds)
        atomic.replace(real, mark + text.encode(), mode=0o600, like=was)
    except Refused as error:
        raise ConfigError(f"{path}:{error.line}:{error.column}: {error.message}") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{path}: not UTF-8; save it as UTF-8") from None
    except PermissionError as error:
        raise NotPermitted(f"{path}: may not be written; add the entry by hand, or run as its owner") from error
    except OSError as error:
        raise ConfigError(f"{path}: cannot be written: {error.strerror or error}") from error
