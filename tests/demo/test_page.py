"""The sandbox page in a real browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.demo.browsing import PATIENCE, SIZES, needs_chromium, open_page, overhang
from tests.demo.running import Demo

SIDES = ("chat", "call", "mail", "staff")

COMPLAINT = (
    "我要投诉。我叫张伟，10月8号做了手术，你们以带病投保为由拒赔，可体检报告都是正常的。"
    "保单号P2023440100012345，电话13800138000，要求按合同赔付医疗费36800元。"
)

pytestmark = [needs_chromium, pytest.mark.xdist_group("demo")]


@pytest.fixture
def page(browser: Browser, demo: Demo) -> Iterator[Page]:
    """The page before a person who has just followed the account."""
    with open_page(browser, demo.url) as opened:
        opened.click("#newcomer")
        expect(opened.locator("#lines .bubble")).to_have_count(1, timeout=PATIENCE)
        yield opened


def say(page: Page, text: str) -> None:
    page.fill("#say-text", text)
    page.press("#say-text", "Enter")


def test_a_complaint_goes_in_an_answer_comes_out_and_staff_move_it(page: Page) -> None:
    say(page, COMPLAINT)
    answer = page.locator("#lines .line:not(.mine) .bubble").last
    expect(answer).to_contain_text("已受理", timeout=PATIENCE)
    number = page.locator("#case-head .number").inner_text()
    expect(answer).to_contain_text(number)
    expect(page.locator("[data-field=complainant_name]")).to_contain_text("张伟")
    expect(page.locator("[data-field=policy_number]")).to_contain_text("P2023440100012345")
    page.hover("[data-field=complainant_name]")
    expect(page.locator("#tip")).to_contain_text("把握")

    page.click("#steps [data-status=INVESTIGATING]")
    page.fill("#note", "已联系医院调取病历。")
    expect(page.locator("#preview")).to_contain_text("已联系医院调取病历。", timeout=PATIENCE)
    page.click("#step-go")
    pushed = page.locator("#lines [data-by=customer_service] .bubble").last
    expect(pushed).to_contain_text("已联系医院调取病历。", timeout=PATIENCE)
    expect(page.locator("#case-head .status")).to_have_text("调查中", timeout=PATIENCE)
    expect(page.locator("#parcels [data-state=sent]").first).to_contain_text(number, timeout=PATIENCE)


def test_a_picture_is_shown_kept_and_added_to_the_complaint(page: Page) -> None:
    say(page, COMPLAINT)
    expect(page.locator("#lines .line:not(.mine) .bubble").last).to_contain_text("已受理", timeout=PATIENCE)
    page.click("#picture")
    page.click("#picture-sample")
    picture = page.locator("#lines .mine img")
    expect(picture).to_be_visible(timeout=PATIENCE)
    assert page.evaluate("image => image.decode().then(() => image.naturalWidth)", picture.element_handle()) > 0
    expect(page.locator("#marks .file")).to_contain_text("KB", timeout=PATIENCE)


def test_an_incomplete_mail_gets_a_list_and_its_answer_is_accepted_in_the_thread(page: Page) -> None:
    page.click("#mail-examples button >> nth=0")
    page.click("#compose .main")
    letters = page.locator("#letters .letter[data-sent=false]")
    expect(letters.last).to_contain_text("1. ", timeout=PATIENCE)
    page.click("#mail-examples button >> nth=1")
    expect(page.locator("#reply-bar")).to_be_visible(timeout=PATIENCE)
    page.click("#compose .main")
    expect(letters.last).to_contain_text("已受理", timeout=PATIENCE)
    expect(page.locator("#case-head .way")).to_have_text("邮件")


def test_danger_stands_out_and_the_duty_mailbox_is_told(page: Page) -> None:
    say(page, "你们再不赔我就不想活了")
    expect(page.locator("#lines .line:not(.mine) .bubble").last).to_contain_text("120", timeout=PATIENCE)
    expect(page.locator("#pages .page").first).to_contain_text("不想活", timeout=PATIENCE)
    number = page.locator("#case-head .number").inner_text()
    page.click("#mailboxes button >> nth=3")
    expect(page.locator("#letters .letter").last).to_contain_text(number, timeout=PATIENCE)


def test_days_can_be_skipped_and_the_page_speaks_english(page: Page) -> None:
    page.click("[data-hours='24']")
    expect(page.locator("#ahead")).to_contain_text("天", timeout=PATIENCE)
    page.click("#lang")
    expect(page.locator("#title-staff")).to_contain_text("Staff")
    expect(page.locator("#ahead")).to_contain_text("ahead")


def test_what_is_empty_says_so_in_the_language_of_the_page(page: Page) -> None:
    say(page, "你们拒赔我爸的手术费，太气人了")
    expect(page.locator("#parcels .nothing")).to_have_text("暂无", timeout=PATIENCE)
    page.click("#lang")
    expect(page.locator("#parcels .nothing")).to_have_text("Nothing yet")


def test_what_customers_write_is_text_and_never_markup(page: Page) -> None:
    page.on("dialog", lambda dialog: pytest.fail("a script of a customer ran"))
    hostile = "<img src=x onerror=alert(1)><script>alert(2)</script> 我要投诉拒赔"
    say(page, hostile)
    expect(page.locator("#lines .mine .bubble").last).to_have_text(hostile, timeout=PATIENCE)
    expect(page.locator("#lines .line:not(.mine) .bubble")).to_have_count(2, timeout=PATIENCE)
    assert page.locator("main img[src=x], main script").count() == 0


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_nothing_hangs_over_the_edge(page: Page, width: int, height: int) -> None:
    say(page, COMPLAINT)
    expect(page.locator("#lines .line:not(.mine) .bubble").last).to_contain_text("已受理", timeout=PATIENCE)
    page.set_viewport_size({"width": width, "height": height})
    page.evaluate("document.getElementById('ahead').textContent = '已快进123小时'")
    for side in SIDES:
        if page.locator(f"[data-side={side}]").is_visible():
            page.click(f"[data-side={side}]")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        for box in (f"#side-{side}", ".desk", "#lines", "#letters"):
            assert overhang(page, box) <= 1, f"{box} at {width}"
