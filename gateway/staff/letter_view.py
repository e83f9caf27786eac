"""A letter as staff see it: its pages and lines, the complaint's values with their places, and what is doubtful."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

from gateway.casework.tasks import VERIFICATION
from gateway.staff.actor import Actor, Right
from gateway.staff.letter_shapes import (
    DoubtShown,
    FieldPlaced,
    LetterListed,
    LetterShown,
    LineShown,
    PlaceShown,
    SheetShown,
)
from gateway.staff.looking import Look
from gateway.staff.masking import MASKS, Mask, Masked, Plain
from gateway.staff.scope import sees
from normalizer.record import Complaint, Field, ScanLine, ScanPage
from normalizer.seen import Place, where
from store.unit import Unit
from store.values import Case, ComplaintId, KeptDoubt, KeptScan


async def listed(look: Look, kept: Sequence[KeptScan]) -> list[LetterListed]:
    """Lines of a list; nothing in them tells who wrote, and none is of a complaint that they may not know of."""
    cases = await look.unit.complaints.several(each.complaint_id for each in kept if each.complaint_id is not None)
    known = [each for each in kept if may_know(look.actor, each, cases)]
    return [await _line_of(look, each, cases) for each in known]


def may_know(actor: Actor, kept: KeptScan, cases: Mapping[ComplaintId, Case]) -> bool:
    """May they know of this letter? Whoever sees no complaints has scanned it, and is told no number."""
    if kept.complaint_id is None or not actor.may(Right.SEE):
        return True
    return kept.complaint_id in cases and sees(actor, cases[kept.complaint_id])


async def _line_of(look: Look, kept: KeptScan, cases: Mapping[ComplaintId, Case]) -> LetterListed:
    case = cases.get(kept.complaint_id) if kept.complaint_id is not None else None
    entry = await look.unit.ledger.get(kept.ledger_id)
    return LetterListed(
        item=kept.ledger_id,
        key=entry.key if entry else "",
        complaint=case.number if case and look.actor.may(Right.SEE) else None,
        received_at=kept.received_at,
        due=await _due(look.unit, kept),
        state=kept.state,
        pages=len(kept.scan.pages),
        doubtful=list(kept.doubts),
        warnings=list(dict.fromkeys(warning for page in kept.scan.pages for warning in page.warnings)),
    )


async def shown(look: Look, kept: KeptScan) -> LetterShown:
    """The whole letter; with a reason plain, and audited."""
    case, entry = await _case(look.unit, kept), await look.unit.ledger.get(kept.ledger_id)
    due = await _due(look.unit, kept)
    if look.reason is not None:
        await look.note(case.number if case else f"item {kept.ledger_id}", f"letter {kept.ledger_id}")
    plain = look.reason is not None
    return await asyncio.to_thread(_whole, kept, case, entry.key if entry else "", due, plain)  # masking takes a while


async def _case(unit: Unit, kept: KeptScan) -> Case | None:
    return await unit.complaints.get(kept.complaint_id) if kept.complaint_id is not None else None


async def _due(unit: Unit, kept: KeptScan) -> datetime | None:
    if kept.complaint_id is None or not kept.doubts:
        return None
    tasks = await unit.tasks.open_of(complaint_id=kept.complaint_id, kind=VERIFICATION)
    return min((task.due_at for task in tasks if task.ledger_id == kept.ledger_id), default=None)


def _whole(kept: KeptScan, case: Case | None, key: str, due: datetime | None, plain: bool) -> LetterShown:
    mask = Plain() if plain else _masked(kept, case)
    return LetterShown(
        item=kept.ledger_id,
        complaint=case.number if case else None,
        received_at=kept.received_at,
        due=due,
        state=kept.state,
        pages=[_sheet(page, plain) for page in kept.scan.pages],
        text=mask.text(kept.text),
        fields=_fields(kept, case.record if case else Complaint(), key, mask),
        doubts={name: _doubt(name, doubt, mask) for name, doubt in kept.doubts.items()},
        codes=[mask.text(code) for code in kept.scan.codes],
        marks=sorted(kept.scan.marks),
        engine=kept.scan.engine,
        settings=dict(kept.scan.settings),
    )


def _masked(kept: KeptScan, case: Case | None) -> Mask:
    """A number that may be misread is somebody's number all the same."""
    if case is None:
        return Masked.alone(kept.text, kept.received_at)
    others = dict(case.record.others)
    for name in MASKS.keys() & kept.doubts.keys():
        doubt = kept.doubts[name]
        maybe = [Field(value=value, source=value) for value in (doubt.value, *doubt.candidates) if value]
        others[name] = (*others.get(name, ()), *maybe)
    return Masked(replace(case.record, others=MappingProxyType(others)), case.contact)


def _sheet(page: ScanPage, plain: bool) -> SheetShown:
    return SheetShown(
        number=page.number,
        kind=page.kind,
        rotation=page.rotation,
        width=page.width,
        height=page.height,
        dpi=page.dpi,
        by=page.by,
        warnings=list(page.warnings),
        lines=[_line(line, plain) for line in page.lines],
    )


def _line(line: ScanLine, plain: bool) -> LineShown:
    text, others = (line.text, list(line.others)) if plain else (None, [])
    return LineShown(text=text, box=line.box, score=round(line.score, 3), others=others)


def _fields(kept: KeptScan, record: Complaint, key: str, mask: Mask) -> dict[str, FieldPlaced]:
    return {
        name: FieldPlaced(
            value=mask.value(name, found.value),
            source=mask.text(found.source),
            method=found.method,
            confidence=round(found.confidence, 3),
            places=_places((place.page, place.box) for place in _seen(kept, found, key)),
        )
        for name, found in record.fields.items()
    }


def _seen(kept: KeptScan, found: Field, key: str) -> Iterable[Place]:
    """Where a value stands in this letter; of one that staff corrected, where the one before it stood."""
    span = found.span
    if span is None:
        return ()
    is_here = found.item in ("", key) or kept.text[span.start : span.end] == found.source
    return where(kept.scan, span) if is_here else ()


def _doubt(name: str, doubt: KeptDoubt, mask: Mask) -> DoubtShown:
    return DoubtShown(
        value=mask.value(name, doubt.value),
        why=list(doubt.why),
        candidates=[mask.value(name, each) for each in doubt.candidates],
        places=_places(doubt.places),
    )


def _places(places: Iterable[tuple[int, tuple[int, int, int, int]]]) -> list[PlaceShown]:
    return [PlaceShown(page=page, box=box) for page, box in places]
