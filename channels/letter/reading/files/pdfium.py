"""PDFium, as far as we use it, with types and with our errors. It has no JavaScript engine in it."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np
import pypdfium2
import pypdfium2.raw as raw
from numpy.typing import NDArray

from channels.letter.reading.files.causes import BOMB, CORRUPT, ENCRYPTED, NO_PAGES, Unopened
from channels.letter.reading.files.guarding import guarded
from channels.letter.reading.files.pdfcopy import copied
from channels.letter.reading.values import Picture

_CAUSES = {raw.FPDF_ERR_PASSWORD: ENCRYPTED, raw.FPDF_ERR_SECURITY: ENCRYPTED, raw.FPDF_ERR_SUCCESS: NO_PAGES}
_SHOWN = frozenset({0, 1, 2, 4, 5, 6})  # text rendering modes that leave ink
_SILENT = frozenset({raw.FPDF_ANNOT_LINK, raw.FPDF_ANNOT_POPUP})
_MOST_OBJECTS = 20_000
_FINE = 4096  # device units of the page's width in which a place on it is measured
_MOST_ANNOTATIONS = 1000

Places = NDArray[np.float64]  # 2 x 3


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character of a page; ``box`` (left, top, right, bottom) in pixels of the page as it is shown.

    ``made``: PDFium put it in, a space or the end of a line. ``inked``: it is painted, and its code can be known.
    """

    text: str
    box: tuple[float, float, float, float]
    made: bool
    inked: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Embedded:
    """A picture on a page: its own pixels, its bits a pixel, and which share of the page it covers."""

    width: int
    height: int
    bits: int
    share: float


class LoadedPage:
    """One loaded page."""

    def __init__(self, page: pypdfium2.PdfPage) -> None:
        self._page = page

    @property
    def size(self) -> tuple[float, float]:
        """Width and height as shown, in points."""
        width, height = self._page.get_size()
        return float(width), float(height)

    @property
    def annotated(self) -> bool:
        """Does something lie on the page that is no part of its text: form fields, notes, ink?"""
        return any(kind not in _SILENT for kind in self._annotations())

    def painted(self, scale: float) -> Picture:
        """The page with its forms and notes, BGR; ``scale`` in pixels a point."""
        bitmap = self._page.render(scale=scale, draw_annots=True, may_draw_forms=True)
        try:
            return np.array(bitmap.to_numpy(), np.uint8)
        finally:
            bitmap.close()

    def pictures(self) -> list[Embedded]:
        """The pictures on the page, those within forms too. Raises Unopened when the page is made of too many parts."""
        parts = list(islice(self._page.get_objects(), _MOST_OBJECTS + 1))
        if len(parts) > _MOST_OBJECTS:
            raise Unopened(BOMB)
        return [self._embedded(part) for part in parts if part.type == raw.FPDF_PAGEOBJ_IMAGE]

    def glyphs(self, most: int, width: int, height: int) -> list[Glyph]:
        """The characters in the order of the file, ``most`` at most, on a picture of ``width`` x ``height`` pixels."""
        text = self._page.get_textpage()
        try:
            place = self._places() * np.array([[width], [height]])
            inked: dict[int | None, bool] = {}
            return _paired([_glyph(text, index, place, inked) for index in range(min(text.count_chars(), most))])
        finally:
            text.close()

    def _annotations(self) -> Iterator[int]:
        for index in range(min(raw.FPDFPage_GetAnnotCount(self._page), _MOST_ANNOTATIONS)):
            annotation = raw.FPDFPage_GetAnnot(self._page, index)
            if annotation:
                yield raw.FPDFAnnot_GetSubtype(annotation)
                raw.FPDFPage_CloseAnnot(annotation)

    def _embedded(self, part: pypdfium2.PdfImage) -> Embedded:
        width, height = part.get_px_size()
        left, bottom, right, top = _on_page(part)
        whole = self.size[0] * self.size[1]
        share = abs((right - left) * (top - bottom)) / whole if whole else 1.0
        return Embedded(width=width, height=height, bits=int(part.get_metadata().bits_per_pixel), share=share)

    def _places(self) -> Places:
        """The matrix from points of the file to shares of the page as shown: cropped, turned, upside down."""
        corners = [self._device(x, y) for x, y in ((0.0, 0.0), (1000.0, 0.0), (0.0, 1000.0))]
        origin, right, up = (np.array(corner) / _FINE for corner in corners)
        return np.column_stack([(right - origin) / 1000, (up - origin) / 1000, origin])

    def _device(self, x: float, y: float) -> tuple[int, int]:
        across, down = ctypes.c_int(), ctypes.c_int()
        raw.FPDF_PageToDevice(self._page, 0, 0, _FINE, _FINE, 0, x, y, across, down)
        return across.value, down.value


