"""Values as staff type them, in the form in which the record keeps them; what cannot be one is refused."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping

import phonenumbers

from gateway.staff.letter_shapes import FieldsGiven
from gateway.staff.problems import Problem
from normalizer.extract.identifiers import luhn_is_valid, uscc_is_valid
from normalizer.extract.phones import e164
from normalizer.extract.runs import id_is_valid

IDENTIFIERS = frozenset({"id_number", "policy_number", "claim_number", "uscc", "bank_card"})
ASCII_IDENTIFIER = re.compile(r"[0-9A-Z/._-]{1,64}")
ONE_ADDRESS = re.compile(r"[^\s@]{1,64}@[^\s@]+\.[^\s@.]{2,}")
SPACES = re.compile(r"\s+")


def values_of(given: FieldsGiven) -> Mapping[str, str]:
    """The values to keep, empty for what is not in the letter.

    A Problem names those that cannot be one; ``check_failed`` alone passes when the customer wrote it so.
    """
    values: dict[str, str] = {name: _kept_form(name, value) for name, value in given.fields.items()}
    if wrong := list(_impossible(values)):
        raise Problem(422, "invalid", errors=wrong)
    if not given.as_written and (doubtful := list(_unchecked(values))):
        raise Problem(422, "check_failed", errors=doubtful)
    return values


def _kept_form(name: str, value: str) -> str:
    stripped = value.strip()
    if name in IDENTIFIERS:
        return SPACES.sub("", unicodedata.normalize("NFKC", stripped)).upper()
    if name == "phone":
        return phone_of(stripped) or stripped
    return stripped


def phone_of(written: str) -> str:
    """E.164, of a number of ours or of one with its country; empty when it is none."""
    plain = unicodedata.normalize("NFKC", written)
    if ours := e164(plain):
        return ours
    try:
        number = phonenumbers.parse(plain)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_valid_number(number):
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _impossible(values: Mapping[str, str]) -> Iterator[dict[str, str]]:
    for name, value in values.items():
        if value and not _is_possible(name, value):
            yield {"where": f"fields.{name}", "why": f"not_{name}"}


def _is_possible(name: str, value: str) -> bool:
    if name == "phone":
        return phone_of(value) == value
    if name == "email":
        return bool(ONE_ADDRESS.fullmatch(value))
    return name not in IDENTIFIERS or bool(ASCII_IDENTIFIER.fullmatch(value))


def _unchecked(values: Mapping[str, str]) -> Iterator[dict[str, str]]:
    for name, value in values.items():
        if value and not _check_holds(name, value):
            yield {"where": f"fields.{name}", "why": "check_digit"}


def _check_holds(name: str, value: str) -> bool:
    match name:
        case "id_number":
            return id_is_valid(value)
        case "uscc":
            return uscc_is_valid(value)
        case "bank_card":
            return value.isascii() and value.isdigit() and luhn_is_valid(value)
    return True
