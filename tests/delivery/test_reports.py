"""A provider's report counts whenever it comes, and only once."""

from __future__ import annotations

import asyncio

import pytest

from channels.base import DeliveryReport, DeliveryState
from gateway.delivery.reports import take_early_reports, take_report
from normalizer.record import Field, Method
from store.values import OutboxState
from tests.delivery.post import Office
from tests.store.things import NOW, RECORD

REACHABLE = RECORD.with_field("email", Field(value="wang@example.com", method=Method.ANSWER))


def report(state: DeliveryState, *, blocked: bool = False, id: str = "at-provider-p1") -> DeliveryReport:
    return DeliveryReport(channel="wechat", state=state, at=NOW, provider_id=id, reason="user block", blocked=blocked)


@pytest.mark.parametrize(
    ("said", "becomes"),
    [(DeliveryState.FAILED, OutboxState.FAILED), (DeliveryState.DELIVERED, OutboxState.DELIVERED)],
)
async def test_a_report_that_is_faster_than_our_own_note_is_not_lost(
    office: Office, said: DeliveryState, becomes: OutboxState
) -> None:
    await office.news()
    await take_report(office.house, report(said))

    await office.deliver()

    assert (await office.parcel("p1")).state is becomes


async def test_delivered_is_not_lowered_to_sent(office: Office) -> None:
    await office.news()
    async with office.store.unit() as unit:
        await unit.outbox.claim(office.now, lease=office.now - office.now, limit=1, channels=("wechat",))
        await unit.outbox.set_state("p1", OutboxState.DELIVERED)
        await unit.outbox.sent("p1", provider_id="m1", via="smtp", at=office.now)
        await unit.commit()
    found = await office.parcel("p1")
    assert (found.state, found.provider_id, found.via) == (OutboxState.DELIVERED, "m1", "smtp")


async def test_a_message_whose_sender_died_is_known_by_the_id_that_its_report_names(office: Office) -> None:
    """Else the carrier's books would hold a message that we say we never sent."""
    await office.news()
    told = DeliveryReport(
        channel="wechat", state=DeliveryState.DELIVERED, at=NOW, provider_id="at-provider", outbound_id="p1"
    )
    await take_report(office.house, told)
    found = await office.parcel("p1")
    assert (found.state, found.provider_id) == (OutboxState.DELIVERED, "at-provider")


async def test_two_copies_of_a_report_send_the_message_another_way_once(office: Office) -> None:
    case, _ = await office.news(record=REACHABLE)
    await office.deliver()

    await asyncio.gather(*[take_report(office.house, report(DeliveryState.FAILED, blocked=True)) for _ in range(4)])

    async with office.store.reading() as unit:
        channels = [one.channel for one in await unit.outbox.of_complaint(case.id)]
    assert channels == ["wechat", "email"]


async def test_two_copies_of_a_failure_are_one_task(office: Office) -> None:
    await office.news(conversation_id=None)
    await office.deliver()
    await asyncio.gather(*[take_report(office.house, report(DeliveryState.FAILED)) for _ in range(4)])
    assert [task.reason for task in await office.tasks()] == ["not_delivered"]


async def test_a_report_about_nobodys_message_is_forgotten_in_time(office: Office) -> None:
    await take_report(office.house, report(DeliveryState.FAILED, id="never-ours"))
    await take_early_reports(office.house, "wechat", "never-ours")
    async with office.store.unit() as unit:
        assert len(await unit.reports.of("wechat", "never-ours")) == 1
        assert await unit.reports.forget(NOW) == 0
        office.clock.advance(days=3)
        assert await unit.reports.forget(office.now) == 1
