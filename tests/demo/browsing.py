"""A real browser for the pages, where the system has one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SIZES = ((1366, 768), (1920, 1080), (390, 844))
PATIENCE = 10_000  # milliseconds

needs_chromium = pytest.mark.skipif(
    not CHROMIUM.exists(), reason="THE SANDBOX PAGE IS NOT TESTED: no /usr/bin/chromium (apt-get install chromium)"
)


@contextmanager
def open_browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield opened
        opened.close()


@contextmanager
def open_page(browser: Browser, url: str, *, before: str = "") -> Iterator[Page]:
    """``before``: a script that runs ahead of the page's own. The page must not complain in the console."""
    complaints: list[str] = []
    opened = browser.new_page(viewport={"width": 1366, "height": 768})
    opened.set_default_timeout(PATIENCE)
    opened.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    if before:
        opened.add_init_script(before)
    opened.goto(url)
    yield opened
    opened.close()
    assert complaints == []


def overhang(page: Page, box: str) -> int:
    """By how many pixels what is inside a box is wider than it; 0 for one that does not show."""
    if not page.locator(box).is_visible():
        return 0
    return int(page.locator(box).evaluate("box => box.scrollWidth - box.clientWidth"))
