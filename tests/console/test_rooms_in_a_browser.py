"""The rooms of tasks, doubts and the counter as people see them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from channels.base import OutboundKind
from gateway.casework.tasks import new_task
from gateway.staff.actor import Role
from normalizer.record import Contact, ContactKind, Submission
from store.desk import Link
from store.values import Case, LedgerId, OutboxState, Parcel
from tests.console.axe import assert_usable
from tests.console.conftest import open_as
from tests.console.serving import Console
from tests.demo.browsing import PATIENCE, SIZES, needs_chromium

pytestmark = [needs_chromium, pytest.mark.xdist_group("browser-of-rooms")]

TOLD = "2026年9月1日我的车被追尾，报案后材料都交了，两个多月一直没有赔付，客服每次都说在审核。"
WHO = "我叫张小三，电话13812345678，保单号PDAA202641010000123456，要求尽快赔付。"
POLICY: FilePayload = {"name": "保单.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 x"}
PAGES = (
    "/console/tasks",
    "/console/doubts",
    "/console/doubts/deliveries",
    "/console/doubts/callbacks",
    "/console/doubts/strangers",
    "/console/doubts/duplicates",
    "/console/counter",
)


@pytest.fixture
def busy(console: Console) -> Console:
    """A day at which everything went wrong at once."""
    for count in (1, 2):
        sender = Contact(kind=ContactKind.OPENID, value=f"openid-{count}")
        now = console.gateway.house.clock.now()
        item = Submission(channel="wechat", key=f"m{count}", sender=sender, received_at=now, text=f"{TOLD}{WHO}")
        console.submit(item)
    one, two = console.cases()
    console.run(trouble(console, one, two))
    return console


async def trouble(console: Console, one: Case, two: Case) -> None:
    house = console.gateway.house
    now = house.clock.now()
    async with house.store.unit() as unit:
        for kind, reason, detail in (
            ("page", "self_harm", "再不解决我就不想活了"),
            ("handover", "asked_for_person", f"转人工。{WHO}"),
            ("callback", "hung_up", WHO),
            ("delivery", "not_delivered", "the person refuses us here"),
            ("review", "stranger_in_thread", f"{two.number}\n这是我爱人的投诉，我补充一下：{TOLD}"),
        ):
            await unit.tasks.add(new_task(kind, reason, now, within=timedelta(hours=3), case=one, detail=detail))
        parcel = Parcel(
            id="stuck",
            channel="wechat",
            to=one.contact,
            kind=OutboundKind.STATUS,
            text=f"您的投诉{one.number}已作出处理决定。" * 4,
            created_at=now,
            next_at=now,
            number=one.number,
            complaint_id=one.id,
        )
        await unit.outbox.put(parcel)
        await unit.outbox.finish("stuck", OutboxState.FAILED, "the person refuses us here")
        entry = await unit.ledger.enter(channel="email", key="m", received_at=now, raw=b"From: z", envelope={})
        await unit.ledger.quarantine(LedgerId(entry.id), "ValueError in parse, line 7")
        facts = {"why": ["same_policy", "same_phone"]}
        await unit.links.add(
            Link(
                complaint_id=one.id,
                other_id=two.id,
                kind="duplicate",
                state="suggested",
                at=now,
                by="gateway",
                facts=facts,
            )
        )
        await unit.commit()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_hangs_over_the_edge_and_everybody_can_use_it(busy: Console, browser: Browser, language: str) -> None:
    for path in PAGES:
        with open_as(busy, browser, Role.SUPERVISOR, path, language=language) as page:
            expect(page.locator("h1")).to_be_visible()
            for deed in page.locator("details.deed").all():
                deed.evaluate("details => { details.open = true }")
            for width, height in SIZES:
                page.set_viewport_size({"width": width, "height": height})
                assert page.evaluate("document.documentElement.scrollWidth") <= width, path
            assert_usable(page)


def test_a_clerk_registers_a_visitor_who_goes_home_with_a_receipt(console: Console, browser: Browser) -> None:
    with open_as(console, browser, Role.CLERK, "/console/counter") as page:
        page.fill("[name=text]", TOLD)
        page.set_input_files("[name=papers]", [POLICY])
        page.click("form.visitor button.main")
        expect(page.locator(".missing")).to_contain_text("投诉人姓名", timeout=PATIENCE)
        expect(page).to_have_url(re.compile("/counter/visit/"))
        expect(page.locator(".talk")).to_contain_text("材料 1 份")
        fill_what_is_missing(page)
        page.click("form.visitor button.main")
        expect(page.locator(".desk")).to_contain_text("已经齐了", timeout=PATIENCE)
        assert_usable(page)
        page.click("text=打印回执")
        expect(page.locator(".receipt h1")).to_have_text("投诉登记回执", timeout=PATIENCE)
        assert_usable(page)
        page.emulate_media(media="print")
        expect(page.locator(".top")).to_be_hidden()
        expect(page.locator(".digits")).to_be_visible()
    [case] = console.cases()
    assert case.accepted_at is not None


def fill_what_is_missing(page: Page) -> None:
    for name, value in (("complainant_name", "张小三"), ("phone", "13812345678"), ("request", "尽快赔付")):
        if page.locator(f"[name={name}]").count():
            page.fill(f"[name={name}]", value)


def test_a_task_is_done_by_the_keyboard(busy: Console, browser: Browser) -> None:
    with open_as(busy, browser, Role.OFFICER, "/console/tasks?kind=handover") as page:
        page.locator(".deed summary").first.focus()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        page.keyboard.type("已联系客户")
        page.keyboard.press("Enter")
        expect(page.locator("#toast")).to_have_text("已办结。", timeout=PATIENCE)
        expect(page.locator(".nothing")).to_be_visible()
