"""Gathering a case file: one complaint and what was merged into it, in an order that is always the same."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from gateway.house import House
from gateway.reports.casefile.originals import attachments, letters, originals, scans
from gateway.reports.casefile.outsiders import Blank, outward
from gateway.reports.casefile.pieces import Contents, LeftOut, Piece, json_piece, piece
from gateway.reports.casefile.readme import readme
from gateway.reports.casefile.story import story
from gateway.staff.actor import Actor
from gateway.staff.masking import Mask, Masked, Plain
from gateway.staff.scope import sees
from gateway.staff.ticket import ticket
from store.audit import Deed, Deeds
from store.unit import Unit
from store.values import Case, Moment, Parcel

PAGE = 500
MERGED = "merged"


@dataclass(kw_only=True, slots=True)
class Gathering:
    """What was found so far."""

    house: House
    unit: Unit
    masked: bool
    pieces: list[Piece] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)


async def contents(house: House, unit: Unit, actor: Actor, case: Case, *, masked: bool) -> Contents:
    """Everything of this complaint; of those merged into it, everything that they may see."""
    gathering = Gathering(house=house, unit=unit, masked=masked)
    gathering.pieces.append(readme(masked=masked))
    await _gather(gathering, case, "")
    merged = await _merged(gathering, actor, case)
    for other in merged:
        await _gather(gathering, other, f"{MERGED}/{other.number}/")
    last = await unit.audit.list(Deeds(), limit=1)
    return Contents(
        number=case.number,
        made_at=house.clock.now(),
        made_by="" if masked else actor.login,
        organisation=house.settings.org_name,
        masked=masked,
        merged=[other.number for other in merged],
        pieces=gathering.pieces,
        left_out=gathering.left_out,
        chain=(last[0].id, last[0].hash) if last and not masked else None,
    )


async def _merged(gathering: Gathering, actor: Actor, case: Case) -> Sequence[Case]:
    links = [link for link in await gathering.unit.links.of(case.id) if link.state == MERGED]
    ids = {id for link in links for id in (link.complaint_id, link.other_id)} - {case.id}
    found = (await gathering.unit.complaints.several(ids)).values()
    into_this = sorted((other for other in found if other.merged_into == case.id), key=lambda other: other.id)
    hidden = [other for other in into_this if not sees(actor, other)]
    gathering.left_out += [LeftOut(what="a merged complaint", why="not_yours") for _ in hidden]
    return [other for other in into_this if other not in hidden]


async def _gather(gathering: Gathering, case: Case, folder: str) -> None:
    unit = gathering.unit
    mask: Mask = Blank(Masked.of(case)) if gathering.masked else Plain()
    moments, files = await _moments(unit, case), await unit.files.of_complaint(case.id)
    told = outward(moments) if gathering.masked else moments
    whole = await asyncio.to_thread(ticket, case, mask, files=files, moments=told)
    shown = whole.model_dump(mode="json")
    origin = f"complaint {case.number}"
    gathering.pieces += [
        json_piece(f"{folder}record.json", shown, origin),
        json_piece(f"{folder}timeline.json", shown["timeline"], origin),
        piece(f"{folder}timeline.html", await asyncio.to_thread(story, whole), "text/html; charset=utf-8", origin),
    ]
    parcels = await unit.outbox.of_complaint(case.id)
    messages = await asyncio.to_thread(_told, parcels, mask)
    gathering.pieces.append(json_piece(f"{folder}sent/messages.json", messages, "outbox"))
    if gathering.masked:
        gathering.left_out += await _hidden(unit, case, moments, folder)
        return
    deeds = await _deeds(unit, case.number)
    gathering.pieces.append(json_piece(f"{folder}audit.json", [_deed(deed) for deed in deeds], "audit trail"))
    house = gathering.house
    for found, missing in (
        await originals(house, unit, case, moments, files, folder),
        attachments(house, files, folder),
        await scans(house, unit, case, folder),
        await letters(house, unit, case, folder),
    ):
        gathering.pieces += found
        gathering.left_out += missing


async def _hidden(unit: Unit, case: Case, moments: Sequence[Moment], folder: str) -> Sequence[LeftOut]:
    """What cannot be masked, counted; not named, as the name of a file is often a person's."""
    files, kept = await unit.files.of_complaint(case.id), await unit.scans.of_complaint(case.id)
    letters_out = await unit.post.of_complaint(case.id)
    counted = {
        "original items": len({moment.data["item"] for moment in moments if moment.data.get("item")}),
        "attachments and recordings": len(files),
        "scanned letters": len(kept),
        "letters sent": len(letters_out),
        "audit trail": 1,
    }
    return [LeftOut(what=f"{folder}{what}: {count}", why="masked") for what, count in counted.items() if count]


async def _moments(unit: Unit, case: Case) -> Sequence[Moment]:
    """The whole timeline, however long."""
    found: list[Moment] = []
    while page := await unit.timeline.of(case.id, after=found[-1].id if found else 0, limit=PAGE):
        found += page
    return found


async def _deeds(unit: Unit, number: str) -> Sequence[Deed]:
    """All entries of the audit trail about a complaint, oldest first."""
    found: list[Deed] = []
    while page := await unit.audit.list(Deeds(subject=number), before=found[-1].id if found else None, limit=PAGE):
        found += page
    return found[::-1]


def _deed(deed: Deed) -> dict[str, object]:
    return {
        "id": deed.id,
        "at": deed.at,
        "actor": deed.actor,
        "action": deed.action,
        "subject": deed.subject,
        "detail": dict(deed.detail),
        "hash": deed.hash,
    }


def _told(parcels: Sequence[Parcel], mask: Mask) -> Sequence[dict[str, object]]:
    """Every message, where it went, and the proof that it did."""
    return [
        {
            "id": parcel.id,
            "channel": parcel.channel,
            "to": {"kind": parcel.to.kind.value, "value": mask.contact(parcel.to)},
            "kind": parcel.kind,
            "subject": mask.text(parcel.subject),
            "text": mask.text(parcel.text),
            "state": parcel.state.value,
            "created_at": parcel.created_at,
            "sent_at": parcel.sent_at,
            "provider_id": mask.text(parcel.provider_id),
            "via": parcel.via,
            "attempts": parcel.attempts,
            "error": mask.text(parcel.error),
        }
        for parcel in parcels
    ]
