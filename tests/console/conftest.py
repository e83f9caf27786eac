"""A console, and a browser before it in which somebody is signed in."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from gateway.console.kit import LANGUAGE_COOKIE
from gateway.staff.actor import COOKIE, Role
from tests.console.serving import Console, serving
from tests.demo.browsing import PATIENCE, open_browser

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
    """Opens one of the pages for a supervisor; a script of ours that fails, fails the test."""
    return partial(open_as, console, browser, Role.SUPERVISOR)


@pytest.fixture
def in_english(console: Console, browser: Browser) -> Opening:
    return partial(open_as, console, browser, Role.SUPERVISOR, language="en")


@contextmanager
def open_as(
    console: Console,
    browser: Browser,
    role: Role,
    path: str,
    *,
    language: str = "zh",
    branches: frozenset[str] | None = None,
    size: tuple[int, int] = (1366, 768),
) -> Iterator[Page]:
    """A page of the console, opened by somebody with this role."""
    complaints: list[str] = []
    cookie = console.signed_in(role, branches=branches)
    page = browser.new_page(viewport={"width": size[0], "height": size[1]}, timezone_id="Asia/Shanghai")
    page.context.add_cookies(
        [
            {"name": COOKIE, "value": cookie, "url": console.url},
            {"name": LANGUAGE_COOKIE, "value": language, "url": console.url},
        ]
    )
    page.set_default_timeout(PATIENCE)
    page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda _: complaints.append("a script of somebody else ran"))
    page.goto(f"{console.url}{path}")
    yield page
    page.close()
    assert [words for words in complaints if REFUSED not in words] == []
