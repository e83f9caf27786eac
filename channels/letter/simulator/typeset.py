"""Breaking a paragraph into lines, as Chinese is set: no line begins with a comma or ends with an opening bracket."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

OPENING, CLOSING = "（《“‘「【〔([", "，。、；：？！）》”’」】〕％,.;:?!)]%…"
ANYWHERE = re.compile(rf"[{re.escape(OPENING)}]*.[{re.escape(CLOSING)}]*", re.DOTALL)
WORDS = re.compile(rf"[{re.escape(OPENING)}]*(?:[A-Za-z0-9][A-Za-z0-9@./_-]*|.)[{re.escape(CLOSING)}]*", re.DOTALL)
BREAKS = {"anywhere": ANYWHERE, "words": WORDS}  # a pen breaks a number where the line ends, a word processor does not

Measure = Callable[[str], float]


def wrapped(text: str, first: float, rest: float, measure: Measure, breaks: str) -> list[str]:
    """The lines of one paragraph; ``first`` and ``rest``: the room that its first line and the others have."""
    lines, line, left = [], "", first
    for piece in _pieces(text, rest, measure, breaks):
        wide = measure(piece)
        if line and wide > left:
            lines.append(line.rstrip())
            line, left = "", rest
        line += piece if line else piece.lstrip()
        left -= wide
    return [*lines, line.rstrip()]


def _pieces(text: str, room: float, measure: Measure, breaks: str) -> Iterator[str]:
    """What stays together; a piece that no line could hold falls into its characters."""
    for match in BREAKS[breaks].finditer(text):
        if measure(match[0]) <= room:
            yield match[0]
        else:
            yield from match[0]
