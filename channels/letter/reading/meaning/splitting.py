"""The pages of a file as letters: what parts them, and that nothing of one letter is remembered in the next."""

from __future__ import annotations

from collections.abc import Sequence

from channels.letter.reading.meaning.leaf import Leaf
from normalizer.record import PageKind

NOTHING = (PageKind.SEPARATOR, PageKind.BLANK)


def split(leaves: Sequence[Leaf]) -> tuple[tuple[Leaf, ...], ...]:
    """Each letter with all its pages, blank ones too; separators belong to none. Blank pages alone are no letter.

    Only our own codes part letters: a new salutation may be a copy of an older letter that somebody enclosed. A
    return slip belongs to the letter it was scanned with; the slip of another complaint begins another letter.
    """
    letters: list[list[Leaf]] = [[]]
    for leaf in leaves:
        if leaf.kind is PageKind.SEPARATOR:
            letters.append([])
        elif _is_of_another(leaf, letters[-1]):
            letters.append([*_envelopes(letters[-1]), leaf])
        else:
            letters[-1].append(leaf)
    return tuple(tuple(letter) for letter in letters if any(leaf.kind not in NOTHING for leaf in letter))


def _is_of_another(leaf: Leaf, letter: Sequence[Leaf]) -> bool:
    """The slip of another complaint than the one whose slip is in this letter."""
    return bool(leaf.slip) and any(other.slip not in ("", leaf.slip) for other in letter)


def _envelopes(letter: list[Leaf]) -> list[Leaf]:
    """Taken off the end of a letter: they lie before the one they came in."""
    taken: list[Leaf] = []
    while letter and letter[-1].kind is PageKind.ENVELOPE:
        taken.insert(0, letter.pop())
    return taken
