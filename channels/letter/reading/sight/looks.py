"""Second looks at a line that holds a number: the same crop, seen in ways that fail differently.

A wrong digit is read with a high score as often as not; that it is read differently when the line is stretched, made
pure black and white or dimmed gives it away.
"""

from __future__ import annotations

import re

import cv2
import numpy as np

from channels.letter.reading.pixels import Quad, blurred, cut, grey, grown, picture_of, scaled, size_of
from channels.letter.reading.values import Picture

NUMBER = re.compile(r"[A-Za-z0-9](?:[ -]?[A-Za-z0-9]){5,}")
PAPER, INK = 90, 3  # percentiles of a line's crop: how light its paper is, how dark its ink


def holds_number(text: str) -> bool:
    """Whether a run of six letters or digits stands in it, which may be a number somebody relies on."""
    return NUMBER.search(text) is not None


def looks(picture: Picture, quad: Quad) -> tuple[Picture, ...]:
    """The crop of one line in three other ways."""
    height = size_of(quad)[1]
    roomy, tight = cut(picture, grown(quad, 0.12 * height)), cut(picture, grown(quad, -0.06 * height))
    return _stretched(roomy), _black_and_white(tight), _dimmed(cut(picture, quad))


def _stretched(crop: Picture) -> Picture:
    """Wider: repeated characters, of which one falls under the table when they are narrow, come apart."""
    return scaled(crop, 1.35, 1.0)


def _black_and_white(crop: Picture) -> Picture:
    large = scaled(_levelled(grey(crop)), 2.0, 2.0)
    _, ink = cv2.threshold(blurred(large, 1.0), 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    return blurred(picture_of(ink), 0.8)


def _dimmed(crop: Picture) -> Picture:
    """Softer and narrower, without colour."""
    return scaled(blurred(_levelled(grey(crop)), 0.9), 0.85, 1.0)


def _levelled(crop: Picture) -> Picture:
    """Paper to white, ink to black."""
    paper, ink = (float(np.percentile(crop, share)) for share in (PAPER, INK))
    return picture_of(np.clip((crop.astype(np.float32) - ink) * 255 / max(20.0, paper - ink), 0, 255))
