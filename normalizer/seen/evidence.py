"""What the paper itself says for and against a value: scores, other looks, characters that print confuses."""

from __future__ import annotations

from collections.abc import Iterator

from normalizer.extract.grammars import CONTRACTS, grammar_of
from normalizer.extract.identifiers import luhn_is_valid, uscc_is_valid
from normalizer.extract.phones import e164
from normalizer.extract.runs import id_is_valid
from normalizer.record import Field, Scan, Span
from normalizer.seen.alike import readings
from normalizer.seen.looks import plain, read_otherwise
from normalizer.seen.places import Piece, pieces
from normalizer.seen.reasons import Judgement, Why
from normalizer.seen.trouble import is_troubled

CHECKS = {"id_number": id_is_valid, "uscc": uscc_is_valid, "bank_card": luhn_is_valid}
# The score from which a line is believed: measured on 1,700 lines of print, clean to hardly legible, so that nearly no
# right value of a fair scan is below and nearly no wrong one above.
LEAST = {"phone": 0.96, "complainant_name": 0.98}
LEAST_OTHERS = 0.97
LEAST_CHECKED = 0.85  # the check character vouches for it
EXACT = "text_layer"
SURE = 0.7
SIGHTINGS = 4  # places where a value is looked for
SHORTEST = 6  # characters; a shorter value stands in other words, too; not so a name


def judged(name: str, field: Field, text: str, scan: Scan) -> Judgement:
    """By the best of the places where the value stands in these characters: one clear sight of it is enough."""
    sights = [_judged_at(name, field, scan, span) for span in _sightings(name, field, text)]
    best = min(sights, key=lambda one: len(one.why), default=Judgement([Why.UNPLACED], []))
    return Judgement([*_by_itself(name, field), *best.why], best.candidates)


def looked_at(name: str, scan: Scan, span: Span) -> Judgement:
    """What other looks made of a stretch of the text."""
    others = [other for piece in pieces(scan, span) for other in read_otherwise(name, piece)]
    return Judgement([Why.READ_DIFFERENTLY] if others else [], others)


def _sightings(name: str, field: Field, text: str) -> Iterator[Span]:
    """Where it was found, and where else the same characters stand."""
    if field.span is None:
        return
    yield field.span
    place, left = -1, SIGHTINGS if len(field.source) >= SHORTEST or name == "complainant_name" else 0
    while left and (place := text.find(field.source, place + 1)) >= 0:
        left -= 1
        yield Span(start=place, end=place + len(field.source))


def _judged_at(name: str, field: Field, scan: Scan, span: Span) -> Judgement:
    found = pieces(scan, span)
    if not found:
        return Judgement([Why.UNPLACED], [])
    missing = [Why.PAGE_TROUBLE] if any(is_troubled(piece.page) for piece in found) else []
    inexact = [piece for piece in found if piece.page.by != EXACT]
    if not inexact:
        return Judgement(missing, [])
    alike = _alike(name, field)
    other = _otherwise(name, field, inexact)
    why = [*other.why, *_low(name, field.value, inexact), *alike.why, *_corrected(name, field), *missing]
    return Judgement(why, [*other.candidates, *alike.candidates])


def _by_itself(name: str, field: Field) -> list[Why]:
    """What is wrong with it wherever it stands."""
    if name in CHECKS:
        return [] if CHECKS[name](field.value) else [Why.CHECK_FAILED]
    if name == "phone":
        return [] if e164(field.value) else [Why.NOT_A_NUMBER_PLAN]
    return [Why.WEAK_RULE] if name == "address" and field.confidence < SURE else []


def _low(name: str, value: str, found: list[Piece]) -> list[Why]:
    least = LEAST_CHECKED if _is_checked(name, value) else LEAST.get(name, LEAST_OTHERS)
    return [Why.LOW_SCORE] if min(piece.line.score for piece in found) < least else []


def _is_checked(name: str, value: str) -> bool:
    return name in CHECKS and CHECKS[name](value)


def _otherwise(name: str, field: Field, found: list[Piece]) -> Judgement:
    """A look that fails the check which the value stands is no witness against it."""
    whole = [_with(found, place, other) for place, piece in enumerate(found) for other in read_otherwise(name, piece)]
    against = [other for other in whole if not _is_checked(name, field.value) or CHECKS[name](plain(name, other))]
    return Judgement([Why.READ_DIFFERENTLY] if against else [], [_as_value(name, one) for one in against])


def _with(found: list[Piece], place: int, other: str) -> str:
    """The value over all its lines, with another reading of one."""
    return "".join(other if number == place else piece.text for number, piece in enumerate(found))


def _as_value(name: str, text: str) -> str:
    """As it would stand in the record."""
    if name == "phone":
        return e164(text.strip()) or text.strip()
    if name in CHECKS or name in CONTRACTS:
        return plain(name, text)
    return text.strip()


def _alike(name: str, field: Field) -> Judgement:
    unknown = [Why.NO_GRAMMAR] if name in CONTRACTS and not grammar_of(field.value) else []
    others = readings(name, field.value, field.source)
    return Judgement([*([Why.LOOK_ALIKE] if others else []), *unknown], others)


def _corrected(name: str, field: Field) -> list[Why]:
    """Of numbers with a check or a plan our reading of l as 1 is proven; of others it is a guess."""
    if name not in CONTRACTS:
        return []
    return [] if plain(name, field.value) == plain(name, field.source) else [Why.CORRECTED_BY_US]
