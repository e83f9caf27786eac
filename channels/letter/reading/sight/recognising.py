"""From boxes on a page to what they say: nothing that was found may be lost in between."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

import numpy as np

from channels.letter.reading.pixels import Quad, blurred, cut, grey, grown, size_of
from channels.letter.reading.sight.engine import Engine, Recognised
from channels.letter.reading.sight.looks import holds_number, looks
from channels.letter.reading.sight.ordering import Fragment
from channels.letter.reading.sight.scrawls import lost
from channels.letter.reading.values import Picture

NOTHING: Mapping[int, Recognised] = MappingProxyType({})
NONSENSE = 0.45  # what scores less was not read
CONTRAST = 40  # of 255, between the paper and the ink of a box: with less there is nothing in it
WORD = 1.6  # times as wide as high: a smaller box may be a blot or a bullet


def fragments(
    engine: Engine, picture: Picture, quads: Sequence[Quad], known: Mapping[int, Recognised] = NOTHING
) -> list[Fragment]:
    """One fragment for every box, "" for what could not be read; ``known``: readings there are already, by index."""
    rest = [index for index in range(len(quads)) if index not in known]
    readings = dict(zip(rest, engine.recognise([cut(picture, quads[index]) for index in rest]), strict=True)) | dict(
        known
    )
    return [_fragment(quad, _surely(engine, picture, quad, readings[index])) for index, quad in enumerate(quads)]


def unseen(picture: Picture, pieces: Sequence[Fragment]) -> Sequence[Fragment]:
    """The boxes that hold ink and say nothing, apart from a signature."""
    silent = [piece for piece in pieces if not piece.text and _inked(picture, piece.quad)]
    return lost(silent, [piece for piece in pieces if piece.text])


def looked_again(engine: Engine, picture: Picture, pieces: Sequence[Fragment]) -> list[Fragment]:
    """The fragments, those with a number read in other ways as well."""
    numbers = [piece for piece in pieces if holds_number(piece.text)]
    crops = [crop for piece in numbers for crop in looks(picture, piece.quad)]
    texts = [reading.text for reading in engine.recognise(crops)]
    others = {id(piece): tuple(texts[3 * at : 3 * at + 3]) for at, piece in enumerate(numbers)}
    return [replace(piece, others=piece.others + others.get(id(piece), ())) for piece in pieces]


def _said(reading: Recognised) -> bool:
    return reading.score >= NONSENSE and bool(reading.text.strip())


def _surely(engine: Engine, picture: Picture, quad: Quad, first: Recognised) -> Recognised:
    """The reading; a box that said nothing is read once more with more around it, and softer."""
    if _said(first):
        return first
    roomy = cut(picture, grown(quad, 0.1 * size_of(quad)[1]))
    tries = [first, *engine.recognise([roomy, blurred(roomy, 1.0)])]
    best = max(tries, key=lambda reading: reading.score)
    return best if _said(best) else Recognised(text="", score=0.0, rival="")


def _fragment(quad: Quad, reading: Recognised) -> Fragment:
    rival = (reading.rival,) if holds_number(reading.text) else ()
    return Fragment(quad=quad, text=reading.text.strip(), score=reading.score, others=rival)


def _inked(picture: Picture, quad: Quad) -> bool:
    width, height = size_of(quad)
    light, dark = np.percentile(grey(cut(picture, quad)), (90, 5))
    return width > WORD * height and float(light - dark) > CONTRAST
