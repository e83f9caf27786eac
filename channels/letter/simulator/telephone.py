"""What a telephone does to a page: it is seen from not quite above, on a desk, in the shadow of a hand."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from channels.letter.simulator.light import lit
from channels.letter.simulator.paper import Colour, Page

if TYPE_CHECKING:
    from numpy.random import Generator

    from channels.letter.simulator.light import Share
    from channels.letter.simulator.scanner import Effect

DESK: Colour = (104, 82, 64)


def phone_photo(tilt: float = 0.03) -> Effect:
    """Photographed on a desk from not quite above, with the shadow of the hand; a photograph knows no resolution."""

    def effect(page: Page, chance: Generator) -> Page:
        from PIL import Image

        width, height = page.picture.size
        size = (round(width * 1.08), round(height * 1.06))
        corners = _corners(size, (width, height), tilt, chance)
        seen = page.picture.convert("RGB").transform(
            size,
            Image.Transform.PERSPECTIVE,
            _perspective(corners, width, height),
            Image.Resampling.BICUBIC,
            fillcolor=DESK,
        )
        return lit(replace(page, picture=seen, dpi=(0.0, 0.0)), _shadow(size, chance))

    return effect


def _corners(size: tuple[int, int], page: tuple[int, int], tilt: float, chance: Generator) -> list[tuple[float, float]]:
    """Where the corners of the page come to lie in the photograph, clockwise from the upper left."""
    left, top = (size[0] - page[0]) / 2, (size[1] - page[1]) / 2
    straight = [(left, top), (size[0] - left, top), (size[0] - left, size[1] - top), (left, size[1] - top)]
    inward = [(1, 1), (-1, 1), (-1, -1), (1, -1)]
    return [
        (x + sign_x * page[0] * chance.uniform(0, tilt), y + sign_y * page[1] * chance.uniform(0, tilt))
        for (x, y), (sign_x, sign_y) in zip(straight, inward, strict=True)
    ]


def _perspective(corners: list[tuple[float, float]], width: int, height: int) -> list[float]:
    """The eight figures by which Pillow finds for each pixel of the photograph the one of the page."""
    import numpy as np

    page = [(0.0, 0.0), (width, 0.0), (width, height), (0.0, height)]
    rows, wanted = [], []
    for (x, y), (u, v) in zip(corners, page, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        wanted += [u, v]
    return [float(figure) for figure in np.linalg.solve(np.array(rows), np.array(wanted))]


def _shadow(size: tuple[int, int], chance: Generator) -> Share:
    """A soft edge of shadow across the page."""
    import numpy as np

    width, height = size
    angle, edge = chance.uniform(0.2, 1.3), chance.uniform(0.35, 0.65)
    along = np.linspace(0, 1, width)[None, :] * np.cos(angle) + np.linspace(0, 1, height)[:, None] * np.sin(angle)
    soft = 1 / (1 + np.exp((along - edge) * 14))
    dimmed: Share = 1 - 0.38 * soft
    return dimmed
