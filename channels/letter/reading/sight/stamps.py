"""Coloured seals over text: where one lies, only what is dark in its own colour's light is kept.

Only shapes like a seal are cleared: whole letters are written in blue ink, and forms are printed in red.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from channels.letter.reading.pixels import Mask, picture_of, reduced
from channels.letter.reading.values import Picture

BLUE, GREEN, RED = 0, 1, 2  # channels, as OpenCV has them
VIVID = 45  # of 255: by how much a colour stands out
COARSE = 100  # dpi at which seals are looked for
NEAR = 9  # pixels there: strokes of one seal are no further apart
SMALLEST, LARGEST = 60, 230  # pixels there, 15 and 58 mm: the sides of a seal
SLIM = 2.6  # times as wide as high at most: an oblong seal, not a line of writing
SPARSE = 0.05  # of its box is ink at least


@dataclass(frozen=True, kw_only=True, slots=True)
class Seal:
    """Where a seal lies, in pixels of the page, and the channel in which it is bright."""

    left: int
    top: int
    right: int
    bottom: int
    channel: int


def cleared(picture: Picture, dpi: int) -> tuple[Picture, tuple[Seal, ...]]:
    """The page without the ink of its seals, and where they were."""
    if picture.ndim == 2:
        return picture, ()
    seals = tuple(seal for channel in (RED, BLUE) for seal in _seals(picture, COARSE / max(COARSE, dpi), channel))
    clean = picture.copy() if seals else picture
    for seal in seals:
        part = clean[seal.top : seal.bottom, seal.left : seal.right]
        part[:] = _written(part, seal.channel)
    return clean, seals


def _seals(picture: Picture, scale: float, channel: int) -> Iterator[Seal]:
    small = reduced(picture, scale)
    vivid = picture_of(_vivid(small, channel))
    joined = cv2.morphologyEx(vivid, cv2.MORPH_CLOSE, np.ones((NEAR, NEAR), np.uint8))
    _, _, blobs, _ = cv2.connectedComponentsWithStats(picture_of(joined), connectivity=8)
    for blob in blobs[1:]:
        left, top, width, height = (int(part) for part in blob[:4])
        if _seal_like(width, height, float(vivid[top : top + height, left : left + width].mean())):
            yield _whole((left, top, width, height), scale, picture, channel)


def _vivid(picture: Picture, channel: int) -> Mask:
    others = [picture[:, :, other] for other in (BLUE, GREEN, RED) if other != channel]
    return cv2.subtract(picture[:, :, channel], cv2.max(*others)) > VIVID


def _seal_like(width: int, height: int, filled: float) -> bool:
    lower, higher = sorted((width, height))
    return lower >= SMALLEST and higher <= LARGEST and higher <= SLIM * lower and filled >= SPARSE


def _whole(box: tuple[int, int, int, int], scale: float, picture: Picture, channel: int) -> Seal:
    left, top, width, height = (side / scale for side in box)
    around = 4 / scale
    return Seal(
        left=max(0, int(left - around)),
        top=max(0, int(top - around)),
        right=min(picture.shape[1], int(left + width + around)),
        bottom=min(picture.shape[0], int(top + height + around)),
        channel=channel,
    )


def _written(part: Picture, channel: int) -> Picture:
    """The part in the seal's own light: its ink as bright as the paper, what it covers still darker."""
    light = part[:, :, channel]
    tinted = cv2.dilate(picture_of(_vivid(part, channel)), np.ones((3, 3), np.uint8)) > 0
    if not tinted.any():
        return part
    paper, ink = float(np.percentile(light, 90)), float(np.percentile(light[tinted], 60))
    bright = np.minimum(light * (paper / max(1.0, ink)), paper)
    return picture_of(np.repeat(np.where(tinted, bright, light)[:, :, None], 3, axis=2))
