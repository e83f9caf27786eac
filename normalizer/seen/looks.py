"""The same characters in the other looks at their line, and whether they say the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from normalizer.extract.runs import OCR
from normalizer.seen.places import Piece
from normalizer.text import fold

LONGEST = 240  # characters of a line that are compared: no line of paper is longer
MOST = 8  # looks at one line
NUMERALS = re.compile(r"[^0-9X]")
CODE = re.compile(r"[^0-9A-Z]")
MAIL = re.compile(r"[^0-9a-z@._%+-]")
NAME = re.compile(r"[^a-z一-鿿㐀-䶿]")
WORDS = re.compile(r"[^0-9a-z一-鿿㐀-䶿-]")
DIGITS_ONLY = ("phone", "id_number", "bank_card")
CODES = ("policy_number", "claim_number", "uscc")
Opcode = tuple[str, int, int, int, int]


def plain(name: str, text: str) -> str:
    """The characters that count in a value of this field: two readings with the same ones are the same."""
    folded = fold(text)
    if name in DIGITS_ONLY:
        return NUMERALS.sub("", folded.translate(OCR).upper())
    if name in CODES:
        return CODE.sub("", folded.upper())
    kept = {"email": MAIL, "complainant_name": NAME}.get(name, WORDS)
    return kept.sub("", folded.lower())


def read_otherwise(name: str, piece: Piece) -> list[str]:
    """What other looks have in this place, where that is another value."""
    here = plain(name, piece.text)
    others = (_there(piece, other) for other in piece.line.others[:MOST])
    return [other for other in dict.fromkeys(others) if plain(name, other) != here]


def _there(piece: Piece, other: str) -> str:
    """The part of another look that stands for the piece; empty when it has nothing there, or is no line."""
    if max(len(piece.line.text), len(other)) > LONGEST:
        return ""
    matcher = SequenceMatcher(None, piece.line.text, other, autojunk=False)
    ends = [end for step in matcher.get_opcodes() for end in _ends(step, piece.start, piece.end)]
    return other[min(ends) : max(ends)] if ends else ""


def _ends(step: Opcode, start: int, end: int) -> Iterator[int]:
    """Where in the other look this step begins and ends, as far as it concerns the characters start to end."""
    kind, first, last, there, until = step
    if last < start or first > end:
        return
    if last - first == until - there:
        yield there + max(first, start) - first
        yield there + min(last, end) - first
    elif kind == "insert" or (first < end and last > start):
        yield from (there, until)
