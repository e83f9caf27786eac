"""How far two letters look alike; a hint to people, never a reason to drop one: mass letters differ in a name only."""

from __future__ import annotations

SAME_PAPER = 24  # of 256 bits: the same letter scanned again differs by no more than this
ALIKE = 38  # the same letter with a stamp on it; other letters were never nearer than 66


def distance(one: str, other: str) -> int:
    """In how many bits two likenesses differ. Raises ValueError when one of them is none."""
    if len(one) != len(other):
        raise ValueError("likenesses of different kinds")
    return (int(one, 16) ^ int(other, 16)).bit_count()


def looks_alike(one: str, other: str) -> bool:
    """Whether a person should see the two side by side; a letter without a likeness is like no other."""
    return bool(one and other) and distance(one, other) <= ALIKE
