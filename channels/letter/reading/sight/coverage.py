"""Whether what is written on a page was seen: ink the size of text that lies in no box.

A recogniser is sure of what it saw and silent about what it missed; on a page that lost nearly all of its lines the
mean score was 0.97. So the ink itself is counted.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from channels.letter.reading.pixels import Mask, Quad, grey, picture_of, reduced
from channels.letter.reading.values import Picture
from normalizer.record import Box

COARSE = 100  # dpi at which ink is counted: speckle is gone there
FAINTEST = 22  # of 255, darker than the paper around it
SMALLEST, LARGEST = 6, 60  # pixels: the higher side of what may be a character or a few that touch
THINNEST = 9  # times as long as wide is a rule, not a stroke
MARGIN = 0.02  # of the page, where shadows and the edges of a scanner lie
RULE = 45  # pixels: a straight stroke longer than that is a rule
DOT = 10  # pixels: a blob this large and
SOLID = 0.72  # so full is a punch hole or a blot
FIGURE = 46  # pixels: a blob whose both sides are longer is a figure if it is
DENSE = 0.42  # so full: a bar code, a photograph
SEAL = 66  # pixels, 17 mm: a ring this large is a seal; what stands in it is the seal's
BESIDE = 25  # pixels: two characters of a line are no further apart
COMPANY = 3  # pieces in a row at least
FEW = 4  # pieces of ink that may lie anywhere

Parts = NDArray[np.int32]  # of each component: left, top, width, height, area


def blank(picture: Picture, dpi: int) -> bool:
    """Practically no ink the size of text."""
    return int(_wordlike(_ink(picture, _scale(dpi)))[1].sum()) < 2


def unread(picture: Picture, dpi: int, quads: Sequence[Quad]) -> float:
    """The share 0..1 of text-sized ink components outside all boxes."""
    ink = _ink(picture, _scale(dpi))
    labels, wordlike = _wordlike(ink)
    total = int(wordlike.sum())
    lost = _in_company(labels, wordlike & ~_covered(labels, len(wordlike), _boxes(ink.shape, _scale(dpi), quads)))
    return lost / total if lost > FEW else 0.0


def _in_company(labels: Parts, lost: Mask) -> int:
    """How many of the lost pieces stand beside others, as writing does, and not alone like a speck or a corner."""
    ink = lost[labels]
    row = cv2.morphologyEx(picture_of(ink), cv2.MORPH_CLOSE, np.ones((3, BESIDE), np.uint8))
    rows = np.asarray(cv2.connectedComponents(row, connectivity=8)[1], dtype=np.int64)
    row_of_piece = np.unique(np.stack([rows[ink], labels[ink]]), axis=1)[0]
    return int((np.bincount(row_of_piece)[row_of_piece] >= COMPANY).sum()) if row_of_piece.size else 0


def _scale(dpi: int) -> float:
    return COARSE / max(COARSE, dpi)


def _ink(picture: Picture, scale: float) -> Mask:
    """What is darker than the paper around it, without rules."""
    small = reduced(grey(picture), scale)
    paper = cv2.blur(cv2.dilate(small, np.ones((15, 15), np.uint8)), (25, 25))
    darker = picture_of(cv2.subtract(paper, small))
    threshold = max(float(FAINTEST), 0.35 * float(np.percentile(darker, 99.5)))
    return _without_rules(picture_of(darker > threshold)) > 0


def _without_rules(ink: Picture) -> Picture:
    across = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, RULE), np.uint8))
    down = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((RULE, 1), np.uint8))
    rules = cv2.dilate(cv2.bitwise_or(across, down), np.ones((3, 3), np.uint8))
    return picture_of(cv2.bitwise_and(ink, cv2.bitwise_not(rules * 255)))


def _wordlike(ink: Mask) -> tuple[Parts, Mask]:
    """The components' labels, and for each label whether it may be written."""
    _, labels, parts, _ = cv2.connectedComponentsWithStats(picture_of(ink), connectivity=8)
    wordlike = _sized(parts) & _inside(parts, ink.shape) & ~_in_figures(parts, ink)
    wordlike[0] = False
    return np.asarray(labels, dtype=np.int32), wordlike


def _sized(parts: NDArray[np.generic]) -> Mask:
    width, height, area = (np.asarray(parts[:, index], dtype=np.int64) for index in (2, 3, 4))
    longer, shorter = np.maximum(width, height), np.minimum(width, height)
    fits = (longer >= SMALLEST) & (longer <= LARGEST) & (longer < THINNEST * shorter)
    return np.asarray(fits & ~((shorter >= DOT) & (area > SOLID * width * height)), dtype=np.bool_)


def _inside(parts: NDArray[np.generic], shape: tuple[int, ...]) -> Mask:
    left, top, width, height = (np.asarray(parts[:, index], dtype=np.float64) for index in range(4))
    x, y = (left + width / 2) / shape[1], (top + height / 2) / shape[0]
    return np.asarray((x > MARGIN) & (x < 1 - MARGIN) & (y > MARGIN) & (y < 1 - MARGIN), dtype=np.bool_)


def _in_figures(parts: NDArray[np.generic], ink: Mask) -> Mask:
    figures = np.zeros(ink.shape, np.bool_)
    for x, y, across, down in _figures(ink):
        figures[y : y + down, x : x + across] = True
    left, top, width, height = (np.asarray(parts[:, index], dtype=np.int64) for index in range(4))
    return np.asarray(figures[top + height // 2, left + width // 2], dtype=np.bool_)


def _figures(ink: Mask) -> list[Box]:
    """Where bar codes, photographs and seals without colour lie; sides as left, top, width, height."""
    closed = picture_of(cv2.morphologyEx(picture_of(ink), cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8)))
    pictures = [blob for blob in _blobs(closed) if _is_picture(blob, ink)]
    return pictures + [blob for blob in _blobs(picture_of(ink)) if _is_seal(blob)]


def _blobs(mask: Picture) -> list[Box]:
    parts = cv2.connectedComponentsWithStats(mask, connectivity=8)[2][1:]
    return [(int(part[0]), int(part[1]), int(part[2]), int(part[3])) for part in parts]


def _is_picture(box: Box, ink: Mask) -> bool:
    left, top, width, height = box
    return min(width, height) > FIGURE and float(ink[top : top + height, left : left + width].mean()) > DENSE


def _is_seal(box: Box) -> bool:
    width, height = box[2:]
    return min(width, height) > SEAL and max(width, height) < 1.35 * min(width, height) < 4 * SEAL


def _boxes(shape: tuple[int, ...], scale: float, quads: Sequence[Quad]) -> Mask:
    mask = np.zeros(shape, np.uint8)
    for quad in quads:
        cv2.fillPoly(mask, [np.asarray(quad * scale, dtype=np.int32)], 1)
    return cv2.dilate(mask, np.ones((5, 5), np.uint8)) > 0


def _covered(labels: Parts, count: int, boxes: Mask) -> Mask:
    """For each label, whether half of it or more lies in the boxes."""
    whole = np.bincount(labels.ravel(), minlength=count)
    within = np.bincount(labels[boxes], minlength=count)
    return np.asarray(within * 2 >= whole, dtype=np.bool_)
