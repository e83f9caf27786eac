"""Danger in words that no rule foresaw: what sentences about it have taught, OR-ed beside the rules."""

from __future__ import annotations

import re
from collections.abc import Iterator

from normalizer.extract.sentences import Place
from normalizer.learned import NOTHING, leading, speaks_at_all, telling
from normalizer.text import Found

FEW = 8  # characters
WHOLE, PART = 0.4, 0.85  # how likely danger must be in a whole message, and in one passage of a long one
LONG = 90  # characters from which a text is also looked at passage by passage
PASSAGE, STEP, LEAST = 80, 40, 16  # characters; what is shorter says too little
SENTENCE = re.compile(r"[^。!?\n;；]+")
HAN = re.compile(r"[一-鿿]")


def danger(text: str) -> Found | None:
    """self_harm, safety or on_site with the words that speak for it; None when a folded text sounds harmless."""
    if not HAN.search(text) or len(text) < FEW:  # the sentences are Chinese; a few words are for the rules
        return None
    if found := _in(text, (0, len(text)), WHOLE):
        return found
    if len(text) <= LONG:
        return None
    told = (_in(text, place, PART) for place in _passages(text) if speaks_at_all("danger", text[slice(*place)]))
    return next(filter(None, told), None)


def _passages(text: str) -> Iterator[Place]:
    for sentence in SENTENCE.finditer(text):
        start, end = sentence.span()
        if len(text[start:end].strip()) < LEAST:
            continue
        yield from ((at, min(end, at + PASSAGE)) for at in range(start, max(end - STEP, start + 1), STEP))


def _in(text: str, place: Place, least: float) -> Found | None:
    passage = text[slice(*place)]
    chances = leading("danger", passage, {})
    likely = 1 - dict(chances).get(NOTHING, 0.0)
    if likely < least:
        return None
    kind = next(label for label, _ in chances if label != NOTHING)
    word = next(iter(telling("danger", kind, passage)), "")
    if not word:  # odds alone, of a few common characters, are no reason
        return None
    start = place[0] + max(0, passage.find(word))
    return Found(
        value=kind, start=start, end=start + len(word), rule=f"danger.learned:{word}", confidence=round(likely, 2)
    )
