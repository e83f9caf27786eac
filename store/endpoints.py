"""Endpoints: addresses of other systems that are told of changes, and what became of each telling."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update

from store.desk import Endpoint
from store.line import AnyRow
from store.models import endpoints as table
from store.models import one_of, outbox
from store.prepared import Prepared
from store.repository import Repository, sift

BODY = "endpoints.body"
ON, OFF = "on", "off"
LAST = "z"  # after every character of an event's id, which is hexadecimal, in whatever order a database sorts

_by_id = select(table).where(table.c.id == bindparam("which"))
_GET = Prepared(_by_id)
_LOCK = Prepared(_by_id.with_for_update(key_share=True))
_ADD = Prepared(insert(table))
_SAVE = Prepared(update(table).where(table.c.id == bindparam("which")))
_ALL = Prepared(select(table).order_by(table.c.seq))
_ACTIVE = Prepared(select(table).where(table.c.state == ON).order_by(table.c.seq))
_OF_ONE = (outbox.c.provider_id >= bindparam("lowest"), outbox.c.provider_id < bindparam("highest"))
_WAIT = Prepared(
    update(outbox)
    .where(*_OF_ONE, one_of(outbox.c.state, "waiting"), outbox.c.next_at < bindparam("until"))
    .values(next_at=bindparam("until"))
)
_UNCOUNT = Prepared(
    update(outbox).where(outbox.c.id == bindparam("which")).values(attempts=outbox.c.attempts - bindparam("one"))
)
_old = (
    select(outbox.c.seq)
    .where(*_OF_ONE, one_of(outbox.c.state, "delivered", "failed"))
    .order_by(outbox.c.provider_id)
    .limit(bindparam("most"))
    .cte("old")
)
_FORGET = Prepared(delete(outbox).where(outbox.c.seq.in_(select(_old.c.seq))))


def telling(endpoint: str, event: str) -> str:
    """How the outbox names an event at an endpoint: sorted by endpoint, then by when it happened."""
    return f"{endpoint}/{event}"


class Endpoints(Repository):
    """Where others want to hear of changes; address and secret are sealed."""

    __slots__ = ()

    async def add(self, endpoint: Endpoint) -> None:
        """A new one."""
        created = {"created_at": endpoint.created_at, "created_by": endpoint.created_by}
        await self._line.run(_ADD, {"id": endpoint.id, **created, **self._values(endpoint)})

    async def save(self, endpoint: Endpoint) -> None:
        """As it is now; whoever changes one locks it by ``get`` before."""
        await self._line.run(_SAVE, {"which": endpoint.id, **self._values(endpoint)})

    async def get(self, id: str, *, lock: bool = False) -> Endpoint | None:
        rows = await self._line.rows(_LOCK if lock else _GET, {"which": id})
        return self._endpoint(rows[0]) if rows else None

    async def all(self) -> Sequence[Endpoint]:
        return self._endpoints(await self._line.rows(_ALL))

    async def active(self) -> Sequence[Endpoint]:
        """Those that are told; one that does not open is left out, and holds up no complaint."""
        return sift(await self._line.rows(_ACTIVE), self._endpoint, lambda row: row.id)[0]

    async def wait(self, id: str, until: datetime) -> int:
        """All that is due at an endpoint waits; how many. It is down or slow, and others need the workers."""
        return await self._line.run(_WAIT, {**_span(id), "until": until})

    async def uncount(self, parcel: str) -> None:
        """A claim that led to no attempt does not count as one."""
        await self._line.run(_UNCOUNT, {"which": parcel, "one": 1})

    async def forget(self, id: str, *, before: str, limit: int) -> int:
        """Drop what was settled of events older than ``before``; how many."""
        return await self._line.run(_FORGET, {**_span(id, before), "most": limit})

    def _values(self, endpoint: Endpoint) -> dict[str, Any]:
        body = {
            "url": endpoint.url,
            "secret": endpoint.secret,
            "previous": endpoint.previous,
            "previous_until": _written(endpoint.previous_until),
            "failing_since": _written(endpoint.failing_since),
            "events": sorted(endpoint.events),
            "note": endpoint.note,
        }
        return {"state": ON if endpoint.active else OFF, "body": self._keys.seal_json(body, BODY)}

    def _endpoints(self, rows: Iterable[AnyRow]) -> Sequence[Endpoint]:
        return [self._endpoint(row) for row in rows]

    def _endpoint(self, row: AnyRow) -> Endpoint:
        body = self._keys.open_json(row.body, BODY)
        return Endpoint(
            id=row.id,
            url=body["url"],
            secret=body["secret"],
            previous=body["previous"],
            previous_until=_read(body["previous_until"]),
            failing_since=_read(body["failing_since"]),
            events=frozenset(body["events"]),
            active=row.state == ON,
            note=body["note"],
            created_at=row.created_at,
            created_by=row.created_by,
        )


def _span(id: str, last: str = LAST) -> dict[str, str]:
    return {"lowest": telling(id, ""), "highest": telling(id, last)}


def _written(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _read(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None
