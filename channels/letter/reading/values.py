"""What the reading of a page passes from hand to hand: pictures and lines, before anybody knows what they mean."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from normalizer.record import Box

Picture = NDArray[np.uint8]  # height x width (grey) or height x width x 3 (BGR, as OpenCV has it)


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """One page of a file as it was opened, not yet turned: ``picture`` at ``dpi``."""

    number: int  # in its file, from 1
    picture: Picture
    dpi: int
    layer: tuple[
        LayerLine, ...
    ] = ()  # of a born-digital page whose text can be trusted; boxes in pixels of the picture
    bilevel: bool = False  # black and white only: a fax, G4
    warnings: tuple[str, ...] = ()  # layer_distrusted, …


@dataclass(frozen=True, kw_only=True, slots=True)
class LayerLine:
    """A line of a text layer."""

    text: str
    box: Box


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """A line that was recognised, on the upright page; ``others``: the same line read in other ways, if different."""

    text: str
    box: Box
    score: float
    others: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Upright:
    """A page after reading: turned, with its lines from top to bottom."""

    number: int
    picture: Picture  # upright
    dpi: int
    rotation: int  # degrees clockwise that it was turned: 0, 90, 180, 270
    to_original: tuple[float, ...]
    lines: tuple[Seen, ...]
    by: str  # ocr, text_layer, nothing
    bilevel: bool = False
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """A bar code found on a page."""

    text: str
    form: str  # QRCode, Code128, …
    box: Box
