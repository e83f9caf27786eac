"""Good files of every kind open, each page at a resolution at which it can be read."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from channels.base import Paper
from channels.letter.reading.files.bundle import bundle
from channels.letter.reading.files.file import open_file
from channels.letter.reading.files.file_limits import FileLimits
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
    tiff,
    typeset,
    written,
)


def sheets(content: bytes, limits: FileLimits | None = None) -> list[Sheet]:
    with open_file(content, limits or FileLimits()) as opened:
        found = list(opened.sheets())
        assert [sheet.number for sheet in found] == list(range(1, opened.pages + 1))
        return found


def only(content: bytes) -> Sheet:
    (sheet,) = sheets(content)
    return sheet


def near(sheet: Sheet, height: int, width: int) -> bool:
    return bool(abs(sheet.picture.shape[0] - height) <= 3 and abs(sheet.picture.shape[1] - width) <= 3)


def coloured(image: Image.Image, colour: tuple[int, int, int]) -> Image.Image:
    """The page with a seal in its corner."""
    sealed = image.convert("RGB")
    sealed.paste(colour, (200, 200, 400, 400))
    return sealed


@pytest.mark.parametrize(
    ("content", "form"),
    [
        (typeset(), "pdf"),
        (tiff([page()]), "tiff"),
        (saved(page(), "JPEG"), "jpeg"),
        (saved(page(), "PNG"), "png"),
        (photograph(1200, 900, form="HEIF"), "heic"),
        (bundle([Paper(name="a.png", content=saved(page(), "PNG"))]), "bundle"),
    ],
    ids=["pdf", "tiff", "jpeg", "png", "heic", "bundle"],
)
def test_a_file_says_what_it_is_and_is_all_there(content: bytes, form: str) -> None:
    with open_file(content) as opened:
        assert (opened.form, opened.pages, opened.complete) == (form, 1, True)


@pytest.mark.parametrize("dpi", [150, 300, 600])
def test_a_scan_in_a_pdf_is_painted_at_200_dpi_whatever_its_own(dpi: int) -> None:
    sheet = only(scan_in_pdf(page(round(8.27 * dpi), round(11.69 * dpi))))
    assert near(sheet, 2339, 1654)
    assert (sheet.dpi, sheet.layer, sheet.warnings) == (200, (), ())
    assert 0.004 < darkness(sheet.picture) < 0.02


def test_a_black_and_white_scan_in_a_pdf_is_known_as_such() -> None:
    assert only(scan_in_pdf(page(mode="1"))).bilevel
    assert not only(scan_in_pdf(page())).bilevel


def test_a_page_that_a_pdf_turns_is_painted_turned() -> None:
    assert near(only(pdf([written(LINES)], page_more=b"/Rotate 90")), 1654, 2339)


def test_a_page_measured_in_pixels_of_a_telephone_is_brought_to_the_size_of_paper() -> None:
    camera = scan_in_pdf(page(3000, 4000), [b"q 3000 0 0 4000 0 0 cm /I1 Do Q"], box="0 0 3000 4000")
    sheet = only(camera)
    assert max(sheet.picture.shape) == pytest.approx(2923, abs=5)
    assert sheet.dpi == 250


def test_what_was_filled_into_a_form_is_painted() -> None:
    look = b"<</Type/XObject/Subtype/Form/BBox[0 0 200 50]/Length 25>>stream\n0 g 0 0 200 50 re f      \nendstream"
    field = b"<</Type/Annot/Subtype/Widget/FT/Tx/T(a)/V(x)/F 4/Rect[100 400 300 450]/AP<</N 101 0 R>>>>"
    form = pdf(
        [b""], page_more=b"/Annots[102 0 R]", root_more=b"/AcroForm<</Fields[102 0 R]>>", more={101: look, 102: field}
    )
    assert darkness(only(form).picture) > 0.01


def test_a_note_stuck_on_a_page_is_painted() -> None:
    look = b"<</Type/XObject/Subtype/Form/BBox[0 0 200 50]/Length 25>>stream\n0 g 0 0 200 50 re f      \nendstream"
    note = b"<</Type/Annot/Subtype/Stamp/F 4/Rect[100 400 300 450]/AP<</N 101 0 R>>>>"
    assert darkness(only(pdf([b""], page_more=b"/Annots[102 0 R]", more={101: look, 102: note})).picture) > 0.01


@pytest.mark.parametrize("compression", ["group3", "group4", "tiff_lzw", "tiff_deflate", "packbits", None])
def test_black_and_white_pages_come_out_black_on_white(compression: str | None) -> None:
    for sheet in sheets(tiff([page(mode="1")] * 3, compression=compression, dpi=(200, 200))):
        assert sheet.bilevel
        assert sheet.picture.shape == (2339, 1654)
        assert 0.004 < darkness(sheet.picture) < 0.02


@pytest.mark.parametrize(("compression", "mode"), [("group4", "1"), (None, "1"), (None, "L"), ("tiff_lzw", "L")])
def test_white_may_be_nought_or_one(compression: str | None, mode: str) -> None:
    negative = tiff([page(mode=mode)], compression=compression, dpi=(200, 200), tiffinfo={262: 0})
    assert 0.004 < darkness(only(negative).picture) < 0.02


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK", "P", "RGBA", "LA", "I;16", "I", "F"])
def test_every_kind_of_pixel_ends_as_grey_on_white(mode: str) -> None:
    deep = Image.fromarray(np.asarray(page(), np.uint16) * 257)
    image = {"I;16": deep, "I": deep.convert("I")}.get(mode) or page(mode=mode)
    sheet = only(tiff([image], dpi=(200, 200)))
    assert sheet.picture.shape == (2339, 1654)
    assert 0.004 < darkness(sheet.picture) < 0.02


def test_a_jpeg_within_a_tiff_opens() -> None:
    assert only(tiff([page(mode="RGB")], compression="jpeg", dpi=(200, 200))).picture.shape == (2339, 1654)


def test_what_is_see_through_lies_on_white() -> None:
    clear = Image.new("RGBA", (1000, 1000), (0, 0, 0, 0))
    assert only(saved(clear, "PNG")).picture.min() == 255


def test_a_fax_of_normal_resolution_gets_its_height_back() -> None:
    sheet = only(tiff([page(1728, 1100, "1")], compression="group3", dpi=(204, 98)))
    assert near(sheet, 2290, 1728)
    assert (sheet.dpi, sheet.bilevel) == (204, True)


def test_a_fax_is_known_by_its_width_when_nothing_else_is_said() -> None:
    assert near(only(tiff([page(1728, 1100, "1")], compression="group4")), 2290, 1728)
    assert only(tiff([page(1728, 2200, "1")], compression="group4")).picture.shape == (2200, 1728)


@pytest.mark.parametrize(("dpi", "expected"), [(100, 200), (150, 200), (200, 200), (204, 204), (300, 200), (600, 200)])
def test_a_scan_that_tells_its_resolution_comes_to_about_200_dpi(dpi: int, expected: int) -> None:
    sheet = only(saved(page(round(8.27 * dpi), round(11.69 * dpi)), "JPEG", dpi=(dpi, dpi)))
    assert sheet.dpi == expected
    assert near(sheet, round(11.69 * expected), round(8.27 * expected))


def test_centimetres_are_understood() -> None:
    assert only(tiff([page(1654, 2339)], resolution_unit=3, x_resolution=78.74, y_resolution=78.74)).dpi == 200


def test_a_scan_without_a_resolution_is_taken_for_a_page_of_a4() -> None:
    assert only(saved(page(2480, 3508), "PNG")).dpi == 250
    assert only(saved(page(1654, 2339), "PNG")).dpi == 200


def test_a_long_print_of_a_chat_keeps_its_width() -> None:
    assert only(saved(page(1080, 8000), "PNG")).picture.shape == (8000, 1080)


@pytest.mark.parametrize(("orientation", "upright"), [(1, False), (3, False), (6, True), (8, True)])
@pytest.mark.parametrize("form", ["JPEG", "HEIF"])
def test_a_photograph_is_held_as_its_camera_was(orientation: int, upright: bool, form: str) -> None:
    height, width = only(photograph(orientation=orientation, form=form)).picture.shape[:2]
    assert (height > width) is upright
    assert max(height, width) == pytest.approx(2923, abs=5)


def test_a_turned_photograph_has_its_head_at_the_top() -> None:
    marked = page(4000, 3000)
    marked.paste(0, (0, 0, 500, 500))
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90 degrees clockwise: the left top goes to the right
    picture = only(saved(marked, "JPEG", exif=exif.tobytes())).picture
    assert picture[:300, -300:].mean() < 10
    assert picture[:300, :300].mean() > 245


def test_a_photograph_of_fifty_megapixels_opens() -> None:
    assert max(only(photograph(8160, 6120)).picture.shape) == pytest.approx(2923, abs=5)


def test_of_moving_pictures_the_first_is_the_page() -> None:
    moving = saved(page(), "PNG", save_all=True, append_images=[page(), page()])
    assert only(moving).picture.shape == (2339, 1654)


def test_a_page_without_colour_is_grey_and_a_seal_is_red() -> None:
    assert only(saved(page(mode="RGB"), "JPEG")).picture.ndim == 2
    picture = only(saved(coloured(page(), (200, 20, 20)), "JPEG")).picture
    assert picture.shape == (2339, 1654, 3)
    blue, _, red = picture[300, 300]
    assert red > 180 > 60 > blue
    assert only(scan_in_pdf(coloured(page(), (200, 20, 20)))).picture[300, 300][2] > 180


def test_pages_of_several_files_are_counted_through() -> None:
    papers = [
        Paper(name="1.tif", content=tiff([page(800, 1100)] * 2)),
        Paper(name="2.jpg", content=saved(page(900, 1200), "JPEG")),
        Paper(name="3.pdf", content=typeset(pages=2)),
    ]
    found = sheets(bundle(papers))
    assert [sheet.number for sheet in found] == [1, 2, 3, 4, 5]
    assert [sheet.picture.shape[1] for sheet in found[:3]] == [800, 800, 900]
    assert found[3].layer


def test_pages_are_decoded_when_they_are_asked_for() -> None:
    with open_file(tiff([page(800, 1100)] * 3)) as opened:
        pages = opened.sheets()
        assert next(pages).number == 1
        assert next(pages).number == 2


def test_a_page_of_many_pictures_is_no_fax() -> None:
    assert not only(scan_in_pdf(page(mode="1"), [SCAN + SCAN])).bilevel
