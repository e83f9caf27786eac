"""What a finished page holds, measured from its top left corner in millimetres."""

from __future__ import annotations

import ctypes
from collections.abc import Iterable
from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw as pdfium

from channels.letter.printing.plain import bare

_POINTS = 72 / 25.4
_NAME_BYTES = 200
_SUBSET = "+"  # "ABCDEF+" stands before the name of a font of which a part is embedded
_LINE_END_HYPHEN = "\x02"  # as PDFium tells of it


@dataclass(frozen=True, kw_only=True, slots=True)
class Area:
    """A rectangle on the sheet."""

    left: float
    top: float
    right: float
    bottom: float

    def holds(self, other: Area) -> bool:
        return (
            self.left <= other.left
            and self.top <= other.top
            and self.right >= other.right
            and self.bottom >= other.bottom
        )

    def touches(self, other: Area) -> bool:
        return (
            self.left < other.right and self.right > other.left and self.top < other.bottom and self.bottom > other.top
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Sign:
    """A character as it stands on the page, or one half of one from beyond the basic plane."""

    text: str
    area: Area


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """What is written on a page, in the order of its text, and in which fonts (one not embedded ends in ``?``)."""

    signs: tuple[Sign, ...]
    fonts: frozenset[str]

    def within(self, area: Area) -> tuple[Sign, ...]:
        """What lies in an area, also in part."""
        return tuple(sign for sign in self.signs if area.touches(sign.area))


def spelled(signs: Iterable[Sign]) -> str:
    """What signs say, halves made whole, without spaces."""
    halves = "".join(sign.text for sign in signs)
    return bare(halves.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))


def read_pages(pdf: bytes) -> list[Page]:
    """The pages of a PDF that we made."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [_page(document[index]) for index in range(len(document))]


def _page(page: pypdfium2.PdfPage) -> Page:
    text, height = page.get_textpage(), page.get_height()
    found = (_sign(text, index, height) for index in range(text.count_chars()))
    return Page(
        signs=tuple(sign for sign in found if sign),
        fonts=frozenset(_font(part) for part in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT])),
    )


def _sign(text: pypdfium2.PdfTextPage, index: int, height: float) -> Sign | None:
    letter = chr(pdfium.FPDFText_GetUnicode(text, index)).replace(_LINE_END_HYPHEN, "-")
    if not bare(letter):
        return None
    left, bottom, right, top = text.get_charbox(index)
    area = Area(
        left=left / _POINTS, top=(height - top) / _POINTS, right=right / _POINTS, bottom=(height - bottom) / _POINTS
    )
    return Sign(text=letter, area=area)


def _font(found: pypdfium2.PdfObject) -> str:
    font = pdfium.FPDFTextObj_GetFont(found)
    name = ctypes.create_string_buffer(_NAME_BYTES)
    pdfium.FPDFFont_GetBaseFontName(font, name, _NAME_BYTES)
    base = name.value.decode("ascii", "replace").rpartition(_SUBSET)[2]
    return base if pdfium.FPDFFont_GetIsEmbedded(font) == 1 else f"{base}?"
