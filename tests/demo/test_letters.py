"""Letters on the sandbox page, in a real browser: written, dropped, read, printed, answered."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from gateway.operations.demo.paper import has_fonts
from tests.demo.browsing import PATIENCE, SIZES, needs_chromium, open_page, overhang
from tests.demo.running import Demo, running_demo

READ_WITHIN = 120_000  # milliseconds: the models load, and other tests run beside
PRINTED_WITHIN = 60_000
NO_REQUEST, HARD = 1, 4  # examples, in the order of the page

pytestmark = [
    needs_chromium,
    pytest.mark.xdist_group("letters-of-the-demo"),
    pytest.mark.skipif(not has_fonts(), reason="LETTERS ON THE SANDBOX PAGE ARE NOT TESTED: no fonts-noto-cjk"),
]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """One of its own: letters are counted here."""
    with running_demo(tmp_path_factory.mktemp("letters") / "demo", "--port", "0") as running:
        yield running


@pytest.fixture
def page(browser: Browser, demo: Demo) -> Iterator[Page]:
    """The page with the letter box before it."""
    with open_page(browser, demo.url) as opened:
        opened.click(".mail-side button[data-desk=paper]")
        yield opened


def drop(page: Page, example: int, scan: str = "") -> Locator:
    """Take an example, put it into the letter box, and wait until it is read; its card, opened."""
    cards = page.locator("#came article")
    seen = cards.count()
    page.click(f"#paper-examples button >> nth={example}")
    if scan:
        page.select_option("#scan", scan)
    page.click("#drop")
    expect(page.locator("#came .coming").first).to_be_visible(timeout=PATIENCE)
    expect(cards).to_have_count(seen + 1, timeout=READ_WITHIN)
    expect(cards.first.locator(".mark-line").first).to_be_attached(timeout=PATIENCE)
    return cards.first


def printed(page: Page, count: int) -> Locator:
    """So many letters of ours lie there; the newest."""
    page.click("[data-pile=printed]")
    expect(page.locator("#printed article")).to_have_count(count, timeout=PRINTED_WITHIN)
    return page.locator("#printed article").first


def test_a_letter_is_read_asked_back_and_its_slip_answered(page: Page) -> None:
    came = drop(page, NO_REQUEST, "clean")
    number = page.locator("#case-head .number").inner_text()
    expect(came).to_contain_text("郑秀英")
    expect(came.locator(".mark-value").first).to_be_attached()
    came.locator(".mark-value").first.hover()
    expect(page.locator("#tip")).to_contain_text("：")
    assert came.locator(".leaf img").evaluate("picture => picture.naturalWidth") > 1000

    ours = printed(page, 1)
    expect(ours).to_contain_text(number)
    expect(ours.locator(".leaf img").first).to_have_js_property("complete", True, timeout=PATIENCE)
    assert ours.locator(".leaf img").first.evaluate("picture => picture.naturalWidth") > 500
    ours.locator(".slip-form textarea").fill("三日内支付理赔款8600元")
    ours.locator(".slip-form button").click()
    expect(page.locator("#came article")).to_have_count(2, timeout=READ_WITHIN)
    expect(page.locator("#came article").first).to_contain_text(number, timeout=PATIENCE)
    expect(page.locator("#case-head .status")).to_have_text("已受理", timeout=PATIENCE)

    receipt = printed(page, 2)
    receipt.locator("[data-post=posted]").click()
    expect(receipt).to_have_attribute("data-state", "posted", timeout=PATIENCE)
    receipt.locator("[data-post=returned]").click()
    expect(receipt).to_have_attribute("data-state", "returned", timeout=PATIENCE)
    expect(page.locator("#tasks")).to_contain_text(number, timeout=PATIENCE)


def test_a_doubtful_number_is_confirmed_beside_its_picture(page: Page) -> None:
    came = drop(page, HARD)
    expect(came).to_have_attribute("data-state", "doubtful")
    doubt = came.locator("[data-doubt=policy_number]")
    expect(doubt.locator(".crop img")).to_be_visible(timeout=PATIENCE)
    doubt.locator("input").fill("QH80110825460")
    came.locator(".confirm .main").click()
    expect(came).to_have_attribute("data-state", "verified", timeout=PATIENCE)
    expect(page.locator("[data-field=policy_number]")).to_contain_text("QH80110825460", timeout=PATIENCE)
    nothing_hangs_over(page)
    the_large_page_opens_and_shuts_by_keys(page)


def nothing_hangs_over(page: Page) -> None:
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        if page.locator("[data-side=paper]").is_visible():
            page.click("[data-side=paper]")
        for pile in ("printed", "came"):
            page.click(f"[data-pile={pile}]")
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            for box in ("#side-paper", "#came", "#printed", "#write"):
                assert overhang(page, box) <= 1, f"{box} at {width}"
    page.set_viewport_size({"width": SIZES[0][0], "height": SIZES[0][1]})


def the_large_page_opens_and_shuts_by_keys(page: Page) -> None:
    page.focus("#came article .enlarge >> nth=0")
    page.keyboard.press("Enter")
    expect(page.locator("#large img")).to_be_visible(timeout=PATIENCE)
    page.keyboard.press("Escape")
    expect(page.locator("#large")).to_be_hidden(timeout=PATIENCE)


def test_a_file_that_is_no_scan_is_kept_for_a_person(page: Page, demo: Demo, tmp_path: Path) -> None:
    broken = tmp_path / "扫描件.pdf"
    broken.write_bytes(b"%PDF-1.4 this is not the rest of it\n%%EOF\n")
    page.set_input_files("#scan-file", broken)
    expect(page.locator("#tasks")).to_contain_text("无法读取", timeout=READ_WITHIN)
    page.set_input_files("#scan-file", broken)
    expect(page.locator("#toast")).to_contain_text("已经收过", timeout=PATIENCE)


@pytest.mark.parametrize(
    ("path", "asked", "status"),
    [
        ("letter/write", {"text": "我要投诉", "scan": "nonsense"}, 400),
        ("letter/write", {"text": ""}, 400),
        ("letter/slip", {"id": "nobody", "answers": "8600"}, 404),
        ("letter/drop", {"file": "../../etc/passwd"}, 404),
        ("post/move", {"id": "nobody", "state": "posted"}, 404),
        ("post/move", {"id": "nobody", "state": "eaten"}, 400),
        ("staff/confirm", {"number": "../complaints", "fields": {}}, 404),
    ],
)
def test_what_cannot_be_done_with_paper_is_refused(demo: Demo, path: str, asked: dict[str, Any], status: int) -> None:
    request = urllib.request.Request(
        f"{demo.url}/sandbox/{path}",
        json.dumps(asked).encode(),
        {"Content-Type": "application/json"},
    )
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=20)
    assert refused.value.code == status
    assert json.load(refused.value)["error"]
