"""How far two complaints say the same in their words, and whether they are one person's: hints to people."""

from __future__ import annotations

from normalizer.record import Complaint
from normalizer.text import fold
from store.values import Case

OWN = ("phone", "id_number", "email")  # by which a person is known


def likeness(one: str, other: str) -> float:
    """0 to 1: the share of pairs of neighbouring characters that both texts have (Sørensen–Dice)."""
    first, second = _pairs(one), _pairs(other)
    if not first or not second:
        return 0.0
    return 2 * len(first & second) / (len(first) + len(second))


def is_one_person(one: Case, other: Case) -> bool:
    """The same address, or the same telephone, identity or mailbox in both records."""
    if one.contact and one.contact == other.contact:
        return True
    return any(_same(one.record, other.record, name) for name in OWN)


def _same(one: Complaint, other: Complaint, name: str) -> bool:
    return bool(one.value(name)) and one.value(name) == other.value(name)


def _pairs(text: str) -> frozenset[str]:
    plain = "".join([character for character in fold(text) if character.isalnum()])
    return frozenset(plain[place : place + 2] for place in range(len(plain) - 1))
