"""What a kind of channel is: whom to tell (`recipients`), and what the message looks like (`compose`). Pure.

As with sources, the class is its own config and documentation; `scan.deliver` does the sending.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, dataclass_transform

from scan.channels.form import Form
from scan.declare import Doc, Hours, Problem, TextFile
from scan.model import Digest
from scan.page import Page, Request

if TYPE_CHECKING:  # start-up: words are imported where there is something to tell
    from scan.channels.wording import Wording


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(field,))
@dataclass(frozen=True, kw_only=True)
class Channel:
    """A configured way to tell somebody. Subclasses become frozen dataclasses of their annotated fields.

    Attributes:
        forms: what a template may make for this kind; nothing where programs read the messages.

    """

    kind: ClassVar[str] = ""
    forms: ClassVar[frozenset[Form]] = frozenset({"text"})

    name: Annotated[str, Doc("unique; letters, digits, - _ .", example="me")]
    mode: Annotated[Literal["digest", "each"], Doc("one message a run, or one an item")] = "digest"
    max_items: Annotated[int, Doc("items in one message; the rest is counted", within=("1", None))] = 50
    in_doubt: Annotated[
        Literal["resend", "hold"],
        Doc("where nobody knows whether a message arrived: sent once more, under the same identity; or left to you"),
    ] = "resend"
    template: Annotated[
        TextFile | None, Doc("a Jinja2 template of yours for the messages; see Templates", example="mail.txt.j2")
    ] = None
    quiet_hours: Annotated[Hours | None, Doc("local times between which messages wait", example="22:00-07:00")] = None

    def __init_subclass__(cls, *, kind: str = "", **kwargs: Any) -> None:
        """Make the subclass a dataclass; one without a kind is a base of others."""
        super().__init_subclass__(**kwargs)
        cls.kind = kind
        dataclass(frozen=True, kw_only=True)(cls)

    def recipients(self) -> tuple[str, ...]:
        """Name who gets a copy; each has its own delivery state. A channel without addresses has itself."""
        return (self.name,)

    def compose(self, digest: Digest, recipient: str) -> bytes:
        """Render the message. The result is stored, so that a retry sends the same bytes."""
        raise NotImplementedError

    def word(self, digest: Digest) -> "Wording":
        """Put a digest into words: scan's own, or the template's."""
        from scan.channels.wording import word

        return word(digest, self.max_items, self.template)

    def problems(self) -> Iterable[Problem]:
        """Find what is wrong with the configured values beyond their types. Kinds add theirs to these."""
        if self.template is None:
            return ()
        from scan.channels.wording import template_problems

        return template_problems(self.template, self.forms)


class Posted(Channel):
    """A channel whose messages are posted to a server, one request each.

    Attributes:
        keys: the channel's own that may be wrong when the server says no, in words.

    """

    keys: ClassVar[str] = "url"

    def host(self) -> str:
        """Name the receiver as errors may show it: without path and query, which may hold a secret."""
        raise NotImplementedError

    def request(self, recipient: str, message_id: str, payload: bytes, now: datetime) -> Request:
        """Say what is sent for one message; `payload` is what `compose` gave, perhaps long ago."""
        raise NotImplementedError

    def receipt(self, page: Page) -> str:  # noqa: ARG002 - not every receiver calls it something
        """Find in the answer what the receiver calls the message."""
        return ""
