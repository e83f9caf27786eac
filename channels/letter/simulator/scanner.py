"""What scanners and fax machines do to a page: effects to combine, the same for the same seed."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from channels.letter.simulator.light import light_of, lit, shown
from channels.letter.simulator.marks import sealed
from channels.letter.simulator.paper import MM_PER_INCH, Page

if TYPE_CHECKING:
    from numpy.random import Generator

    Effect = Callable[[Page, Generator], Page]

FAX_ACROSS, FAX_FINE, FAX_COARSE = 204.0, 196.0, 98.0  # dots an inch, ITU-T T.4
LID = (255, 255, 255)  # what a scanner sees beside the page
DIFFUSED_MM = 0.25  # how far paper spreads what shines through
RULE = 185.0  # lightness of a ruled line
RULE_MM = 8.5


def scanned(pages: Iterable[Page], effects: Sequence[Effect], seed: int = 1) -> tuple[Page, ...]:
    """The pages after all effects, in their order."""
    import numpy as np

    done = []
    for place, page in enumerate(pages):
        chance = np.random.default_rng([seed, place])
        for effect in effects:
            page = effect(page, chance)
        done.append(page)
    return tuple(done)


def turned(degrees: int) -> Effect:
    """Laid in by quarter turns clockwise: 90, 180 or 270."""

    def effect(page: Page, chance: Generator) -> Page:
        from PIL import Image

        ways = {90: Image.Transpose.ROTATE_270, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_90}
        dpi = page.dpi if degrees == 180 else (page.dpi[1], page.dpi[0])
        return replace(page, picture=page.picture.transpose(ways[degrees]), dpi=dpi)

    return effect


def skewed(least: float, most: float) -> Effect:
    """Laid in askew by so many degrees, either way."""

    def effect(page: Page, chance: Generator) -> Page:
        from PIL import Image

        degrees = chance.uniform(least, most) * chance.choice([-1, 1])
        picture = page.picture.convert("RGB")
        return replace(page, picture=picture.rotate(degrees, Image.Resampling.BICUBIC, fillcolor=LID))

    return effect


def grey_gradient(darkest: float = 0.62) -> Effect:
    """A lamp that lights one edge less, or a lid that stood open."""

    def effect(page: Page, chance: Generator) -> Page:
        import numpy as np

        height, width = page.picture.height, page.picture.width
        across, down = np.linspace(0, chance.choice([-1, 1]), width), np.linspace(0, chance.choice([-1, 1]), height)
        slope = across[None, :] + down[:, None]
        slope = (slope - slope.min()) / (slope.max() - slope.min())
        return lit(page, (1 - (1 - darkest) * slope).astype(np.float32))

    return effect


def noise(sigma: float) -> Effect:
    """Grain: every pixel off by about so many of 255."""

    def effect(page: Page, chance: Generator) -> Page:
        import numpy as np

        seen = light_of(page)
        seen += chance.standard_normal(seen.shape[:2], dtype=np.float32)[..., None] * sigma
        return shown(page, seen)

    return effect


def jpeg(quality: int) -> Effect:
    """Saved small."""

    def effect(page: Page, chance: Generator) -> Page:
        from PIL import Image

        out = io.BytesIO()
        page.picture.convert("RGB").save(out, "JPEG", quality=quality)
        picture = Image.open(out)
        picture.load()
        return replace(page, picture=picture)

    return effect


def low_contrast(ink: float = 120.0, paper: float = 205.0) -> Effect:
    """A ribbon worn out on grey recycled paper."""

    def effect(page: Page, chance: Generator) -> Page:
        return shown(page, ink + light_of(page) / 255 * (paper - ink))

    return effect


def faxed(lines: float = FAX_FINE, speckle: float = 0.0012) -> Effect:
    """Sent by fax: black and white, 204 dots an inch across and so many lines down, a share of dots wrong."""

    def effect(page: Page, chance: Generator) -> Page:
        import numpy as np
        from PIL import Image

        width = round(page.picture.width * FAX_ACROSS / page.dpi[0])
        height = round(page.picture.height * lines / page.dpi[1])
        grey = np.asarray(page.picture.convert("L").resize((width, height), Image.Resampling.BOX), dtype=np.float32)
        black = grey + chance.normal(0, 18, grey.shape) < 140
        black ^= chance.random(grey.shape) < speckle
        return replace(page, picture=Image.fromarray(~black), dpi=(FAX_ACROSS, lines))

    return effect


def bleed_through(back: Page, share: float = 0.1) -> Effect:
    """What is printed on the other side shines through, mirrored and blurred by the paper between."""

    def effect(page: Page, chance: Generator) -> Page:
        from PIL import Image, ImageFilter, ImageOps

        behind = ImageOps.mirror(back.picture.convert("L")).resize(page.picture.size, Image.Resampling.BOX)
        behind = behind.filter(ImageFilter.GaussianBlur(DIFFUSED_MM * (page.dpi[0] or 200) / MM_PER_INCH))
        return lit(page, 1 - share * (1 - light_of(replace(page, picture=behind))[..., 0] / 255))

    return effect


def punch_holes(page: Page, chance: Generator) -> Page:
    """Filed once: two holes at the left edge, 80 mm apart, through which the dark of the lid is seen."""
    from PIL import ImageDraw

    picture, across, down = page.picture.convert("RGB"), page.dpi[0] / MM_PER_INCH, page.dpi[1] / MM_PER_INCH
    for y in (picture.height / 2 - 40 * down, picture.height / 2 + 40 * down):
        hole = [12 * across - 3 * across, y - 3 * down, 12 * across + 3 * across, y + 3 * down]
        ImageDraw.Draw(picture).ellipse(hole, fill=(70, 70, 72))
    return replace(page, picture=picture)


def ruled(page: Page, chance: Generator) -> Page:
    """The lines of writing paper, whatever stands on it."""
    import numpy as np

    seen, pitch = light_of(page), round(RULE_MM * page.dpi[1] / MM_PER_INCH)
    margin = round(20 * page.dpi[0] / MM_PER_INCH)
    rows = np.arange(pitch * 3, seen.shape[0] - pitch * 2, pitch)
    for row in (rows, rows + 1):
        seen[row, margin:-margin] = np.minimum(seen[row, margin:-margin], RULE)
    return shown(page, seen)


def stamped(company: str) -> Effect:
    """A company's red seal in the middle of the words."""

    def effect(page: Page, chance: Generator) -> Page:
        boxes = [line.box for line in page.lines] or [(0, 0, *page.picture.size)]
        left, top, right, bottom = boxes[int(chance.integers(len(boxes)))]
        x = chance.uniform(left, right) / page.dpi[0] * MM_PER_INCH
        return sealed(page, company, (x, (top + bottom) / 2 / page.dpi[1] * MM_PER_INCH))

    return effect
