"""What people do with an emergency: take it, tick its steps, close it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from gateway.casework.emergency.opening import KIND, open_emergency, write_down
from gateway.casework.emergency.plans import Plan, Step, plans
from gateway.casework.emergency.times import CLOSED, OPEN, TAKEN, attention_at, left, steps_of
from gateway.casework.move import NoSuchComplaint
from gateway.house import House
from gateway.staff.actor import Actor
from gateway.staff.scope import sees
from store.desk import Emergency
from store.unit import Unit
from store.values import Case


class NoSuchEmergency(LookupError):
    """There is none, or none that they may know of."""


class NotPossible(ValueError):
    """Not in this state; the argument is a code: taken_already, closed, no_such_step, done_already, not_done,
    steps_left."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Hand:
    """One emergency in somebody's hand: everything locked, nothing written yet."""

    unit: Unit
    case: Case
    emergency: Emergency
    plan: Plan | None
    actor: Actor
    now: datetime

    async def leave(self, after: Emergency, what: str, **more: Any) -> Emergency:
        """As it is now, with its history; when it next wants attention follows from that."""
        due = attention_at(plans(), self.plan, after) if self.plan else None
        after = replace(after, escalate_at=due)
        await self.unit.emergencies.save(after)
        await write_down(self.unit, self.case, after, what, self.actor.login, self.now, **more)
        await self.unit.commit()
        return after


async def take(house: House, id: int, actor: Actor) -> Emergency:
    """Somebody has it now. Raises NoSuchEmergency and NotPossible."""
    async with _in_hand(house, id, actor) as hand:
        if hand.emergency.state != OPEN:
            raise NotPossible("taken_already" if hand.emergency.state == TAKEN else "closed")
        steps = hand.plan.steps if hand.plan else ()
        ticked = {step.code: _tick(hand, "") for step in steps if step.by_taking}
        facts = {**hand.emergency.facts, "steps": {**ticked, **steps_of(hand.emergency)}}
        await _finish_tasks(hand)
        taken = replace(hand.emergency, state=TAKEN, taken_at=hand.now, taken_by=actor.login, facts=facts)
        return await hand.leave(taken, "taken")


async def tick(house: House, id: int, code: str, actor: Actor, note: str = "") -> Emergency:
    """A step is done. Raises NoSuchEmergency and NotPossible."""
    async with _in_hand(house, id, actor) as hand:
        _require_step(hand, code)
        if code in steps_of(hand.emergency):
            raise NotPossible("done_already")
        done = {**steps_of(hand.emergency), code: _tick(hand, note)}
        return await hand.leave(_with_steps(hand, done), "step_done", step=code)


async def untick(house: House, id: int, code: str, actor: Actor, note: str = "") -> Emergency:
    """It was not done after all; who said so before stays in the history. Raises NoSuchEmergency and NotPossible."""
    async with _in_hand(house, id, actor) as hand:
        _require_step(hand, code)
        if code not in steps_of(hand.emergency):
            raise NotPossible("not_done")
        done = {each: told for each, told in steps_of(hand.emergency).items() if each != code}
        return await hand.leave(_with_steps(hand, done), "step_undone", step=code, note=note)


async def close(house: House, id: int, actor: Actor, reason: str = "") -> Emergency:
    """It is over. Steps that nobody did need a reason. Raises NoSuchEmergency and NotPossible."""
    async with _in_hand(house, id, actor) as hand:
        if hand.emergency.state == CLOSED:
            raise NotPossible("closed")
        missing = [step.code for step in left(hand.plan, hand.emergency)] if hand.plan else []
        if missing and not reason.strip():
            raise NotPossible("steps_left")
        await _finish_tasks(hand)
        facts = {**hand.emergency.facts, "closed_by": actor.login, "reason": reason.strip(), "left": missing}
        closed = replace(hand.emergency, state=CLOSED, closed_at=hand.now, facts=facts)
        return await hand.leave(closed, "closed", left=missing)


async def open_by_hand(house: House, number: str, kind: str, actor: Actor) -> Emergency:
    """Somebody sees that a plan is needed. Raises NoSuchComplaint and NoSuchPlan."""
    async with house.store.unit() as unit:
        case = await unit.complaints.by_number(number, lock=True)
        if case is None or not sees(actor, case):
            raise NoSuchComplaint(number)
        emergency = await open_emergency(house, unit, case, kind, actor=actor.login)
        await unit.commit()
    return emergency


@asynccontextmanager
async def _in_hand(house: House, id: int, actor: Actor) -> AsyncIterator[Hand]:
    """The complaint is locked before its emergency, as everywhere."""
    async with house.store.unit() as unit:
        seen = await unit.emergencies.get(id)
        case = await unit.complaints.get(seen.complaint_id, lock=True) if seen else None
        emergency = await unit.emergencies.get(id, lock=True)
        if case is None or emergency is None or not sees(actor, case):
            raise NoSuchEmergency(id)
        plan = plans().of(emergency.plan)
        yield Hand(unit=unit, case=case, emergency=emergency, plan=plan, actor=actor, now=house.clock.now())


def _require_step(hand: Hand, code: str) -> Step:
    if hand.emergency.state == CLOSED:
        raise NotPossible("closed")
    step = hand.plan.step(code) if hand.plan else None
    if step is None:
        raise NotPossible("no_such_step")
    return step


def _tick(hand: Hand, note: str) -> dict[str, str]:
    return {"done_at": hand.now.isoformat(), "by": hand.actor.login, "note": note.strip()}


def _with_steps(hand: Hand, done: dict[str, Any]) -> Emergency:
    return replace(hand.emergency, facts={**hand.emergency.facts, "steps": done})


async def _finish_tasks(hand: Hand) -> None:
    """Somebody sees to it: nobody has to be asked any more."""
    for task in await hand.unit.tasks.open_of(complaint_id=hand.case.id, kind=KIND):
        await hand.unit.tasks.done(task.id, hand.now, hand.actor.login)
