"""One letter is cut out of a stack: its own pages, as they were, and nothing of its neighbours."""

from __future__ import annotations

import datetime
import io
import struct

import numpy as np
import pypdfium2
import pytest
from PIL import Image

from channels.base import Paper
from channels.letter.reading.files.bundle import bundle, unbundle
from channels.letter.reading.files.causes import Unopened
from channels.letter.reading.files.cutting import cut
from channels.letter.reading.files.file import open_file
from channels.letter.reading.files.tiff_frames import COMPRESSION, frames
from channels.letter.reading.values import Sheet
from tests.letter_reading.files_papers import (
    LINES,
    SCAN,
    darkness,
    page,
    pdf,
    photograph,
    saved,
    scan_in_pdf,
    stream,
    tiff,
    typeset,
    written,
)


def sheets(content: bytes) -> list[Sheet]:
    with open_file(content) as opened:
        return list(opened.sheets())


def same(found: list[Sheet], expected: list[Sheet]) -> bool:
    pairs = zip(found, expected, strict=True)
    return all(np.array_equal(one.picture, other.picture) and one.layer == other.layer for one, other in pairs)


def of_three(mode: str = "L", **options: object) -> bytes:
    return tiff([page(600, 800, mode, text=text) for text in ("first", "second", "third")], dpi=(200, 200), **options)


def letters() -> bytes:
    return pdf([written([f"Letter {number}", *LINES]) for number in range(1, 5)])


@pytest.mark.parametrize("chosen", [[1], [2, 3], [4], [3, 1], [2, 2]])
def test_pages_of_a_pdf_are_cut_out_as_they_were(chosen: list[int]) -> None:
    whole = sheets(letters())
    assert same(sheets(cut(letters(), chosen)), [whole[number - 1] for number in chosen])


def test_what_is_cut_out_holds_nothing_of_its_neighbours() -> None:
    """Their pictures are listed with every page, as many writers do."""
    stack = scan_in_pdf(page(), [written(LINES), SCAN, written(["Secret of somebody else"])])
    part = cut(stack, [1])
    assert len(part) < 3000 < len(cut(stack, [2]))
    assert same(sheets(part), sheets(stack)[:1])


def test_a_page_that_lends_its_pictures_to_a_form_keeps_them() -> None:
    """The form names no pictures of its own, and paints with those of its page."""
    form = stream(b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]", SCAN)
    picture = stream(
        b"/Type/XObject/Subtype/Image/Width 2/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8", b"\0\xff"
    )
    both = b"/XObject<</I1 100 0 R/I2 101 0 R>>".ljust(40)
    lent = pdf([b"/I2 Do", b""], more={100: picture, 101: form}, resources=both)
    whole = sheets(lent)
    assert darkness(whole[0].picture) > 0.3
    assert same(sheets(cut(lent, [1])), whole[:1])


def test_the_same_pages_give_the_same_bytes_at_any_hour() -> None:
    part = cut(typeset(pages=3), [1, 3])
    assert part == cut(typeset(pages=3), [1, 3])
    year = str(datetime.datetime.now(datetime.UTC).year).encode()
    assert b"CreationDate(D:" + year not in part


def test_what_was_filled_into_a_form_comes_along() -> None:
    look = b"<</Type/XObject/Subtype/Form/BBox[0 0 200 50]/Length 25>>stream\n0 g 0 0 200 50 re f      \nendstream"
    field = b"<</Type/Annot/Subtype/Widget/FT/Tx/T(a)/V(x)/F 4/Rect[100 400 300 450]/AP<</N 101 0 R>>>>"
    form = pdf(
        [b"", b""],
        page_more=b"/Annots[102 0 R]",
        root_more=b"/AcroForm<</Fields[102 0 R]>>",
        more={101: look, 102: field},
    )
    assert darkness(sheets(cut(form, [2]))[0].picture) > 0.01


def test_a_turned_page_stays_turned() -> None:
    turned = pdf([written(LINES)] * 2, page_more=b"/Rotate 90")
    assert same(sheets(cut(turned, [2])), sheets(turned)[1:])


@pytest.mark.parametrize(
    ("mode", "compression"),
    [("1", "group4"), ("1", "group3"), ("L", "jpeg"), ("RGB", "jpeg"), ("RGB", "tiff_lzw"), ("L", None)],
)
@pytest.mark.parametrize("chosen", [[2], [3, 1]])
def test_pages_of_a_tiff_are_copied_strip_by_strip(mode: str, compression: str | None, chosen: list[int]) -> None:
    whole = of_three(mode, compression=compression)
    part = cut(whole, chosen)
    before = [frames(whole, 9).pages[number - 1] for number in chosen]
    after = frames(part, 9).pages
    assert [frame.strips for frame in after] == [frame.strips for frame in before]
    assert [frame.value(COMPRESSION, 0) for frame in after] == [frame.value(COMPRESSION, 0) for frame in before]
    assert same(sheets(part), [sheets(whole)[number - 1] for number in chosen])
    assert [sheet.dpi for sheet in sheets(part)] == [200] * len(chosen)


