"""A static page for people: how it goes, what is new and why, what needs somebody. It needs nothing from elsewhere.

    - kind: html
      to: /var/lib/scan/report/    # a folder, for its index.html; or a file, such as report.html
      days: 14                     # optional: of history
      max_items: 10000             # optional: that can be searched on the page

Overall state first, then what needs attention and what to do about it, the newest matches with the reasons, the items
with a search of their own, each source's history, and the runs. One file, to be opened from the disk, mailed or put on
a web server: it loads nothing, its only script is its own, and without scripts all but the items' search is there. It
follows the device's light or dark colours, fits phones, and prints.

Where there are more items than `max_items`, each source's newest are shown, as many of one as of the other, and the
page says how many there are. Long after the next run should have written it anew, the page says that, too. Times are in
the profile's `timezone`.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from scan.declare import Doc
from scan.reports.base import Document, FileReport
from scan.reports.view import View

_FILES = {".html", ".htm"}


class Html(FileReport, kind="html"):
    """Everything as a static page."""

    to: Annotated[
        Path, Doc("the folder for its index.html, or a file that ends in .html", example="/var/lib/scan/report/")
    ]
    days: Annotated[int, Doc("days of history, today included", within=("1", "90"))] = 14
    max_items: Annotated[int, Doc("items that can be searched on the page", within=("0", "50000"))] = 10_000

    def documents(self, view: View) -> Iterator[Document]:
        """Give the page, which is the place itself where that is named as a page."""
        name = "" if self.to.suffix.lower() in _FILES else "index.html"
        yield Document(name, self.render(view))

    def render(self, view: View) -> Iterator[bytes]:
        """Write the page, its items as they are read."""
        from scan.reports.html.page import render  # Jinja2: only those who write the page pay for it

        return render(view, days=self.days, max_items=self.max_items)
