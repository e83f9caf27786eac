"""Which way up a page lies, and turning it: degrees are clockwise, by which it must be turned to be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from channels.letter.reading.pixels import Quad, clockwise, cut, picture_of, size_of
from channels.letter.reading.sight.engine import Engine, Recognised
from channels.letter.reading.values import Picture

LONG = 1.5  # a box so many times as long as it is high shows where its line runs
TRIED = 6  # lines that are read both ways up
PLAIN = 0.95  # lines read so well, and so many of their characters,
ENOUGH = 24  # need no reading upside down: nonsense does not score like that


@dataclass(frozen=True, kw_only=True, slots=True)
class Lie:
    """How a page lies; ``readings``: what lines of an upright one were found to say on the way, by their index."""

    rotation: int
    readings: Mapping[int, Recognised] = field(default_factory=dict)


def turned(picture: Picture, degrees: int) -> Picture:
    return picture_of(np.rot90(picture, -degrees // 90))


def turned_quads(quads: Sequence[Quad], picture: Picture, degrees: int) -> list[Quad]:
    """The quads of ``picture`` after it was turned."""
    a, b, c, d, e, f = _forward(picture.shape[1], picture.shape[0], degrees)
    turn, move = np.array([[a, d], [b, e]], dtype=np.float32), np.array([c, f], dtype=np.float32)
    return [clockwise(quad @ turn + move) for quad in quads]


def to_original(width: int, height: int, degrees: int) -> tuple[float, ...]:
    """The affine map from pixels of the upright page to those of the ``width`` x ``height`` page it was turned from."""
    upright = (width, height) if degrees % 180 == 0 else (height, width)
    return _forward(*upright, (360 - degrees) % 360)


def way_up(engine: Engine, picture: Picture, quads: Sequence[Quad]) -> Lie:
    """How a page lies: by the direction of its lines, then by which way up they say something."""
    quarter = 90 if _sideways(quads) else 0
    lying, lines = turned(picture, quarter), turned_quads(quads, picture, quarter)
    tried = _longest(lines)
    crops = [cut(lying, lines[index]) for index in tried]
    up = engine.recognise(crops)
    if not _plainly_read(up) and _sense(_upside_down(engine, crops)) > _sense(up):
        return Lie(rotation=quarter + 180)
    return Lie(rotation=quarter, readings={} if quarter else dict(zip(tried, up, strict=True)))


def _forward(width: int, height: int, degrees: int) -> tuple[float, ...]:
    return {
        0: (1.0, 0.0, 0.0, 0.0, 1.0, 0.0),
        90: (0.0, -1.0, height - 1.0, 1.0, 0.0, 0.0),
        180: (-1.0, 0.0, width - 1.0, 0.0, -1.0, height - 1.0),
        270: (0.0, 1.0, 0.0, -1.0, 0.0, width - 1.0),
    }[degrees]


def _sideways(quads: Sequence[Quad]) -> bool:
    lying = standing = 0.0
    for width, height in map(size_of, quads):
        lying += width if width > LONG * height else 0
        standing += height if height > LONG * width else 0
    return standing > lying


def _longest(quads: Sequence[Quad]) -> list[int]:
    return sorted(range(len(quads)), key=lambda index: -size_of(quads[index])[0])[:TRIED]


def _upside_down(engine: Engine, crops: Sequence[Picture]) -> list[Recognised]:
    return engine.recognise([turned(crop, 180) for crop in crops])


def _plainly_read(readings: Sequence[Recognised]) -> bool:
    said = [reading for reading in readings if reading.score > PLAIN]
    return len(said) * 2 > len(readings) and sum(len(reading.text) for reading in said) >= ENOUGH


def _sense(readings: Sequence[Recognised]) -> float:
    """What was recognised, doubtful characters hardly counted."""
    return sum(reading.score**4 * len(reading.text) for reading in readings)
