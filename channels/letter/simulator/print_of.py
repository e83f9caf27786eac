"""A printed letter, read as the person who opens it does: the one wrapper of pypdfium2 on this side of the post."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from channels.letter.simulator.paper import A4, MM_PER_INCH, POINTS_PER_INCH

if TYPE_CHECKING:
    from PIL.Image import Image

Area = tuple[float, float, float, float]  # left, top, right, bottom, mm from the upper left corner
WINDOW: Area = (20.0, 40.0, 110.0, 95.0)  # of the envelope, on the first page
AROUND: tuple[Area, ...] = (  # of the window, from top to bottom
    (0, 0, A4[0], WINDOW[1]),
    (0, WINDOW[1], WINDOW[0], WINDOW[3]),
    (WINDOW[2], WINDOW[1], A4[0], WINDOW[3]),
    (0, WINDOW[3], A4[0], A4[1]),
)
WHOLE: tuple[Area, ...] = ((0, 0, *A4),)
UNSEEN = dict.fromkeys((0x2060, 0x200B, 0xAD, 0xFFFE))  # what keeps words together or parts them, and is not printed
POINT = POINTS_PER_INCH / MM_PER_INCH  # to a millimetre


def window_text(pdf: Path) -> str:
    """What is seen of the first page through the window of the envelope."""
    with _opened(pdf) as document:
        return _text(document[0], (WINDOW,))


def letter_text(pdf: Path) -> str:
    """What all pages say, without the window."""
    with _opened(pdf) as document:
        return "\n".join(_text(page, WHOLE if place else AROUND) for place, page in enumerate(document))


def pictures(pdf: Path, dpi: int = 200) -> list[Image]:
    """The pages as they come out of a printer."""
    with _opened(pdf) as document:
        return [page.render(scale=dpi / POINTS_PER_INCH).to_pil().convert("RGB") for page in document]


@contextmanager
def _opened(pdf: Path) -> Iterator[Any]:
    pdfium: Any = import_module("pypdfium2")
    document = pdfium.PdfDocument(pdf)
    try:
        yield document
    finally:
        document.close()


def _text(page: Any, areas: tuple[Area, ...]) -> str:
    height, text = page.get_height(), page.get_textpage()
    found = [
        text.get_text_bounded(left * POINT, height - bottom * POINT, right * POINT, height - top * POINT)
        for left, top, right, bottom in areas
    ]
    said = [part.replace("\r\n", "\n").translate(UNSEEN).strip() for part in found]
    return "\n".join(part for part in said if part)
