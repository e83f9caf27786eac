"""Where a person is told things."""

from __future__ import annotations

from normalizer.record import Complaint, Contact, ContactKind, Method

# Whoever wrote may have named somebody else's number in passing. These were asked for, looked up or confirmed.
TRUSTED = frozenset({Method.ANSWER, Method.SENDER, Method.DIRECTORY, Method.STAFF})


def reached_at(contact: Contact, record: Complaint) -> Contact:
    """The address they came by; whoever called, at the number they want to be called at."""
    if contact.kind not in (ContactKind.PHONE, ContactKind.NONE):
        return contact
    given = trusted(record, "phone")
    return Contact(kind=ContactKind.PHONE, value=given) if given else contact


def trusted(record: Complaint, name: str) -> str:
    """The value of a field that is surely the person's own; else the empty string."""
    found = record.fields.get(name)
    return found.value if found is not None and found.method in TRUSTED else ""
