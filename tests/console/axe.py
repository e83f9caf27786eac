"""Whether a page can be used by everybody, as far as a machine can tell: WCAG 2 A and AA by axe-core."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.async_playwright import Axe as AsyncAxe
from axe_playwright_python.sync_playwright import Axe
from playwright.async_api import Page as AsyncPage
from playwright.sync_api import Page

RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}


def violations(page: Page) -> list[str]:
    """Each as one line: the rule, and the elements that break it."""
    return _lines(Axe().run(page, options=RULES).response["violations"])


def assert_usable(page: Page) -> None:
    """Nothing of the open page breaks a rule."""
    found = violations(page)
    assert found == [], "\n".join(found)


async def assert_usable_async(page: AsyncPage) -> None:
    """The same for a test that runs in a loop of its own."""
    found = _lines((await AsyncAxe().run(page, options=RULES)).response["violations"])
    assert found == [], "\n".join(found)


def _lines(rules: list[dict[str, Any]]) -> list[str]:
    return [f"{rule['id']}: {', '.join(str(node['target']) for node in rule['nodes'][:6])}" for rule in rules]
