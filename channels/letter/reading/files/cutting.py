"""A file is cut: just these pages of it, as they were, so that a letter goes on its way without its neighbours."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from contextlib import closing
from itertools import groupby

from PIL import Image

from channels.base import Paper
from channels.letter.reading.files.bundle import bundle, unbundle
from channels.letter.reading.files.causes import CORRUPT, TOO_LARGE, Unopened
from channels.letter.reading.files.file_limits import LIMITS, FileLimits
from channels.letter.reading.files.forms import form_of
from channels.letter.reading.files.guarding import guarded
from channels.letter.reading.files.papers import page_counts, place
from channels.letter.reading.files.pdfium import Document
from channels.letter.reading.files.tiff_frames import COMPRESSION, OLD_JPEG, Frame, frames, written

_DATE = re.compile(rb"/(?:CreationDate|ModDate)\(D:([^)]*)\)")
_ID = re.compile(rb"/ID\[<([0-9A-Fa-f]*)><([0-9A-Fa-f]*)>\]")


def cut(content: bytes, pages: Sequence[int], limits: FileLimits = LIMITS) -> bytes:
    """A file of the pages with these numbers (from 1), in their order, without loss; the same for the same.

    All pages, or the one page of a picture: the content itself. Raises Unopened, and ValueError for a page it lacks.
    """
    if len(content) > limits.bytes:
        raise Unopened(TOO_LARGE)
    if not pages:
        raise ValueError("no page to cut out")
    return _CUTS.get(form_of(content), _cut_picture)(content, pages, limits)


def _cut_picture(content: bytes, pages: Sequence[int], limits: FileLimits) -> bytes:
    _check(pages, 1)
    return content


def _cut_pdf(content: bytes, pages: Sequence[int], limits: FileLimits) -> bytes:
    with closing(Document(content)) as document:
        _check(pages, len(document))
        if _is_whole(pages, len(document)):
            return content
        return _undated(document.copied([number - 1 for number in pages]))


def _cut_tiff(content: bytes, pages: Sequence[int], limits: FileLimits) -> bytes:
    found = frames(content, limits.pages)
    _check(pages, len(found.pages))
    if _is_whole(pages, len(found.pages)):
        return content
    chosen = [found.pages[number - 1] for number in pages]
    if not all(frame.strips for frame in chosen):
        raise Unopened(CORRUPT)
    with guarded():
        if any(frame.value(COMPRESSION, 1) == OLD_JPEG for frame in chosen):
            return _painted_anew(content, chosen)
        return written(chosen)


def _cut_bundle(content: bytes, pages: Sequence[int], limits: FileLimits) -> bytes:
    papers = unbundle(content, limits)
    counts = page_counts(papers, limits)
    if _is_whole(pages, sum(counts)):
        return content
    places = [place(number, counts) for number in pages]
    runs = [(paper, [page for _, page in run]) for paper, run in groupby(places, key=lambda found: found[0])]
    return bundle([_part(papers[paper], chosen, counts[paper], limits) for paper, chosen in runs])


def _part(paper: Paper, pages: Sequence[int], count: int, limits: FileLimits) -> Paper:
    """A file that cannot be opened goes along whole."""
    whole = _is_whole(pages, count)
    return paper if whole else Paper(name=paper.name, content=cut(paper.content, pages, limits))


def _check(pages: Sequence[int], count: int) -> None:
    if not all(1 <= number <= count for number in pages):
        raise ValueError("there is no such page")


def _is_whole(pages: Sequence[int], count: int) -> bool:
    return list(pages) == list(range(1, count + 1))


def _undated(pdf: bytes) -> bytes:
    """PDFium writes the hour and a random number into what it saves: the first date, and the last identity."""
    out = bytearray(pdf)
    spans = [match.span(1) for match in list(_DATE.finditer(pdf))[:1]]
    spans += [match.span(part) for match in list(_ID.finditer(pdf))[-1:] for part in (1, 2)]
    for start, end in spans:
        out[start:end] = re.sub(rb"[0-9A-Fa-f]", b"0", out[start:end])
    return bytes(out)


def _painted_anew(content: bytes, chosen: Sequence[Frame]) -> bytes:
    """The JPEG of the first TIFFs leans on other parts of its file and cannot be copied: its pixels are."""
    out = io.BytesIO()
    first, *others = [_pixels(content, frame) for frame in chosen]
    first.save(out, "TIFF", save_all=True, append_images=others, compression="tiff_lzw")
    return out.getvalue()


def _pixels(content: bytes, frame: Frame) -> Image.Image:
    image = Image.open(io.BytesIO(content), formats=["TIFF"])
    image.seek(frame.place)
    return image.copy()


_CUTS = {"pdf": _cut_pdf, "tiff": _cut_tiff, "bundle": _cut_bundle}
