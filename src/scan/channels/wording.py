"""A message's subject, text and HTML: scan's own, or the user's template in place of one of them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from scan.channels.as_html import as_html
from scan.channels.as_text import as_text
from scan.channels.clean import one_line
from scan.channels.digest import Outline, outline
from scan.channels.form import Form
from scan.declare import Problem, TextFile
from scan.model import Digest

if TYPE_CHECKING:  # start-up: Jinja2 is imported where there is a template
    from scan.channels.template import Rendering


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """One message in words.

    Attributes:
        own: what the user's template made; None without one.
        form: what it made.

    """

    outline: Outline
    own: "Rendering | None" = None
    form: Form = "text"

    @property
    def subject(self) -> str:
        """One line."""
        return (self.own and self.own.subject) or self.outline.subject

    @property
    def text(self) -> str:
        """The text, with its line end."""
        return self.own.body if self.own and self.form == "text" else as_text(self.outline)

    @property
    def html(self) -> str:
        """A whole HTML document."""
        return self.own.body if self.own and self.form == "html" else as_html(self.outline)


def word(digest: Digest, max_items: int, template: TextFile | None = None) -> Wording:
    """Put a digest into words, at most `max_items` of its items. Never raises, whatever the items hold.

    Where the template fails, the message is in scan's own form, and says so above everything else.
    """
    told = outline(digest, max_items)
    if template is None or digest.alerts:  # templates are for items
        return Wording(outline=told)
    from scan.channels.sandbox import Malformed
    from scan.channels.template import is_html, render

    try:
        own = render(template, digest, max_items)
    except Malformed as error:
        remark = f"The template failed, so this is scan's own form: {_place(template, error.line)}: {error}"
        return Wording(outline=replace(told, remark=one_line(remark)))
    return Wording(outline=told, own=own, form="html" if is_html(template) else "text")


def template_problems(template: TextFile, forms: frozenset[Form]) -> Iterable[Problem]:
    """Find what is wrong with a template, by rendering samples with it.

    Args:
        template: the user's.
        forms: what the channel can send of what a template makes; none if it has no templates.

    """
    from scan.channels.sample import samples
    from scan.channels.sandbox import Malformed
    from scan.channels.template import is_html, render

    if not forms:
        yield Problem(("template",), "this kind sends JSON for programs, without a template; leave it out")
    elif is_html(template) and "html" not in forms:
        yield Problem(("template",), "this kind sends text; a template for it does not end in .html")
    else:
        try:
            for digest in samples():
                render(template, digest, len(digest.notices))
        except Malformed as error:
            yield Problem(("template",), f"{_place(template, error.line)}: {one_line(str(error))}")


def _place(template: TextFile, line: int | None) -> str:
    name = one_line(template.path.name, 80)
    return name if line is None else f"{name}, line {line}"
