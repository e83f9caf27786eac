"""The telephone on the sandbox page, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.demo.browsing import PATIENCE, SIZES, needs_chromium, open_page, overhang
from tests.demo.running import Demo, running_demo

MATTER = "我要投诉。我叫{name}，十月八号在中山医院做了手术，你们以带病投保为由拒赔，我要求按合同赔付三万六千八百元"
MESSAGE = "材料交了一个月没有人理，请给我回电话"
MOBILE, LANDLINE, ABROAD, WITHHELD = range(1, 5)  # the callers, in the order of the page

# Stands in for the browser's voices: what would be heard, and in which language.
HEARD = """
    window.heard = [];
    speechSynthesis.speak = (words) => window.heard.push([words.lang, words.text]);
"""
NO_VOICES = "delete window.speechSynthesis; delete window.SpeechSynthesisUtterance;"

pytestmark = [needs_chromium, pytest.mark.xdist_group("telephones-of-the-demo")]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """One of its own: there are few telephones, and each is in one call at a time."""
    with running_demo(tmp_path_factory.mktemp("telephone") / "demo", "--port", "0") as running:
        yield running


@pytest.fixture
def page(browser: Browser, demo: Demo) -> Iterator[Page]:
    """The page with the telephone before it, in nobody's call."""
    with open_page(browser, demo.url, before=HEARD) as opened:
        opened.click(".chat-side button[data-device=call]")
        yield opened
        if opened.locator("#hang-up").is_visible():
            opened.click("#hang-up")
            expect(opened.locator("#hang-up")).to_be_hidden(timeout=PATIENCE)


def take(page: Page, caller: int) -> None:
    page.click(f"#callers button:nth-child({caller})")


def dial(page: Page, caller: int) -> None:
    take(page, caller)
    page.click("#dial")
    expect(page.locator("#hang-up")).to_be_visible(timeout=PATIENCE)
    expect(page.locator("#waits")).to_contain_text("请说话", timeout=PATIENCE)


def say(page: Page, words: str, answer: str) -> None:
    """Say something; the hotline's next words hold this."""
    page.fill("#speak-text", words)
    page.press("#speak-text", "Enter")
    expect(last_said(page)).to_contain_text(answer, timeout=PATIENCE)


def last_said(page: Page) -> Locator:
    return page.locator("#talk [data-by=hotline] .bubble").last


def complain(page: Page, name: str) -> str:
    """A whole complaint, from the story to the hotline's number."""
    say(page, MATTER.format(name=name), "保单号")
    say(page, "不知道", "对吗")
    say(page, "对", "已受理")
    return page.locator("#case-head .number").inner_text()


def test_a_call_is_a_complaint_and_its_number_comes_as_a_message(page: Page) -> None:
    dial(page, MOBILE)
    expect(page.locator("#call-state")).to_contain_text("通话中")
    number = complain(page, "周敏")
    expect(last_said(page)).to_contain_text(number)
    expect(page.locator("[data-field=complainant_name]")).to_contain_text("周敏", timeout=PATIENCE)
    expect(page.locator("#calls [data-state=in-progress]")).to_contain_text(number, timeout=PATIENCE)
    expect(page.locator("#text-count")).not_to_be_empty(timeout=PATIENCE)
    page.click("#hang-up")
    expect(page.locator("#call-state")).to_have_text("未通话", timeout=PATIENCE)
    page.click("[data-shelf=texts]")
    expect(page.locator("#texts .text").last).to_contain_text(number)

    page.click("#steps [data-status=INVESTIGATING]")
    page.fill("#note", "已联系医院调取病历。")
    page.click("#step-go")
    expect(page.locator("#texts .text").last).to_contain_text("已联系医院调取病历。", timeout=PATIENCE)
    expect(page.locator("#calls .call").first).to_have_attribute("data-state", "completed", timeout=PATIENCE)


def test_what_the_hotline_says_is_spoken_in_its_language_until_that_is_switched_off(page: Page) -> None:
    dial(page, MOBILE)
    assert [page.evaluate("heard[0][0]"), page.evaluate("heard[0][1]")[:3]] == ["zh-CN", "您好，"]
    page.click("#call-examples button >> nth=-1")  # a person, by key 0
    expect(page.locator("#agent-bar")).to_be_visible(timeout=PATIENCE)
    page.click("#aloud")
    expect(page.locator("#aloud")).to_have_attribute("aria-pressed", "false")
    before = page.evaluate("heard.length")
    page.click("#agent-no")
    expect(page.locator("#waits")).to_contain_text("录音", timeout=PATIENCE)
    assert page.evaluate("heard.length") == before


def test_english_is_spoken_in_english(page: Page) -> None:
    dial(page, WITHHELD)
    page.click("#keypad-toggle")
    page.click("[data-digit='8']")
    expect(last_said(page)).to_contain_text("tell me", timeout=PATIENCE)
    assert page.evaluate("heard.at(-1)[0]") == "en-US"


