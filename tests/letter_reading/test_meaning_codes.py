"""Only our own codes mean anything; all others are kept, and open and part nothing."""

from __future__ import annotations

import numpy as np
import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st

from channels.letter.reading.meaning.codes import find_codes, glance, search_codes
from channels.letter.reading.meaning.ours import is_ours, is_separator, is_slip, slip_of
from channels.letter.reading.pixels import blurred, picture_of
from channels.letter.reading.values import Picture

SLIP = "TOUSU:SLIP:TS261118000013:ABCDEFGH"
SEPARATOR = "TOUSU:SEPARATOR"


def sheet(*codes: tuple[str, str], side: int = 200) -> Picture:
    """White paper at 200 dpi with codes below each other, QR codes 25 mm wide."""
    paper = np.full((1200, 1000), 255, np.uint8)
    for place, (form, text) in enumerate(codes):
        code = zxingcpp.create_barcode(text, zxingcpp.barcode_format_from_str(form))
        drawn = np.array(code.to_image(scale=4 if form == "QRCode" else 2))
        top = 80 + place * 350
        paper[top : top + drawn.shape[0], 100 : 100 + drawn.shape[1]] = drawn
    return paper


@pytest.mark.parametrize("turn", range(4))
def test_a_separator_is_known_however_it_lies(turn: int) -> None:
    (code,) = glance(picture_of(np.rot90(sheet(("QRCode", SEPARATOR)), turn)))
    assert is_separator(code.text)


def test_an_express_label_and_an_invoice_are_kept_as_text_and_are_not_ours() -> None:
    found = find_codes(sheet(("Code128", "SF1234567890123"), ("QRCode", "01,10,032002600111,48210937,16496.02")))
    assert {code.text for code in found} == {"SF1234567890123", "01,10,032002600111,48210937,16496.02"}
    assert not any(is_ours(code.text) for code in found)


def test_a_rare_kind_of_code_is_read_for_information() -> None:
    (code,) = find_codes(sheet(("DataMatrix", "whatever")))
    assert code.text == "whatever"


def test_a_slip_is_found_among_other_codes() -> None:
    found = find_codes(sheet(("QRCode", SLIP), ("QRCode", "https://example.com/TOUSU:SLIP:")))
    assert slip_of(code.text for code in found) == SLIP


def test_empty_paper_has_no_code() -> None:
    assert find_codes(sheet()) == search_codes(sheet()) == ()


def test_a_speckled_code_is_found_on_a_second_look() -> None:
    chance = np.random.default_rng(7)
    page = blurred(sheet(("QRCode", SLIP)), 0.5)
    page[chance.random(page.shape) < 0.06] = 0
    page[chance.random(page.shape) < 0.06] = 255
    found = glance(page) or search_codes(page)
    assert slip_of(code.text for code in found) == SLIP


@pytest.mark.parametrize(
    "text",
    [
        "TOUSU:SEPARATOR ",
        "tousu:separator",
        "xTOUSU:SEPARATOR",
        "TOUSU:SLIP:TS26111800001:ABCDEFGH",
        "TOUSU:SLIP:TS261118000013:ABCDEFG",
        "TOUSU:SLIP:TS261118000013:ABCDEFGH\n",
        "TOUSU:SLIP:TS261118000013:ABCDEFG1",
        "TOUSU:SLIP:TS261118000013:abcdefgh",
        "TOUSU:SLIP:TS２６1118000013:ABCDEFGH",
    ],
)
def test_what_is_nearly_ours_is_not(text: str) -> None:
    assert not is_ours(text)


@given(st.from_regex(r"TS[0-9]{12}:[A-Z2-9]{8}", fullmatch=True))
def test_every_slip_that_we_print_is_ours(rest: str) -> None:
    assert is_slip(f"TOUSU:SLIP:{rest}")


@given(st.text())
def test_no_other_text_is_a_separator(text: str) -> None:
    assert is_separator(text) == (text == SEPARATOR)
