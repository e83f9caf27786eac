"""A person's letter on A4: title, salutation, indented paragraphs, signature and date, on as many pages as it takes."""

from __future__ import annotations

import random
from dataclasses import dataclass

from channels.letter.simulator.paper import A4, INK, Canvas, Colour, Page, millimetres
from channels.letter.simulator.parts import Part, parts_of
from channels.letter.simulator.typeset import wrapped

INDENT = 2  # characters
RULE: Colour = (196, 120, 120)
TITLE_SIZE = 1.5  # times the text
NUMBER_POINTS = 9.0
FLUSH = (Part.SALUTATION, Part.LABEL)
RIGHT = (Part.SIGNATURE, Part.DATE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Layout:
    """How somebody writes."""

    font: str = "serif"  # serif, sans, kai, serif-bold, sans-bold
    size_pt: float = 12.0
    dpi: int = 200
    margin_mm: float = 27.0
    spacing: float = 1.7  # from line to line, in sizes
    breaks: str = "anywhere"  # where a line may end: anywhere, or between words and numbers only
    unsteady: float = 0.0  # how far each character stands off its line, in sizes; 0.06 looks written by hand
    ruled: bool = False  # paper with lines
    numbered: bool = False  # 第 1 页
    ink: Colour = INK
    seed: int = 1  # of the unsteady hand


def write_letter(text: str, layout: Layout | None = None) -> tuple[Page, ...]:
    """The text as pages with what stands where; an empty one gives an empty page. Raises NoFonts."""
    pen = Pen(layout or Layout())
    for part, line in parts_of(text):
        pen.put(part, line)
    return pen.pages()


class Pen:
    """Writes part after part down the page, and takes a new one at its end."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._random = random.Random(layout.seed)
        self._size = millimetres(layout.size_pt)
        self._room = A4[0] - 2 * layout.margin_mm
        self._pages: list[Canvas] = []
        self._turn()

    def put(self, part: Part, text: str) -> None:
        """One line of the text as a part of the letter."""
        if part is Part.GAP:
            self._y += self._pitch if self._layout.ruled else self._pitch / 2
        elif part is Part.TITLE:
            self._title(text)
        elif part in RIGHT:
            self._right(part, text)
        else:
            self._paragraph(part, text)

    def pages(self) -> tuple[Page, ...]:
        if self._layout.numbered:
            for number, page in enumerate(self._pages, 1):
                page.centre(A4[0] / 2, A4[1] - 17, f"第 {number} 页", NUMBER_POINTS, part="number")
        return tuple(page.page() for page in self._pages)

    @property
    def _pitch(self) -> float:
        return self._size * self._layout.spacing

    def _turn(self) -> None:
        layout = self._layout
        self._pages.append(Canvas(dpi=layout.dpi, font=layout.font))
        self._y = layout.margin_mm
        if layout.ruled:
            self._rule()

    def _rule(self) -> None:
        y, left = self._y + self._size * 1.45, self._layout.margin_mm - 4
        while y < A4[1] - self._layout.margin_mm + 1:
            self._pages[-1].line((left, y), (A4[0] - left, y), 0.15, RULE)
            y += self._pitch

    def _title(self, text: str) -> None:
        points = self._layout.size_pt * TITLE_SIZE
        for line in wrapped(text, self._room, self._room, lambda words: self._wide(words, points), "anywhere"):
            self._make_room()
            self._pages[-1].centre(A4[0] / 2, self._y, line, points, font=self._bold, part=Part.TITLE)
            self._y += 2 * self._pitch  # whole lines, so that the text stays on ruled ones

    @property
    def _bold(self) -> str:
        return f"{self._layout.font.removesuffix('-bold')}-bold"

    def _right(self, part: Part, text: str) -> None:
        for line in self._lines(text, 0):
            self._line(part, self._layout.margin_mm + self._room - self._wide(line) - self._size, line)

    def _paragraph(self, part: Part, text: str) -> None:
        flush = part in FLUSH or text.startswith("敬礼")
        indent = 0.0 if flush else INDENT * self._size
        for place, line in enumerate(self._lines(text, indent)):
            self._line(part, self._layout.margin_mm + (0.0 if place else indent), line)

    def _lines(self, text: str, indent: float) -> list[str]:
        return wrapped(text, self._room - indent, self._room, self._wide, self._layout.breaks)

    def _wide(self, words: str, points: float = 0.0) -> float:
        return self._pages[-1].width(words, points or self._layout.size_pt, self._bold if points else "")

    def _line(self, part: Part, x: float, line: str) -> None:
        self._make_room()
        if self._layout.unsteady:
            self._by_hand(part, x, line)
        else:
            self._pages[-1].write(x, self._y, line, self._layout.size_pt, colour=self._layout.ink, part=part)
        self._y += self._pitch

    def _make_room(self) -> None:
        if self._y + self._size * 1.3 > A4[1] - self._layout.margin_mm:
            self._turn()

    def _by_hand(self, part: Part, x: float, line: str) -> None:
        page, points = self._pages[-1], self._layout.size_pt
        page.note(x, self._y, line, points, part=part)
        for character in line:
            page.glyph(x, self._y + self._off(), character, points * (1 + self._off() / 4), self._layout.ink)
            x += page.width(character, points)

    def _off(self) -> float:
        return self._random.uniform(-1, 1) * self._layout.unsteady * self._size
