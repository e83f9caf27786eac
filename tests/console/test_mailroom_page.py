"""The mailroom hands scans in from a browser."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, FilePayload, expect

from gateway.staff.actor import Role
from tests.console.conftest import Opening, open_as
from tests.console.serving import Console
from tests.demo.browsing import PATIENCE, SIZES, needs_chromium
from tests.staff.paper import POLICY_LINE, letter

pytestmark = [needs_chromium, pytest.mark.xdist_group("browser-of-mailroom")]

FIRST: FilePayload = {"name": "第一页.jpg", "mimeType": "image/jpeg", "buffer": b"one"}
LONG: FilePayload = {"name": "很长的名字" * 20 + ".jpg", "mimeType": "image/jpeg", "buffer": b"three"}
NO_SCAN: FilePayload = {"name": "a.exe", "mimeType": "application/octet-stream", "buffer": b"MZ"}
SECOND: FilePayload = {"name": "<img src=x onerror=alert(1)>.jpg", "mimeType": "image/jpeg", "buffer": b"two"}


def ready(console: Console, key: str) -> None:
    """A letter that will come of the next hand-in."""
    console.mailroom.ready.append(letter(key, datetime.now(UTC), unsure={POLICY_LINE: 0.7}))


def test_several_files_become_one_letter_which_appears_with_its_number(console: Console, opened: Opening) -> None:
    ready(console, "one")
    with opened("/console/letters") as page:
        expect(page.locator("#nothing")).to_be_visible()
        page.set_input_files("#files", [FIRST, SECOND])
        page.fill("#tracking", "EMS123")
        page.click("#send")
        expect(page.locator("#came li")).to_have_count(1, timeout=PATIENCE)
        expect(page.locator("#came")).to_contain_text("待核对")
        expect(page.locator("#came")).to_contain_text(console.cases()[0].number)
        expect(page.locator("#chosen li")).to_have_count(0)
        expect(page.locator("#tracking")).to_have_value("")
    [given] = console.mailroom.given
    assert [paper.content for paper in given.papers] == [b"one", b"two"]
    assert given.tracking_number == "EMS123"
    assert given.received_on is not None


def test_each_file_may_be_a_letter_of_its_own(console: Console, opened: Opening) -> None:
    ready(console, "one")
    ready(console, "two")
    with opened("/console/letters") as page:
        page.set_input_files("#files", [FIRST, SECOND])
        page.check("input[value=each]")
        page.click("#send")
        expect(page.locator("#came li")).to_have_count(2, timeout=PATIENCE)
    assert [len(given.papers) for given in console.mailroom.given] == [1, 1]


def test_what_is_not_listed_yet_is_said_to_be_being_read(console: Console, opened: Opening) -> None:
    with opened("/console/letters") as page:
        page.set_input_files("#files", [SECOND])
        page.click("#send")
        expect(page.locator("#waiting li")).to_have_text(f"识读中：{SECOND['name']}", timeout=PATIENCE)
        assert page.locator("main img[src=x]").count() == 0


def test_a_file_that_is_no_scan_stays_in_the_list_with_the_reason(console: Console, opened: Opening) -> None:
    with opened("/console/letters") as page:
        page.set_input_files("#files", [NO_SCAN])
        page.click("#send")
        expect(page.locator("#told")).to_contain_text("这不是扫描件", timeout=PATIENCE)
        expect(page.locator("#chosen li")).to_have_count(1)
        page.click("#chosen button")
        expect(page.locator("#send")).to_be_disabled()


def test_files_may_be_dropped(console: Console, opened: Opening) -> None:
    with opened("/console/letters") as page:
        page.evaluate(
            """() => {
              const data = new DataTransfer();
              data.items.add(new File(["x"], "dropped.pdf"));
              const drop = new DragEvent("drop", { dataTransfer: data, bubbles: true });
              document.getElementById("drop").dispatchEvent(drop);
            }"""
        )
        expect(page.locator("#chosen li")).to_contain_text("dropped.pdf")
        expect(page.locator("#send")).to_be_enabled()


def test_the_mailroom_hands_in_and_sees_what_became_of_it_without_anybodys_number(
    console: Console, browser: Browser
) -> None:
    ready(console, "one")
    with open_as(console, browser, Role.MAILROOM, "/console/letters") as page:
        page.set_input_files("#files", [FIRST])
        page.click("#send")
        expect(page.locator("#came li")).to_contain_text("待核对", timeout=PATIENCE)
        expect(page.locator("#came .number")).to_have_text("")
        assert page.locator("#to-verify, #came a").count() == 0


def test_whoever_is_signed_out_meanwhile_stands_before_the_door(console: Console, opened: Opening) -> None:
    with opened("/console/letters/post") as page:
        expect(page.locator("#nothing")).to_be_visible()
        console.people.people.clear()
        with page.expect_navigation(url=re.compile("/console/sign-in")):
            page.click("[data-state=posted]")


def test_nothing_of_the_pages_hangs_over_the_edge(console: Console, opened: Opening, in_english: Opening) -> None:
    console.submit(letter("one", datetime.now(UTC), unsure={POLICY_LINE: 0.7}))
    console.printed("p1", "TS261123000018", "示例物流有限公司南京分公司", "江苏省南京市玄武区中山路1号2幢303室")
    for path in ("/console/letters", "/console/letters/verify", "/console/letters/post"):
        for opening in (opened, in_english):
            with opening(path) as page:
                expect(page.locator("#came li, .crop canvas, #post li").first).to_be_visible(timeout=PATIENCE)
                if path == "/console/letters":
                    page.set_input_files("#files", [LONG, SECOND])
                for width, height in SIZES:
                    page.set_viewport_size({"width": width, "height": height})
                    assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_letters_of_yesterday_are_listed_with_their_day(console: Console, opened: Opening) -> None:
    console.submit(letter("one", datetime.now(UTC) - timedelta(days=1)))
    with opened("/console/letters") as page:
        expect(page.locator("#came li")).to_contain_text("无疑问", timeout=PATIENCE)
