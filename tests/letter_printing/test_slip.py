"""The return slip: what we ask for, room to write it, and a code that brings it back to its complaint."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pypdfium2
import pytest
import zxingcpp

from channels.letter.printing.faults import Unprintable
from channels.letter.printing.render import Renderer
from channels.letter.printing.values import Ask, Language, Letterhead, PrintedLetter
from channels.letter.printing.words import words
from tests.letter_printing.letters import ASKING, HEAD, RECEIPT, SLIP
from tests.letter_printing.looking import in_the_window, words_on


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("language", get_args(Language))
def test_the_slip_is_the_last_page_and_says_all_that_is_asked(
    renderer: Renderer, language: Language, large: bool
) -> None:
    printed = renderer.render(replace(ASKING, language=language, large=large))
    slip = words_on(printed, printed.pages - 1)
    wanted = [*(ask.text for ask in ASKING.asks), ASKING.number, ASKING.name, SLIP]
    wanted += [words(language)[word] for word in ("slip", "signature", "signed_on")]
    for part in wanted:
        assert part.replace(" ", "").replace("\u3000", "") in slip


def test_our_address_shows_in_the_window_of_the_slip(renderer: Renderer) -> None:
    printed = renderer.render(ASKING)
    assert in_the_window(printed, 1) == "100033北京市西城区太平桥大街18号恒安人寿保险股份有限公司北京分公司收"


def test_the_code_is_read_back_and_is_25_mm_wide(renderer: Renderer) -> None:
    [code] = _codes(renderer.render(ASKING), page=1, dpi=200)
    assert code.text == SLIP
    assert code.ec_level == "Q"
    width = (code.position.top_right.x - code.position.top_left.x) / 200 * 25.4
    assert width == pytest.approx(25, abs=0.5)


def test_the_code_is_read_from_a_coarse_scan(renderer: Renderer) -> None:
    [code] = _codes(renderer.render(replace(ASKING, large=True)), page=1, dpi=100)
    assert code.text == SLIP


def test_each_page_of_a_long_slip_carries_the_code(renderer: Renderer) -> None:
    asks = tuple(Ask(name=f"item_{number}", text=f"请提供第{number}项材料。") for number in range(20))
    printed = renderer.render(replace(ASKING, asks=asks, large=True))
    slips = [page for page in range(printed.pages) if _codes(printed, page=page, dpi=150)]
    assert len(slips) >= 2
    assert slips == list(range(slips[0], printed.pages))


def test_an_acknowledgement_has_a_slip_only_when_it_asks(renderer: Renderer) -> None:
    assert renderer.render(RECEIPT).pages == 1
    assert not _codes(renderer.render(RECEIPT), page=0, dpi=150)
    assert renderer.render(replace(RECEIPT, asks=ASKING.asks)).pages == 2


def test_a_slip_without_a_code_can_still_be_written_on(renderer: Renderer) -> None:
    printed = renderer.render(replace(ASKING, slip=""))
    assert not _codes(printed, page=1, dpi=150)
    assert ASKING.number in words_on(printed, 1)


def test_without_our_address_a_slip_still_says_who_we_are(fonts: None) -> None:
    nowhere = Letterhead(org=HEAD.org, address=" ", phone="", signatory="")
    printed = Renderer(nowhere).render(ASKING)
    assert HEAD.org in in_the_window(printed, 1)


def test_a_slip_without_a_number_would_find_no_complaint(renderer: Renderer) -> None:
    with pytest.raises(Unprintable, match="empty number"):
        renderer.render(replace(ASKING, number=""))


def test_what_is_asked_in_many_words_still_fits(renderer: Renderer) -> None:
    wordy = tuple(
        Ask(name=f"item_{number}", text="请您说明当时的情况，包括时间、地点、经过。" * 6) for number in range(4)
    )
    printed = renderer.render(replace(ASKING, asks=wordy))
    assert "签名" in words_on(printed, printed.pages - 1)


def _codes(printed: PrintedLetter, *, page: int, dpi: int) -> list[zxingcpp.Barcode]:
    with pypdfium2.PdfDocument(printed.pdf) as document:
        picture = document[page].render(scale=dpi / 72, grayscale=True).to_numpy()
        return list(zxingcpp.read_barcodes(picture, zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)))
