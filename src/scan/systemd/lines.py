"""Lines for the journal that are too long for its stream of them.

Source: systemd.io/JOURNAL_NATIVE_PROTOCOL, read 2026-11.
"""

import array
import errno
import fcntl
import os
import socket

JOURNAL = "/run/systemd/journal/socket"


def send_line(priority: int, line: str) -> None:
    """Send the journal one line, however long; it knows which service sends it.

    Raises:
        OSError: it cannot be sent.

    """
    data = f"PRIORITY={priority}\nSYSLOG_IDENTIFIER=scan\nMESSAGE={line}\n".encode(errors="replace")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sock:
        sock.connect(JOURNAL)
        try:
            sock.send(data)
        except OSError as error:
            if error.errno not in {errno.EMSGSIZE, errno.ENOBUFS}:
                raise
            _send_file(sock, data)


def _send_file(sock: socket.socket, data: bytes) -> None:
    """Send what is larger than a datagram: a file in memory that nobody can change any more."""
    file = os.memfd_create("scan", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    try:
        with os.fdopen(file, "wb", closefd=False) as writing:
            writing.write(data)
        seals = fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_WRITE | fcntl.F_SEAL_SEAL
        fcntl.fcntl(file, fcntl.F_ADD_SEALS, seals)
        sock.sendmsg([], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [file]))])
    finally:
        os.close(file)
