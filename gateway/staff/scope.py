"""Which complaints somebody sees: those of their branches, and none that is about themselves."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from gateway.casework.avoidance import is_about
from gateway.staff.actor import Actor
from store.values import Case

C = TypeVar("C", bound=Case)


def sees(actor: Actor, case: Case) -> bool:
    """May they know that this complaint exists?"""
    if actor.branches is not None and case.branch not in actor.branches:
        return False
    return not (actor.name and actor.person_id and is_about(case.record, name=actor.name, branches=actor.own_branches))


def seen(actor: Actor, cases: Iterable[C]) -> list[C]:
    return [case for case in cases if sees(actor, case)]
