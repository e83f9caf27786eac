"""The pages of a PDF: measured before they are painted, and their text layer where it can be trusted."""

from __future__ import annotations

from collections.abc import Sequence

from channels.letter.reading.files.causes import BOMB, CORRUPT, CUT_SHORT, NO_PAGES, TOO_MANY_PAGES, Unopened
from channels.letter.reading.files.endings import ends_whole
from channels.letter.reading.files.file_limits import FileLimits
from channels.letter.reading.files.guarding import guarded
from channels.letter.reading.files.layer import MOST_GLYPHS, TextLayer
from channels.letter.reading.files.pdfium import Document, Embedded, Glyph, LoadedPage
from channels.letter.reading.files.tones import without_idle_colour
from channels.letter.reading.values import Picture, Sheet

_POINTS = 72
_LARGEST = 24 * _POINTS  # longer than A2: the points are pixels of a photograph, as some telephones write them
_A4 = (8.27, 11.69)
_PHOTOGRAPH = 1.25  # resolution beyond ours, as the paper fills only a part
_FILLS = 0.8  # share of the page from which a picture is the page


class PdfPages:
    """An open PDF; ``complete`` is False when its end is missing and it opened all the same."""

    def __init__(self, content: bytes, limits: FileLimits) -> None:
        self.complete = ends_whole("pdf", content)
        self._limits = limits
        self._document = _opened(content, self.complete)

    def __len__(self) -> int:
        return len(self._document)

    def sheet(self, number: int) -> Sheet:
        """Page ``number`` (from 1). Raises Unopened: larger than paper can be, or not to be painted."""
        with guarded(), self._document.page(number - 1) as page:
            return _sheet(number, page, self._limits)

    def close(self) -> None:
        self._document.close()


def open_pdf(content: bytes, limits: FileLimits) -> PdfPages:
    """The pages of a PDF, none of them painted yet. Raises Unopened."""
    pages = PdfPages(content, limits)
    count = len(pages)
    if 0 < count <= limits.pages:
        return pages
    pages.close()
    raise Unopened(TOO_MANY_PAGES if count else NO_PAGES)


def _opened(content: bytes, complete: bool) -> Document:
    try:
        with guarded():
            return Document(content)
    except Unopened as error:
        if error.cause == CORRUPT and not complete:
            raise Unopened(CUT_SHORT) from error
        raise


def _sheet(number: int, page: LoadedPage, limits: FileLimits) -> Sheet:
    pictures = page.pictures()
    if any(picture.width * picture.height > limits.pixels for picture in pictures):
        raise Unopened(BOMB)
    scale, dpi = _measured(page.size, pictures, limits)
    shown = without_idle_colour(page.painted(scale))
    text = TextLayer(
        glyphs=_glyphs(page, shown), covered=sum(picture.share for picture in pictures), annotated=page.annotated
    )
    found = text.lines(shown)
    warnings = ("layer_distrusted",) if text and not found else ()
    return Sheet(number=number, picture=shown, dpi=dpi, layer=found, bilevel=_is_bilevel(pictures), warnings=warnings)


def _glyphs(page: LoadedPage, shown: Picture) -> tuple[Glyph, ...]:
    return tuple(page.glyphs(MOST_GLYPHS, shown.shape[1], shown.shape[0]))


def _measured(size: tuple[float, float], pictures: Sequence[Embedded], limits: FileLimits) -> tuple[float, int]:
    """Pixels a point, and the resolution that this is. Raises Unopened when the page would be too large a picture."""
    scale, dpi = limits.dpi / _POINTS, limits.dpi
    page = max(pictures, key=lambda picture: picture.share, default=None)
    if max(size) > _LARGEST and page and page.share > _FILLS:
        scale, dpi = _as_photograph(size, page, limits)
    if (size[0] * scale + 1) * (size[1] * scale + 1) > limits.pixels:
        raise Unopened(BOMB)
    return scale, dpi


def _as_photograph(size: tuple[float, float], page: Embedded, limits: FileLimits) -> tuple[float, int]:
    """Of a page measured in the pixels of its camera: as if it were A4, and no finer than the camera saw it."""
    inch = min(min(size) / _A4[0], max(size) / _A4[1])
    scale = min(limits.dpi * _PHOTOGRAPH / inch, max(page.width, page.height) / max(size))
    return scale, max(1, round(scale * inch))


def _is_bilevel(pictures: Sequence[Embedded]) -> bool:
    return len(pictures) == 1 and pictures[0].bits == 1 and pictures[0].share > _FILLS