class Document:
    """An open PDF."""

    def __init__(self, content: bytes) -> None:
        with guarded():
            self._document = _loaded(content)
            self._document.init_forms()

    def __len__(self) -> int:
        return len(self._document)

    def size(self, index: int) -> tuple[float, float]:
        """Width and height of a page (from 0) in points, before it is loaded. Raises Unopened."""
        with guarded():
            width, height = self._document.get_page_size(index)
            return float(width), float(height)

    @contextmanager
    def page(self, index: int) -> Iterator[LoadedPage]:
        """A page (from 0), loaded for as long as it is needed. Raises Unopened."""
        with guarded():
            page = self._document.get_page(index)
            try:
                yield LoadedPage(page)
            finally:
                page.close()

    def copied(self, indices: Sequence[int]) -> bytes:
        """A new PDF of these pages (from 0), what was filled into their forms painted on them. Raises Unopened."""
        with guarded():
            return copied(self._document, indices)

    def close(self) -> None:
        self._document.close()


def _loaded(content: bytes) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        raise Unopened(_CAUSES.get(error.err_code, CORRUPT)) from error


def _on_page(part: pypdfium2.PdfImage) -> tuple[float, float, float, float]:
    """Where a part lies, in points of the page: one within a form is told in the form's own measure."""
    box = part.get_bounds()
    outer = part.container
    while outer is not None:
        box = outer.get_matrix().on_rect(*box)
        outer = outer.container
    left, bottom, right, top = box
    return left, bottom, right, top


def _glyph(text: pypdfium2.PdfTextPage, index: int, place: Places, inked: dict[int | None, bool]) -> Glyph:
    code = raw.FPDFText_GetUnicode(text, index)
    made = raw.FPDFText_IsGenerated(text, index) == 1
    left, bottom, right, top = text.get_charbox(index, loose=True)
    (x1, y1), (x2, y2) = (place @ corner for corner in ((left, bottom, 1.0), (right, top, 1.0)))
    box = (float(min(x1, x2)), float(min(y1, y2)), float(max(x1, x2)), float(max(y1, y2)))
    known = raw.FPDFText_HasUnicodeMapError(text, index) != 1
    return Glyph(_character(code), box, made, known and (made or _is_inked(text, index, inked)))


def _character(code: int) -> str:
    return chr(code) if 0 < code < 0x110000 else "\ufffd"


def _paired(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """Rare characters come in two halves (UTF-16) of one box each; half a one is no character."""
    whole: list[Glyph] = []
    for glyph in glyphs:
        if whole and "\ud800" <= whole[-1].text <= "\udbff" and "\udc00" <= glyph.text <= "\udfff":
            text = (whole[-1].text + glyph.text).encode("utf-16", "surrogatepass").decode("utf-16")
            whole[-1] = replace(whole[-1], text=text)
        else:
            whole.append(glyph)
    return [replace(glyph, text="\ufffd") if "\ud800" <= glyph.text <= "\udfff" else glyph for glyph in whole]


def _is_inked(text: pypdfium2.PdfTextPage, index: int, known: dict[int | None, bool]) -> bool:
    part = raw.FPDFText_GetTextObject(text, index)
    key = ctypes.cast(part, ctypes.c_void_p).value
    if key not in known:
        known[key] = bool(part) and raw.FPDFTextObj_GetTextRenderMode(part) in _SHOWN and _is_opaque(part)
    return known[key]


def _is_opaque(part: object) -> bool:
    red, green, blue, alpha = ctypes.c_uint(), ctypes.c_uint(), ctypes.c_uint(), ctypes.c_uint()
    told = raw.FPDFPageObj_GetFillColor(part, red, green, blue, alpha)
    return not told or alpha.value > 0
