"""How much ink a page bears, and of which kind: enough to know an empty page without reading it."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from channels.letter.reading.pixels import grey, picture_of
from channels.letter.reading.values import Picture

DPI = 100  # at which ink is counted
EDGE = 0.04  # of each side: shadows, punch holes and other pages show there
STRONG, FAINT = 70, 22  # of 255, darker than the paper around: what was written here, what may shine through
SMALLEST, LARGEST = 0.8, 12.0  # mm: the size of a character
PAPER_MM = 6.0  # what is wider than that is paper or a picture, not ink
GREEN = 40  # of 255: by how much green stands out


@dataclass(frozen=True, kw_only=True, slots=True)
class Ink:
    """Signs are blobs as large as characters; ``dark`` and ``green`` are shares of the page.

    Dark is what is neither paper nor writing; green are the bubbles of a chat.
    """

    strong: int
    faint: int  # strong ones among them
    dark: float
    green: float = 0.0


def ink_of(picture: Picture, dpi: int) -> Ink:
    """What is on a page of so many pixels an inch."""
    small = _inside(_reduced(grey(picture), dpi))
    paper = _paper(small)
    contrast = paper.astype(np.int16) - small
    return Ink(
        strong=_signs(contrast > STRONG),
        faint=_signs(contrast > FAINT),
        dark=float(np.mean(paper < _white(paper) - STRONG)),
        green=_green(_reduced(picture, dpi)),
    )


def _green(picture: Picture) -> float:
    if picture.ndim == 2:
        return 0.0
    others = cv2.max(np.ascontiguousarray(picture[:, :, 0]), np.ascontiguousarray(picture[:, :, 2]))
    return float(np.mean(cv2.subtract(np.ascontiguousarray(picture[:, :, 1]), others) > GREEN))


def _reduced(picture: Picture, dpi: int) -> Picture:
    share = min(1.0, DPI / max(1, dpi))
    return picture_of(cv2.resize(picture, None, fx=share, fy=share, interpolation=cv2.INTER_AREA))


def _inside(picture: Picture) -> Picture:
    height, width = picture.shape[:2]
    down, across = round(height * EDGE), round(width * EDGE)
    return picture[down : height - down, across : width - across]


def _paper(picture: Picture) -> Picture:
    """The light around every place: what is left when all that is thin is taken away."""
    size = round(PAPER_MM * DPI / 25.4) | 1
    closed = cv2.morphologyEx(picture, cv2.MORPH_CLOSE, np.ones((size, size), np.uint8))
    return picture_of(cv2.medianBlur(closed, 15))


def _white(paper: Picture) -> float:
    return float(np.percentile(paper, 90))


def _signs(inked: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> int:
    millimetre = DPI / 25.4
    _, _, stats, _ = cv2.connectedComponentsWithStats(inked.astype(np.uint8), connectivity=8)
    longer = np.maximum(stats[1:, cv2.CC_STAT_WIDTH], stats[1:, cv2.CC_STAT_HEIGHT])
    return int(np.sum((longer >= SMALLEST * millimetre) & (longer <= LARGEST * millimetre)))
