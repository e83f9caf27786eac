"""How one page is read: turned, its lines found, recognised, put in order, and what was not seen counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from channels.letter.reading.pixels import Quad, blurred, quad_of
from channels.letter.reading.sight import coverage, ordering, recognising, stamps, turning
from channels.letter.reading.sight.engine import Engine
from channels.letter.reading.sight.ordering import Fragment
from channels.letter.reading.values import Picture, Seen, Sheet, Upright

SOFTENING = 1.2  # pixels at 200 dpi: closes the jagged strokes of a fax; a median filter would eat policy numbers
UNREAD = 0.03  # the share of ink outside all boxes above which a page is looked at again, and then by a person
POOR = 0.85  # the mean score of a page below which it is looked at again


@dataclass(frozen=True, kw_only=True, slots=True)
class Attempt:
    """A page as it was read once."""

    picture: Picture
    fragments: Sequence[Fragment]
    unread: float  # share of its ink outside all boxes
    softened: bool

    @property
    def doubtful(self) -> bool:
        return self.unread > UNREAD or self._said(1) < POOR * self._said(0)

    @property
    def worth(self) -> float:
        """What was read well, less what was not seen."""
        return self._said(4) * (1 - self.unread)

    def _said(self, strictness: int) -> float:
        """Characters, each counted by a power of its line's score."""
        return sum(fragment.score**strictness * len(fragment.text) for fragment in self.fragments)


def read(engine: Engine, sheet: Sheet) -> Upright:
    """The page upright, with its lines."""
    if sheet.layer:
        return _upright(sheet, 0, by="text_layer", seen=_layer(sheet))
    clean, seals = stamps.cleared(sheet.picture, sheet.dpi)
    if coverage.blank(clean, sheet.dpi):
        return _upright(sheet, 0, by="nothing")
    rotation, attempt = _best(engine, sheet, clean)
    pieces = recognising.looked_again(engine, attempt.picture, attempt.fragments)
    seen = ordering.lines([piece for piece in pieces if piece.text])
    return _upright(sheet, rotation, by="ocr", seen=seen, warnings=_warnings(sheet, attempt, bool(seals)))


def _layer(sheet: Sheet) -> tuple[Seen, ...]:
    said = [line for line in sheet.layer if line.text.strip()]
    return ordering.lines([Fragment(quad=quad_of(line.box), text=line.text.strip(), score=1.0) for line in said])


def _best(engine: Engine, sheet: Sheet, clean: Picture) -> tuple[int, Attempt]:
    """How the page lies, and the better of its readings, sharp and softened; a fax is softened first."""
    pictures = {False: clean, True: blurred(clean, SOFTENING * sheet.dpi / 200)}
    found = engine.find(pictures[sheet.bilevel])
    lie = turning.way_up(engine, pictures[sheet.bilevel], found)
    ways = {softened: turning.turned(picture, lie.rotation) for softened, picture in pictures.items()}
    quads = found if lie.rotation == 0 else engine.find(ways[sheet.bilevel])
    pieces = recognising.fragments(engine, ways[sheet.bilevel], quads, lie.readings)
    first = _attempt(sheet.dpi, ways[sheet.bilevel], quads, pieces, softened=sheet.bilevel)
    return lie.rotation, _or_better(engine, sheet.dpi, first, ways[not sheet.bilevel])


def _or_better(engine: Engine, dpi: int, first: Attempt, other: Picture) -> Attempt:
    if not first.doubtful:
        return first
    quads = engine.find(other)
    pieces = recognising.fragments(engine, other, quads)
    second = _attempt(dpi, other, quads, pieces, softened=not first.softened)
    return max(first, second, key=lambda attempt: attempt.worth)


def _attempt(
    dpi: int, picture: Picture, quads: Sequence[Quad], pieces: Sequence[Fragment], *, softened: bool
) -> Attempt:
    return Attempt(picture=picture, fragments=pieces, unread=coverage.unread(picture, dpi, quads), softened=softened)


def _warnings(sheet: Sheet, attempt: Attempt, stamped: bool) -> tuple[str, ...]:
    found = {
        "stamped": stamped,
        "faxed": sheet.bilevel or attempt.softened,
        "ink_unread": attempt.unread > UNREAD,
        "lines_unseen": bool(recognising.unseen(attempt.picture, attempt.fragments)),
    }
    return tuple(warning for warning, holds in found.items() if holds)


def _upright(
    sheet: Sheet, rotation: int, *, by: str, seen: tuple[Seen, ...] = (), warnings: tuple[str, ...] = ()
) -> Upright:
    height, width = sheet.picture.shape[:2]
    return Upright(
        number=sheet.number,
        picture=turning.turned(sheet.picture, rotation),
        dpi=sheet.dpi,
        rotation=rotation,
        to_original=turning.to_original(width, height, rotation),
        lines=seen,
        by=by,
        bilevel=sheet.bilevel,
        warnings=(*sheet.warnings, *warnings),
    )
