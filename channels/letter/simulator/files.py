"""Pages as the files that scanners and telephones make."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING

from channels.letter.simulator.paper import A4, MM_PER_INCH, Page

if TYPE_CHECKING:
    from PIL.Image import Image

EPOCH = time.gmtime(1_790_000_000)  # the same pages are the same bytes, whenever they are written
QUALITY = 88


def pdf(pages: Sequence[Page]) -> bytes:
    """One picture a page, as large as its resolution makes it; black and white as G4, others as JPEG."""
    out = io.BytesIO()
    for place, page in enumerate(pages):
        given = {"append": True} if place else {"creationDate": EPOCH, "modDate": EPOCH}
        packed = {} if page.picture.mode == "1" else {"quality": QUALITY}
        page.picture.save(out, "PDF", dpi=_printed(page), **given, **packed)
    return out.getvalue()


def tiff(pages: Sequence[Page]) -> bytes:
    """All pages in one file; black and white as G4, others as LZW."""
    from PIL.TiffImagePlugin import AppendingTiffWriter

    out = io.BytesIO()
    with AppendingTiffWriter(out, True) as frames:
        for page in pages:
            how = "group4" if page.picture.mode == "1" else "tiff_lzw"
            page.picture.save(frames, "TIFF", compression=how, dpi=_printed(page))
            frames.newFrame()
    return out.getvalue()


def jpeg(pages: Sequence[Page]) -> bytes:
    return _single(pages, "JPEG", quality=QUALITY)


def png(pages: Sequence[Page]) -> bytes:
    return _single(pages, "PNG")


def heic(pages: Sequence[Page]) -> bytes:
    """As telephones keep photographs. Raises ImportError where pillow-heif is missing."""
    from pillow_heif import register_heif_opener

    register_heif_opener()
    return _single(pages, "HEIF", quality=QUALITY)


WRITERS: Mapping[str, Callable[[Sequence[Page]], bytes]] = {
    ".pdf": pdf,
    ".tif": tiff,
    ".tiff": tiff,
    ".jpg": jpeg,
    ".jpeg": jpeg,
    ".png": png,
    ".heic": heic,
}


def written(pages: Sequence[Page], name: str) -> bytes:
    """The pages in the form that the ending of a file name asks for. Raises ValueError for one that we cannot make."""
    writer = WRITERS.get(PurePath(name).suffix.lower())
    if writer is None:
        raise ValueError(f"no scanner writes {PurePath(name).suffix or name!r}; there are {', '.join(WRITERS)}")
    return writer(pages)


def _single(pages: Sequence[Page], form: str, **how: int) -> bytes:
    if len(pages) != 1:
        raise ValueError(f"a {form} holds one page, not {len(pages)}")
    out = io.BytesIO()
    (page,) = pages
    picture: Image = page.picture if form == "PNG" or page.picture.mode != "1" else page.picture.convert("L")
    known = {"dpi": page.dpi} if all(page.dpi) else {}
    picture.save(out, form, **known, **how)
    return out.getvalue()


def _printed(page: Page) -> tuple[float, float]:
    """Resolution of the page, or the one at which a photograph is as wide as A4."""
    if all(page.dpi):
        return page.dpi
    guessed = page.picture.width * MM_PER_INCH / A4[0]
    return guessed, guessed
