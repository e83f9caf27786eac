"""The audit trail: who did what to whom, and whether its chain is whole."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from aiohttp import web

from gateway.house import House
from gateway.reports.periods import midnight
from gateway.staff.actor import Actor, Right, actor_of
from gateway.staff.answering import answer
from gateway.staff.known_pages import known_page
from gateway.staff.masking import Masked, masked_data
from gateway.staff.operation import Operation
from gateway.staff.paging import cursor_of_id, id_after
from gateway.staff.reading import read_query
from gateway.staff.report_shapes import AuditAsked, ChainShown, DeedPage, DeedShown
from gateway.staff.scope import sees
from gateway.staff.shapes import Nothing
from normalizer.number import parse_number
from store.audit import Deed, Deeds
from store.unit import Unit
from store.values import Case

LIST = "audit"


@dataclass(frozen=True, slots=True)
class AuditTrail:
    """The part of the API that is about what was done."""

    house: House

    async def list(self, request: web.Request) -> web.Response:
        asked = read_query(request, AuditAsked)
        wanted = wanted_of(asked.subject or "", asked.actor or "", asked.action or "", asked.day)
        before = id_after(LIST, asked.cursor)
        async with self.house.store.reading() as unit:
            items, after = await shown(unit, actor_of(request), wanted, before, asked.limit)
        return answer(DeedPage(items=list(items), next=cursor_of_id(LIST, after) if after else None))

    async def chain(self, request: web.Request) -> web.Response:
        read_query(request, Nothing)
        async with self.house.store.reading() as unit:
            broken = await unit.audit.verify()
        return answer(ChainShown(whole=broken is None, broken_at=broken))

    def operations(self) -> tuple[Operation, ...]:
        return (
            Operation(
                method="GET",
                path="/audit",
                name="listAudit",
                right=Right.AUDIT,
                summary="Who did what to whom, the newest first",
                handler=self.list,
                query=AuditAsked,
                answer=DeedPage,
                refusals=(404,),
            ),
            Operation(
                method="GET",
                path="/audit/chain",
                name="verifyAudit",
                right=Right.AUDIT,
                summary="Does every entry follow from the one before?",
                handler=self.chain,
                answer=ChainShown,
            ),
        )


def wanted_of(subject: str, actor: str, action: str, day: date | None) -> Deeds:
    """The entries of a day in Shanghai, of somebody, about something; a number is written large."""
    return Deeds(
        subject=subject.upper() if subject[:2].upper() == "TS" else subject,
        actor=actor,
        action=action,
        since=midnight(day) if day else None,
        until=midnight(day + timedelta(days=1)) if day else None,
    )


async def shown(
    unit: Unit, actor: Actor, wanted: Deeds, before: int | None, limit: int
) -> tuple[Sequence[DeedShown], int | None]:
    """A page of entries that this reader may know of, and the id after which the next begins, None at the end.

    What was done to a complaint that the reader may not see is left out; words are for whoever sees complaints.
    They are masked: a reason is typed by people, and people type names.
    """

    async def known(deeds: Sequence[Deed]) -> Sequence[Deed]:
        cases = await _cases(unit, deeds)
        return [deed for deed in deeds if _may_know(actor, cases, deed)]

    page, after = await known_page(
        lambda before, most: unit.audit.list(wanted, before=before, limit=most),
        known,
        lambda deed: deed.id,
        before,
        limit,
    )
    if not actor.may(Right.SEE):
        return [_shown(deed, {}) for deed in page], after
    cases = await _cases(unit, page)
    return await asyncio.to_thread(lambda: [_shown(deed, _masked(cases, deed)) for deed in page]), after


async def _cases(unit: Unit, deeds: Sequence[Deed]) -> Mapping[str, Case]:
    return await unit.complaints.numbered(number for deed in deeds if (number := parse_number(deed.subject)))


def _may_know(actor: Actor, cases: Mapping[str, Case], deed: Deed) -> bool:
    case = cases.get(deed.subject)
    return case is None or sees(actor, case)


def _masked(cases: Mapping[str, Case], deed: Deed) -> dict[str, Any]:
    case = cases.get(deed.subject)
    return dict(masked_data(Masked.of(case) if case else Masked(), deed.detail))


def _shown(deed: Deed, detail: dict[str, Any]) -> DeedShown:
    return DeedShown(
        id=deed.id,
        at=deed.at,
        actor=deed.actor,
        action=deed.action,
        subject=deed.subject,
        detail=detail,
        hash=deed.hash,
    )
