"""The text layer of a page is believed when its writer put it there and the page shows it, and never otherwise."""

from __future__ import annotations

import zlib

import pytest
from PIL import Image

from channels.letter.reading.files.file import open_file
from channels.letter.reading.values import Sheet
from tests.letter_reading.files_papers import (
    LINES,
    SCAN,
    darkness,
    needs_cjk,
    page,
    pdf,
    scan_in_pdf,
    stream,
    typeset,
    written,
)


def only(content: bytes) -> Sheet:
    with open_file(content) as opened:
        (sheet,) = opened.sheets()
        return sheet


def texts(sheet: Sheet) -> list[str]:
    return [line.text for line in sheet.layer]


def distrusted(sheet: Sheet) -> bool:
    return sheet.layer == () and sheet.warnings == ("layer_distrusted",)


def recoded(table: bytes) -> bytes:
    """A page whose font says other characters than it shows."""
    head = b"/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <00> <ff> endcodespacerange\n"
    codes = stream(b"", head + table + b"\nendcmap end")
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 101 0 R>>"
    return pdf([written(LINES).replace(b"/F1", b"/F2")], more={101: codes, 102: font}).replace(
        b"/F1 3 0 R", b"/F2 102 0 R"
    )


def test_a_letter_typed_on_a_computer_is_read_without_looking() -> None:
    sheet = only(pdf([written(LINES)]))
    assert texts(sheet) == LINES
    assert sheet.warnings == ()


def test_boxes_lie_on_the_ink_of_their_lines() -> None:
    sheet = only(pdf([written(LINES)]))
    for line in sheet.layer:
        left, top, right, bottom = line.box
        assert 0 <= left < right <= sheet.picture.shape[1]
        assert 0 <= top < bottom <= sheet.picture.shape[0]
        assert darkness(sheet.picture[top:bottom, left:right]) > 0.05
    assert [line.box[1] for line in sheet.layer] == sorted(line.box[1] for line in sheet.layer)


def test_boxes_follow_the_part_of_a_page_that_is_shown() -> None:
    whole, cropped = only(pdf([written(LINES)])), only(pdf([written(LINES)], page_more=b"/CropBox[36 100 595 842]"))
    moved = whole.layer[0].box[0] - cropped.layer[0].box[0]
    assert moved == pytest.approx(100, abs=2)  # 36 points at 200 dpi
    assert texts(cropped) == texts(whole)


def test_a_page_turned_to_be_upright_is_read_in_order() -> None:
    lying = written(LINES).replace(b"72 720 Td", b"0 1 -1 0 100 100 Tm")
    sheet = only(pdf([lying], page_more=b"/Rotate 90"))
    assert texts(sheet) == LINES


def test_a_page_that_lies_on_its_side_is_left_to_the_eye() -> None:
    assert distrusted(only(pdf([written(LINES)], page_more=b"/Rotate 90")))


def test_lines_are_in_reading_order_whatever_their_order_in_the_file() -> None:
    upside = b"BT /F1 12 Tf 72 600 Td (The third line of this letter is here) Tj ET\n"
    first = b"BT /F1 12 Tf 72 700 Td (The first line of this letter is here) Tj ET\n"
    second = b"BT /F1 12 Tf 72 650 Td (Name:) Tj 250 0 Td (Zhang San) Tj ET\n"
    assert texts(only(pdf([upside + second + first]))) == [
        "The first line of this letter is here",
        "Name:",
        "Zhang San",
        "The third line of this letter is here",
    ]


@needs_cjk
def test_chinese_lines_have_no_spaces_and_stay_as_they_were_wrapped() -> None:
    body = "本人张三投诉贵公司理赔拖延，保单号P2026001234，请于2026年3月5日前答复。" * 3
    sheet = only(typeset(body))
    assert len(sheet.layer) == 3
    assert "".join(texts(sheet)) == body


@needs_cjk
def test_rare_characters_are_whole() -> None:
    assert "投诉人𬭎䶮" in "".join(
        texts(only(typeset("投诉人𬭎䶮，保险合同已经生效，请按照合同约定尽快答复并且赔付本人的全部医疗费用。")))
    )


