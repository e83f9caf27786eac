"""What a provider says later about a message: believed, and never a step backwards."""

from __future__ import annotations

import structlog

from channels.base import DeliveryReport, DeliveryState
from gateway.delivery.outcome import NoWay
from gateway.delivery.settle import give_up, settle
from gateway.house import House
from store.unit import Unit
from store.values import OutboxState, Parcel

log = structlog.get_logger(__name__)

FINAL = frozenset({OutboxState.FAILED, OutboxState.REROUTED})


async def take_report(house: House, report: DeliveryReport) -> None:
    """Delivered is proof; failed sends the message another way, or to staff. A second report changes nothing."""
    async with house.store.unit() as unit:
        parcel = await _find(unit, report)
        if parcel is None or parcel.state in FINAL:
            log.info("report_without_parcel", channel=report.channel, state=report.state)
            return
        if report.state is DeliveryState.DELIVERED:
            await unit.outbox.set_state(parcel.id, OutboxState.DELIVERED)
            await _note(unit, parcel, report)
        elif report.state is DeliveryState.FAILED and not report.blocked:
            await give_up(unit, parcel, report.at, report.reason)
        await unit.commit()
    if report.state is DeliveryState.FAILED and report.blocked:
        await settle(house, parcel, NoWay(report.reason))


async def _find(unit: Unit, report: DeliveryReport) -> Parcel | None:
    if report.outbound_id:
        return await unit.outbox.get(report.outbound_id)
    return await unit.outbox.by_provider_id(report.channel, report.provider_id)


async def _note(unit: Unit, parcel: Parcel, report: DeliveryReport) -> None:
    if parcel.complaint_id is not None:
        facts = {"parcel": parcel.id, "channel": parcel.channel, "what": "delivered"}
        await unit.timeline.add(
            parcel.complaint_id, at=report.at, kind="delivery", actor=report.channel, text="delivered", data=facts
        )
