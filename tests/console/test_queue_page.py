"""The queue and the ticket in a real browser: by keyboard, on every size of screen, fresh, and without scripts."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web
from playwright.async_api import Browser, Page, async_playwright, expect
from pydantic import SecretStr

from gateway.console import live as live_module
from gateway.console.kit import LANGUAGE_COOKIE
from gateway.console.live import LiveRoom
from gateway.console.queue.room import QueueRoom
from gateway.console.ticket.room import TicketRoom
from gateway.house import House
from gateway.intake.inbox import GatewayInbox
from gateway.settings import Settings
from gateway.staff.actor import COOKIE, Role
from store.unit import Store
from store.values import Case
from tests.clock import SetClock
from tests.console.axe import assert_usable_async
from tests.console.desk import Desk, desk
from tests.demo.browsing import CHROMIUM, FLAGS, PATIENCE, SIZES, needs_chromium
from tests.staff.office import ON_ONE, WORDS, Office
from tests.staff.paper import SmallMailroom

pytestmark = [needs_chromium, ON_ONE]

MOST_ROWS, ROWS_SEEN = 16, 12


class Floor:
    def __init__(self, desk: Desk, office: Office, browser: Browser) -> None:
        self.desk, self.office, self.browser = desk, office, browser
        self.cases: list[Case] = []

    async def fill(self, many: int) -> None:
        """The first is due first."""
        now = self.desk.house.clock.now()
        for place in range(many):
            case = await self.office.complaint(priority=f"P{place % 4}", matter=WORDS if place % 2 else "理赔拖了")
            async with self.desk.house.store.unit() as unit:
                await unit.complaints.set_work(case.id, {"due_at": now + timedelta(hours=place * 9 - 20)}, now=now)
                await unit.commit()
            self.cases.append(case)

    @asynccontextmanager
    async def opened(
        self, path: str, *, size: tuple[int, int] = (1366, 768), language: str = "zh", scripts: bool = True
    ) -> AsyncIterator[Page]:
        """A page that shares nothing with any other; a script of ours that fails, fails the test."""
        complaints: list[str] = []
        base = str(self.desk.client.make_url("/"))
        context = await self.browser.new_context(
            viewport={"width": size[0], "height": size[1]}, java_script_enabled=scripts, timezone_id="Asia/Shanghai"
        )
        cookies = {COOKIE: self.desk.cookie, LANGUAGE_COOKIE: language}
        await context.add_cookies([{"name": name, "value": value, "url": base} for name, value in cookies.items()])
        page = await context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        await page.goto(f"{base}console{path}")
        yield page
        await context.close()
        assert complaints == []


@pytest.fixture
async def own_browser() -> AsyncIterator[Browser]:
    """In the loop of the test, in which the console runs too: the one that other pages share has none."""
    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield opened
        await opened.close()


@pytest.fixture
async def floor(store: Store, own_browser: Browser) -> AsyncIterator[Floor]:
    house = House(store=store, clock=SetClock(), settings=Settings(api_token=SecretStr("x")))
    inbox = GatewayInbox(house)
    nobody: Any = None
    office = Office(client=nobody, house=house, replayer=nobody, inbox=inbox, mailroom=SmallMailroom(inbox))
    lives: list[LiveRoom] = []

    def rooms(kit: Any) -> list[Any]:
        lives.append(LiveRoom(kit))
        return [QueueRoom(kit), TicketRoom(kit, inbox.submit), lives[0]]

    async with desk(house, rooms) as opened:
        opened.as_(Role.SUPERVISOR, name="周主管")
        yield Floor(opened, office, own_browser)
        await lives[0].stop(web.Application())


async def test_twelve_rows_are_seen_without_scrolling_and_nothing_hangs_over_the_edge(floor: Floor) -> None:
    await floor.fill(MOST_ROWS)
    for language in ("zh", "en"):
        async with floor.opened("", language=language) as page:
            for width, height in SIZES:
                await page.set_viewport_size({"width": width, "height": height})
                assert await page.evaluate("document.documentElement.scrollWidth") <= width
                seen = await page.evaluate(
                    "[...document.querySelectorAll('[data-row]')]"
                    ".filter(row => row.getBoundingClientRect().bottom <= innerHeight).length"
                )
                assert seen >= ROWS_SEEN or width < 1000
            await assert_usable_async(page)


async def test_a_ticket_fits_every_screen_and_everybody(floor: Floor) -> None:
    await floor.fill(1)
    for language in ("zh", "en"):
        async with floor.opened(f"/complaints/{floor.cases[0].number}", language=language) as page:
            await page.locator("#act-move summary").click()
            for width, height in SIZES:
                await page.set_viewport_size({"width": width, "height": height})
                assert await page.evaluate("document.documentElement.scrollWidth") <= width
            await assert_usable_async(page)


async def test_the_queue_is_walked_by_keyboard(floor: Floor) -> None:
    await floor.fill(3)
    async with floor.opened("") as page:
        await page.keyboard.press("j")
        await page.keyboard.press("j")
        await page.keyboard.press("x")
        await expect(page.locator(f"input[value={floor.cases[1].number}]")).to_be_checked()
        await page.keyboard.press("?")
        await expect(page.locator("#help")).to_be_visible()
        await page.keyboard.press("Escape")
        await page.keyboard.press("/")
        await expect(page.locator("#search")).to_be_focused()
        await page.keyboard.type("jk?")
        await expect(page.locator("#search")).to_have_value("jk?")
        await page.keyboard.press("Escape")
        await page.keyboard.press("j")
        await page.keyboard.press("Enter")
        await page.wait_for_url(f"**/complaints/{floor.cases[0].number}")
        await page.keyboard.press("g")
        await page.keyboard.press("q")
        await page.wait_for_url("**/console")


async def test_what_comes_in_appears_and_what_was_chosen_stays(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_module, "GLANCE", 0.1)
    await floor.fill(2)
    async with floor.opened("") as page:
        await page.locator(f"input[value={floor.cases[1].number}]").check()
        await page.locator(f"[data-row={floor.cases[0].number}] a").focus()
        floor.desk.house.clock.advance(minutes=1)  # type: ignore[attr-defined]  # it is a SetClock
        async with page.expect_response(lambda answer: answer.url.endswith("/live")):
            await page.reload()
        await page.locator(f"input[value={floor.cases[1].number}]").check()
        await page.locator(f"[data-row={floor.cases[0].number}] a").focus()
        await floor.fill(1)
        await expect(page.locator("[data-row]")).to_have_count(3)
        await expect(page.locator(f"input[value={floor.cases[1].number}]")).to_be_checked()
        await expect(page.locator(f"[data-row={floor.cases[0].number}] a")).to_be_focused()


async def test_everything_works_without_scripts(floor: Floor) -> None:
    await floor.fill(2)
    number = floor.cases[1].number
    async with floor.opened("", scripts=False) as page:
        await page.fill("#search", number)
        await page.press("#search", "Enter")
        await page.wait_for_url(f"**/complaints/{number}")
        await page.locator("#act-reply summary").click()
        await page.fill("#reply-text", "您好，我们正在核实。")
        await page.locator("#act-reply button").click()
        await expect(page.locator(".preview")).to_contain_text("您好，我们正在核实。")
        await page.locator("#send-reply").click()
        await expect(page.locator(".turns .ours").last).to_contain_text("您好，我们正在核实。")
