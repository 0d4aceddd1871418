"""Debian's Chromium, headless, with nothing of its own on the network. A missing one fails: these tests never skip."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

AXE = Path(__file__).parents[2] / ".work" / "axe" / "package" / "axe.min.js"
"""The accessibility checks of axe-core; `make axe` fetches them."""

_QUIET = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)

_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start a browser with a profile of its own."""
    program = shutil.which("chromium")
    assert program, "chromium is missing (Debian: apt-get install chromium)"
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=_QUIET.split())
        yield browser
        browser.close()


@dataclass
class Opened:
    """A page in the browser, and what it did.

    Attributes:
        complaints: errors, and whatever it wrote to the console.
        requests: every address that it asked for.

    """

    page: Page
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def texts(self, selector: str) -> list[str]:
        """Give the texts of the elements that are to be seen, with plain hyphens."""
        found = self.page.locator(f"{selector} >> visible=true").all_inner_texts()
        return [" ".join(text.replace("\N{EN DASH}", "-").split()) for text in found]

    def violations(self, inside: str = "html") -> list[tuple[str, str]]:
        """Check accessibility: each rule that is broken or, for contrast, could not be judged, with an example."""
        assert AXE.exists(), "axe-core is missing; make axe fetches it"
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found = self.page.evaluate("([inside, rules]) => axe.run(inside, {runOnly: rules})", [inside, _RULES])
        broken = found["violations"] + [rule for rule in found["incomplete"] if rule["id"] == "color-contrast"]
        return [(rule["id"], rule["nodes"][0]["html"]) for rule in broken]


@contextmanager
def opened(
    browser: Browser, file: Path, *, width: int = 1440, at: str = "", now: str = "", **context: Any
) -> Iterator[Opened]:
    """Open a file as a person would, from the disk.

    Args:
        browser: to open it in.
        file: the page.
        width: of the window, in CSS pixels.
        at: a fragment of the address, from its `#`.
        now: the time that the page's script sees; the machine's if empty.
        context: more of Playwright's settings, such as `color_scheme`.

    """
    with browser.new_context(viewport={"width": width, "height": 900}, **context) as window:
        page = window.new_page()
        seen = Opened(page)
        page.on("console", lambda message: seen.complaints.append(_written(message)))
        page.on("pageerror", lambda error: seen.complaints.append(str(error)))
        page.on("request", lambda request: seen.requests.append(request.url))
        if now:
            page.clock.set_fixed_time(now)
        page.goto(f"{file.as_uri()}{at}")
        yield seen


def _written(message: ConsoleMessage) -> str:
    return f"{message.type}: {message.text}"
