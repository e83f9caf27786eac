"""An upright page as a JPEG that staff look at: grey where it has no colour, and never large."""

from __future__ import annotations

import cv2
import numpy as np

from channels.letter.reading.pixels import grey, picture_of
from channels.letter.reading.values import Picture, Seen, Upright
from normalizer.record import Box, PageKind, ScanLine, ScanPage

LARGEST = 400_000  # bytes
TRIES = ((200, 70), (150, 70), (150, 50), (120, 45), (100, 35), (72, 25))  # dpi and quality, until it is small enough
VIVID, COLOURED = 45, 0.0008  # of 255 between the channels; share of the page
NOTHING_SEEN = 1  # pixel: the least that a side of a picture may be


def packed(page: Upright, kind: PageKind) -> ScanPage:
    """The page as it is kept, all boxes in the pixels of its JPEG."""
    picture = page.picture if _has_colour(page.picture) else grey(page.picture)
    image, scale = _small(picture, page.dpi)
    height, width = _sides(picture, scale)
    return ScanPage(
        number=page.number,
        kind=kind,
        rotation=page.rotation,
        width=width,
        height=height,
        dpi=round(page.dpi * scale),
        lines=tuple(_line(line, scale) for line in page.lines if line.text.strip()),
        image=image,
        to_original=_to_original(page.to_original, scale),
        by=page.by,
        warnings=page.warnings,
    )


def _has_colour(picture: Picture) -> bool:
    if picture.ndim == 2:
        return False
    small = cv2.resize(picture, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA).astype(np.int16)
    return float(np.mean(small.max(axis=2) - small.min(axis=2) > VIVID)) > COLOURED


def _small(picture: Picture, dpi: int) -> tuple[bytes, float]:
    """The largest JPEG that is small enough, or else the smallest; and its scale."""
    image, scale = b"", 1.0
    for wanted, quality in TRIES:
        scale = min(1.0, wanted / max(1, dpi))
        image = _jpeg(_scaled(picture, scale), quality)
        if len(image) <= LARGEST:
            break
    return image, scale


def _scaled(picture: Picture, scale: float) -> Picture:
    if scale == 1.0:
        return picture
    height, width = _sides(picture, scale)
    return picture_of(cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA))


def _sides(picture: Picture, scale: float) -> tuple[int, int]:
    height, width = picture.shape[:2]
    return max(NOTHING_SEEN, round(height * scale)), max(NOTHING_SEEN, round(width * scale))


def _jpeg(picture: Picture, quality: int) -> bytes:
    _, image = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return image.tobytes()


def _line(line: Seen, scale: float) -> ScanLine:
    """On one line and without white ends, as a text can hold it."""
    return ScanLine(text=" ".join(line.text.split()), box=_box(line.box, scale), score=line.score, others=line.others)


def _box(box: Box, scale: float) -> Box:
    left, top, right, bottom = (round(edge * scale) for edge in box)
    return left, top, right, bottom


def _to_original(given: tuple[float, ...], scale: float) -> tuple[float, ...]:
    a, b, c, d, e, f = given
    return a / scale, b / scale, c, d / scale, e / scale, f
