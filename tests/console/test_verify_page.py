"""A person goes through doubtful letters by the keyboard alone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from normalizer.record import Method
from store.values import ScanState
from tests.console.conftest import Opening
from tests.console.serving import Console
from tests.demo.browsing import PATIENCE, needs_chromium
from tests.staff.paper import ID_LINE, LETTER, POLICY_LINE, letter

pytestmark = [needs_chromium, pytest.mark.xdist_group("browser-of-verify")]

VERIFY = "/console/letters/verify"
NUMBER, OTHER = "PDAA202641010000123456", "PDAA2O2641010000123456"
SIGNED = LETTER[9]


def arrives(console: Console, key: str = "one", **more: Any) -> None:
    console.submit(letter(key, datetime.now(UTC), **more))


def doubtful_number(console: Console, key: str = "one") -> None:
    """A letter of which the phone and the policy number are doubtful, the latter with another reading."""
    arrives(console, key, unsure={POLICY_LINE: 0.7}, others={POLICY_LINE: (POLICY_LINE.replace(NUMBER, OTHER),)})


def card(page: Page, name: str) -> None:
    expect(page.locator(".card.active h3")).to_have_text(name, timeout=PATIENCE)


def test_letters_are_confirmed_one_after_the_other(console: Console, opened: Opening) -> None:
    doubtful_number(console, "one")
    arrives(console, "two", lines=[line.replace("李晓明", "孙丽") for line in LETTER], unsure={ID_LINE: 0.7})
    with opened(VERIFY) as page:
        card(page, "电话")
        expect(page.locator("#queue button")).to_have_count(2)
        page.keyboard.press("Enter")
        card(page, "保单号")
        page.keyboard.press("Enter")
        expect(page.locator("#save")).to_be_focused()
        page.keyboard.press("Enter")
        card(page, "身份证号")
        expect(page.locator("#queue button")).to_have_count(1)
        page.keyboard.press("Enter")
        page.keyboard.press("Control+Enter")
        expect(page.locator("#empty")).to_be_visible(timeout=PATIENCE)
    assert {kept.state for kept in console.letters()} == {ScanState.VERIFIED}
    older = console.cases()[1]
    assert older.record.fields["policy_number"].method is Method.STAFF
    assert older.record.value("policy_number") == NUMBER


def test_the_place_on_paper_is_outlined_and_shown_large_beside_the_field(console: Console, opened: Opening) -> None:
    doubtful_number(console)
    with opened(VERIFY) as page:
        card(page, "电话")
        crop = page.locator(".crop canvas")
        expect(crop).to_be_visible(timeout=PATIENCE)
        assert "电话" in (crop.get_attribute("aria-label") or "")
        box, spot = crop.bounding_box(), page.locator(".spot.active").bounding_box()
        assert box is not None
        assert spot is not None
        paper_pixels = console.letters()[0].doubts["phone"].places[0][1]
        line_height = paper_pixels[3] - paper_pixels[1]
        assert box["height"] >= 2 * line_height * (2 * 96 / 150)  # a line and its surroundings, at 200 % of an inch
        ink = page.evaluate(
            """canvas => {
              const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
              return data.some((value, place) => place % 4 === 0 && value < 120);
            }""",
            crop.element_handle(),
        )
        assert ink
        page.click("#zoom")
        expect(page.locator("#zoom")).to_have_attribute("aria-pressed", "true")


def test_a_digit_chooses_another_reading(console: Console, opened: Opening) -> None:
    doubtful_number(console)
    with opened(VERIFY) as page:
        card(page, "电话")
        page.keyboard.press("Enter")
        card(page, "保单号")
        page.keyboard.press("1")
        expect(page.locator(".now output")).to_have_text(OTHER)
        expect(page.locator(".now mark")).to_have_text("O")
        page.keyboard.press("0")
        expect(page.locator(".now output")).to_have_text(NUMBER)
        page.keyboard.press("1")
        page.keyboard.press("Enter")
        page.keyboard.press("Control+Enter")
        expect(page.locator("#empty")).to_be_visible(timeout=PATIENCE)
    assert console.cases()[0].record.value("policy_number") == OTHER


def test_a_number_that_names_somebody_is_typed_twice(console: Console, opened: Opening) -> None:
    doubtful_number(console)
    with opened(VERIFY) as page:
        card(page, "电话")
        page.keyboard.press("n")
        card(page, "保单号")
        for second in ("PDAA202641010000123458", "pdaa2026 4101 0000 123457"):
            page.keyboard.press("e") if page.locator(".edit").count() == 0 else None
            page.fill(".edit input", "PDAA202641010000123457")
            page.keyboard.press("Enter")
            expect(page.locator(".edit")).to_contain_text("再输一次")
            expect(page.locator(".edit input")).to_have_value("")
            page.fill(".edit input", second)
            page.keyboard.press("Enter")
            if second.startswith("PDAA"):
                expect(page.locator(".card .wrong")).to_contain_text("两次不一样")
        expect(page.locator("#save")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator("#empty")).to_be_visible(timeout=PATIENCE)
    record = console.cases()[0].record
    assert record.value("policy_number") == "PDAA202641010000123457"
    assert record.value("phone") == ""


def test_a_wrong_check_digit_passes_only_when_the_letter_says_just_that(console: Console, opened: Opening) -> None:
    wrong = ID_LINE.replace("4514", "4515")
    arrives(console, lines=[wrong if line == ID_LINE else line for line in LETTER])
    with opened(VERIFY) as page:
        card(page, "身份证号")
        page.keyboard.press("1")
        page.keyboard.press("Enter")
        page.keyboard.press("Control+Enter")
        expect(page.locator(".card .wrong")).to_contain_text("校验位不对", timeout=PATIENCE)
        page.click("[data-do=as-written]")
        page.keyboard.press("Enter")
        expect(page.locator("#empty")).to_be_visible(timeout=PATIENCE)
    assert console.cases()[0].record.value("id_number") == "110101199003074515"


def test_a_letter_that_could_not_be_read_is_typed_beside_its_page(console: Console, opened: Opening) -> None:
    arrives(console, lines=["：：", "…"], warnings=("page_unreadable",))
    with opened(VERIFY) as page:
        card(page, "整封信")
        page.keyboard.press("e")
        page.locator(".card textarea").fill("\n".join(LETTER))
        page.keyboard.press("Control+Enter")
        expect(page.locator("#toast")).to_have_text("还没有核对任何一项。")
        page.click("[data-do=confirm]")
        page.keyboard.press("Control+Enter")
        expect(page.locator("#empty")).to_be_visible(timeout=PATIENCE)
    case = console.cases()[0]
    assert (case.status, case.record.value("complainant_name")) == ("ACCEPTED", "李晓明")


def test_what_is_left_of_a_letter_stays_on_the_table(console: Console, opened: Opening) -> None:
    doubtful_number(console)
    with opened(VERIFY) as page:
        card(page, "电话")
        page.keyboard.press("Enter")
        card(page, "保单号")
        page.keyboard.press("ArrowUp")
        card(page, "电话")
        page.keyboard.press("Control+Enter")
        card(page, "保单号")
        expect(page.locator("#checks-title")).to_contain_text("0/1")
    assert list(console.letters()[0].doubts) == ["policy_number"]


def test_what_a_letter_says_is_text_and_never_markup(console: Console, opened: Opening) -> None:
    hostile = "<img src=x onerror=alert(1)>"
    arrives(console, lines=[*LETTER, hostile], warnings=("lines_unseen",), unsure={SIGNED: 0.5})
    with opened(VERIFY) as page:
        expect(page.locator(".card.active")).to_be_visible(timeout=PATIENCE)
        page.keyboard.press("e")
        page.locator(".card.active input, .card.active textarea").first.fill(hostile)
        page.keyboard.press("Enter")
        assert page.locator("main img[src=x]").count() == 0
