"""A print run leaves the house."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from store.values import PostState
from tests.console.conftest import Opening
from tests.console.serving import Console
from tests.demo.browsing import PATIENCE, needs_chromium

pytestmark = [needs_chromium, pytest.mark.xdist_group("browser-of-post")]

POST = "/console/letters/post"


@pytest.fixture
def tray(console: Console) -> Console:
    for count, name in enumerate(("王小明", "欧阳慧", "孙丽"), start=1):
        console.printed(f"p{count}", f"TS26112300001{count}", name, "江苏省南京市玄武区中山路1号2幢303室")
    return console


def test_a_run_is_ticked_and_posted_one_letter_by_registered_post(tray: Console, opened: Opening) -> None:
    with opened(POST) as page:
        expect(page.locator("#post li")).to_have_count(3, timeout=PATIENCE)
        expect(page.locator("#post")).to_contain_text("王*明")
        expect(page.locator("[data-to=posted]")).to_be_disabled()
        page.fill("[data-id=p1] .track input", "XA12345678911")
        page.check("[data-id=p2] input[type=checkbox]")
        expect(page.locator("#ticked")).to_have_text("已选 2 封")
        page.click("[data-to=posted]")
        expect(page.locator("#post li")).to_have_count(1, timeout=PATIENCE)
        page.click("[data-state=posted]")
        expect(page.locator("[data-id=p1]")).to_contain_text("****11", timeout=PATIENCE)
    assert [tray.posting(id).state for id in ("p1", "p2", "p3")] == [
        PostState.POSTED,
        PostState.POSTED,
        PostState.PRINTED,
    ]
    assert tray.posting("p1").tracking == "XA12345678911"


def test_a_letter_comes_back(tray: Console, opened: Opening) -> None:
    with opened(POST) as page:
        page.check("[data-id=p1] input[type=checkbox]")
        page.click("[data-to=posted]")
        page.click("[data-state=posted]")
        page.check("[data-id=p1] input[type=checkbox]")
        page.click("[data-to=returned]")
        page.click("[data-state=returned]")
        expect(page.locator("[data-id=p1]")).to_contain_text("被退回", timeout=PATIENCE)
        expect(page.locator("#run")).to_be_hidden()
    assert tray.posting("p1").state is PostState.RETURNED


def test_the_document_opens_for_a_reason(tray: Console, opened: Opening) -> None:
    with opened(POST) as page:
        page.evaluate("Object.defineProperty(navigator, 'pdfViewerEnabled', { value: false })")
        with page.expect_download() as download:
            page.click("[data-id=p2] button")
        assert download.value.suggested_filename == "TS261123000012.pdf"
        assert download.value.path().read_bytes() == b"%PDF-1.7 p2"


def test_all_are_ticked_at_once_and_a_wrong_number_is_told_at_its_letter(tray: Console, opened: Opening) -> None:
    with opened(POST) as page:
        expect(page.locator("#post li")).to_have_count(3, timeout=PATIENCE)
        page.check("#all")
        page.fill("[data-id=p1] .track input", "号码")
        page.click("[data-to=posted]")
        expect(page.locator("#post li")).to_have_count(1, timeout=PATIENCE)
        expect(page.locator("[data-id=p1] .wrong")).to_be_visible()
    assert tray.posting("p1").state is PostState.PRINTED
