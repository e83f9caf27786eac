"""Sessions: a cookie of 32 random bytes, and who it is for as long as it lasts."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from gateway.house import House
from gateway.staff.actor import Actor, rights_of
from gateway.staff.signin.rules import SignInRules
from gateway.staff.signin.web import csrf_of
from store.branches import Place
from store.desk import Person, Session
from store.unit import Unit

COOKIE_BYTES, COOKIE_CHARS = 32, 43
AGENT_CHARS = 200
NOTED_EVERY = timedelta(minutes=1)  # that somebody is there is written so often at most


@dataclass(frozen=True, kw_only=True, slots=True)
class Visitor:
    """From where somebody signs in, and with what."""

    address: str
    agent: str


@dataclass(frozen=True, slots=True)
class StaffSessions:
    """Implements ``gateway.staff.auth.Sessions``."""

    house: House
    rules: SignInRules

    async def actor(self, cookie: str) -> Actor | None:
        """Who is signed in with this cookie; None for one that is unknown, over, or somebody's who left."""
        if len(cookie) != COOKIE_CHARS or not cookie.isascii():
            return None
        now = self.house.clock.now()
        async with self.house.store.reading() as unit:
            found = await unit.sessions.signed_in(cookie)
            if found is None or not self._lasts(*found):
                return None
            session, person = found
            actor = await self.actor_of(unit, person, cookie)
        if now - session.seen_at >= NOTED_EVERY:
            await self._note(cookie, now)
        return actor

    async def lasts(self, cookie: str) -> bool:
        """Is somebody still signed in with it? A page that stays open must not keep an idle session alive."""
        async with self.house.store.reading() as unit:
            found = await unit.sessions.signed_in(cookie)
        return found is not None and self._lasts(*found)

    async def actor_of(self, unit: Unit, person: Person, cookie: str) -> Actor:
        """A person as whoever acts: the rights of their roles within the reach of their branch."""
        place = await unit.branches.around(person.branch) if person.branch else None
        return Actor(
            login=person.login,
            name=person.name,
            rights=rights_of(person.roles),
            person_id=person.id,
            branches=place.below if place else None,
            own_branches=_own(place),
            csrf=csrf_of(self.house.store.keyring, cookie),
        )

    async def open(self, unit: Unit, person: Person, visitor: Visitor) -> str:
        """Sign somebody in; the cookie to give them, which nobody had before."""
        now = self.house.clock.now()
        cookie = secrets.token_urlsafe(COOKIE_BYTES)
        session = Session(
            id=secrets.token_urlsafe(12),
            person_id=person.id,
            created_at=now,
            seen_at=now,
            ends_at=now + self.rules.longest,
            address=visitor.address,
            agent=visitor.agent[:AGENT_CHARS],
        )
        await unit.sessions.add(cookie, session)
        await unit.people.seen(person.id, now)
        return cookie

    def lasting(self, sessions: list[Session]) -> list[Session]:
        """Those that are not over."""
        now = self.house.clock.now()
        return [each for each in sessions if now < min(each.ends_at, each.seen_at + self.rules.idle)]

    async def go(self) -> None:
        """Drop what is over: a round of the background work."""
        now = self.house.clock.now()
        async with self.house.store.unit() as unit:
            if await unit.sessions.forget(now, now - self.rules.idle):
                await unit.commit()

    def _lasts(self, session: Session, person: Person) -> bool:
        return person.active and bool(self.lasting([session]))

    async def _note(self, cookie: str, now: datetime) -> None:
        async with self.house.store.unit() as unit:
            await unit.sessions.touch(cookie, now)
            await unit.commit()


def _own(place: Place | None) -> frozenset[str]:
    """Their own branch and those above it: nobody handles what is said about the people they answer to."""
    return place.above if place else frozenset()
