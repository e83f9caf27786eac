"""May the text layer of a page be taken for what is written on it? Only where nobody else put it there.

A scanner's or a stranger's recognised text lies unseen over a picture; a broken font says other characters than it
shows; what was filled in, pasted in or drawn is not in the layer at all. In each case reading the picture is safer.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np

from channels.letter.reading.files.lines import is_cjk, lines
from channels.letter.reading.files.pdfium import Glyph
from channels.letter.reading.values import LayerLine, Picture

MOST_GLYPHS = 20_000  # more on one page is no letter
_FEWEST = 30
_COVERED = 0.15  # share of the page under pictures: a logo or a seal has less, a scan more
_ODD = 0.02  # share of characters that may be out of order in any one way
_COMMON = 0.8  # share of the Chinese characters that an everyday character set has
_EVERYDAY = ("gb2312", "big5")
_BROKEN = frozenset({"Co", "Cc", "Cs", "Cn"})
_UNUSUAL = frozenset("^`{|}~\\<=>")  # letters become these when a font's codes are shifted
_ENOUGH, _VOWELS = 100, (0.25, 0.6)  # of Latin letters; fewer are codes and names
_ONWARD = 0.8  # share of characters that stand to the right of the one before
_CONTRAST = 60  # between paper and ink within a line
_SHOWN = 0.95  # share of lines with ink in them
_DARK = 170
_UNTOLD, _SPARE = 0.1, 12  # share and number of marks the size of characters that may lie outside all lines
_MARGIN = 3  # pixels


@dataclass(frozen=True, kw_only=True, slots=True)
class TextLayer:
    """The characters that a page claims to have; ``covered``: share of it under pictures; ``annotated``: more on it."""

    glyphs: tuple[Glyph, ...]
    covered: float
    annotated: bool

    def __bool__(self) -> bool:
        return bool(self._written)

    def lines(self, picture: Picture) -> tuple[LayerLine, ...]:
        """The lines, if the page bears them out; else none."""
        if not self._is_plausible(picture):
            return ()
        found = lines([glyph for glyph in self.glyphs if glyph.made or _is_inside(glyph, picture)])
        grey = picture if picture.ndim == 2 else np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), np.uint8)
        return found if _is_inked(found, grey) and _is_all(found, grey) else ()

    @property
    def _written(self) -> list[Glyph]:
        return [glyph for glyph in self.glyphs if not glyph.made and not glyph.text.isspace()]

    def _is_plausible(self, picture: Picture) -> bool:
        written = self._written
        return (
            len(written) >= _FEWEST
            and len(self.glyphs) < MOST_GLYPHS
            and self.covered <= _COVERED
            and not self.annotated
            and _mostly([glyph.inked for glyph in written])
            and _mostly([_is_inside(glyph, picture) for glyph in written])
            and _is_language("".join(glyph.text for glyph in written))
            and _runs_onward(written)
        )


def _mostly(good: Sequence[bool]) -> bool:
    return good.count(False) <= _ODD * len(good)


def _is_inside(glyph: Glyph, picture: Picture) -> bool:
    left, top, right, bottom = glyph.box
    height, width = picture.shape[:2]
    across, down = (left + right) / 2, (top + bottom) / 2
    return 0 <= across <= width and 0 <= down <= height and right > left and bottom > top


def _is_language(text: str) -> bool:
    """Characters that people write with: a font without a proper table of codes gives others."""
    sound = [character != "\ufffd" and unicodedata.category(character) not in _BROKEN for character in text]
    chinese = [character for character in text if "CJK UNIFIED" in unicodedata.name(character, "")]
    common = sum(any(_is_in(character, charset) for charset in _EVERYDAY) for character in chinese)
    known = [is_cjk(character) or _is_western(character) for character in text]
    usual = [character not in _UNUSUAL for character in text]
    return (
        _mostly(sound)
        and _mostly(usual)
        and _is_pronounceable(text)
        and known.count(True) >= 0.9 * len(known)
        and common >= _COMMON * len(chinese)
    )


def _is_pronounceable(text: str) -> bool:
    """Latin words have vowels; those of a font whose codes are shifted have them only by chance."""
    letters = [character for character in text.lower() if "a" <= character <= "z"]
    vowels = sum(character in "aeiou" for character in letters)
    return len(letters) < _ENOUGH or _VOWELS[0] <= vowels / len(letters) <= _VOWELS[1]


def _is_western(character: str) -> bool:
    return ord(character) < 0x250 or 0x2000 <= ord(character) < 0x2700


def _is_in(character: str, charset: str) -> bool:
    return bool(character.encode(charset, "ignore"))


def _runs_onward(written: Sequence[Glyph]) -> bool:
    """False for a page that lies on its side, and for columns of upright Chinese."""
    steps = [
        after.box[0] > before.box[0] and abs(after.box[3] - before.box[3]) < after.box[3] - after.box[1]
        for before, after in pairwise(written)
    ]
    return steps.count(True) >= _ONWARD * len(steps)


def _is_inked(found: Sequence[LayerLine], grey: Picture) -> bool:
    """Is there ink where the lines claim to be?"""
    shown = [_has_contrast(grey[top:bottom, left:right]) for left, top, right, bottom in (line.box for line in found)]
    return bool(shown) and shown.count(True) >= _SHOWN * len(shown)


def _has_contrast(part: Picture) -> bool:
    return part.size > 0 and int(part.max()) - int(part.min()) >= _CONTRAST


def _is_all(found: Sequence[LayerLine], grey: Picture) -> bool:
    """Is there no writing beyond the lines: in pictures, in drawn outlines, by hand?"""
    told = np.zeros(grey.shape, np.uint8)
    for left, top, right, bottom in (line.box for line in found):
        told[max(0, top - _MARGIN) : bottom + _MARGIN, max(0, left - _MARGIN) : right + _MARGIN] = 1
    middles = _marks(grey)
    outside = int(np.count_nonzero(told[middles[:, 1], middles[:, 0]] == 0))
    return outside <= max(_SPARE, _UNTOLD * len(middles))


def _marks(grey: Picture) -> np.ndarray:
    """The middles (x, y) of the dark marks that have the size of characters or of their parts."""
    dark = cv2.threshold(grey, _DARK, 255, cv2.THRESH_BINARY_INV)[1]
    _, _, told, middles = cv2.connectedComponentsWithStats(dark, connectivity=8)
    width, height, area = told[:, cv2.CC_STAT_WIDTH], told[:, cv2.CC_STAT_HEIGHT], told[:, cv2.CC_STAT_AREA]
    sized = (height >= 8) & (height <= 90) & (width >= 3) & (width <= 150) & (area >= 12)
    return middles[sized].astype(np.intp)
