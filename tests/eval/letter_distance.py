"""How many characters of a text were read wrong, not counting what a typesetter may choose."""

from __future__ import annotations

import unicodedata

CHOICES = str.maketrans("“”‘’—–－", "\"\"''---")


def error_rate(read: str, wanted: str) -> float:
    """Edits a character of ``wanted`` (Levenshtein), after NFKC, without white space and punctuation."""
    ours, theirs = _folded(read), _folded(wanted)
    return distance(ours, theirs) / max(1, len(theirs))


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).translate(CHOICES)
    return "".join(c for c in plain if not c.isspace() and not unicodedata.category(c).startswith("P"))


def distance(one: str, other: str) -> int:
    """The fewest insertions, deletions and replacements between two texts."""
    row = list(range(len(other) + 1))
    for place, c in enumerate(one, 1):
        before, row[0] = row[0], place
        for at, d in enumerate(other, 1):
            before, row[at] = row[at], min(row[at] + 1, row[at - 1] + 1, before + (c != d))
    return row[-1]
