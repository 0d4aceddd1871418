"""A libcurl multi handle, its sockets watched by epoll.

So there is no limit of 1,024 descriptors as with `select`, and transfers that wait cost nothing.
"""

import contextlib
import errno
import select
import threading
import time

import pycurl

_EPOLL = {
    pycurl.POLL_IN: select.EPOLLIN,
    pycurl.POLL_OUT: select.EPOLLOUT,
    pycurl.POLL_INOUT: select.EPOLLIN | select.EPOLLOUT,
}
_CLOSING_TAKES = 0.2  # seconds at most, where no look-up is in hand
_BROKEN = select.EPOLLERR | select.EPOLLHUP


class Sockets:
    """Many transfers at once, in one thread. Connections, and the caches for DNS and TLS, live as long as this."""

    def __init__(self, connections: int) -> None:
        """Make ready; at most so many `connections` are kept open for later requests."""
        self._epoll = select.epoll()
        self._due: float | None = None
        try:
            self._multi = pycurl.CurlMulti()
        except pycurl.error as error:
            raise OSError(errno.EMFILE, "no file descriptor is left for the network") from error
        self._multi.setopt(pycurl.M_MAXCONNECTS, connections)
        self._multi.setopt(pycurl.M_SOCKETFUNCTION, self._watch)
        self._multi.setopt(pycurl.M_TIMERFUNCTION, self._set_timer)

    def add(self, easy: pycurl.Curl) -> None:
        """Start a transfer; it moves in the next `poll`."""
        self._multi.add_handle(easy)

    def remove(self, easy: pycurl.Curl) -> None:
        """Take a transfer out, finished or not."""
        self._multi.remove_handle(easy)

    def poll(self, seconds: float) -> list[tuple[pycurl.Curl, int, str]]:
        """Move every transfer that can move, waiting for one that can for so long at most.

        Returns what is finished: handle, libcurl's error number (0 for none), its message.
        """
        if self._due is not None:
            seconds = min(seconds, max(0.0, self._due - time.monotonic()))
        for descriptor, events in self._epoll.poll(seconds):
            ready = pycurl.CSELECT_IN if events & select.EPOLLIN else 0
            ready |= pycurl.CSELECT_OUT if events & select.EPOLLOUT else 0
            ready |= pycurl.CSELECT_ERR if events & _BROKEN else 0
            self._multi.socket_action(descriptor, ready)
        if self._due is not None and self._due <= time.monotonic():
            self._due = None
            self._multi.socket_action(pycurl.SOCKET_TIMEOUT, 0)
        return self._finished()

    def close(self) -> None:
        """Close every connection.

        libcurl would wait here for every name still being looked up, which nothing can hurry (a dead resolver takes
        half a minute); such a look-up is left to end with the process.
        """
        closing = threading.Thread(target=self._multi.close, daemon=True)
        closing.start()
        closing.join(_CLOSING_TAKES)
        self._epoll.close()

    def _finished(self) -> list[tuple[pycurl.Curl, int, str]]:
        finished: list[tuple[pycurl.Curl, int, str]] = []
        more = 1
        while more:
            more, succeeded, failed = self._multi.info_read()
            finished += [(easy, 0, "") for easy in succeeded]
            finished += failed
        return finished

    def _watch(self, what: int, descriptor: int, _multi: pycurl.CurlMulti, _data: object) -> None:
        if what == pycurl.POLL_REMOVE:
            with contextlib.suppress(OSError, ValueError):  # closed already, be it the socket or all of this
                self._epoll.unregister(descriptor)
            return
        try:
            self._epoll.register(descriptor, _EPOLL[what])
        except FileExistsError:
            self._epoll.modify(descriptor, _EPOLL[what])

    def _set_timer(self, milliseconds: int) -> None:
        self._due = None if milliseconds < 0 else time.monotonic() + milliseconds / 1000
