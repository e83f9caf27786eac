"""Dossier: whatever else belongs to complaints, fetched for many at once: what exports are made of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Column, bindparam, select

from store.clock_events import event_of
from store.desk import ClockEvent
from store.line import AnyRow
from store.models import clock_events, complaints, emergencies, ledger, one_of, outbox, timeline
from store.prepared import Prepared
from store.repository import Repository
from store.values import Case, ComplaintId, LedgerId

Found = TypeVar("Found")

_ITEMS = Prepared(select(ledger.c.id).where(ledger.c.complaint_id == bindparam("which")).order_by(ledger.c.id))


@dataclass(frozen=True, kw_only=True, slots=True)
class Sent:
    """A message about a complaint, without its words."""

    id: str
    channel: str
    kind: str
    state: str
    sent_at: datetime
    proof: str  # the provider's id; its own where the provider gives none


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """A change of status."""

    at: datetime
    path: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class History:
    """What the register says of a complaint beside its record."""

    clock: Sequence[ClockEvent] = ()
    sent: Sequence[Sent] = ()
    steps: Sequence[Step] = ()
    emergency: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Filter:
    """Which complaints are meant. ``branches`` None: all; ``until`` is exclusive."""

    since: datetime | None = None
    until: datetime | None = None
    statuses: tuple[str, ...] = ()
    branches: frozenset[str] | None = None


class Dossier(Repository):
    """Everything of one complaint, or the same of a page of complaints."""

    __slots__ = ()

    async def items(self, id: ComplaintId) -> list[LedgerId]:
        """Items of the ledger that belong to a complaint, in order of arrival."""
        return [LedgerId(row.id) for row in await self._line.rows(_ITEMS, {"which": id})]

    async def page(self, filter: Filter, *, after: int, limit: int) -> list[ComplaintId]:
        """Complaints that match, oldest first; ``after`` is the last id of the page before."""
        query = select(complaints.c.id).where(complaints.c.intent == "complaint", complaints.c.id > after)
        if filter.since is not None:
            query = query.where(complaints.c.received_at >= filter.since)
        if filter.until is not None:
            query = query.where(complaints.c.received_at < filter.until)
        if filter.statuses:
            query = query.where(complaints.c.status.in_(filter.statuses))
        if filter.branches is not None:
            query = query.where(complaints.c.branch.in_(sorted(filter.branches)))
        rows = await self._line.rows(query.order_by(complaints.c.id).limit(limit))
        return [ComplaintId(row.id) for row in rows]

    async def histories(self, cases: Sequence[Case]) -> Mapping[ComplaintId, History]:
        """What happened to each of these complaints, in four statements for all of them."""
        ids = [case.id for case in cases]
        clock, sent = await self._clock(ids), await self._sent(ids)
        steps, urgent = await self._steps(ids), await self._urgent(ids)
        return {id: History(clock=clock[id], sent=sent[id], steps=steps[id], emergency=id in urgent) for id in ids}

    async def _clock(self, ids: Sequence[ComplaintId]) -> Mapping[ComplaintId, list[ClockEvent]]:
        query = select(clock_events).where(_of(clock_events.c.complaint_id, ids)).order_by(clock_events.c.id)
        return _grouped([(row.complaint_id, event_of(self._keys, row)) for row in await self._line.rows(query)])

    async def _sent(self, ids: Sequence[ComplaintId]) -> Mapping[ComplaintId, list[Sent]]:
        shown = (outbox.c.complaint_id, outbox.c.channel, outbox.c.kind, outbox.c.state, outbox.c.sent_at)
        query = select(*shown, outbox.c.provider_id, outbox.c.id).where(
            _of(outbox.c.complaint_id, ids), outbox.c.sent_at.is_not(None)
        )
        rows = await self._line.rows(query.order_by(outbox.c.seq))
        return _grouped([(row.complaint_id, _sent_of(row)) for row in rows])

    async def _steps(self, ids: Sequence[ComplaintId]) -> Mapping[ComplaintId, list[Step]]:
        query = select(timeline.c.complaint_id, timeline.c.at, timeline.c.body).where(
            _of(timeline.c.complaint_id, ids), one_of(timeline.c.kind, "status")
        )
        rows = await self._line.rows(query.order_by(timeline.c.id))
        return _grouped([(row.complaint_id, self._step(row)) for row in rows])

    async def _urgent(self, ids: Sequence[ComplaintId]) -> frozenset[ComplaintId]:
        query = select(emergencies.c.complaint_id).where(_of(emergencies.c.complaint_id, ids))
        return frozenset(ComplaintId(row.complaint_id) for row in await self._line.rows(query))

    def _step(self, row: AnyRow) -> Step:
        body = self._keys.open_json(row.body, "timeline.body")
        path = body["data"].get("path") or [body["text"]]
        return Step(at=row.at, path=tuple(str(each) for each in path))


def _of(column: Column[Any], ids: Sequence[ComplaintId]) -> Any:
    return column.in_(ids)


def _grouped(pairs: Sequence[tuple[int, Found]]) -> Mapping[ComplaintId, list[Found]]:
    grouped: defaultdict[ComplaintId, list[Found]] = defaultdict(list)
    for id, found in pairs:
        grouped[ComplaintId(id)].append(found)
    return grouped


def _sent_of(row: AnyRow) -> Sent:
    return Sent(
        id=row.id,
        channel=row.channel,
        kind=row.kind,
        state=row.state,
        sent_at=row.sent_at,
        proof=row.provider_id or row.id,
    )
