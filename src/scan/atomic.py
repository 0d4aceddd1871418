"""Files that are replaced all at once: whoever reads one sees the old or the new, whole."""

import os
from pathlib import Path


def replace(path: Path, content: bytes, *, mode: int = 0o640) -> None:
    """Put a file in the place of what is there, and only when it is safely on disk.

    Args:
        path: where; its folder exists.
        content: of the whole file.
        mode: what its permissions are at most.

    Raises:
        OSError: the disk is full or read-only, or the folder is somebody else's; what was there is untouched.

    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, mode)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
