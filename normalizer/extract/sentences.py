"""Sentences and clauses as places in a text."""

from __future__ import annotations

import re

SENTENCE = re.compile(
    r"(?:[^。!?;\n.]++|\.(?!\s+[A-Z])|(?<![a-z)])\.)+[。!?;.]*|\n"
)  # a full stop ends only English ones
CLAUSE = re.compile(r"(?:[^，。!?;\n、,]++|(?<=\d),(?=\d))+")  # 1,980元 is one
Place = tuple[int, int]


def sentences(text: str) -> list[Place]:
    return [m.span() for m in SENTENCE.finditer(text) if text[m.start() : m.end()].strip()]


def clauses(text: str, start: int = 0, end: int | None = None) -> list[Place]:
    return [m.span() for m in CLAUSE.finditer(text, start, len(text) if end is None else end)]


def trim(text: str, start: int, end: int) -> Place:
    """The same place without white space and marks at its ends."""
    while start < end and text[start] in " ，。、;:!?\n\t-—~.)":
        start += 1
    while end > start and text[end - 1] in " ，、;:\n\t-—~(":
        end -= 1
    return start, end
