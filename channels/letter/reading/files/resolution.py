"""How many pixels of a picture are an inch of its paper, and by how much it is scaled for reading."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PIL import Image

_A4 = (8.27, 11.69)  # inches
_WIDEST, _LONGEST = 13.0, 19.0  # inches; A3 and a margin: what a tag makes larger than that, is no paper
_SMALLEST = 1.0
_LEAST, _MOST = 97.0, 2400.0  # 72 and 96 stand in files that never saw a scanner
_FAX_WIDTHS = frozenset({1728, 2048, 2432})
_FINE, _COARSE, _ACROSS = 196.0, 98.0, 204.0  # ITU-T T.4: a fax of normal resolution has half the lines
_NEAR = 0.05  # a scale that near to one is left alone
_ENLARGED = 2.1  # more shows nothing new
_PHOTOGRAPH = 1.25  # the page fills a part of the picture only


@dataclass(frozen=True, kw_only=True, slots=True)
class Resolution:
    """Dots per inch; not ``known``: guessed as if the picture were a page of A4."""

    across: float
    down: float
    known: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Scaling:
    """By what a picture is scaled in each direction, and what its resolution is then."""

    across: float
    down: float
    dpi: int


def resolution(image: Image.Image) -> Resolution:
    """As the file says if that makes paper of it, as a fax has it, or guessed."""
    told = _told(image)
    if told and _is_paper(image.size, *told):
        return Resolution(across=told[0], down=told[1], known=True)
    width, height = image.size
    if image.mode == "1" and width in _FAX_WIDTHS:
        return Resolution(across=_ACROSS, down=_COARSE if height < width else _FINE, known=True)
    guess = min(min(width, height) / _A4[0], max(width, height) / _A4[1])
    return Resolution(across=guess, down=guess, known=False)


def scaling(found: Resolution, dpi: int) -> Scaling:
    """To about ``dpi`` and square pixels; a picture of unknown resolution is reduced only, and less."""
    most = max(found.across, found.down)
    if found.known:
        factor = _snapped(min(dpi / most, _ENLARGED))
    else:
        factor = _snapped(min(dpi * _PHOTOGRAPH / max(most, 1e-6), 1.0))
    across, down = _snapped(most / found.across), _snapped(most / found.down)
    return Scaling(across=factor * across, down=factor * down, dpi=max(1, round(most * factor)))


def _told(image: Image.Image) -> tuple[float, float] | None:
    told = image.info.get("dpi") or image.info.get("resolution") or ()
    try:
        across, down = (float(number) for number in told)
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    return (across, down) if math.isfinite(across) and math.isfinite(down) else None


def _is_paper(size: tuple[int, int], across: float, down: float) -> bool:
    if not (_LEAST <= max(across, down) <= _MOST and 0.3 <= across / max(down, 1e-6) <= 3.4):
        return False
    short, long = sorted((size[0] / across, size[1] / down))
    return short >= _SMALLEST and short <= _WIDEST and long <= _LONGEST


def _snapped(factor: float) -> float:
    return 1.0 if abs(factor - 1.0) < _NEAR else factor
