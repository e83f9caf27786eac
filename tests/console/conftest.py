"""A console and a browser before it, whose tab knows the token."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.console.serving import TOKEN, Console, serving
from tests.demo.browsing import PATIENCE, open_browser

KNOWS = f"sessionStorage.setItem('tousu-token', '{TOKEN}')"
REFUSED = "the server responded with a status of 4"  # what the page itself tells the person
Opening = Callable[[str], AbstractContextManager[Page]]


@pytest.fixture
def console(sqlite_template: Path, tmp_path: Path) -> Iterator[Console]:
    path = tmp_path / "tousu.db"
    shutil.copy(sqlite_template, path)
    with serving(tmp_path, f"sqlite+aiosqlite:///{path}") as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as opened:
        yield opened


@pytest.fixture
def opened(console: Console, browser: Browser) -> Opening:
    """Opens one of the pages; a script of ours that fails, fails the test."""
    return partial(_open, browser, console.url, KNOWS)


@pytest.fixture
def stranger(console: Console, browser: Browser) -> Opening:
    """The same for somebody who has not shown the token yet."""
    return partial(_open, browser, console.url, "")


@contextmanager
def _open(browser: Browser, url: str, before: str, path: str) -> Iterator[Page]:
    complaints: list[str] = []
    page = browser.new_page(viewport={"width": 1366, "height": 768}, timezone_id="Asia/Shanghai")
    page.set_default_timeout(PATIENCE)
    page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda _: complaints.append("a script of somebody else ran"))
    if before:
        page.add_init_script(before)
    page.goto(f"{url}{path}")
    yield page
    page.close()
    assert [words for words in complaints if REFUSED not in words] == []
