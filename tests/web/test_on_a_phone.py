"""A customer with a phone's browser, with scripts and without: from the complaint to the rating."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, FilePayload, Page, ViewportSize, expect

from gateway.casework.lifecycle import Status
from gateway.casework.move import move
from tests.demo.browsing import open_browser
from tests.web.browsing import Site, site_at
from tests.web.visitor import PHOTO

PHONE: ViewportSize = {"width": 390, "height": 844}
PATIENCE = 45_000  # milliseconds
pytestmark = pytest.mark.xdist_group("browser-on-a-phone")
MATTER = "10月3日车被追尾，车险理赔拖了两个月还没赔，一直说在审核"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as opened:
        yield opened


@pytest.fixture
def site(sqlite_template: Path, tmp_path: Path) -> Iterator[Site]:
    path = tmp_path / "tousu.db"
    shutil.copy(sqlite_template, path)
    with site_at(tmp_path, f"sqlite+aiosqlite:///{path}") as running:
        yield running


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def page(request: pytest.FixtureRequest, browser: Browser, site: Site) -> Iterator[Page]:
    """A phone; a script of ours that fails, fails the test."""
    faults: list[str] = []
    context = browser.new_context(
        viewport=PHONE, java_script_enabled=request.param, locale="zh-CN", timezone_id="Asia/Shanghai"
    )
    opened = context.new_page()
    opened.set_default_timeout(PATIENCE)
    opened.on("console", lambda said: faults.append(said.text) if said.type in ("error", "warning") else None)
    opened.on("pageerror", lambda error: faults.append(str(error)))
    yield opened
    context.close()
    assert not faults


def photo(name: str) -> FilePayload:
    return {"name": name, "mimeType": "image/jpeg", "buffer": PHOTO + name.encode()}


def check(page: Page) -> None:
    """Axe looks at the page, and nothing is wider than the phone."""
    found = Axe().run(page)
    assert not found.response["violations"], found.generate_report()
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0


def test_a_customer_complains_adds_rates_and_withdraws(page: Page, site: Site, request: pytest.FixtureRequest) -> None:
    scripts = "without" not in request.node.callspec.id
    page.goto(f"{site.url}/complain")
    _checked(page, scripts)
    page.get_by_label("事情经过").fill(MATTER)
    page.get_by_label("您希望怎样解决").fill("尽快赔付")
    page.get_by_label("投诉人姓名").fill("王小明")
    page.get_by_label("合同、单据").set_input_files(photo("定损单.jpg"))
    page.get_by_label("我已阅读个人信息说明").check()
    page.get_by_role("button", name="提交投诉").click()

    expect(page.get_by_role("alert")).to_contain_text("请留下电话或邮箱")
    expect(page.get_by_label("事情经过")).to_have_value(MATTER)
    _checked(page, scripts)
    page.get_by_role("link", name="请留下电话或邮箱").click()
    page.get_by_label("联系电话").fill("13812345678")
    page.get_by_role("button", name="提交补充").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("投诉已收到")
    case = site.case()
    expect(page.locator("main")).to_contain_text(case.number)
    assert site.files() == ["定损单.jpg"]
    _checked(page, scripts)

    page.get_by_role("link", name="查询进度").click()
    _checked(page, scripts)
    page.get_by_label("投诉编号").fill(case.number)
    page.get_by_label("登记手机号或身份证的后四位").fill("5678")
    page.get_by_role("button", name="查询").click()
    expect(page.get_by_role("status").first).to_contain_text("已受理")
    _checked(page, scripts)

    page.get_by_label("补充的内容").fill("补充修车发票")
    page.get_by_label("合同、单据").set_input_files(
        {"name": "发票.jpg", "mimeType": "image/jpeg", "buffer": PHOTO + b"2"}
    )
    page.get_by_role("button", name="提交补充").click()
    expect(page.locator("main")).to_contain_text("已收到您的补充")
    assert sorted(site.files()) == ["发票.jpg", "定损单.jpg"]

    for status in (Status.INVESTIGATING, Status.DECIDED, Status.FOLLOW_UP):
        site.run(move(site.gateway.house, case.number, status, note="已核实，赔付3600元", tell=True, actor="li.lei"))
    page.goto(f"{site.url}/progress")
    _checked(page, scripts)
    page.get_by_label("满意", exact=True).check()
    page.get_by_role("button", name="提交评价").click()
    expect(page.locator("main")).to_contain_text("谢谢您的评价")
    page.get_by_label("没有解决").fill("还差一半")
    page.get_by_role("button", name="未解决").click()
    expect(page.get_by_role("status").first).to_contain_text("已重新办理")

    page.get_by_role("button", name="撤回投诉").click()
    expect(page.get_by_role("alert")).to_contain_text("确定要撤回")
    _checked(page, scripts)
    page.get_by_role("button", name="确认撤回").click()
    expect(page.get_by_role("status").first).to_contain_text("已撤回")
    assert site.case().status == Status.WITHDRAWN


def test_what_is_typed_comes_back_after_the_browser_was_closed(browser: Browser, site: Site) -> None:
    context = browser.new_context(viewport=PHONE, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{site.url}/complain")
    with page.expect_response(lambda answer: answer.url.endswith("/complain/draft")):
        page.get_by_label("事情经过").fill(MATTER)
    kept = context.storage_state()
    context.close()
    again = browser.new_context(viewport=PHONE, locale="zh-CN", storage_state=kept)
    page = again.new_page()
    page.goto(f"{site.url}/complain")
    expect(page.get_by_label("事情经过")).to_have_value(MATTER)
    page.get_by_role("button", name="删除草稿").click()
    expect(page.get_by_label("事情经过")).to_have_value("")
    again.close()


def test_somebody_in_danger_reads_calm_words_first(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/complain")
    page.get_by_label("事情经过").fill("你们再不赔我就不想活了，安眠药都准备好了")
    page.get_by_label("我已阅读个人信息说明").check()
    page.get_by_role("button", name="提交投诉").click()
    expect(page.get_by_role("alert")).to_contain_text("12356")


def _checked(page: Page, scripts: bool) -> None:
    if scripts:
        check(page)
