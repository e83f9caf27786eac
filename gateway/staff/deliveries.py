"""Deliveries: what was sent to the customer of a complaint, and how each of it stands at its destination."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from aiohttp import web

from gateway.house import House
from gateway.staff.actor import Right
from gateway.staff.answering import answer
from gateway.staff.looking import case_of, looking
from gateway.staff.masking import Mask
from gateway.staff.operation import Operation
from gateway.staff.reading import read_query
from gateway.staff.shapes import Deliveries as Shown
from gateway.staff.shapes import DeliveryShown, To, Unmask
from store.values import Parcel


@dataclass(frozen=True, slots=True)
class Deliveries:
    """The part of the API that is about messages to customers."""

    house: House

    async def list(self, request: web.Request) -> web.Response:
        asked = read_query(request, Unmask)
        async with looking(self.house, request, asked.unmask) as look:
            case = await case_of(look.unit, request)
            mask = await look.at(case, "deliveries")
            parcels = await look.unit.outbox.of_complaint(case.id)
        return answer(Shown(items=await asyncio.to_thread(_shown, parcels, mask)))

    def operations(self) -> tuple[Operation, ...]:
        return (
            Operation(
                method="GET",
                path="/complaints/{number}/deliveries",
                name="listDeliveries",
                right=Right.SEE,
                summary="Messages of a complaint with their state at each destination, in the order they were put",
                handler=self.list,
                query=Unmask,
                answer=Shown,
            ),
        )


def _shown(parcels: Sequence[Parcel], mask: Mask) -> list[DeliveryShown]:
    return [delivery(parcel, mask) for parcel in parcels]


def delivery(parcel: Parcel, mask: Mask) -> DeliveryShown:
    return DeliveryShown(
        id=parcel.id,
        channel=parcel.channel,
        to=To(kind=parcel.to.kind.value, value=mask.contact(parcel.to)),
        kind=parcel.kind,
        state=parcel.state,
        text=mask.text(parcel.text),
        subject=mask.text(parcel.subject),
        created_at=parcel.created_at,
        next_at=parcel.next_at,
        sent_at=parcel.sent_at,
        attempts=parcel.attempts,
        provider_id=parcel.provider_id,
        via=parcel.via,
        error=mask.text(parcel.error),
    )
