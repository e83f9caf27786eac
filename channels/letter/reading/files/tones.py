"""From what a decoder gives to the pictures that are read: grey or BGR, on white, at a known resolution."""

from __future__ import annotations

import cv2
import numpy as np
from PIL import Image

from channels.letter.reading.values import Picture, Sheet

_TINT = 48  # by how much the channels of a coloured pixel differ; the noise of a grey JPEG stays below
_SPECK = 0.0005  # share of coloured pixels from which there is colour: a signature in blue ink has more
_WITH_ALPHA = ("RGBA", "LA", "PA", "La", "RGBa")
_DEEP = ("I", "F")  # and I;16…: more than eight bits a pixel


def unreadable(number: int, dpi: int) -> Sheet:
    """Stands for a page that could not be decoded, so that the others keep their numbers."""
    return Sheet(number=number, picture=np.full((64, 64), 255, np.uint8), dpi=dpi, warnings=("page_unreadable",))


def without_idle_colour(picture: Picture) -> Picture:
    """The picture in grey when it has no colour to speak of."""
    if picture.ndim == 2:
        return picture
    blue, green, red = cv2.split(picture)
    tint = cv2.subtract(cv2.max(cv2.max(blue, green), red), cv2.min(cv2.min(blue, green), red))
    coloured = cv2.countNonZero(cv2.threshold(tint, _TINT, 255, cv2.THRESH_BINARY)[1])
    return picture if coloured > _SPECK * tint.size else _bytes(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY))


def from_pillow(image: Image.Image) -> Picture:
    """The decoded picture in eight bits, on white."""
    if image.mode.startswith(_DEEP):
        return _from_deep(image)
    if image.mode in _WITH_ALPHA or "transparency" in image.info:
        image = _on_white(image)
    if image.mode in ("1", "L"):
        return np.asarray(image.convert("L"), np.uint8)
    return without_idle_colour(_bytes(cv2.cvtColor(np.asarray(image.convert("RGB"), np.uint8), cv2.COLOR_RGB2BGR)))


def resized(picture: Picture, width: float, height: float) -> Picture:
    """The picture at another size in pixels."""
    size = (max(1, round(width)), max(1, round(height)))
    if size == picture.shape[1::-1]:
        return picture
    shrinks = size[0] * size[1] < picture.shape[0] * picture.shape[1]
    return _bytes(cv2.resize(picture, size, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR))


def _on_white(image: Image.Image) -> Image.Image:
    shown = image.convert("RGBA")
    paper = Image.new("RGBA", shown.size, "white")
    return Image.alpha_composite(paper, shown).convert("RGB")


def _from_deep(image: Image.Image) -> Picture:
    """Sixteen bits by their upper half; of wider values their own range is spread out."""
    values = np.asarray(image)
    if values.dtype == np.uint16:
        return (values >> 8).astype(np.uint8)
    finite = np.nan_to_num(values.astype(np.float32), nan=0.0, posinf=65535.0, neginf=0.0)
    low, high = (0.0, 65535.0) if image.mode == "I" else (float(finite.min()), float(finite.max()))
    return ((np.clip(finite, low, high) - low) * (255.0 / max(high - low, 1e-6))).astype(np.uint8)


def _bytes(values: object) -> Picture:
    return np.asarray(values, np.uint8)
