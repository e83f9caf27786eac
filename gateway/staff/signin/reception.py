"""All of signing in, put together for the rooms and routes that need some of it."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.house import House
from gateway.staff.signin.entrance import Entrance
from gateway.staff.signin.lockout import Lockout
from gateway.staff.signin.oidc import Client, Provider
from gateway.staff.signin.own import Own
from gateway.staff.signin.passwords import Passwords
from gateway.staff.signin.people import Personnel
from gateway.staff.signin.rules import SignInRules
from gateway.staff.signin.sessions import StaffSessions
from gateway.staff.signin.sso import SingleSignOn
from gateway.staff.signin.tokens import Tokens


@dataclass(frozen=True, kw_only=True, slots=True)
class Reception:
    """The parts of signing in."""

    house: House
    rules: SignInRules
    sessions: StaffSessions
    entrance: Entrance
    own: Own
    personnel: Personnel
    tokens: Tokens
    sso: SingleSignOn | None

    async def aclose(self) -> None:
        if self.sso is not None:
            await self.sso.provider.aclose()


def reception(
    house: House, rules: SignInRules, passwords: Passwords | None = None, client: Client | None = None
) -> Reception:
    """``client``: how we are known to the provider of single sign-on, where there is one. Raises ValueError."""
    passwords = passwords or Passwords()
    sessions, lockout = StaffSessions(house, rules), Lockout(rules)
    personnel, tokens = Personnel(house=house, passwords=passwords), Tokens(house.store.keyring, house.clock)
    sso = None
    if client is not None:
        provider = Provider(client, house.clock)
        sso = SingleSignOn(house=house, provider=provider, sessions=sessions, personnel=personnel, tokens=tokens)
    return Reception(
        house=house,
        rules=rules,
        sessions=sessions,
        entrance=Entrance(house=house, rules=rules, passwords=passwords, sessions=sessions, lockout=lockout),
        own=Own(house=house, passwords=passwords, lockout=lockout),
        personnel=personnel,
        tokens=tokens,
        sso=sso,
    )
