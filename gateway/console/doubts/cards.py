"""A complaint in a few masked lines, to be laid beside another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from gateway.console.wording import Wording
from gateway.staff.masking import Masked
from store.values import Case

FIELDS = ("complainant_name", "phone", "email", "id_number", "policy_number", "claim_number", "respondent", "request")
MATTER_CHARS = 300


@dataclass(frozen=True, kw_only=True, slots=True)
class Card:
    number: str
    channel: str
    status: str
    received_at: datetime
    sender: str
    told: Sequence[tuple[str, str]]  # name of the field in words, masked value
    matter: str


def card_of(words: Wording, case: Case) -> Card:
    mask = Masked.of(case)
    record = case.record
    return Card(
        number=case.number,
        channel=case.channel,
        status=case.status,
        received_at=case.received_at,
        sender=mask.contact(case.contact),
        told=[
            (words.code("doubts", f"field_{name}"), mask.value(name, record.value(name)))
            for name in FIELDS
            if record.value(name)
        ],
        matter=mask.text(record.value("matter"))[:MATTER_CHARS],
    )
