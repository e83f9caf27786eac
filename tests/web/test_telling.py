"""News for whoever came by the website or a counter: a page is no push, and nobody waits at a desk."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from channels.base import DeliveryReport, DeliveryState, OutboundKind, Receipt
from channels.forms import submission_of_form
from gateway.app import Gateway
from gateway.casework.clocks.proof import proven
from gateway.casework.lifecycle import Status
from gateway.casework.move import move
from gateway.delivery.outcome import NoWay, Sent
from gateway.delivery.reports import take_report
from gateway.delivery.settle import settle
from gateway.delivery.worker import DeliveryWorker
from gateway.house import House
from gateway.intake.inbox import GatewayInbox
from store.desk import ClockEvent
from store.values import Case, OutboxState, Parcel, Task

MATTER = "车险理赔拖了两个月还没赔，一直说在审核"
WHO = {"complainant_name": "王小明", "request": "尽快赔付"}


def reaching(gateway: Gateway, *channels: str) -> House:
    """The same house with these channels open; any telephone takes a text."""
    return replace(gateway.house, open_channels=frozenset({"web", "counter", *channels}), may_text=lambda _: True)


async def told(house: House, channel: str, **values: str) -> tuple[Case, str]:
    """Somebody complained; their case, and what they were told at once."""
    form = submission_of_form(channel, "visit", {**WHO, **values}, MATTER, (), token="1", at=house.clock.now())
    answer = await GatewayInbox(house).submit(form, speak_by=float("inf"))
    async with house.store.reading() as unit:
        [case] = await unit.complaints.search()
    return case, answer.text


async def news(gateway: Gateway, house: House, case: Case) -> list[Parcel]:
    """After the case moved and what could leave has left."""
    await move(house, case.number, Status.INVESTIGATING, note="", tell=True, actor="li.lei")
    worker = DeliveryWorker(house, {name: gateway.channels[name] for name in ("web", "counter")})
    while await worker.run_once():
        pass
    async with house.store.reading() as unit:
        return await unit.outbox.of_complaint(case.id)


async def test_the_receipt_on_the_page_is_also_a_short_notice_on_the_telephone(gateway: Gateway) -> None:
    house = reaching(gateway, "phone")
    case, text = await told(house, "web", phone="13812345678")
    assert "已受理" in text
    async with house.store.reading() as unit:
        [copy] = await unit.outbox.of_complaint(case.id)
    assert (copy.channel, copy.kind, copy.to.value) == ("phone", OutboundKind.COPY, "+8613812345678")
    assert case.number in copy.text
    assert copy.link.startswith("http://tousu.example.cn/progress?number=")
    for secret in ("王小明", "理赔", "赔付"):
        assert secret not in copy.text


async def test_news_lies_on_the_page_and_a_notice_leaves_by_mail(gateway: Gateway) -> None:
    house = reaching(gateway, "email")
    case, _ = await told(house, "web", email="wang@qq.com")
    _, page, notice = await news(gateway, house, case)
    assert (page.channel, page.state, page.via) == ("web", OutboxState.SENT, "page")
    assert (notice.channel, notice.kind) == ("email", OutboundKind.COPY)
    assert "/progress?" in notice.text
    assert "正在调查核实" in notice.text


async def test_where_no_way_is_open_the_news_stays_on_the_page(gateway: Gateway) -> None:
    house = reaching(gateway)
    case, _ = await told(house, "web", phone="13812345678")
    [page] = await news(gateway, house, case)
    assert page.state is OutboxState.SENT


async def test_who_came_to_a_counter_is_told_by_telephone(gateway: Gateway) -> None:
    house = reaching(gateway, "phone")
    case, _ = await told(house, "counter", phone="13812345678")
    _, desk, notice = await news(gateway, house, case)
    assert (desk.channel, desk.state) == ("counter", OutboxState.REROUTED)
    assert (notice.channel, notice.state) == ("phone", OutboxState.WAITING)


async def test_who_left_only_an_address_at_a_counter_gets_a_letter(gateway: Gateway) -> None:
    house = reaching(gateway, "letter")
    case, _ = await told(house, "counter", phone="13812345678", address="上海市徐汇区漕溪北路1号3单元501室")
    desk, letter = await news(gateway, replace(house, may_text=lambda _: False), case)
    assert desk.state is OutboxState.REROUTED
    assert (letter.channel, letter.context["name"]) == ("letter", "王小明")


async def test_who_left_no_way_at_a_counter_becomes_a_task_for_a_person(gateway: Gateway) -> None:
    house = reaching(gateway)
    case, _ = await told(house, "counter", phone="13812345678")
    [desk] = await news(gateway, house, case)
    assert desk.state is OutboxState.FAILED
    async with house.store.reading() as unit:
        assert [task.kind for task in await unit.tasks.list()] == ["delivery"]


async def test_who_can_get_nothing_in_writing_is_rung_up_with_the_news(gateway: Gateway) -> None:
    house = replace(reaching(gateway, "phone"), may_text=lambda _: False)
    case, _ = await told(house, "web", phone="13812345678")
    page, call = await news(gateway, house, case)
    assert page.state is OutboxState.SENT
    assert (call.channel, call.kind, call.to.value) == ("phone", OutboundKind.STATUS, "+8613812345678")
    assert "理赔" not in call.text


async def test_news_of_a_page_goes_out_once_however_often_it_is_settled(gateway: Gateway) -> None:
    house = reaching(gateway, "phone", "email")
    case, _ = await told(house, "web", phone="13812345678", email="wang@qq.com")
    _, page, notice = await news(gateway, house, case)
    assert notice.channel == "phone"
    still_claimed = replace(page, state=OutboxState.CLAIMED, via="", sent_at=None)
    await settle(house, still_claimed, Sent(Receipt(provider_id=page.id, via="page")))
    assert len(await parcels(house, case)) == 3


async def test_a_notice_whose_telephone_is_shut_goes_by_mail_and_then_to_a_person(gateway: Gateway) -> None:
    house = reaching(gateway, "phone", "email")
    case, _ = await told(house, "web", phone="13812345678", email="wang@qq.com")
    notice = (await news(gateway, house, case))[-1]
    await settle(house, notice, NoWay("blocked"))
    mail = (await parcels(house, case))[-1]
    assert (mail.channel, mail.kind) == ("email", OutboundKind.COPY)
    await settle(house, mail, NoWay("no such mailbox"))
    assert [(task.kind, task.reason) for task in await open_tasks(house)] == [("callback", "told_at_next_contact")]


async def test_whom_no_way_reaches_but_the_page_a_person_calls_once(gateway: Gateway) -> None:
    house = reaching(gateway)
    case, _ = await told(house, "web", phone="13812345678")
    await news(gateway, house, case)
    await move(house, case.number, Status.DECIDED, note="已赔付", tell=True, actor="li.lei")
    worker = DeliveryWorker(house, {"web": gateway.channels["web"]})
    while await worker.run_once():
        pass
    assert [task.kind for task in await open_tasks(house)] == ["callback"]


async def test_a_page_that_nobody_opened_is_no_proof_of_telling(gateway: Gateway) -> None:
    house = reaching(gateway)
    case, _ = await told(house, "web", phone="13812345678")
    [page] = await news(gateway, house, case)
    assert "told_at" not in (await proof_of(house, case, page)).facts
    assert (await proof_of(house, case, page)).facts["telling"] is True
    read_at = page.created_at + timedelta(days=2)
    await take_report(
        house, DeliveryReport(channel="web", state=DeliveryState.DELIVERED, at=read_at, outbound_id=page.id, reason="")
    )
    assert (await proof_of(house, case, page)).facts["told_at"] == read_at.isoformat()


async def test_the_notice_that_left_beside_an_unread_page_is_the_proof(gateway: Gateway) -> None:
    house = reaching(gateway, "email")
    case, _ = await told(house, "web", email="wang@qq.com")
    _, page, notice = await news(gateway, house, case)
    await settle(house, notice, Sent(Receipt(provider_id="m1")))
    assert (await proof_of(house, case, page)).facts["told_at"] == house.clock.now().isoformat()


async def parcels(house: House, case: Case) -> list[Parcel]:
    async with house.store.reading() as unit:
        return await unit.outbox.of_complaint(case.id)


async def open_tasks(house: House) -> list[Task]:
    async with house.store.reading() as unit:
        return list(await unit.tasks.list())


async def proof_of(house: House, case: Case, page: Parcel) -> ClockEvent:
    at = page.created_at
    event = ClockEvent(kind="extend", at=at, noted_at=at, by="li.na", facts={"parcel": page.id})
    async with house.store.reading() as unit:
        [shown] = await proven(unit, case, [event])
    return shown
