"""One look at what we remember: masked, or plain for a reason that is audited in the same transaction."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiohttp import web

from gateway.house import House
from gateway.staff.actor import Actor, Right, actor_of
from gateway.staff.masking import Mask, Masked, Plain
from gateway.staff.problems import Problem
from gateway.staff.scope import sees
from normalizer.number import parse_number
from store.unit import Unit
from store.values import Case


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """A unit to read from, and the reason for which plain values are shown, if there is one."""

    house: House
    unit: Unit
    actor: Actor
    reason: str | None

    async def at(self, case: Case, what: str) -> Mask:
        """How this case is shown; plain only after the audit trail says so."""
        if self.reason is None:
            return Masked.of(case)
        await self.note(case.number, what)
        return Plain()

    async def note(self, subject: str, what: str) -> None:
        """Write who saw what of whom, and why."""
        await self.unit.audit.write(
            at=self.house.clock.now(),
            actor=self.actor.login,
            action="unmask",
            subject=subject,
            detail={"reason": self.reason, "what": what},
        )


@asynccontextmanager
async def looking(
    house: House, request: web.Request, reason: str | None = None, *, by: Right = Right.UNMASK
) -> AsyncIterator[Look]:
    """A look that is masked, or one with a reason: then nothing is shown unless the audit entry is durable.

    ``by`` is the right that plain values need here.
    """
    actor = actor_of(request)
    if reason is None:
        async with house.store.reading() as unit:
            yield Look(house=house, unit=unit, actor=actor, reason=None)
        return
    if not actor.may(by):
        raise Problem(403, "not_yours")
    async with house.store.unit() as unit:
        yield Look(house=house, unit=unit, actor=actor, reason=reason.strip())
        await unit.commit()


async def case_of(unit: Unit, request: web.Request) -> Case:
    """The case whose number stands in the path; a Problem where there is none, or none that they may know of."""
    number = number_of(request)
    case = await unit.complaints.by_number(number)
    if case is None or not sees(actor_of(request), case):
        raise Problem(404, "no_such_complaint")
    return case


def number_of(request: web.Request) -> str:
    """The number in the path; one that cannot be ours is not looked up."""
    written = request.match_info["number"]
    if len(written) != 14 or parse_number(written) != written.upper():
        raise Problem(404, "no_such_complaint")
    return written.upper()
