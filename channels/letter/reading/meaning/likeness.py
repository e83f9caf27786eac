"""What a page looks like, in 256 bits: the coarse waves of its grey, so that dust on the glass does not count."""

from __future__ import annotations

import cv2
import numpy as np

from channels.letter.reading.values import Picture

SIDE = 16  # bits a side
_SAMPLED = 64  # the page is made this small first


def phash16(picture: Picture) -> str:
    """The perceptual hash of an upright page, 64 hexadecimal digits."""
    grey = picture if picture.ndim == 2 else cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    small = cv2.resize(grey, (_SAMPLED, _SAMPLED), interpolation=cv2.INTER_AREA)
    waves = (_COSINES @ small.astype(np.float64) @ _COSINES.T)[:SIDE, :SIDE]
    bits = np.packbits(waves > np.median(waves))
    return bits.tobytes().hex()


def _cosines(size: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    places = np.arange(size)
    return 2 * np.cos(np.pi * places[:, None] * (2 * places[None, :] + 1) / (2 * size))


_COSINES = _cosines(_SAMPLED)
