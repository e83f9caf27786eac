"""What a hand leaves beside the words: a signature, a company's round seal, a fingerprint."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from typing import TYPE_CHECKING

from channels.letter.simulator.fonts import face
from channels.letter.simulator.paper import INK, MM_PER_INCH, Colour, Page
from channels.letter.simulator.parts import Part

if TYPE_CHECKING:
    from PIL.Image import Image

RED: Colour = (206, 32, 38)
SEAL_MM, FINGER_MM, SCRIBBLE_MM = 42.0, (14.0, 19.0), (34.0, 13.0)
ARC = math.radians(240)  # what a company's name takes of the ring
STEPS = 300  # of a signature's stroke
BESIDE_MM = 12.0  # how far left of the last line's middle a mark falls


def sealed(page: Page, company: str, at: tuple[float, float] | None = None, *, colour: Colour = RED) -> Page:
    """The round seal of a company, its middle at so many millimetres; None: over the signature."""
    side = _pixels(page, SEAL_MM)
    return _stamped_on(page, _seal(company, side, colour), at or _signature(page))


def signed(page: Page, seed: int = 1, at: tuple[float, float] | None = None, *, colour: Colour = INK) -> Page:
    """A signature that nobody can read, beside the typed name or where it is told to be."""
    size = (_pixels(page, SCRIBBLE_MM[0]), _pixels(page, SCRIBBLE_MM[1]))
    return _stamped_on(page, _scribble(size, seed, colour), at or _signature(page))


def fingerprinted(page: Page, at: tuple[float, float] | None = None) -> Page:
    """A red fingerprint over the name, as beside the signature of who cannot write."""
    size = (_pixels(page, FINGER_MM[0]), _pixels(page, FINGER_MM[1]))
    return _stamped_on(page, _fingerprint(size), at or _signature(page))


def _pixels(page: Page, mm: float) -> int:
    return round(mm * page.dpi[0] / MM_PER_INCH)


def _signature(page: Page) -> tuple[float, float]:
    """Where the last signed line stands, in millimetres; the lower right of a page without one."""
    boxes = [line.box for line in page.lines if line.part in (Part.SIGNATURE, Part.DATE)][:1]
    if not boxes:
        return page.picture.width / page.dpi[0] * MM_PER_INCH * 0.72, page.picture.height / page.dpi[1] * 20
    left, top, right, bottom = boxes[0]
    across, down = (left + right) / 2 / page.dpi[0], (top + bottom) / 2 / page.dpi[1]
    return across * MM_PER_INCH - BESIDE_MM, down * MM_PER_INCH


def _stamped_on(page: Page, mark: Image, at: tuple[float, float]) -> Page:
    """Ink lets through what is printed under it: the darker of both counts, channel by channel."""
    from PIL import Image, ImageChops

    picture = page.picture.convert("RGB")
    layer = Image.new("RGB", picture.size, "white")
    corner = (_pixels(page, at[0]) - mark.width // 2, _pixels(page, at[1]) - mark.height // 2)
    layer.paste(mark, corner)
    return replace(page, picture=ImageChops.multiply(picture, layer))


def _seal(company: str, side: int, colour: Colour) -> Image:
    from PIL import Image, ImageDraw

    mark = Image.new("RGB", (side, side), "white")
    draw = ImageDraw.Draw(mark)
    draw.ellipse([1, 1, side - 2, side - 2], outline=colour, width=max(2, side // 36))
    draw.polygon(_star(side / 2, side / 2, side * 0.15), fill=colour)
    _around(mark, company, colour)
    words = face("sans", max(6, side // 14))
    draw.text((side / 2, side * 0.78), "业务专用章", fill=colour, font=words, anchor="mm")
    return _worn(mark)


def _star(x: float, y: float, radius: float) -> list[tuple[float, float]]:
    turns = [(radius if place % 2 == 0 else radius * 0.39, place * math.pi / 5 - math.pi / 2) for place in range(10)]
    return [(x + length * math.cos(angle), y + length * math.sin(angle)) for length, angle in turns]


def _around(mark: Image, company: str, colour: Colour) -> None:
    """The company's name along the ring, each character turned outward."""
    from PIL import Image, ImageDraw, ImageOps

    side, step = mark.width, ARC / max(1, len(company))
    size = min(side // 7, round(side * 0.4 * step * 0.92))
    for place, character in enumerate(company):
        angle = (place - (len(company) - 1) / 2) * step
        tile = Image.new("L", (size * 2, size * 2), 0)
        ImageDraw.Draw(tile).text((size, size), character, fill=255, font=face("serif-bold", size), anchor="mm")
        tile = tile.rotate(-math.degrees(angle), resample=Image.Resampling.BICUBIC)
        x, y = side / 2 + side * 0.39 * math.sin(angle), side / 2 - side * 0.39 * math.cos(angle)
        mark.paste(ImageOps.colorize(tile, "white", colour), (round(x) - size, round(y) - size), tile)


def _worn(mark: Image) -> Image:
    """Ink that did not take everywhere."""
    import numpy as np
    from PIL import Image

    chance = np.random.default_rng(mark.width)
    patches = chance.uniform(0.5, 1.15, (14, 14)).astype(np.float32)
    much = np.asarray(Image.fromarray(patches).resize(mark.size, Image.Resampling.BICUBIC)).clip(0, 1)[..., None]
    return Image.fromarray((255 - (255 - np.asarray(mark)) * much).astype(np.uint8))


def _scribble(size: tuple[int, int], seed: int, colour: Colour) -> Image:
    """One stroke that runs to the right in loops."""
    from PIL import Image, ImageDraw

    chance, (width, height) = random.Random(seed), size
    wide, high, fine = (chance.uniform(*turns) for turns in ((3, 5), (4, 6), (9, 12)))
    path = [
        (
            width * (0.1 + 0.75 * t + 0.09 * math.sin(math.tau * wide * t)),
            height * (0.5 + 0.3 * math.sin(math.tau * high * t + seed) + 0.13 * math.sin(math.tau * fine * t)),
        )
        for t in (step / STEPS for step in range(STEPS + 1))
    ]
    mark = Image.new("RGB", size, "white")
    ImageDraw.Draw(mark).line(path, fill=colour, width=max(2, height // 24), joint="curve")
    return mark


def _fingerprint(size: tuple[int, int]) -> Image:
    """Ridges: bent rings round a point below the middle, in an oval that fades at its edge."""
    import numpy as np
    from PIL import Image

    width, height = size
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    rings = np.hypot(x * 1.1 + 0.08 * np.sin(y * 5), (y - 0.2) * 1.2)
    ridges = 0.5 + 0.5 * np.sin(rings * 52 + 0.7 * np.sin(x * 7) * np.cos(y * 4))
    inside = np.clip((1 - np.hypot(x, y)) * 6, 0, 1)
    much = (ridges * inside * 0.85)[..., None]
    return Image.fromarray((255 - (255 - np.array(RED)) * much).astype(np.uint8))
