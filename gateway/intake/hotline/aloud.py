"""Values as they are read aloud: identifiers sign by sign, so that they can be checked by ear."""

from __future__ import annotations

import re

from normalizer.number import digits_of, spoken_number
from normalizer.record import Complaint, Field

SPELT = frozenset({"phone", "policy_number", "claim_number", "id_number"})
GROUP = 4


def aloud(name: str, value: str) -> str:
    """+8613902204567 → 1 3 9, 0 2 2 0, 4 5 6 7; words stay words."""
    if name not in SPELT:
        return value
    signs = _national(value) if name == "phone" else value
    first = 3 if name == "phone" and re.fullmatch(r"1\d{10}", signs) else GROUP
    groups = [signs[:first], *(signs[at : at + GROUP] for at in range(first, len(signs), GROUP))]
    return ", ".join(" ".join(group) for group in groups if group)


def number_aloud(number: str, language: str) -> str:
    """The twelve digits of a complaint number, in fours: 二六幺幺 二三零零 …, or 2 6 1 1, 2 3 0 0, …"""
    if language != "en":
        return spoken_number(number)
    digits = digits_of(number)
    return ", ".join(" ".join(digits[at : at + GROUP]) for at in range(0, len(digits), GROUP))


def said_in(record: Complaint, name: str, talk: str) -> Field | None:
    """The field, if this very call gave it: what an earlier caller said is read to nobody."""
    found = record.fields.get(name)
    return found if found is not None and found.value and found.item.startswith(f"{talk}:") else None


def _national(phone: str) -> str:
    """As people dial it at home."""
    if re.fullmatch(r"\+861\d{10}", phone):
        return phone.removeprefix("+86")
    return "0" + phone.removeprefix("+86") if phone.startswith("+86") else phone.removeprefix("+")
