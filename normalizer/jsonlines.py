"""The record as one JSON object a line, and lines as submissions: the ``normalize`` command's two ends."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from normalizer.record import NOBODY, SHANGHAI, Complaint, Contact, ContactKind, Submission

TEXTS = ("complainant_name", "phone", "email", "id_number", "policy_number", "claim_number", "party_role", "respondent")
CLASSES = (
    "product",
    "category",
    "category_detail",
    "request",
    "priority",
    "matter",
    "reason",
    "address",
    "plate",
    "bank_card",
)


def to_json(complaint: Complaint) -> dict[str, Any]:
    """The record's fields with the keys of tests/cases/README.md; what is not known is null."""
    return {
        "intent": str(complaint.intent),
        **{name: complaint.value(name) or None for name in TEXTS},
        "amounts": [_plain(float(one.value)) for one in complaint.amounts],
        "dates": [one.value for one in complaint.dates],
        **{name: complaint.value(name) or None for name in CLASSES},
        "flags": sorted(complaint.flag_codes),
        "missing": list(complaint.missing),
    }


def from_line(line: Mapping[str, Any]) -> Submission:
    """{id, channel, sender{kind, value}, received_on, text} as a submission received at noon in Shanghai."""
    day = date.fromisoformat(line["received_on"])
    return Submission(
        channel=line["channel"],
        key=str(line.get("id", "")),
        sender=_contact(line.get("sender") or {}),
        received_at=datetime.combine(day, time(12), SHANGHAI),
        text=line.get("text") or "",
        subject=line.get("subject") or "",
    )


def _contact(sender: Mapping[str, Any]) -> Contact:
    kind = ContactKind(sender.get("kind") or "none")
    return NOBODY if kind is ContactKind.NONE else Contact(kind=kind, value=sender.get("value") or "")


def _plain(value: float) -> int | float:
    return int(value) if value == int(value) else value
