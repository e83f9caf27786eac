"""The words of a text message: short enough for every carrier, with the way to read on."""

from __future__ import annotations

from channels.base import Outbound
from channels.phone.words import clean

LIMIT = 480  # characters; mainland China takes 500, and beyond that parts of a message get lost
LONGEST_LINK = 200
SENTENCE_ENDS = ("。", "！", "？", "；", "\n", ". ", "! ", "? ")
NO_LABEL = "已登记"


def words_of(outbound: Outbound, *, with_link: bool) -> str:
    """What was written, cut at a sentence's end where it must be, and where to read the rest."""
    link = outbound.link if with_link and 0 < len(outbound.link) <= LONGEST_LINK else ""
    text = clean(outbound.text).strip()
    if not link or link in text:
        return shorten(text, LIMIT)
    return f"{shorten(text, LIMIT - len(link) - 1)}\n{link}"


def fill(template: str, outbound: Outbound) -> str:
    """The approved wording with number and state; nothing else of ours may stand in it."""
    label = outbound.status_label or NO_LABEL
    return template.replace("{number}", outbound.number).replace("{label}", label)


def shorten(text: str, limit: int) -> str:
    """At most so many characters, to the end of a sentence if one ends in the latter half."""
    if len(text) <= limit:
        return text
    end = max(text.rfind(mark, 0, limit) + len(mark) for mark in SENTENCE_ENDS)
    return text[:end].rstrip() if end > limit // 2 else f"{text[: limit - 1]}…"
