"""Somebody who gave the right password, and what is still asked of them before they are in."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum

from gateway.staff.signin.rules import SignInRules
from gateway.staff.signin.tokens import Tokens
from store.crypto import Keyring
from store.people import Secrets

PURPOSE = "pending"


class Step(StrEnum):
    CODE = "code"  # of the second factor they have
    SET_UP = "set_up"  # a second factor, which everybody must have
    PASSWORD = "password"  # of their own, instead of the one they were given
    IN = "in"


@dataclass(frozen=True, kw_only=True, slots=True)
class Pending:
    """What the browser keeps, sealed, between the password and the session."""

    person_id: int
    stamp: str  # of the password: a new one makes this worthless
    next: str = ""  # the page they wanted
    proven: bool = False  # the second factor was shown
    draft: str = ""  # the secret of a second factor that is being set up

    def sealed(self, tokens: Tokens) -> str:
        return tokens.seal(PURPOSE, asdict(self))


def opened(tokens: Tokens, token: str) -> Pending | None:
    """Who stands there; None for a token that is not ours, or too old."""
    facts = tokens.open(PURPOSE, token)
    if facts is None:
        return None
    return Pending(**{name: facts[name] for name in Pending.__slots__})


def stamp_of(keys: Keyring, secrets: Secrets) -> str:
    return keys.index("pending", secrets.password)


def next_step(pending: Pending, secrets: Secrets, rules: SignInRules) -> Step:
    """The second factor comes first: whoever only has the password changes nothing."""
    if rules.totp != "off" and secrets.totp and not pending.proven:
        return Step.CODE
    if rules.totp == "required" and not secrets.totp:
        return Step.SET_UP
    return Step.PASSWORD if secrets.once else Step.IN
