"""Who does it: somebody with rights, or the house itself (a clock, the gateway, the sandbox) by a login alone."""

from __future__ import annotations

from gateway.casework.acts.refusals import NotYours
from gateway.staff.actor import Actor, Right
from gateway.staff.scope import sees
from store.values import Case

By = str | Actor


def login_of(by: By) -> str:
    """How the timeline and the audit trail name them."""
    return by if isinstance(by, str) else by.login


def person_of(by: By) -> int | None:
    """Their id among our people; None for a system."""
    return None if isinstance(by, str) else by.person_id


def is_the_house(by: By) -> bool:
    """Rules for people and for other systems do not bind a clock, nor what a second person has approved."""
    return isinstance(by, str)


def may(by: By, right: Right) -> bool:
    return isinstance(by, str) or by.may(right)


def require(by: By, right: Right) -> None:
    """Raises NotYours."""
    if not may(by, right):
        raise NotYours(right)


def knows_of(by: By, case: Case) -> bool:
    """Does the complaint exist for them?"""
    return isinstance(by, str) or sees(by, case)
