"""A case becomes a ticket: the JSON of design.md section 5, seen through a mask."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Iterator, Sequence

from gateway.casework.lifecycle import Status
from gateway.staff.looking import Look
from gateway.staff.masking import Mask, masked_data
from gateway.staff.naming import told_of
from gateway.staff.shapes import AttachmentShown, Complainant, FieldShown, MomentShown, Ticket
from normalizer.completeness import missing
from normalizer.record import Complaint
from store.values import Case, File, Moment

TICKET_MOMENTS = 500  # a longer history is read page by page


async def whole_ticket(look: Look, case: Case, mask: Mask) -> Ticket:
    """The ticket with its attachments and timeline; built beside the loop, as masking long letters takes a while."""
    history = await look.unit.timeline.of(case.id, limit=TICKET_MOMENTS)
    entries = await told_of(look.unit, look.actor, case, history)
    files = await look.unit.files.of_complaint(case.id)
    return await asyncio.to_thread(ticket, case, mask, files=files, moments=entries)


async def tickets(cases: Sequence[tuple[Case, Mask]]) -> list[Ticket]:
    """Tickets for a list."""
    return await asyncio.to_thread(lambda: [ticket(case, mask) for case, mask in cases])


async def moments(entries: Sequence[Moment], mask: Mask) -> list[MomentShown]:
    """Entries of a timeline."""
    return await asyncio.to_thread(lambda: [moment(entry, mask) for entry in entries])


def ticket(case: Case, mask: Mask, *, files: Sequence[File] = (), moments: Sequence[Moment] = ()) -> Ticket:
    """The ticket of a case; what is not known is null, ``missing`` is what would be asked today."""
    record = case.record

    def shown(name: str) -> str | None:
        return mask.value(name, record.value(name)) or None

    return Ticket(
        number=case.number,
        status=Status(case.status),
        channel=case.channel,
        received_at=case.received_at,
        accepted_at=case.accepted_at,
        due_at=case.due_at,
        complainant=_complainant(record, mask),
        policy_number=shown("policy_number"),
        claim_number=shown("claim_number"),
        respondent=shown("respondent"),
        product=shown("product"),
        category=shown("category"),
        category_detail=shown("category_detail"),
        priority=shown("priority"),
        flags=list(record.flag_codes),
        matter=shown("matter"),
        reason=shown("reason"),
        request=shown("request"),
        amounts=list(_amounts(record)),
        dates=[date.value for date in record.dates],
        missing=list(missing(record, case.contact)),
        attachments=[attachment(case.number, file, mask) for file in files],
        timeline=[moment(each, mask) for each in moments],
        fields=_fields(record, mask),
        others=_others(record, mask),
        intent=record.intent,
        language=record.language,
        attested=case.attested,
    )


def attachment(number: str, file: File, mask: Mask) -> AttachmentShown:
    return AttachmentShown(
        id=file.id,
        name=mask.text(file.name),
        type=file.media_type,
        size=file.size,
        sha256=file.sha256,
        state=file.state,
        url=f"/api/v1/complaints/{number}/attachments/{file.id}",
        heard=file.heard,
        words=mask.text(file.words.text) if file.words else None,
    )


def moment(entry: Moment, mask: Mask) -> MomentShown:
    return MomentShown(
        id=entry.id,
        at=entry.at,
        kind=entry.kind,
        actor=entry.actor,
        text=mask.text(entry.text),
        data=masked_data(mask, entry.data),
    )


def _complainant(record: Complaint, mask: Mask) -> Complainant:
    def shown(name: str) -> str | None:
        return mask.value(name, record.value(name)) or None

    return Complainant(
        name=shown("complainant_name"),
        phone=shown("phone"),
        email=shown("email"),
        id_number=shown("id_number"),
        address=shown("address"),
        party_role=shown("party_role"),
    )


def _fields(record: Complaint, mask: Mask) -> dict[str, FieldShown]:
    return {
        name: FieldShown(
            value=mask.value(name, found.value),
            source=mask.text(found.source),
            method=found.method,
            confidence=round(found.confidence, 3),
        )
        for name, found in record.fields.items()
    }


def _others(record: Complaint, mask: Mask) -> dict[str, list[str]]:
    """What else was said of a field; a value that was chosen since speaks against nothing."""
    beside = {
        name: [mask.value(name, each.value) for each in found if each.value != record.value(name)]
        for name, found in record.others.items()
    }
    return {name: values for name, values in beside.items() if values}


def _amounts(record: Complaint) -> Iterator[int | float]:
    """Sums in yuan as numbers; the words they came from stay in the matter."""
    for amount in record.amounts:
        try:
            number = float(amount.value)
        except ValueError:
            continue
        if math.isfinite(number):
            yield int(number) if number.is_integer() else number