def test_a_browser_without_voices_shows_the_call_all_the_same(browser: Browser, demo: Demo) -> None:
    with open_page(browser, demo.url, before=NO_VOICES) as page:
        page.click(".chat-side button[data-device=call]")
        dial(page, WITHHELD)
        expect(last_said(page)).to_contain_text("录音", timeout=PATIENCE)
        page.click("#hang-up")
        expect(page.locator("#talk .notice").last).to_have_text("挂断", timeout=PATIENCE)


def test_a_person_is_rung_nobody_answers_and_staff_write_down_the_message(page: Page) -> None:
    dial(page, WITHHELD)
    page.click("#keypad-toggle")
    page.click("[data-digit='0']")
    expect(page.locator("#waits")).to_contain_text("正在呼叫工作人员", timeout=PATIENCE)
    page.click("#agent-no")
    expect(page.locator("#talk")).to_contain_text("请说一个能联系到您的电话号码", timeout=PATIENCE)
    expect(page.locator("#waits")).to_contain_text("请说话", timeout=PATIENCE)
    page.fill("#speak-text", "一三九零零一三九零零零")
    page.press("#speak-text", "Enter")
    expect(page.locator("#waits")).to_contain_text("录音", timeout=PATIENCE)
    page.fill("#speak-text", MESSAGE)
    page.press("#speak-text", "Enter")
    page.click("#keypad-toggle")
    page.click("[data-digit='#']")
    expect(page.locator("#talk .notice").last).to_have_text("热线结束通话", timeout=PATIENCE)

    recording = page.locator("#recordings .recording", has=page.locator(".words-form")).first
    expect(recording).to_be_visible(timeout=PATIENCE)
    length = recording.locator("audio").evaluate(
        "player => new Promise((done, failed) => {"
        " player.onloadedmetadata = () => done(player.duration); player.onerror = () => failed(player.error.message);"
        " player.preload = 'metadata'; player.load(); })"
    )
    assert length > 0
    recording.locator("textarea").fill(MESSAGE)
    recording.locator("button").click()
    expect(page.locator("#recordings .heard-words").first).to_have_text(MESSAGE, timeout=PATIENCE)


def test_a_landline_rings_with_the_news_and_asks_for_four_digits(page: Page) -> None:
    dial(page, LANDLINE)
    number = complain(page, "何志强")
    page.click("#hang-up")
    expect(page.locator("#dial")).to_be_visible(timeout=PATIENCE)
    take(page, MOBILE)
    page.click("#steps [data-status=INVESTIGATING]")
    page.fill("#note", "已联系理赔部门。")
    page.click("#step-go")
    expect(page.locator("#callers .rings")).to_have_text("何何志强", timeout=PATIENCE)
    take(page, LANDLINE)
    expect(page.locator("#machine")).to_be_visible()
    page.click("#dial")
    expect(page.locator("#keys")).to_be_visible(timeout=PATIENCE)
    assert "已联系理赔部门" not in page.locator("#talk").inner_text()
    for digit in f"{number[-4:]}#":
        page.click(f"[data-digit='{digit}']")
    expect(page.locator("#talk")).to_contain_text("已联系理赔部门。", timeout=PATIENCE)


def test_a_number_that_nothing_reaches_says_so(page: Page) -> None:
    take(page, ABROAD)
    expect(page.locator("#own-number")).to_contain_text("发不到短信")
    page.click("[data-shelf=texts]")
    expect(page.locator("#texts")).to_contain_text("下次来电时告知")


def test_a_call_needs_no_mouse(page: Page) -> None:
    page.focus("#dial")
    page.keyboard.press("Enter")
    expect(page.locator("#waits")).to_be_visible(timeout=PATIENCE)
    page.focus("#keypad-toggle")
    page.keyboard.press("Enter")
    page.focus("[data-digit='0']")
    page.keyboard.press("Enter")
    expect(page.locator("#agent-bar")).to_be_visible(timeout=PATIENCE)
    unnamed = page.locator("#side-call :is(button, input, textarea)").evaluate_all(
        "all => all.filter(each => each.checkVisibility()"
        " && !(each.innerText || each.getAttribute('aria-label') || each.labels?.length)).map(each => each.id)"
    )
    assert unnamed == []


def test_words_that_the_line_cut_off_are_in_the_transcript(page: Page) -> None:
    dial(page, ABROAD)
    page.fill("#speak-text", "我希望你们尽快")
    page.click("#hang-up")
    expect(page.locator("#talk .mine .bubble").last).to_have_text("我希望你们尽快—", timeout=PATIENCE)


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_nothing_of_the_telephone_hangs_over_the_edge(page: Page, width: int, height: int) -> None:
    dial(page, MOBILE)
    page.set_viewport_size({"width": width, "height": height})
    if page.locator("#keys").is_hidden():
        page.click("#keypad-toggle")
    page.click("#sure-box summary")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for box in ("#side-call", "#handset", "#talk", "#keys", "#sure-box", ".buttons"):
        assert overhang(page, box) <= 1, f"{box} at {width}"
    assert page.locator("#talk").evaluate("box => box.clientHeight") > 60, "what is said can still be read"
