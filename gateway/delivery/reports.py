"""What a provider says later about a message: believed, and never a step backwards."""

from __future__ import annotations

import structlog

from channels.base import DeliveryReport, DeliveryState
from gateway.delivery.outcome import NoWay
from gateway.delivery.settle import give_up, write_down
from gateway.house import House
from store.unit import Unit
from store.values import EarlyReport, OutboxState, Parcel

log = structlog.get_logger(__name__)

LONGEST_ID = 998  # of a Message-ID, RFC 5322 2.1.1
FINAL = frozenset({OutboxState.FAILED, OutboxState.REROUTED})


async def take_report(house: House, report: DeliveryReport) -> None:
    """Delivered is proof; failed sends the message another way, or to staff. A second report changes nothing.

    A report can be faster than our own note of the provider's id. It is kept then, and looked for after that note is
    committed (``take_early_reports``); we look for the note once more after the report is. One of us sees the other.
    """
    if await _take(house, report) or not 0 < len(report.provider_id) <= LONGEST_ID:
        return
    async with house.store.unit() as unit:
        await unit.reports.keep(_early(report))
        await unit.commit()
    if not await _take(house, report):
        log.info("report_kept", channel=report.channel, state=report.state)


async def take_early_reports(house: House, channel: str, provider_id: str) -> None:
    """After a message was settled: what its provider had said of it before."""
    async with house.store.reading() as unit:
        early = await unit.reports.of(channel, provider_id)
    for report in early:
        await _take(house, _again(report))


async def _take(house: House, report: DeliveryReport) -> bool:
    """In one transaction with the parcel locked: two copies of a report send a message another way once. Known?"""
    async with house.store.unit() as unit:
        parcel = await _find(unit, report)
        if parcel is None:
            return False
        if not parcel.provider_id and report.provider_id:  # we died before we could note it
            await unit.outbox.note_provider_id(parcel.id, report.provider_id)
        if parcel.state not in FINAL:
            await _believe(house, unit, parcel, report)
        await unit.commit()
        return True


async def _believe(house: House, unit: Unit, parcel: Parcel, report: DeliveryReport) -> None:
    match report.state:
        case DeliveryState.DELIVERED if parcel.state is not OutboxState.DELIVERED:
            await unit.outbox.set_state(parcel.id, OutboxState.DELIVERED)
            await _note(unit, parcel, report)
        case DeliveryState.FAILED if report.blocked:
            await write_down(house, unit, parcel, NoWay(report.reason))
        case DeliveryState.FAILED:
            await give_up(unit, parcel, report.at, report.reason)


async def _find(unit: Unit, report: DeliveryReport) -> Parcel | None:
    """The message, locked after its conversation, as everybody does."""
    if report.outbound_id:
        found = await unit.outbox.get(report.outbound_id)
    else:
        found = await unit.outbox.by_provider_id(report.channel, report.provider_id)
    if found is None:
        return None
    if found.conversation_id is not None:
        await unit.conversations.get(found.conversation_id, lock=True)
    return await unit.outbox.get(found.id, lock=True)


def _early(report: DeliveryReport) -> EarlyReport:
    return EarlyReport(
        channel=report.channel,
        provider_id=report.provider_id,
        state=report.state,
        at=report.at,
        reason=report.reason,
        blocked=report.blocked,
    )


def _again(early: EarlyReport) -> DeliveryReport:
    return DeliveryReport(
        channel=early.channel,
        provider_id=early.provider_id,
        state=DeliveryState(early.state),
        at=early.at,
        reason=early.reason,
        blocked=early.blocked,
    )


async def _note(unit: Unit, parcel: Parcel, report: DeliveryReport) -> None:
    if parcel.complaint_id is not None:
        facts = {"parcel": parcel.id, "channel": parcel.channel, "what": "delivered"}
        await unit.timeline.add(
            parcel.complaint_id, at=report.at, kind="delivery", actor=report.channel, text="delivered", data=facts
        )
