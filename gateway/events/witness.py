"""Every change of a complaint becomes events, in the transaction that makes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import structlog

from channels.base import Clock
from gateway.events.change import change_of
from gateway.events.event import NOTHING, Event, new_event
from gateway.events.kinds import ACCEPTED, CHANGED, OF_KIND, RECEIVED, STATUS
from gateway.events.parcels import event_parcel
from gateway.events.subscribers import Subscribers
from store.errors import StoreError
from store.unit import Unit
from store.values import Case, ComplaintId, Moment

log = structlog.get_logger(__name__)


class Witness:
    """Sees what a unit has noted before it commits; without endpoints it costs no statement."""

    def __init__(self, clock: Clock, subscribers: Subscribers) -> None:
        self._clock = clock
        self._subscribers = subscribers

    async def __call__(self, unit: Unit) -> None:
        """Put one parcel into the outbox for each event and endpoint."""
        if not self._subscribers or not (unit.timeline.noted or unit.complaints.created):
            return
        now = self._clock.now()
        cases = await _cases(unit)
        parcels = [
            event_parcel(event, endpoint, now)
            for event in _events(unit, cases, now)
            for endpoint in self._subscribers.of(event.type)
        ]
        if parcels:
            await unit.outbox.put_all(parcels)
            unit.wake()


async def _cases(unit: Unit) -> Mapping[ComplaintId, Case]:
    """How the complaints stand now; one that does not open is told of by its own alarm, and holds nothing up."""
    ids = {*unit.complaints.created, *(noted.complaint_id for noted in unit.timeline.noted)}
    found = {}
    for id in sorted(ids):
        try:
            case = await unit.complaints.get(id)
        except StoreError as error:
            log.error("event_lost", complaint=id, error=type(error).__name__)
            continue
        if case is not None:
            found[id] = case
    return found


def _events(unit: Unit, cases: Mapping[ComplaintId, Case], now: datetime) -> Iterator[Event]:
    """In the order in which it was noted; that a complaint is there comes first."""
    for id in unit.complaints.created:
        if id in cases:
            yield new_event(RECEIVED, now, cases[id])
    for noted in unit.timeline.noted:
        if noted.complaint_id in cases:
            yield from _of_moment(noted.moment, cases[noted.complaint_id], now)


def _of_moment(moment: Moment, case: Case, now: datetime) -> Iterator[Event]:
    type = OF_KIND.get(moment.kind, CHANGED)
    change: Mapping[str, Any] = change_of(moment)
    yield new_event(type, now, case, change)
    if type == STATUS and "ACCEPTED" in change.get("path", ())[1:]:
        yield new_event(ACCEPTED, now, case, NOTHING)