@needs_cjk
def test_radicals_that_look_like_characters_become_those() -> None:
    body = "我⽤⼿机投诉，保险合同已经生效，请按照合同约定尽快答复并且赔付本人的全部医疗费用。"
    assert "我用手机投诉" in "".join(texts(only(typeset(body))))


def test_a_scan_with_a_strangers_unseen_text_is_left_to_the_eye() -> None:
    assert distrusted(only(scan_in_pdf(page(), [SCAN + written(LINES, mode=3)])))
    assert distrusted(only(pdf([written(LINES, mode=3)])))


def test_text_hidden_under_a_scan_is_left_to_the_eye() -> None:
    assert distrusted(only(scan_in_pdf(page(), [written(LINES) + SCAN])))


def test_a_line_stamped_on_a_scan_is_not_all_of_its_text() -> None:
    assert distrusted(only(scan_in_pdf(page(), [SCAN + written(LINES)])))


def test_a_scan_wrapped_in_a_form_is_still_a_scan() -> None:
    outer = stream(
        b"/Type/XObject/Subtype/Form/BBox[0 0 1 1]/Matrix[595 0 0 842 0 0]/Resources<</XObject<</I1 101 0 R>>>>",
        b"/I1 Do",
    )
    image = page(800, 1100)
    head = (
        b"/Type/XObject/Subtype/Image/Width 800/Height 1100/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/FlateDecode"
    )
    inner = stream(head, zlib.compress(image.tobytes()))
    sheet = only(pdf([b"/I1 Do\n" + written(LINES)], more={100: outer, 101: inner}))
    assert darkness(sheet.picture) > 0.008
    assert distrusted(sheet)


def test_white_on_white_is_not_written() -> None:
    assert distrusted(only(pdf([written(LINES, colour="1 g")])))


def test_text_under_a_white_patch_is_not_written() -> None:
    assert distrusted(only(pdf([written(LINES) + b"1 g 0 600 595 242 re f"])))


def test_text_beside_the_page_is_not_written() -> None:
    assert distrusted(only(pdf([written(LINES).replace(b"72 720", b"72 -720")])))


@pytest.mark.parametrize("codes", [b"<00> <ff> <E000>", b"<00> <ff> <FFFD>", b"<20> <7a> <3400>", b"<20> <7a> <1200>"])
def test_a_font_that_misnames_its_characters_is_not_believed(codes: bytes) -> None:
    assert distrusted(only(recoded(b"1 beginbfrange " + codes + b" endbfrange")))


def test_a_few_words_are_too_few() -> None:
    assert distrusted(only(pdf([written(["Page 2"])])))


def test_what_was_written_into_a_form_by_its_reader_is_read_by_eye() -> None:
    look = b"<</Type/XObject/Subtype/Form/BBox[0 0 200 50]/Length 25>>stream\n0 g 0 0 200 50 re f      \nendstream"
    note = b"<</Type/Annot/Subtype/FreeText/F 4/Rect[100 400 300 450]/AP<</N 101 0 R>>>>"
    assert distrusted(only(pdf([written(LINES)], page_more=b"/Annots[102 0 R]", more={101: look, 102: note})))


def test_a_link_is_nothing_to_look_at() -> None:
    link = b"<</Type/Annot/Subtype/Link/Rect[100 400 300 450]>>"
    assert texts(only(pdf([written(LINES)], page_more=b"/Annots[102 0 R]", more={102: link}))) == LINES


def test_writing_in_drawn_outlines_is_seen_beside_the_layer() -> None:
    drawn = b"".join(b"%d %d 6 9 re f\n" % (72 + 10 * (mark % 40), 500 - 20 * (mark // 40)) for mark in range(120))
    assert distrusted(only(pdf([written(LINES) + drawn])))


def test_a_small_seal_does_not_spoil_the_layer() -> None:
    seal = scan_in_pdf(
        Image.new("RGB", (300, 300), (200, 0, 0)), [written(LINES) + b"q 100 0 0 100 400 300 cm /I1 Do Q"]
    )
    sheet = only(seal)
    assert texts(sheet) == LINES
    assert sheet.picture.ndim == 3


def test_a_page_without_any_text_warns_of_nothing() -> None:
    assert only(pdf([b""])).warnings == ()
