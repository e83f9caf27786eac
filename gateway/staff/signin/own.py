"""What somebody does with their own sign-in: another password, a second factor, ending sessions."""

from __future__ import annotations

from dataclasses import dataclass, replace

from gateway.house import House
from gateway.staff.actor import Actor
from gateway.staff.signin import totp
from gateway.staff.signin.lockout import Lockout
from gateway.staff.signin.passwords import Passwords, check
from store.desk import Person, Session
from store.people import Secrets
from store.unit import Unit


@dataclass(frozen=True, kw_only=True, slots=True)
class Own:
    """One's own page: every change that weakens or moves the sign-in asks for the password again."""

    house: House
    passwords: Passwords
    lockout: Lockout

    async def look(self, actor: Actor, cookie: str) -> tuple[Person, list[Session], str]:
        """Who they are, where they are signed in, and the id of the session that asks."""
        async with self.house.store.reading() as unit:
            found = await unit.sessions.signed_in(cookie)
            person = await unit.people.get(_id(actor))
            sessions = list(await unit.sessions.of(_id(actor)))
        assert found is not None, "the guard has just seen it"
        assert person is not None, "a session has its person"
        return person, sessions, found[0].id

    async def is_mine(self, actor: Actor, password: str, address: str) -> bool:
        """Is it really them? Counted for itself: who guesses before the door does not reach who is inside."""
        async with self.house.store.unit() as unit:
            turn = await self.lockout.take(unit, "own", actor.login, address, self.house.clock.now())
            secrets = await unit.people.secrets(_id(actor))
            await unit.commit()
        if not turn.open or not await self.passwords.verify(secrets.password, password):
            return False
        async with self.house.store.unit() as unit:
            await self.lockout.forgive(unit, turn)
            await unit.commit()
        return True

    async def change_password(self, actor: Actor, password: str, keep: str) -> None:
        """A new password, which signs them out everywhere but in the session ``keep``; raises WeakPassword."""
        check(password, actor.login)
        hashed = await self.passwords.hash(password)
        async with self.house.store.unit() as unit:
            secrets = await self._locked(unit, actor)
            await unit.people.set_secrets(_id(actor), replace(secrets, password=hashed, once=False))
            await unit.sessions.end_all(_id(actor), but=keep)
            await self._note(unit, actor, "password_changed")
            await unit.commit()

    async def set_totp(self, actor: Actor, secret: str, code: str, address: str) -> bool:
        """Take this second factor, if the code shows that it works."""
        now = self.house.clock.now()
        async with self.house.store.unit() as unit:
            turn = await self.lockout.take(unit, "code", str(_id(actor)), address, now)
            secrets = await self._locked(unit, actor)
            used = totp.accepted(secret, code, now, secrets.used) if turn.open else None
            if used is not None:
                await self.lockout.forgive(unit, turn)
                await unit.people.set_secrets(_id(actor), replace(secrets, totp=secret, used=used))
                await self._note(unit, actor, "second_factor_set")
            await unit.commit()
        return used is not None

    async def drop_totp(self, actor: Actor) -> None:
        async with self.house.store.unit() as unit:
            secrets = await self._locked(unit, actor)
            await unit.people.set_secrets(_id(actor), replace(secrets, totp=""))
            await self._note(unit, actor, "second_factor_removed")
            await unit.commit()

    async def end_session(self, actor: Actor, id: str) -> None:
        async with self.house.store.unit() as unit:
            if await unit.sessions.end_one(_id(actor), id):
                await self._note(unit, actor, "session_ended")
            await unit.commit()

    async def end_others(self, actor: Actor, keep: str) -> None:
        async with self.house.store.unit() as unit:
            if await unit.sessions.end_all(_id(actor), but=keep):
                await self._note(unit, actor, "session_ended")
            await unit.commit()

    async def sign_out(self, actor: Actor, cookie: str) -> None:
        async with self.house.store.unit() as unit:
            await unit.sessions.end(cookie)
            await self._note(unit, actor, "sign_out")
            await unit.commit()

    async def _locked(self, unit: Unit, actor: Actor) -> Secrets:
        await unit.people.get(_id(actor), lock=True)
        return await unit.people.secrets(_id(actor))

    async def _note(self, unit: Unit, actor: Actor, action: str) -> None:
        await unit.audit.write(at=self.house.clock.now(), actor=actor.login, action=action, subject=actor.login)


def _id(actor: Actor) -> int:
    assert actor.person_id is not None, "only people have a page of their own"
    return actor.person_id
