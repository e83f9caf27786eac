"""The way in: password, second factor, a password of one's own, session. Whatever is wrong is answered alike."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace

from gateway.house import House
from gateway.staff.signin import totp
from gateway.staff.signin.lockout import Lockout, Turn
from gateway.staff.signin.passwords import Passwords, WeakPassword, check
from gateway.staff.signin.pending import Pending, Step, next_step, stamp_of
from gateway.staff.signin.rules import SignInRules
from gateway.staff.signin.sessions import StaffSessions, Visitor
from store.desk import Person
from store.people import Secrets
from store.unit import Unit

LOGIN = re.compile(r"[a-z0-9][a-z0-9._@-]{1,63}")
UNKNOWN = "unknown"  # what was typed as a login is not written down: it may be a password


@dataclass(frozen=True, kw_only=True, slots=True)
class Newcomer:
    """Somebody before the door, and what they sign in with."""

    pending: Pending
    person: Person
    secrets: Secrets
    step: Step


@dataclass(frozen=True, kw_only=True, slots=True)
class Entrance:
    """Lets people in."""

    house: House
    rules: SignInRules
    passwords: Passwords
    sessions: StaffSessions
    lockout: Lockout

    async def by_password(self, login: str, password: str, visitor: Visitor) -> Pending | None:
        """Whoever has this login and password; None for everybody else, and while the login is locked."""
        login = written(login)
        async with self.house.store.unit() as unit:
            turn = await self.lockout.take(unit, "password", login, visitor.address, self.house.clock.now())
            person = await unit.people.by_login(login) if turn.address_open else None
            secrets = await unit.people.secrets(person.id) if person else Secrets()
            await unit.commit()
        if not turn.address_open:
            return None  # nobody in particular is meant, so time may tell
        right = await self.passwords.verify(secrets.password, password)
        if person is None or not (right and turn.open and person.active):
            await self._refused(person, visitor, _why(person, turn))
            return None
        return await self._known(person, secrets, password, turn)

    async def newcomer(self, pending: Pending) -> Newcomer | None:
        """Where somebody stands; None when they may not go on: disabled, or with another password meanwhile."""
        async with self.house.store.reading() as unit:
            return await self._newcomer(unit, pending)

    async def by_code(self, pending: Pending, code: str, visitor: Visitor) -> Pending | None:
        """Show the second factor; None for a code that is wrong, was used, or one too many."""
        return await self._with_code(pending, code, visitor, Step.CODE)

    async def set_up(self, pending: Pending, code: str, visitor: Visitor) -> Pending | None:
        """Take the second factor that was offered, once a code shows that it works."""
        return await self._with_code(pending, code, visitor, Step.SET_UP)

    async def choose(self, pending: Pending, password: str) -> Pending | None:
        """Take a password of their own; raises WeakPassword, also for the one that they were given."""
        newcomer = await self.newcomer(pending)
        if newcomer is None or newcomer.step is not Step.PASSWORD:
            return None
        check(password, newcomer.person.login)
        if await self.passwords.verify(newcomer.secrets.password, password):
            raise WeakPassword
        secrets = replace(newcomer.secrets, password=await self.passwords.hash(password), once=False)
        async with self.house.store.unit() as unit:
            await unit.people.get(newcomer.person.id, lock=True)
            await unit.people.set_secrets(newcomer.person.id, secrets)
            await self._note(unit, newcomer.person, "password_changed")
            await unit.commit()
        return replace(pending, stamp=stamp_of(self.house.store.keyring, secrets))

    async def enter(self, pending: Pending, visitor: Visitor) -> str | None:
        """The session's cookie, for whoever has done all that is asked."""
        async with self.house.store.unit() as unit:
            newcomer = await self._newcomer(unit, pending)
            if newcomer is None or newcomer.step is not Step.IN:
                return None
            cookie = await self.sessions.open(unit, newcomer.person, visitor)
            await self._note(unit, newcomer.person, "sign_in", how="password", address=visitor.address)
            await unit.commit()
        return cookie

    async def _known(self, person: Person, secrets: Secrets, password: str, turn: Turn) -> Pending:
        if self.passwords.has_aged(secrets.password):
            secrets = replace(secrets, password=await self.passwords.hash(password))
        async with self.house.store.unit() as unit:
            await self.lockout.forgive(unit, turn)
            await self._keep(unit, person.id, secrets)
            await unit.commit()
        return Pending(person_id=person.id, stamp=stamp_of(self.house.store.keyring, secrets))

    async def _keep(self, unit: Unit, id: int, secrets: Secrets) -> None:
        """Only the hash is new: a code that was used meanwhile stays used."""
        await unit.people.get(id, lock=True)
        kept = await unit.people.secrets(id)
        if kept.password != secrets.password:
            await unit.people.set_secrets(id, replace(kept, password=secrets.password))

    async def _newcomer(self, unit: Unit, pending: Pending, *, lock: bool = False) -> Newcomer | None:
        person = await unit.people.get(pending.person_id, lock=lock)
        if person is None or not person.active:
            return None
        secrets = await unit.people.secrets(person.id)
        if stamp_of(self.house.store.keyring, secrets) != pending.stamp:
            return None
        step = next_step(pending, secrets, self.rules)
        return Newcomer(pending=pending, person=person, secrets=secrets, step=step)

    async def _with_code(self, pending: Pending, code: str, visitor: Visitor, step: Step) -> Pending | None:
        now = self.house.clock.now()
        async with self.house.store.unit() as unit:
            turn = await self.lockout.take(unit, "code", str(pending.person_id), visitor.address, now)
            newcomer = await self._newcomer(unit, pending, lock=True)
            if newcomer is None or newcomer.step is not step:
                return None
            proven = await self._prove(unit, newcomer, code) if turn.open else None
            if proven is None:
                await self._note_refusal(unit, newcomer.person, visitor, "code")
            else:
                await self.lockout.forgive(unit, turn)
            await unit.commit()
        return proven

    async def _prove(self, unit: Unit, newcomer: Newcomer, code: str) -> Pending | None:
        secret = newcomer.secrets.totp or newcomer.pending.draft
        used = totp.accepted(secret, code, self.house.clock.now(), newcomer.secrets.used) if secret else None
        if used is None:
            return None
        await unit.people.set_secrets(newcomer.person.id, replace(newcomer.secrets, totp=secret, used=used))
        if newcomer.step is Step.SET_UP:
            await self._note(unit, newcomer.person, "second_factor_set")
        return replace(newcomer.pending, proven=True, draft="")

    async def _refused(self, person: Person | None, visitor: Visitor, why: str) -> None:
        async with self.house.store.unit() as unit:
            await self._note_refusal(unit, person, visitor, why)
            await unit.commit()

    async def _note_refusal(self, unit: Unit, person: Person | None, visitor: Visitor, why: str) -> None:
        await unit.audit.write(
            at=self.house.clock.now(),
            actor=UNKNOWN,
            action="sign_in_failed",
            subject=person.login if person else UNKNOWN,
            detail={"why": why, "address": visitor.address},
        )

    async def _note(self, unit: Unit, person: Person, action: str, **detail: str) -> None:
        now = self.house.clock.now()
        await unit.audit.write(at=now, actor=person.login, action=action, subject=person.login, detail=detail)


def written(login: str) -> str:
    """A login as it is kept; "" for what can be none."""
    text = unicodedata.normalize("NFKC", login[:200]).strip().lower()
    return text if LOGIN.fullmatch(text) else ""


def _why(person: Person | None, turn: Turn) -> str:
    if not turn.open:
        return "locked"
    return "password" if person is None or person.active else "disabled"
