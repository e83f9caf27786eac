"""A page of paper: its picture, what is written on it, and the canvas it is drawn on, measured in millimetres."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from channels.letter.simulator.fonts import face
from normalizer.record import Box

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageFont import FreeTypeFont

A4 = (210.0, 297.0)  # mm
MM_PER_INCH, POINTS_PER_INCH = 25.4, 72.0
INK = (28, 28, 32)
Colour = tuple[int, int, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """One line as its writer wrote it; ``part``: of a letter, title, salutation, paragraph, signature, …"""

    text: str
    box: Box  # pixels of the page as it was drawn, before any scanner
    part: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """A page, drawn or scanned, with the truth about what it says."""

    picture: Image
    dpi: tuple[float, float] = (200.0, 200.0)  # across, down; zeros: a photograph, which has none
    lines: tuple[Written, ...] = ()

    @property
    def text(self) -> str:
        """What the page says, line by line."""
        return "\n".join(line.text for line in self.lines)


def millimetres(points: float) -> float:
    return points * MM_PER_INCH / POINTS_PER_INCH


class Canvas:
    """A sheet to draw on; lengths in millimetres from its upper left corner, sizes of type in points."""

    def __init__(
        self, size: tuple[float, float] = A4, *, dpi: int = 200, colour: Colour = (255, 255, 255), font: str = "serif"
    ) -> None:
        from PIL import Image, ImageDraw

        self.dpi, self.font = dpi, font
        self.picture = Image.new("RGB", (self.pixels(size[0]), self.pixels(size[1])), colour)
        self._draw = ImageDraw.Draw(self.picture)
        self._lines: list[Written] = []

    def pixels(self, mm: float) -> int:
        return round(mm * self.dpi / MM_PER_INCH)

    def width(self, words: str, points: float, font: str = "") -> float:
        """How many millimetres wide the words come out."""
        return self._face(points, font).getlength(words) * MM_PER_INCH / self.dpi

    def write(
        self,
        x: float,
        y: float,
        words: str,
        points: float,
        *,
        font: str = "",
        colour: Colour = INK,
        part: str = "",
    ) -> None:
        """One line with its upper left corner at x, y."""
        self._draw.text((self.pixels(x), self.pixels(y)), words, fill=colour, font=self._face(points, font))
        self.note(x, y, words, points, font=font, part=part)

    def centre(
        self, x: float, y: float, words: str, points: float, *, font: str = "", colour: Colour = INK, part: str = ""
    ) -> None:
        """One line with the middle of its upper edge at x, y."""
        left = x - self.width(words, points, font) / 2
        self.write(left, y, words, points, font=font, colour=colour, part=part)

    def note(self, x: float, y: float, words: str, points: float, *, font: str = "", part: str = "") -> None:
        """Remember that a line stands there."""
        left, top = self.pixels(x), self.pixels(y)
        box = self._draw.textbbox((left, top), words, font=self._face(points, font))
        right, bottom = (round(edge) for edge in box[2:])
        self._lines.append(Written(text=words, box=(round(box[0]), round(box[1]), right, bottom), part=part))

    def glyph(self, x: float, y: float, character: str, points: float, colour: Colour = INK) -> None:
        """One character of a line that is remembered as a whole."""
        self._draw.text((self.pixels(x), self.pixels(y)), character, fill=colour, font=self._face(points, ""))

    def line(self, start: tuple[float, float], end: tuple[float, float], mm: float = 0.2, colour: Colour = INK) -> None:
        ends = [(self.pixels(x), self.pixels(y)) for x, y in (start, end)]
        self._draw.line(ends, fill=colour, width=max(1, self.pixels(mm)))

    def box(
        self,
        corner: tuple[float, float],
        opposite: tuple[float, float],
        *,
        fill: Colour | None = None,
        colour: Colour | None = INK,
        mm: float = 0.2,
        round_mm: float = 0.0,
    ) -> None:
        corners = [(self.pixels(x), self.pixels(y)) for x, y in (corner, opposite)]
        width = max(1, self.pixels(mm))
        self._draw.rounded_rectangle(corners, self.pixels(round_mm), fill=fill, outline=colour, width=width)

    def ellipse(self, centre: tuple[float, float], radii: tuple[float, float], *, fill: Colour | None = None) -> None:
        low = (self.pixels(centre[0] - radii[0]), self.pixels(centre[1] - radii[1]))
        high = (self.pixels(centre[0] + radii[0]), self.pixels(centre[1] + radii[1]))
        self._draw.ellipse([low, high], fill=fill, outline=None if fill else INK, width=max(1, self.pixels(0.25)))

    def paste(self, picture: Image, x: float, y: float, width: float) -> None:
        """A picture, scaled to its width; codes stay sharp."""
        from PIL import Image

        height = round(self.pixels(width) * picture.height / picture.width)
        self.picture.paste(
            picture.resize((self.pixels(width), height), Image.Resampling.NEAREST), (self.pixels(x), self.pixels(y))
        )

    def page(self) -> Page:
        return Page(picture=self.picture, dpi=(float(self.dpi), float(self.dpi)), lines=tuple(self._lines))

    def _face(self, points: float, font: str) -> FreeTypeFont:
        return face(font or self.font, round(points * self.dpi / POINTS_PER_INCH))
