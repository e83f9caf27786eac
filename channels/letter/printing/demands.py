"""What a letter must have, and may not exceed, before it is set."""

from __future__ import annotations

import re

from channels.letter.printing.faults import Unprintable
from channels.letter.printing.plain import bare
from channels.letter.printing.values import Letterhead, ReplyLetter

_LONGEST = {"name": 100, "address": 300, "number": 40, "title": 120, "slip": 120}
_LONGEST_HEAD = {"org": 60, "address": 120, "phone": 60, "signatory": 60}
_MOST_TEXT = 40_000
_MOST_ASKS = 20
_SLIP = re.compile(r"[A-Za-z0-9:._-]*")


def check_letter(letter: ReplyLetter, head: Letterhead) -> None:
    """Raises Unprintable for a letter with an empty part that it needs, or with too much of anything."""
    _check_head(head)
    _require(letter.address, "address")
    if letter.has_slip:  # it must find its complaint again
        _require(letter.number, "number")
    for part, longest in _LONGEST.items():
        _bound(getattr(letter, part), longest, part)
    if not _SLIP.fullmatch(letter.slip):
        raise Unprintable("not_set", "slip")
    _check_decision(letter)
    _check_matter(letter)


def _check_head(head: Letterhead) -> None:
    """We always say who we are; without our address a slip says no more than that."""
    _require(head.org, "letterhead")
    for part, longest in _LONGEST_HEAD.items():
        _bound(getattr(head, part), longest, "letterhead")


def _check_decision(letter: ReplyLetter) -> None:
    if (letter.kind == "decision") != (letter.decision is not None):
        raise Unprintable("decision_parts", "decision")
    if letter.decision is not None:
        for part in ("verified", "basis", "remedies"):
            _require(getattr(letter.decision, part), part)


def _check_matter(letter: ReplyLetter) -> None:
    decision = letter.decision
    texts = [*letter.paragraphs, *(ask.text for ask in letter.asks)]
    texts += [decision.verified, decision.basis, decision.remedies] if decision else []
    if not any(bare(text) for text in texts):
        raise Unprintable("empty", "paragraphs")
    if sum(map(len, texts)) > _MOST_TEXT or len(letter.asks) > _MOST_ASKS:
        raise Unprintable("too_long", "paragraphs")


def _require(text: str, part: str) -> None:
    if not bare(text):
        raise Unprintable("empty", part)


def _bound(text: str, longest: int, part: str) -> None:
    if len(text) > longest:
        raise Unprintable("too_long", part)
