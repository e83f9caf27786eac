"""The record as a person checks it: each value, the words it came from, how it was found, what speaks against it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gateway.console.wording import Wording
from gateway.staff.shapes import Ticket
from normalizer.record import Method

# In the order in which people read a complaint.
GROUPS: Sequence[tuple[str, Sequence[str]]] = (
    ("matter", ("matter", "reason", "request", "respondent", "product", "category", "category_detail")),
    ("who", ("complainant_name", "party_role", "organisation", "phone", "email", "id_number", "address", "uscc")),
    ("policy", ("policy_number", "claim_number", "plate", "bank_card")),
)
CODED = {"product": "product", "category": "category", "category_detail": "category", "party_role": "party"}
DOUBTED = 0.6  # a confidence below which a person should look first
# What a person may confirm or correct here; codes have an act of their own.
CHECKED = (
    "complainant_name", "phone", "email", "id_number", "policy_number", "claim_number", "address",
    "respondent", "request", "uscc", "bank_card", "organisation",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One field."""

    name: str
    value: str
    source: str
    method: str
    confidence: int  # per cent
    sure: bool
    others: tuple[str, ...]
    checked: bool  # a person said so
    can_check: bool


def lines(ticket: Ticket, t: Wording) -> list[tuple[str, list[Line]]]:
    """Groups of what is known."""
    return [(group, [_line(ticket, name, t) for name in names if name in ticket.fields]) for group, names in GROUPS]


def _line(ticket: Ticket, name: str, t: Wording) -> Line:
    found = ticket.fields[name]
    return Line(
        name=name,
        value=_words(name, found.value, t),
        source=found.source if found.source != found.value else "",
        method=found.method.value,
        confidence=round(found.confidence * 100),
        sure=found.method in (Method.STAFF, Method.DIRECTORY) or found.confidence >= DOUBTED,
        others=tuple(_words(name, other, t) for other in ticket.others.get(name, ())),
        checked=found.method is Method.STAFF,
        can_check=name in CHECKED,
    )


def _words(name: str, value: str, t: Wording) -> str:
    return t.code(CODED[name], value) if name in CODED else value
