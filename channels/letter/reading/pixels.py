"""What is done to pictures by everybody here: OpenCV, with our types."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from channels.letter.reading.values import Picture
from normalizer.record import Box

Quad = NDArray[np.float32]  # 4 x 2: the corners of a line, from its top left one clockwise
Mask = NDArray[np.bool_]


def picture_of(pixels: NDArray[np.generic]) -> Picture:
    """Any array of OpenCV's as a picture of bytes."""
    return np.ascontiguousarray(pixels, dtype=np.uint8)


def grey(picture: Picture) -> Picture:
    return picture if picture.ndim == 2 else picture_of(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY))


def coloured(picture: Picture) -> Picture:
    """Three channels, as the models want them."""
    return picture if picture.ndim == 3 else picture_of(cv2.cvtColor(picture, cv2.COLOR_GRAY2BGR))


def blurred(picture: Picture, sigma: float) -> Picture:
    return picture_of(cv2.GaussianBlur(picture, (0, 0), sigma))


def scaled(picture: Picture, across: float, down: float) -> Picture:
    """The picture stretched, softly."""
    return picture_of(cv2.resize(picture, None, fx=across, fy=down, interpolation=cv2.INTER_CUBIC))


def reduced(picture: Picture, scale: float) -> Picture:
    """The picture smaller, each pixel the mean of those it stands for."""
    height, width = (max(1, round(side * scale)) for side in picture.shape[:2])
    return picture_of(cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA))


def clockwise(corners: NDArray[np.generic]) -> Quad:
    """Four corners as a quad, whatever their order was."""
    points = np.asarray(corners, dtype=np.float32)
    spokes = points - points.mean(axis=0)
    around = points[np.argsort(np.arctan2(spokes[:, 1], spokes[:, 0]))]
    return np.roll(around, -int(around.sum(axis=1).argmin()), axis=0)


def size_of(quad: Quad) -> tuple[float, float]:
    """Width and height of a quad, in pixels."""
    top, right, bottom, left = (float(np.linalg.norm(quad[i] - quad[(i + 1) % 4])) for i in range(4))
    return max(top, bottom), max(right, left)


def grown(quad: Quad, by: float) -> Quad:
    """The quad with ``by`` pixels of surroundings on each side."""
    across = _direction(quad[1] - quad[0]) * by
    down = _direction(quad[3] - quad[0]) * by
    moves = np.stack([-across - down, across - down, across + down, down - across])
    return np.asarray(quad + moves, dtype=np.float32)


def _direction(edge: Quad) -> Quad:
    length = float(np.linalg.norm(edge))
    return np.asarray(edge / (length or 1.0), dtype=np.float32)


def cut(picture: Picture, quad: Quad) -> Picture:
    """What lies in the quad, made level."""
    width, height = (max(4, round(side)) for side in size_of(quad))
    level = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32)
    turn = cv2.getPerspectiveTransform(quad, level)
    return picture_of(
        cv2.warpPerspective(picture, turn, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    )


def quad_of(box: Box) -> Quad:
    left, top, right, bottom = box
    return np.array([[left, top], [right, top], [right, bottom], [left, bottom]], dtype=np.float32)
