"""Pages of a PDF go into a new one, and take along nothing that they do not show."""

from __future__ import annotations

import io
from collections.abc import Sequence
from contextlib import closing

import pypdfium2
import pypdfium2.raw as raw

from channels.letter.reading.files.file_limits import LIMITS

_GLANCE = 1000  # pixels of the longer side at which two pages are compared


def copied(source: pypdfium2.PdfDocument, indices: Sequence[int]) -> bytes:
    """A new PDF of these pages (from 0), what was filled into their forms painted on them. Raises as PDFium does."""
    _flatten(source, indices)
    with closing(_picked(source, indices)) as plain, closing(_slimmed(source, indices)) as slim:
        return _saved(slim if _is_alike(plain, slim) else plain)


def _flatten(source: pypdfium2.PdfDocument, indices: Sequence[int]) -> None:
    """Form fields belong to the document, and would not come along with a page."""
    if source.formenv is None:
        return
    for index in sorted(set(indices)):
        with closing(source.get_page(index)) as page:
            page.flatten()


def _picked(source: pypdfium2.PdfDocument, indices: Sequence[int]) -> pypdfium2.PdfDocument:
    fresh = pypdfium2.PdfDocument.new()
    fresh.import_pages(source, list(indices))
    return fresh


def _slimmed(source: pypdfium2.PdfDocument, indices: Sequence[int]) -> pypdfium2.PdfDocument:
    """Many writers list the pictures of all pages with each page: those of the neighbours stay behind.

    PDFium strikes them off the list when it writes a page anew, and leaves them out when the page is taken over again.
    """
    with closing(_picked(source, indices)) as plain:
        for index in range(len(plain)):
            with closing(plain.get_page(index)) as page:
                _write_anew(page)
        return _picked(plain, range(len(plain)))


def _write_anew(page: pypdfium2.PdfPage) -> None:
    """Adds a rectangle without ink, as an unchanged page is not written."""
    nothing = raw.FPDFPageObj_CreateNewRect(0, 0, 0, 0)
    raw.FPDFPath_SetDrawMode(nothing, raw.FPDF_FILLMODE_NONE, 0)
    raw.FPDFPage_InsertObject(page, nothing)
    page.gen_content()


def _is_alike(one: pypdfium2.PdfDocument, other: pypdfium2.PdfDocument) -> bool:
    """Do all pages look the same? Unknown, thus not, when a picture on them is too large to be painted."""
    return len(one) == len(other) and all(
        (look := _look(one, index)) and look == _look(other, index) for index in range(len(one))
    )


def _look(document: pypdfium2.PdfDocument, index: int) -> bytes:
    with closing(document.get_page(index)) as page:
        if any(_is_vast(part) for part in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE])):
            return b""
        scale = _GLANCE / max(1.0, *page.get_size())
        with closing(page.render(scale=scale)) as bitmap:
            return bytes(bitmap.to_numpy().tobytes())


def _is_vast(picture: pypdfium2.PdfImage) -> bool:
    width, height = picture.get_px_size()
    return bool(width * height > LIMITS.pixels)


def _saved(document: pypdfium2.PdfDocument) -> bytes:
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()
