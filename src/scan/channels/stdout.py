"""Messages as text on the terminal, for trying out.

    - name: screen
      kind: stdout

What is printed goes to standard output if that is a terminal, and to standard error if not: a pipe or the journal reads
log lines or a JSON document there, which a message would break.
"""

from scan.channels.base import Channel
from scan.model import Digest


class Stdout(Channel, kind="stdout"):
    """Messages as text on the terminal."""

    def compose(self, digest: Digest, recipient: str) -> bytes:  # noqa: ARG002 - there is but one
        """Render the text, with its subject above it."""
        told = self.word(digest)
        return f"{told.subject}\n\n{told.text}".encode()
