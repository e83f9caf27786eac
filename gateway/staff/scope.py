"""Which complaints somebody sees: those of their branches, and none that is about themselves."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from gateway.casework.avoidance import is_about
from gateway.staff.actor import Actor
from normalizer.record import Complaint
from store.values import Case

C = TypeVar("C", bound=Case)


def sees(actor: Actor, case: Case) -> bool:
    """May they know that this complaint exists?"""
    if actor.branches is not None and case.branch not in actor.branches:
        return False
    return not avoids(actor, case.record)


def avoids(actor: Actor, record: Complaint) -> bool:
    """Is it about them, or about a branch that they work in?"""
    return has_to_avoid(actor) and is_about(record, name=actor.name, branches=actor.own_branches)


def has_to_avoid(actor: Actor) -> bool:
    """A person of ours; no complaint is about another system."""
    return bool(actor.name and actor.person_id)


def seen(actor: Actor, cases: Iterable[C]) -> list[C]:
    return [case for case in cases if sees(actor, case)]
