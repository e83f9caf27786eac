"""Single sign-on: whom of our people the provider's claims mean. It opens the door; rights are given here."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import asdict, dataclass

import structlog

from gateway.house import House
from gateway.staff.actor import Role
from gateway.staff.signin.entrance import UNKNOWN, written
from gateway.staff.signin.id_token import Claims
from gateway.staff.signin.oidc import Begun, Provider, Untrusted
from gateway.staff.signin.people import Facts, Personnel, Unfit
from gateway.staff.signin.sessions import StaffSessions, Visitor
from gateway.staff.signin.tokens import Tokens
from store.desk import Person
from store.people import Secrets
from store.unit import Unit

log = structlog.get_logger(__name__)

PURPOSE = "sso"
EMAIL = "email"
BY = "single-sign-on"
HEAD_OFFICE = "head-office"  # in the branch claim


@dataclass(frozen=True, kw_only=True, slots=True)
class SingleSignOn:
    """From the button on the sign-in page to a session."""

    house: House
    provider: Provider
    sessions: StaffSessions
    personnel: Personnel
    tokens: Tokens

    async def begin(self, redirect: str, next_page: str) -> tuple[str, str]:
        """The provider's address, and what the browser keeps for us meanwhile; raises Away."""
        begun = await self.provider.begin(redirect)
        return begun.address, self.tokens.seal(PURPOSE, {**asdict(begun), "address": "", "next": next_page})

    async def finish(
        self, kept: str, answer: Mapping[str, str], redirect: str, visitor: Visitor
    ) -> tuple[str, str] | None:
        """The session's cookie and the page to go to; None for whoever we do not know. Raises Away, Untrusted."""
        facts = self.tokens.open(PURPOSE, kept)
        if facts is None or not hmac.compare_digest(answer.get("state", "").encode(), facts["state"].encode()):
            raise Untrusted("state")
        if answer.get("iss", self.provider.client.issuer) != self.provider.client.issuer:
            raise Untrusted("iss of the answer")  # RFC 9207: another provider's answer is not ours
        if "code" not in answer:
            raise Untrusted("no code")
        begun = Begun(address="", state=facts["state"], nonce=facts["nonce"], verifier=facts["verifier"])
        claims = await self.provider.finish(answer["code"], begun, redirect)
        cookie = await self._let_in(claims, visitor)
        return (cookie, str(facts["next"])) if cookie else None

    async def _let_in(self, claims: Claims, visitor: Visitor) -> str | None:
        person = await self._person(claims)
        async with self.house.store.unit() as unit:
            found = await unit.people.get(person.id, lock=True) if person else None
            allowed = found if found is not None and found.active and found.roles else None
            cookie = await self.sessions.open(unit, allowed, visitor) if allowed else None
            await self._note(unit, allowed, visitor)
            await unit.commit()
        return cookie

    async def _person(self, claims: Claims) -> Person | None:
        """Whom they mean, with the roles that the claims give where the insurer wants that."""
        person = await self._linked(claims) or await self._named(claims)
        if not self.provider.client.role_claim:
            return person
        if not self._roles(claims):
            return None
        try:
            return await (self._with_roles(person, claims) if person else self._new(claims))
        except Unfit as unfit:
            log.warning("single_sign_on_roles_refused", why=unfit.code)
            return person

    async def _linked(self, claims: Claims) -> Person | None:
        async with self.house.store.reading() as unit:
            return await unit.people.by_subject(claims["iss"], claims["sub"])

    async def _named(self, claims: Claims) -> Person | None:
        """Somebody by login or e-mail address, once: from then on the subject counts, which is never given anew."""
        async with self.house.store.unit() as unit:
            people = [each for each in await unit.people.all() if self._means(claims, each)]
            if len(people) != 1 or await unit.people.is_linked(people[0].id):
                return None
            await unit.people.link(people[0].id, claims["iss"], claims["sub"])
            await unit.commit()
        return people[0]

    def _means(self, claims: Claims, person: Person) -> bool:
        name = self._name(claims)
        by_mail = self.provider.client.login_claim == EMAIL
        return bool(name) and (name == person.login or (by_mail and name == person.email.lower()))

    def _name(self, claims: Claims) -> str:
        """An e-mail address counts only when the provider has checked it."""
        claim = self.provider.client.login_claim
        if claim == EMAIL and claims.get("email_verified") is not True:
            return ""
        return written(str(claims.get(claim) or ""))

    async def _with_roles(self, person: Person, claims: Claims) -> Person:
        roles = self._roles(claims)
        branch = self._branch(claims) if self.provider.client.branch_claim else person.branch
        if branch is None:
            raise Unfit("no_such_branch")
        if (roles, branch) == (person.roles, person.branch):
            return person
        facts = Facts(name=person.name, email=person.email, roles=roles, branch=branch, active=person.active)
        return await self.personnel.change(person.login, facts, by=BY)

    async def _new(self, claims: Claims) -> Person | None:
        """A person with the roles and the branch that the claims name; without both there is none."""
        login, roles, branch = self._name(claims), self._roles(claims), self._branch(claims)
        if not (login and roles) or branch is None:
            return None
        facts = Facts(name=str(claims.get("name") or login)[:100], roles=roles, branch=branch)
        person = await self.personnel.create_with(login, facts, Secrets(), by=BY)
        async with self.house.store.unit() as unit:
            await unit.people.link(person.id, claims["iss"], claims["sub"])
            await unit.commit()
        return person

    def _roles(self, claims: Claims) -> frozenset[str]:
        told = claims.get(self.provider.client.role_claim)
        names = told if isinstance(told, list) else str(told or "").split()
        return frozenset(str(name) for name in names) & frozenset(str(role) for role in Role)

    def _branch(self, claims: Claims) -> str | None:
        told = claims.get(self.provider.client.branch_claim) if self.provider.client.branch_claim else None
        if not isinstance(told, str) or not told:
            return None
        return "" if told == HEAD_OFFICE else told

    async def _note(self, unit: Unit, person: Person | None, visitor: Visitor) -> None:
        who = person.login if person else UNKNOWN
        await unit.audit.write(
            at=self.house.clock.now(),
            actor=who,
            action="sign_in" if person else "sign_in_failed",
            subject=who,
            detail={"how": BY, "address": visitor.address},
        )
