"""What changes by when complaints must be answered; and whose clock speaks up now."""

from __future__ import annotations

from datetime import datetime
from types import MappingProxyType

from sqlalchemy import bindparam, insert, select

from store.crypto import Keyring
from store.desk import ClockEvent
from store.line import AnyRow
from store.models import clock_events as table
from store.models import complaints
from store.models.kinds import still_open
from store.prepared import Prepared
from store.repository import Repository
from store.values import ComplaintId

PLACE = "clock_events.body"

_ADD = Prepared(insert(table).returning(table.c.id))
_OF = Prepared(select(table).where(table.c.complaint_id == bindparam("which")).order_by(table.c.id))
_ALERTS = Prepared(
    select(complaints.c.id)
    .where(complaints.c.alert_at <= bindparam("now"))
    .order_by(complaints.c.alert_at)
    .limit(bindparam("most"))
)
_NOTES = Prepared(
    select(complaints.c.id)
    .where(complaints.c.note_at <= bindparam("now"))
    .order_by(complaints.c.note_at)
    .limit(bindparam("most"))
)
_UNWATCHED = Prepared(
    select(complaints.c.id)
    .where(complaints.c.id > bindparam("after"), complaints.c.alert_at.is_(None), still_open(complaints.c.status))
    .order_by(complaints.c.id)
    .limit(bindparam("most"))
)
_TIMES = Prepared(select(complaints.c.alert_at, complaints.c.note_at).where(complaints.c.id == bindparam("which")))


class ClockEvents(Repository):
    """The events of complaints, in the order in which they were noted."""

    __slots__ = ()

    async def add(self, complaint_id: ComplaintId, event: ClockEvent) -> int:
        """Note an event; its id."""
        values = {
            "complaint_id": complaint_id,
            "at": event.at,
            "noted_at": event.noted_at,
            "kind": event.kind,
            "by": event.by,
            "body": self._keys.seal_json(dict(event.facts), PLACE),
        }
        rows = await self._line.rows(_ADD, values)
        return int(rows[0].id)

    async def of(self, complaint_id: ComplaintId) -> list[ClockEvent]:
        rows = await self._line.rows(_OF, {"which": complaint_id})
        return [event_of(self._keys, row) for row in rows]

    async def alerts_due(self, now: datetime, limit: int) -> list[ComplaintId]:
        """Complaints whose clock speaks up by now, the longest due first."""
        rows = await self._line.rows(_ALERTS, {"now": now, "most": limit})
        return [ComplaintId(row.id) for row in rows]

    async def notes_due(self, now: datetime, limit: int) -> list[ComplaintId]:
        """Complaints whose customer should hear something by now."""
        rows = await self._line.rows(_NOTES, {"now": now, "most": limit})
        return [ComplaintId(row.id) for row in rows]

    async def unwatched(self, after: int, limit: int) -> list[ComplaintId]:
        """Open complaints whose clock was never set, by id, after one."""
        rows = await self._line.rows(_UNWATCHED, {"after": after, "most": limit})
        return [ComplaintId(row.id) for row in rows]

    async def times(self, complaint_id: ComplaintId) -> tuple[datetime | None, datetime | None]:
        """When the clock of a complaint next speaks up, and when its customer should hear something."""
        rows = await self._line.rows(_TIMES, {"which": complaint_id})
        return (rows[0].alert_at, rows[0].note_at) if rows else (None, None)


def event_of(keys: Keyring, row: AnyRow) -> ClockEvent:
    """A row of the table as the event it is."""
    return ClockEvent(
        id=row.id,
        kind=row.kind,
        at=row.at,
        noted_at=row.noted_at,
        by=row.by,
        facts=MappingProxyType(keys.open_json(row.body, PLACE)),
    )
