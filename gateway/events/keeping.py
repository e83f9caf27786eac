"""Admins keep endpoints: add, change, rotate the secret, try, and send again."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from gateway.delivery.webhook import EVENT, SECRET_PREFIX, TYPE
from gateway.events.event import Event, lowest_id, new_event
from gateway.events.guard import Guard
from gateway.events.kinds import TEST, TYPES
from gateway.events.parcels import event_parcel
from gateway.events.subscribers import Subscribers
from gateway.house import House
from store.desk import Endpoint
from store.endpoints import LAST, telling
from store.unit import Unit
from store.values import OutboxState, Parcel

ROTATION = timedelta(hours=24)  # for which the secret before signs too
SECRET_BYTES = 32
MOST_AGAIN = 1000  # events sent again by one wish
PAGE = 50


class NoSuchEndpoint(LookupError):
    """There is no endpoint, or no event at it, with this id."""


class UnknownEvents(ValueError):
    """Events that we do not have."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """What an endpoint shall be."""

    url: str
    events: frozenset[str] = frozenset()
    active: bool = True
    note: str = ""


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Each verb is one transaction with an audit entry; the secret stands in what is returned, and in no log."""

    house: House
    guard: Guard
    subscribers: Subscribers

    async def all(self) -> Sequence[Endpoint]:
        async with self.house.store.reading() as unit:
            return await unit.endpoints.all()

    async def get(self, id: str) -> Endpoint:
        """Raises NoSuchEndpoint."""
        async with self.house.store.reading() as unit:
            return await _found(unit, id)

    async def add(self, wish: Wish, by: str) -> Endpoint:
        """A new one with a new secret; raises BadUrl and UnknownEvents."""
        now = self.house.clock.now()
        endpoint = Endpoint(
            id=f"ep{secrets.token_hex(8)}", secret=new_secret(), created_at=now, created_by=by, **self._checked(wish)
        )
        async with self.house.store.unit() as unit:
            await unit.endpoints.add(endpoint)
            await _audit(unit, now, by, endpoint, "added")
            await unit.commit()
        await self.subscribers.refresh()
        return endpoint

    async def change(self, id: str, wish: Wish, by: str) -> Endpoint:
        """Raises NoSuchEndpoint, BadUrl and UnknownEvents; one that is switched on again has a clean slate."""
        checked = self._checked(wish)
        async with self.house.store.unit() as unit:
            before = await _found(unit, id, lock=True)
            anew = (checked["active"] and not before.active) or checked["url"] != before.url
            after = replace(before, **checked, failing_since=None if anew else before.failing_since)
            await unit.endpoints.save(after)
            await _audit(unit, self.house.clock.now(), by, after, "changed")
            await unit.commit()
        await self.subscribers.refresh()
        return after

    async def rotate(self, id: str, by: str) -> Endpoint:
        """A new secret; both sign for a day, so that the receiver can change over. Raises NoSuchEndpoint."""
        now = self.house.clock.now()
        async with self.house.store.unit() as unit:
            before = await _found(unit, id, lock=True)
            after = replace(before, secret=new_secret(), previous=before.secret, previous_until=now + ROTATION)
            await unit.endpoints.save(after)
            await _audit(unit, now, by, after, "rotated")
            await unit.commit()
        return after

    async def test(self, id: str, by: str) -> str:
        """One event that says nothing, on the way of all others; its id. Raises NoSuchEndpoint."""
        now = self.house.clock.now()
        event = new_event(TEST, now, None)
        async with self.house.store.unit() as unit:
            endpoint = await _found(unit, id)
            await unit.outbox.put(event_parcel(event, endpoint, now))
            await _audit(unit, now, by, endpoint, "tested")
            unit.wake()
            await unit.commit()
        return event.id

    async def deliveries(self, id: str, *, before: str | None = None, limit: int = PAGE) -> list[Parcel]:
        """What was sent or is to be sent there, newest event first. Raises NoSuchEndpoint."""
        async with self.house.store.reading() as unit:
            await _found(unit, id)
            return await unit.outbox.between(telling(id, ""), telling(id, before or LAST), limit)

    async def replay_one(self, id: str, event: str, by: str) -> int:
        """Send one event again, with its own id. Raises NoSuchEndpoint."""
        return await self._again(id, event, f"{event}0", by)

    async def replay_span(self, id: str, since: datetime, until: datetime, by: str) -> int:
        """Send all that happened in since <= time < until again, the last MOST_AGAIN; how many."""
        return await self._again(id, lowest_id(since), lowest_id(until), by)

    async def _again(self, id: str, first: str, last: str, by: str) -> int:
        now = self.house.clock.now()
        async with self.house.store.unit() as unit:
            endpoint = await _found(unit, id)
            parcels = await unit.outbox.between(telling(id, first), telling(id, last), MOST_AGAIN)
            events = _not_on_their_way(parcels)
            await unit.outbox.put_all([event_parcel(event, endpoint, now) for event in events])
            await _audit(unit, now, by, endpoint, "replayed", events=len(events))
            unit.wake()
            await unit.commit()
        return len(events)

    def _checked(self, wish: Wish) -> dict[str, Any]:
        if not wish.events <= set(TYPES):
            raise UnknownEvents
        return {
            "url": self.guard.check(wish.url.strip()),
            "events": wish.events,
            "active": wish.active,
            "note": wish.note.strip(),
        }


def new_secret() -> str:
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def _not_on_their_way(parcels: Sequence[Parcel]) -> list[Event]:
    """Each event once, oldest first, unless it still waits to be sent."""
    waiting = {each.context[EVENT] for each in parcels if each.state in (OutboxState.WAITING, OutboxState.CLAIMED)}
    found = {each.context[EVENT]: each for each in parcels if each.context[EVENT] not in waiting}
    return [
        Event(id=id, type=each.context[TYPE], number=each.number, body=each.text) for id, each in sorted(found.items())
    ]


async def _found(unit: Unit, id: str, *, lock: bool = False) -> Endpoint:
    found = await unit.endpoints.get(id, lock=lock)
    if found is None:
        raise NoSuchEndpoint(id)
    return found


async def _audit(unit: Unit, now: datetime, by: str, endpoint: Endpoint, what: str, **more: Any) -> None:
    facts: Mapping[str, Any] = {
        "what": what,
        "active": endpoint.active,
        "events": sorted(endpoint.events),
        "url": endpoint.url,
        **more,
    }
    await unit.audit.write(at=now, actor=by, action="endpoint", subject=endpoint.id, detail=facts)
