"""Where a person is told things."""

from __future__ import annotations

from gateway.medium import Medium, medium_of
from normalizer.record import Complaint, Contact, ContactKind, Field, Method

# Whoever wrote may have named somebody else's number in passing. These were asked for, looked up or confirmed.
TRUSTED = frozenset({Method.ANSWER, Method.SENDER, Method.DIRECTORY, Method.STAFF})

SETTLED = frozenset({Method.DIRECTORY, Method.STAFF})  # however badly the paper was read
DOUBTED = 0.4  # the confidence of a value that was read from paper and is to be looked at by a person


def reached_at(channel: str, contact: Contact, record: Complaint) -> Contact:
    """The address they came by; whoever called, at the number they want to be called at; whoever wrote, by post."""
    if medium_of(channel) is Medium.PAPER:
        return by_post(record)
    if contact.kind not in (ContactKind.PHONE, ContactKind.NONE):
        return contact
    given = trusted(record, "phone")
    return Contact(kind=ContactKind.PHONE, value=given) if given else contact


def by_post(record: Complaint) -> Contact:
    """The address that stands in the letter; nothing while name or address may be misread: others open letters too."""
    sure = is_sure(record.fields.get("address")) and not is_doubted(record.fields.get("complainant_name"))
    return Contact(kind=ContactKind.POST, value=record.value("address") if sure else "")


def is_sure(found: Field | None) -> bool:
    """A value that nobody has to look at any more."""
    return found is not None and not is_doubted(found)


def is_doubted(found: Field | None) -> bool:
    return found is not None and found.method not in SETTLED and found.confidence <= DOUBTED


def trusted(record: Complaint, name: str) -> str:
    """The value of a field that is surely the person's own; else the empty string."""
    found = record.fields.get(name)
    return found.value if found is not None and found.method in TRUSTED and not is_doubted(found) else ""
