"""Files that are locked, broken, swollen, or no letters at all are refused with a cause, and cost little."""

from __future__ import annotations

import io
import struct
import zipfile

import pypdfium2
import pytest
from PIL import Image

from channels.base import Paper
from channels.letter.reading.files import causes
from channels.letter.reading.files.bundle import bundle
from channels.letter.reading.files.causes import Unopened, told
from channels.letter.reading.files.file import open_file
from channels.letter.reading.files.file_limits import FileLimits
from channels.letter.reading.files.tiff_frames import frames
from channels.letter.reading.values import Sheet
from tests.letter_reading.files_papers import LINES, page, pdf, photograph, saved, scan_in_pdf, tiff, typeset, written


def sheets(content: bytes, limits: FileLimits | None = None) -> list[Sheet]:
    with open_file(content, limits or FileLimits()) as opened:
        return list(opened.sheets())


def cause(content: bytes, limits: FileLimits | None = None) -> str:
    with pytest.raises(Unopened) as refused:
        sheets(content, limits)
    return refused.value.cause


def unread(found: list[Sheet]) -> list[int]:
    return [sheet.number for sheet in found if "page_unreadable" in sheet.warnings]


def zipped(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "x" * 100)
    return out.getvalue()


def locked() -> bytes:
    lock = b"/Encrypt<</Filter/Standard/V 1/R 2/O<%s>/U<%s>/P -4>>/ID[<00><00>]/Size" % (b"11" * 32, b"22" * 32)
    return pdf([written(LINES)]).replace(b"trailer\n<</Size", b"trailer\n<<" + lock)


@pytest.mark.parametrize("content", [b"", b"\0" * 5000, b" \r\n\t"], ids=["nothing", "zeros", "blanks"])
def test_an_empty_file_is_empty(content: bytes) -> None:
    assert cause(content) == causes.EMPTY


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (zipped("[Content_Types].xml", "word/document.xml"), "word"),
        (zipped("[Content_Types].xml", "xl/workbook.xml"), "excel"),
        (zipped("OFD.xml"), "ofd"),
        (zipped("letter.pdf"), "zip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "WordDocument".encode("utf-16-le"), "word"),
        (b"{\\rtf1 hello}", "word"),
        (b"Rar!\x1a\x07\x01\0", "archive"),
        (b"From: a@example.org\r\nSubject: x\r\n\r\nhello %PDF-", "email"),
        (b"<!DOCTYPE html><html>%PDF-1.4</html>", "html"),
        ("投诉：我的保单".encode("gb18030"), "text"),
        ("投诉：我的保单".encode(), "text"),
        (b"MZ\x90\0\x03", "executable"),
        (b"\x7fELF\x02\x01", "executable"),
        (b"#!/bin/sh\nrm", "executable"),
        (b"GIF89a" + b"\0" * 20, "picture"),
        (b"\0\0\0\x1cftypavif\0\0\0\0mif1avif", "picture"),
        (b"\0\0\0\x18ftypisom\0\0\0\0isommp42", "recording"),
        (b"\x01\x02\x03\x04\x05\x06\x07\x08" * 9, "unknown"),
    ],
)
def test_a_file_that_is_no_letter_is_called_what_it_is(content: bytes, kind: str) -> None:
    assert cause(content) == f"wrong_type:{kind}"
    assert told(f"wrong_type:{kind}", "zh-Hans") != told("wrong_type", "zh")


def test_every_cause_is_told_in_both_languages() -> None:
    for code in [*causes.CAUSES, *(f"wrong_type:{kind}" for kind in causes.KINDS)]:
        assert told(code, "en").isascii()
        assert not told(code, "zh").isascii()
    assert told("never heard of", "en") == told(causes.CORRUPT, "en")


def test_a_pdf_with_a_password_is_locked() -> None:
    assert cause(locked()) == causes.ENCRYPTED


def test_a_pdf_with_junk_before_it_opens() -> None:
    assert len(sheets(b"\x1b%-12345X@PJL\r\n" + typeset())) == 1


@pytest.mark.parametrize("missing", [1000, 3000])
def test_a_pdf_without_its_end_is_cut_short(missing: int) -> None:
    assert cause(scan_in_pdf(page())[:-missing]) == causes.CUT_SHORT
    assert cause(typeset()[:-missing]) == causes.CUT_SHORT


def test_a_pdf_that_opens_without_its_end_is_known_as_incomplete() -> None:
    with open_file(typeset().replace(b"%%EOF", b"%%%%%")) as opened:
        assert not opened.complete


def test_a_pdf_with_its_end_but_no_sense_is_damaged() -> None:
    assert cause(b"%PDF-1.7\nnothing of use\n%%EOF\n") == causes.CORRUPT


def test_a_pdf_without_pages_has_none() -> None:
    assert cause(pdf([])) in (causes.NO_PAGES, causes.CORRUPT)


@pytest.mark.parametrize("box", ["0 0 14400 14400", "0 0 1000000000 1000000000"])
def test_a_page_as_large_as_a_field_is_not_painted(box: str) -> None:
    assert cause(pdf([written(LINES)], box=box)) == causes.BOMB


