"""How far two complaints say the same in their words, and whether they are one person's: hints to people."""

from __future__ import annotations

import re

from normalizer.record import Complaint
from normalizer.text import fold
from store.values import Case

IDENTITY, NAME = "id_number", "complainant_name"
SHARED = ("phone", "email")  # a family may have one
TITLED = re.compile(r"(.{1,2})(?:先生|女士|小姐|太太)")  # 张先生 may be 张小三


def likeness(one: str, other: str) -> float:
    """0 to 1: the share of pairs of neighbouring characters that both texts have (Sørensen–Dice)."""
    first, second = _pairs(one), _pairs(other)
    if not first or not second:
        return 0.0
    return 2 * len(first & second) / (len(first) + len(second))


def is_one_person(one: Case, other: Case) -> bool:
    """The same identity; or the same address, telephone or mailbox, unless two names or identities were told."""
    first, second = one.record, other.record
    if _both(first, second, IDENTITY):
        return _same(first, second, IDENTITY)
    if _both(first, second, NAME) and not _may_be_one_name(first.value(NAME), second.value(NAME)):
        return False
    same_address = bool(one.contact) and one.contact == other.contact
    return same_address or any(_same(first, second, name) for name in SHARED)


def _both(one: Complaint, other: Complaint, name: str) -> bool:
    return bool(one.value(name) and other.value(name))


def _same(one: Complaint, other: Complaint, name: str) -> bool:
    return bool(one.value(name)) and one.value(name).casefold() == other.value(name).casefold()


def _may_be_one_name(one: str, other: str) -> bool:
    first, second = _bare(one), _bare(other)
    return first == second or _is_titled(first, second) or _is_titled(second, first)


def _is_titled(one: str, other: str) -> bool:
    titled = TITLED.fullmatch(one)
    return titled is not None and other.startswith(titled[1])


def _bare(name: str) -> str:
    return "".join(fold(name).split()).casefold()


def _pairs(text: str) -> frozenset[str]:
    plain = "".join([character for character in fold(text) if character.isalnum()])
    return frozenset(plain[place : place + 2] for place in range(len(plain) - 1))
