"""Whether somebody signed or sealed a page: found by shape, and only good enough to decide whether to ask for it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

import cv2
import numpy as np

from channels.letter.reading.meaning.edges import width_of
from channels.letter.reading.pixels import Mask, grey, picture_of
from channels.letter.reading.values import Picture, Seen, Upright
from normalizer.record import Box

SIGNATURE, SEAL = "signature", "seal"
DPI = 100  # at which marks are looked for
MM = DPI / 25.4
BLUE, RED = 0, 2  # channels, as OpenCV has them
VIVID = 45  # of 255: by how much a colour stands out
SEAL_MM, FINGER_MM = (26.0, 60.0), (8.0, 25.0)  # the sides of a company's seal; of a fingerprint or a person's seal
ROUND = (0.68, 0.93)  # share of its box that a disc's or an oval's hull fills; a square fills more, a scrawl less
SOLID = 0.12  # share of its box that is ink at least
DARK = 60  # of 255, darker than the paper
STROKES_MM = (11.0, 5.0)  # width and height at least of a name written by hand
LONGEST_MM, HIGHEST_MM = 80.0, 30.0
AROUND_MM = 13.0  # a name stands so near the words that ask for it
LAST = 3  # lines of a page near which a name may stand when nothing asks for it
READ, CLEAR = 0.8, 0.95  # scores from which a line is print, or as clear as print, and from which it surely is
TALL = 1.45  # times as high as the lines of this page
ROOMY = 1.6  # times as wide as its words
NAME = 14  # characters of a name with what asks for it

_ASKS = re.compile(
    r"签名|签字|签章|署名|落款|(?:投诉|申请|反映|举报|代理|委托|具名|投保|被保险)人[^，。]{0,4}[：:]|此致|敬礼|[Ss]ignature|[Ss]incerely"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Blob:
    """A heap of ink, its sides in millimetres; ``hull`` and ``filled`` are shares of its box."""

    width: float
    height: float
    hull: float
    filled: float
    box: Box  # in pixels of the part that was searched

    def sides_within(self, least: float, most: float) -> bool:
        lower, higher = sorted((self.width, self.height))
        return least <= lower and higher <= most and higher <= 1.7 * lower


def marks_of(page: Upright) -> frozenset[str]:
    """What an upright letter page bears of signature and seal."""
    found = set()
    red, blue = list(_vivid_blobs(page, RED)), list(_vivid_blobs(page, BLUE))
    if any(_is_seal(blob) for blob in (*red, *blue)):
        found.add(SEAL)
    blue_seals = [blob.box for blob in blue if _is_seal(blob)]
    if any(_is_fingerprint(blob) for blob in red) or _is_signed(page, blue_seals):
        found.add(SIGNATURE)
    return frozenset(found)


def _is_seal(blob: Blob) -> bool:
    return blob.sides_within(*SEAL_MM) and ROUND[0] <= blob.hull <= ROUND[1] and blob.filled >= SOLID


def _is_fingerprint(blob: Blob) -> bool:
    return blob.sides_within(*FINGER_MM) and blob.hull >= ROUND[0] and blob.filled >= 2 * SOLID


def _vivid_blobs(page: Upright, channel: int) -> Iterator[Blob]:
    """Ink of one colour; a page without colours has none."""
    if page.picture.ndim == 2:
        return
    small = _reduced(page.picture, page.dpi)
    others = [small[:, :, other] for other in range(3) if other != channel]
    vivid = cv2.subtract(small[:, :, channel], cv2.max(*others)) > VIVID
    yield from _blobs(np.asarray(vivid, dtype=np.bool_), 9)


def _is_signed(page: Upright, seals: Sequence[Box]) -> bool:
    """Strokes that nobody could read, or only badly, where a name is to stand."""
    zones = [_grown(line, page) for line in _places(page.lines)]
    if not zones:
        return False
    usual = median(line.box[3] - line.box[1] for line in page.lines)
    if any(_is_scrawl(line, usual) and _inside(line, zones) for line in page.lines):
        return True
    ink = _unread_ink(page)
    for left, top, right, bottom in seals:  # red ones are paper in the light that ink is looked for
        ink[top:bottom, left:right] = False
    return any(_is_name_like(blob) for zone in zones for blob in _blobs(_part(ink, zone, page.dpi), 5))


def _places(lines: Sequence[Seen]) -> list[Seen]:
    asking = [line for line in lines if len(line.text) <= 30 and _ASKS.search(line.text)]
    return [*asking, *(line for line in lines[-LAST:] if len(line.text) <= 20)]


def _is_form(line: Seen) -> bool:
    """Words with room between them for a pen: much wider than they need."""
    wanted = width_of(line.text) * (line.box[3] - line.box[1])
    return line.box[2] - line.box[0] > ROOMY * wanted


def _is_scrawl(line: Seen, usual: float) -> bool:
    """A short line that could not be read well, or was found too high for print: strokes run through it."""
    high = line.box[3] - line.box[1] > TALL * usual
    return len(line.text) <= NAME and line.score < (CLEAR if high else READ)


def _is_name_like(blob: Blob) -> bool:
    wide = STROKES_MM[0] <= blob.width <= LONGEST_MM
    return wide and STROKES_MM[1] <= blob.height <= HIGHEST_MM and blob.filled < 0.6


def _grown(line: Seen, page: Upright) -> Box:
    """The place and what is around it; to the right it may reach far."""
    around = round(AROUND_MM * page.dpi / 25.4)
    left, top, right, bottom = line.box
    return max(0, left - 2 * around), max(0, top - around), right + 4 * around, bottom + around


def _inside(line: Seen, zones: Sequence[Box]) -> bool:
    x, y = (line.box[0] + line.box[2]) / 2, (line.box[1] + line.box[3]) / 2
    return any(zone[0] <= x <= zone[2] and zone[1] <= y <= zone[3] for zone in zones)


def _part(ink: Mask, zone: Box, dpi: int) -> Mask:
    left, top, right, bottom = (round(edge * DPI / dpi) for edge in zone)
    return ink[top:bottom, left:right]


def _unread_ink(page: Upright) -> Mask:
    """Dark ink without rules, seals and what was read well."""
    small = _reduced(page.picture, page.dpi)
    plain = grey(small) if small.ndim == 2 else picture_of(small[:, :, RED])  # red seals are paper in red light
    paper = cv2.medianBlur(cv2.dilate(plain, np.ones((9, 9), np.uint8)), 21)
    ink = picture_of(cv2.subtract(paper, plain) > DARK)
    rules = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, 45), np.uint8))
    ink[cv2.dilate(rules, np.ones((3, 3), np.uint8)) > 0] = 0
    for line in page.lines:
        if line.score >= READ and not _is_form(line):
            left, top, right, bottom = (round(edge * DPI / page.dpi) for edge in line.box)
            ink[max(0, top - 1) : bottom + 1, max(0, left - 1) : right + 1] = 0
    return ink > 0


def _reduced(picture: Picture, dpi: int) -> Picture:
    share = min(1.0, DPI / max(1, dpi))
    return picture_of(cv2.resize(picture, None, fx=share, fy=share, interpolation=cv2.INTER_AREA))


def _blobs(inked: Mask, near: int) -> Iterator[Blob]:
    """Heaps of strokes that are no further apart than ``near`` pixels."""
    if inked.size == 0:
        return
    mask = inked.astype(np.uint8)
    joined = picture_of(cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((near, near), np.uint8)))
    contours, _ = cv2.findContours(joined, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    for contour in contours:
        x, y, width, height = cv2.boundingRect(contour)
        if min(width, height) >= 4 * MM:
            hull = float(cv2.contourArea(cv2.convexHull(contour))) / (width * height)
            filled = float(mask[y : y + height, x : x + width].mean())
            box = (x, y, x + width, y + height)
            yield Blob(width=width / MM, height=height / MM, hull=hull, filled=filled, box=box)
