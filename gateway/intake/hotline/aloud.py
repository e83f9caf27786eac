"""Values as they are read aloud: identifiers sign by sign, so that they can be checked by ear."""

from __future__ import annotations

import re

import phonenumbers

from normalizer.number import digits_of, spoken_number
from normalizer.record import Complaint, Field

SPELT = frozenset({"phone", "policy_number", "claim_number", "id_number"})
GROUP = 4


def aloud(name: str, value: str, language: str) -> str:
    """+8613902204567 → 1 3 9，0 2 2 0，4 5 6 7; words stay words."""
    if name not in SPELT:
        return value
    groups = _national(value) if name == "phone" else [value[at : at + GROUP] for at in range(0, len(value), GROUP)]
    return (", " if language == "en" else "，").join(" ".join(group) for group in groups)


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


def _national(phone: str) -> list[str]:
    """In the groups in which people at home say it: 020 8334 1127, 5123 4567."""
    try:
        parsed = phonenumbers.parse(phone)
    except phonenumbers.NumberParseException:
        return [phone]
    written = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)
    return re.findall(r"\d+", written)