def test_a_picture_too_large_for_its_page_is_not_painted() -> None:
    assert cause(scan_in_pdf(Image.new("1", (30_000, 30_000)))) == causes.BOMB


def test_a_page_that_is_too_large_does_not_take_the_others_with_it() -> None:
    fixed = pypdfium2.PdfDocument.new()
    for size in (14_400, 595, 595):
        fixed.new_page(size, size)
    out = io.BytesIO()
    fixed.save(out)
    fixed.close()
    assert unread(sheets(out.getvalue())) == [1]


@pytest.mark.parametrize("form", ["PNG", "JPEG", "TIFF"])
def test_a_picture_of_too_many_pixels_is_a_bomb(form: str) -> None:
    options = {"compression": "tiff_lzw"} if form == "TIFF" else {}
    assert cause(saved(Image.new("L", (9000, 9000)), form, **options)) == causes.BOMB


def test_the_cap_on_pixels_can_be_lower() -> None:
    assert cause(saved(page(), "PNG"), FileLimits(pixels=1_000_000)) == causes.BOMB
    assert cause(photograph(form="HEIF"), FileLimits(pixels=1_000_000)) == causes.BOMB
    assert cause(typeset(), FileLimits(pixels=1_000_000)) == causes.BOMB


def test_a_picture_that_lies_about_its_size_is_a_bomb() -> None:
    content = bytearray(saved(page(100, 100), "PNG"))
    content[16:24] = struct.pack(">II", 200_000, 200_000)
    assert cause(bytes(content)) in (causes.BOMB, causes.CORRUPT)


def test_too_many_pages_are_not_read() -> None:
    assert cause(tiff([page(100, 140)] * 4), FileLimits(pages=3)) == causes.TOO_MANY_PAGES
    assert cause(typeset(pages=4), FileLimits(pages=3)) == causes.TOO_MANY_PAGES
    papers = [Paper(name="a.tif", content=tiff([page(100, 140)] * 2))] * 2
    assert cause(bundle(papers), FileLimits(pages=3)) == causes.TOO_MANY_PAGES
    assert len(sheets(tiff([page(100, 140)] * 3), FileLimits(pages=3))) == 3


def test_too_many_bytes_are_not_looked_at() -> None:
    assert cause(typeset(), FileLimits(bytes=1000)) == causes.TOO_LARGE


def test_a_tiff_that_bites_its_tail_ends() -> None:
    content = bytearray(tiff([page(100, 140)]))
    at = struct.unpack_from("<I", content, 4)[0]
    count = struct.unpack_from("<H", content, at)[0]
    struct.pack_into("<I", content, at + 2 + 12 * count, at)
    assert len(sheets(bytes(content))) == 1


@pytest.mark.parametrize("form", ["JPEG", "PNG", "HEIF"])
@pytest.mark.parametrize("kept", [0.1, 0.5, 0.95])
def test_a_picture_without_its_end_is_cut_short(form: str, kept: float) -> None:
    content = photograph(1200, 900, form="HEIF") if form == "HEIF" else saved(page(mode="RGB"), form)
    assert cause(content[: int(len(content) * kept)]) == causes.CUT_SHORT


@pytest.mark.parametrize("content", [b"%P", b"\x89PNG", b"II*", b"\xff\xd8"])
def test_a_file_of_which_only_the_first_bytes_are_there_is_cut_short(content: bytes) -> None:
    assert cause(content) == causes.CUT_SHORT


def test_a_tiff_without_its_end_gives_the_pages_that_are_there() -> None:
    content = tiff([page(800, 1100)] * 3, compression="tiff_lzw")
    with open_file(content[:-500]) as opened:
        assert not opened.complete
        assert unread(list(opened.sheets())) == [3]
    assert cause(content[:200]) == causes.CUT_SHORT


def test_damaged_pixels_are_an_unreadable_page_only() -> None:
    content = tiff([page(600, 800, text=text) for text in "abc"], compression="tiff_adobe_deflate")
    strip = bytes(frames(content, 9).pages[1].strips[0])
    assert unread(sheets(content.replace(strip, b"\xff" * len(strip)))) == [2]


def test_a_file_without_one_readable_page_is_damaged() -> None:
    content = bytearray(saved(page(), "PNG"))
    content[60:600] = b"\xff" * 540
    assert cause(bytes(content)) == causes.CORRUPT


def test_an_unreadable_file_among_good_ones_is_one_unreadable_page() -> None:
    good = saved(page(600, 800), "JPEG")
    papers = [
        Paper(name="a.docx", content=zipped("word/x")),
        Paper(name="b.jpg", content=good),
        Paper(name="c", content=locked()),
    ]
    found = sheets(bundle(papers))
    assert [sheet.number for sheet in found] == [1, 2, 3]
    assert unread(found) == [1, 3]


def test_a_bundle_of_nothing_readable_says_why_of_the_first() -> None:
    assert cause(bundle([Paper(name="c", content=locked()), Paper(name="d", content=b"")])) == causes.ENCRYPTED


def test_a_bundle_within_a_bundle_is_not_opened() -> None:
    inner = bundle([Paper(name="a.jpg", content=saved(page(600, 800), "JPEG"))])
    assert cause(bundle([Paper(name="b", content=inner)])) == "wrong_type:bundle"
