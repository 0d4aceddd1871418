"""Everything that `scan` raises on purpose. The message is one line that an operator can act on: what, where, cure.

    ScanError
      ConfigError              every problem of the config, each with its file, line and column
      StoreError               what the operator can mend: no disk, read-only, corrupt, newer schema
        StoreUnreachable       the database server cannot be reached
      NotPermitted             state, lock or config belong to somebody else
      SourceError              becomes the source's outcome, never ends the run
        FetchError             no answer, or not one to work with
        OutOfMemory            too much to hold
        ParseError             the answer is not in the expected format
      DeliveryError            stays in the outbox; temporary or permanent
      ReportError              logged; never fails the run
      SheetError               a spreadsheet cannot be read or written
      ListError                a list of sources cannot be had; its last good copy is used

Exit statuses are the business of `scan.cli`.
"""


def printable(text: str) -> str:
    """Show every character but a line's end that could drive a terminal, or that nothing can store, as its escape."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() or char == "\n" else _escaped(char) for char in text)


def _escaped(char: str) -> str:
    return char.encode("unicode_escape").decode()


class ScanError(Exception):
    """Base of everything raised on purpose. What a message quotes may be anybody's, so it is made printable."""

    def __init__(self, message: str) -> None:
        super().__init__(printable(message))


class ConfigError(ScanError):
    """The config cannot be used.

    Attributes:
        problems: one line each, ready to print (`FILE:LINE:COLUMN: PATH: what is wrong; what would be right`).

    """

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(map(printable, problems))


class StoreError(ScanError):
    """The database, or another file of ours, cannot be used, and the operator can mend it."""


class StoreUnreachable(StoreError):
    """The database server does not answer."""


class NotPermitted(ScanError):
    """State, lock or config belong to somebody else."""


class SourceError(ScanError):
    """A source gave nothing to work with. It becomes that source's outcome."""


class OutOfMemory(SourceError):
    """What a source gave takes more memory than this process may have."""

    def __init__(self) -> None:
        super().__init__(
            "it takes more memory than a run may have; allow more (MemoryMax= of the service), or ask for less of it"
        )


class FetchError(SourceError):
    """No answer, or one that says no.

    Attributes:
        url: the address asked, with secrets still in it (the log's redaction takes them out).
        reason: what went wrong, without the address.
        status: the HTTP status, where there was an answer.
        retry_after: seconds to wait as the server asked, where it did.
        in_doubt: the request may have arrived all the same: it was sent, or begun, and no answer came.

    """

    def __init__(
        self,
        url: str,
        reason: str,
        *,
        status: int | None = None,
        retry_after: float | None = None,
        in_doubt: bool = False,
    ) -> None:
        super().__init__(f"{url}: {reason}")
        self.url = url
        self.reason = reason
        self.status = status
        self.retry_after = retry_after
        self.in_doubt = in_doubt


class ParseError(SourceError):
    """The answer is not in the expected format.

    Attributes:
        url: where it came from.
        expected: what an adapter looked for, in words.
        found: what was there instead, its first 80 characters.

    """

    def __init__(self, url: str, expected: str, found: str | bytes) -> None:
        text = found.decode("utf-8", "replace") if isinstance(found, bytes) else found
        self.url = url
        self.expected = expected
        self.found = " ".join(text[:400].split())[:80]
        super().__init__(f"{url}: expected {expected}, found {self.found!r}")


class DeliveryError(ScanError):
    """A message was not accepted.

    Attributes:
        permanent: trying again cannot help (the receiver said so).
        in_doubt: the receiver may have accepted it all the same.
        config: the channel itself is wrong (login refused, unknown relay, bad certificate): no attempt is used up.
        retry_after: seconds to wait as the receiver asked, where it did.
        code: the receiver's status, where it gave one.

    """

    def __init__(
        self,
        message: str,
        *,
        permanent: bool = False,
        in_doubt: bool = False,
        config: bool = False,
        retry_after: float | None = None,
        code: int | None = None,
    ) -> None:
        super().__init__(message)
        self.permanent = permanent
        self.in_doubt = in_doubt
        self.config = config
        self.retry_after = retry_after
        self.code = code


class ReportError(ScanError):
    """A report could not be published."""


class SheetError(ScanError):
    """A spreadsheet cannot be read or written.

    Attributes:
        retry_after: seconds to wait as Google asked, where it did.

    """

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class ListError(ScanError):
    """A list of sources cannot be had. The message doesn't name the list."""