def test_a_tiff_of_the_other_byte_order_is_cut_too() -> None:
    motorola = saved(Image.fromarray(np.asarray(page(600, 800), ">u2") * 257), "TIFF")
    assert same(sheets(cut(motorola, [1, 1])), sheets(motorola) * 2)


def test_a_big_tiff_is_cut_into_a_classic_one() -> None:
    out = io.BytesIO()
    pages = [page(600, 800, text=text) for text in "ab"]
    pages[0].save(out, "TIFF", save_all=True, append_images=pages[1:], big_tiff=True)
    part = cut(out.getvalue(), [2])
    assert part[:4] == b"II*\0"
    assert same(sheets(part), sheets(out.getvalue())[1:])


def test_the_jpeg_of_the_first_tiffs_is_copied_by_its_pixels() -> None:
    whole = bytearray(of_three(compression="tiff_lzw"))
    with pytest.raises(Unopened):
        cut(bytes(relabelled(whole, COMPRESSION, 6)), [2])


def relabelled(content: bytearray, tag: int, value: int) -> bytearray:
    """Every page says another number for one of its tags."""
    at = struct.unpack_from("<I", content, 4)[0]
    while at:
        count = struct.unpack_from("<H", content, at)[0]
        for entry in range(at + 2, at + 2 + 12 * count, 12):
            if struct.unpack_from("<H", content, entry)[0] == tag:
                struct.pack_into("<H", content, entry + 8, value)
        at = struct.unpack_from("<I", content, at + 2 + 12 * count)[0]
    return content


@pytest.mark.parametrize("content", [saved(page(600, 800), "JPEG"), saved(page(600, 800), "PNG"), photograph(600, 800)])
def test_the_one_page_of_a_picture_is_the_picture_itself(content: bytes) -> None:
    assert cut(content, [1]) is content


@pytest.mark.parametrize("content", [letters(), of_three()], ids=["pdf", "tiff"])
def test_all_pages_are_the_file_itself(content: bytes) -> None:
    with open_file(content) as opened:
        assert cut(content, range(1, opened.pages + 1)) is content


def test_of_a_bundle_the_papers_that_are_needed_stay() -> None:
    papers = [
        Paper(name="1.tif", content=of_three()),
        Paper(name="2.jpg", content=saved(page(600, 800), "JPEG")),
        Paper(name="3.pdf", content=letters()),
    ]
    part = cut(bundle(papers), [3, 4, 6])
    assert [paper.name for paper in unbundle(part)] == ["1.tif", "2.jpg", "3.pdf"]
    assert unbundle(part)[1].content == papers[1].content
    whole = sheets(bundle(papers))
    assert same(sheets(part), [whole[2], whole[3], whole[5]])
    assert part == cut(bundle(papers), [3, 4, 6])
    assert [paper.name for paper in unbundle(cut(bundle(papers), [4]))] == ["2.jpg"]


def test_a_paper_that_cannot_be_opened_goes_along_whole() -> None:
    papers = [Paper(name="a.docx", content=b"PK\x03\x04 word/"), Paper(name="b.tif", content=of_three())]
    part = unbundle(cut(bundle(papers), [1, 2]))
    assert part[0] == papers[0]
    assert len(sheets(part[1].content)) == 1


@pytest.mark.parametrize("chosen", [[], [0], [-1], [5], [1, 9]])
@pytest.mark.parametrize("content", [letters(), of_three(), bundle([Paper(name="a", content=of_three())])])
def test_a_page_that_is_not_there_is_a_mistake_of_ours(content: bytes, chosen: list[int]) -> None:
    with pytest.raises(ValueError, match="page"):
        cut(content, chosen)


def test_a_file_that_does_not_open_cannot_be_cut() -> None:
    for content in (b"", b"%PDF-1.4 and nothing", b"II*\0\x08\0\0\0", b"hello"):
        with pytest.raises(Unopened):
            cut(content, [1])


def test_a_cut_pdf_is_sound() -> None:
    document = pypdfium2.PdfDocument(cut(letters(), [2, 4]))
    assert len(document) == 2
    document.close()
