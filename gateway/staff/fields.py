"""What a person read on the paper: kept as an item of its own, and above whatever a machine read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from aiohttp import web

from gateway.casework.lifecycle import CLOSED
from gateway.house import House
from gateway.intake.paper.item import check_of
from gateway.staff.actor import Right, actor_of
from gateway.staff.answering import answer
from gateway.staff.field_values import values_of
from gateway.staff.letter_shapes import FieldsGiven
from gateway.staff.looking import case_of, looking, number_of
from gateway.staff.operation import Operation
from gateway.staff.problems import Problem
from gateway.staff.reading import read_body, read_query
from gateway.staff.shapes import Nothing, Ticket
from gateway.staff.ticket import whole_ticket
from gateway.staff.words import Submit
from store.unit import Unit
from store.values import Case, LedgerId


@dataclass(frozen=True, slots=True)
class Fields:
    """The part of the API that is about values a person confirms or corrects."""

    house: House
    submit: Submit

    async def check(self, request: web.Request) -> web.Response:
        read_query(request, Nothing)
        number = number_of(request)
        given = await read_body(request, FieldsGiven)
        values = _something(given)
        case = await self._case(request, given.item)
        await self.submit(
            check_of(
                number,
                case.channel,
                given.item,
                values,
                given.text.strip(),
                by=actor_of(request).login,
                at=self.house.clock.now(),
                as_written=given.as_written,
            )
        )
        return answer(await self._ticket(request, values))

    async def _case(self, request: web.Request, item: int | None) -> Case:
        """The complaint, if it still takes values, and if it is the one that the letter belongs to."""
        async with self.house.store.reading() as unit:
            case = await case_of(unit, request)
            if case.status in CLOSED:
                raise Problem(409, "closed")
            if item is not None:
                await _check_item(unit, case, LedgerId(item))
        return case

    async def _ticket(self, request: web.Request, values: Mapping[str, str]) -> Ticket:
        """As it is now; an item that was set aside, or a faster colleague, leaves other values there."""
        async with looking(self.house, request) as look:
            case = await case_of(look.unit, request)
            if any(case.record.value(name) != value for name, value in values.items()):
                raise Problem(409, "not_taken")
            return await whole_ticket(look, case, await look.at(case, "ticket"))

    def operations(self) -> tuple[Operation, ...]:
        return (
            Operation(
                method="POST",
                path="/complaints/{number}/fields",
                name="checkFields",
                right=Right.VERIFY,
                summary="Confirm or correct values of a complaint; those that a person gave stand above all others",
                handler=self.check,
                body=FieldsGiven,
                answer=Ticket,
                refusals=(409,),
            ),
        )


def _something(given: FieldsGiven) -> Mapping[str, str]:
    if not given.fields and not given.text.strip():
        raise Problem(422, "invalid", errors=[{"where": "fields", "why": "neither values nor text"}])
    return values_of(given)


async def _check_item(unit: Unit, case: Case, item: LedgerId) -> None:
    kept = await unit.scans.of_ledger(item)
    if kept is None or kept.complaint_id != case.id:
        raise Problem(422, "invalid", errors=[{"where": "item", "why": "no letter of this complaint"}])
