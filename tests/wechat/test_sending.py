"""How a message reaches a person: in the window, beyond it, and with what is kept back for the result."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from channels.base import OutboundKind
from channels.errors import Rejected, Retryable, Unreachable
from channels.wechat.simulator import Fault, Person
from channels.wechat.simulator.world import SUBSCRIPTION, TEMPLATE
from channels.wechat.templates import field_value
from normalizer.record import Contact, ContactKind
from tests.wechat.conftest import Builder, House
from tests.wechat.fakes import NUMBER

SEND = "message/custom/send"


def wrote(house: House) -> Person:
    person = house.simulator.person()
    person.wrote(house.clock.now())
    return person


def last(person: Person) -> str:
    return person.chat[-1].text


async def test_within_the_window_a_message_goes_by_customer_service(house: House) -> None:
    person = wrote(house)
    receipt = await house.channel.send(house.outbound(person, id="out-7"))
    assert (receipt.via, receipt.provider_id, receipt.delivered) == ("customer_service", "out-7", False)
    assert last(person) == f"您的投诉{NUMBER}已办结。"


async def test_answers_leave_two_messages_for_the_result(house: House) -> None:
    person = wrote(house)
    heard = {"last_heard_at": house.clock.now().isoformat()}
    for count in range(3):
        house.clock.advance(minutes=1)
        await house.channel.send(house.outbound(person, kind=OutboundKind.ANSWER, number="", context=heard))
        assert person.left(house.clock.now()) == 4 - count
    with pytest.raises(Unreachable) as raised:
        await house.channel.send(house.outbound(person, kind=OutboundKind.REMINDER, number="", context=heard))
    assert raised.value.until_contact
    assert house.simulator.calls(SEND) == 3
    for kind in (OutboundKind.RECEIPT, OutboundKind.STATUS):
        receipt = await house.channel.send(house.outbound(person, kind=kind, context=heard))
        assert receipt.via == "customer_service"
    assert person.left(house.clock.now()) == 0


async def test_the_next_message_of_the_person_opens_it_all_again(house: House) -> None:
    person = wrote(house)
    heard = {"last_heard_at": house.clock.now().isoformat()}
    for _ in range(5):
        await house.channel.send(house.outbound(person, context=heard))
    assert (await house.channel.send(house.outbound(person, context=heard))).via == "template"
    house.clock.advance(minutes=5)
    person.wrote(house.clock.now())
    assert (await house.channel.send(house.outbound(person))).via == "customer_service"


async def test_a_menu_click_opens_three_messages_for_a_minute(house: House) -> None:
    person = house.simulator.person()
    person.moved(house.clock.now())
    clicked = {"last_gesture_at": house.clock.now().isoformat()}
    for _ in range(3):
        receipt = await house.channel.send(house.outbound(person, kind=OutboundKind.ANSWER, context=clicked))
        assert receipt.via == "customer_service"
    assert (await house.channel.send(house.outbound(person, context=clicked))).via == "template"
    person.moved(house.clock.now())
    house.clock.advance(seconds=56)  # nearly over: on its way the minute would end
    late = {"last_gesture_at": (house.clock.now() - timedelta(seconds=56)).isoformat()}
    assert (await house.channel.send(house.outbound(person, context=late))).via == "template"


async def test_after_48_hours_a_template_carries_number_state_and_link(house: House) -> None:
    person = wrote(house)
    heard = {"last_heard_at": house.clock.now().isoformat()}
    house.clock.advance(hours=48)
    receipt = await house.channel.send(house.outbound(person, context=heard))
    assert receipt.via == "template"
    assert receipt.provider_id.isdigit()
    assert house.simulator.calls(SEND) == 0
    line = person.chat[-1]
    assert line.fields == {
        "character_string1": NUMBER,
        "thing2": "已办结",
        "thing3": "点击查看详情",
        "time4": "2026-11-25 09:30",
    }
    assert line.link == "https://tousu.example/progress"
    await house.simulator.settle()
    (report,) = house.inbox.reports
    assert report.provider_id == receipt.provider_id
    assert report.state == "delivered"


async def test_who_blocks_the_account_is_reported_as_blocked(house: House) -> None:
    person = house.simulator.person()
    person.blocks = True
    old = {"last_heard_at": (house.clock.now() - timedelta(days=3)).isoformat()}
    await house.channel.send(house.outbound(person, context=old))
    await house.simulator.settle()
    (report,) = house.inbox.reports
    assert report.blocked
    assert person.chat == []


async def test_without_a_template_a_granted_subscription_notice_is_used_once(build: Builder) -> None:
    house = await build(template_id="")
    person = house.simulator.person()
    house.simulator.grant(person.openid)
    old = {"last_heard_at": (house.clock.now() - timedelta(days=3)).isoformat()}
    receipt = await house.channel.send(house.outbound(person, context=old))
    assert receipt.via == "subscription"
    assert person.chat[-1].by == "subscription"
    await house.simulator.settle()
    assert [report.provider_id for report in house.inbox.reports] == [receipt.provider_id]
    with pytest.raises(Unreachable) as raised:
        await house.channel.send(house.outbound(person, context=old))
    assert raised.value.until_contact


async def test_who_unfollowed_is_reached_by_a_notice_or_not_at_all(house: House) -> None:
    person = wrote(house)
    person.following = False
    house.simulator.grant(person.openid)
    assert (await house.channel.send(house.outbound(person))).via == "subscription"
    assert [call.errcode for call in house.simulator.platform.calls if call.errcode] == [45015, 43004]
    with pytest.raises(Unreachable, match="43101"):
        await house.channel.send(house.outbound(person))


async def test_wechats_word_closes_the_window_until_the_person_writes(house: House) -> None:
    person = wrote(house)
    house.simulator.inject(Fault(endpoint=SEND, kind="errcode", code=45047))
    assert (await house.channel.send(house.outbound(person))).via == "template"
    house.clock.advance(minutes=1)
    still = {"last_heard_at": (house.clock.now() - timedelta(minutes=1)).isoformat()}
    assert (await house.channel.send(house.outbound(person, id="b", context=still))).via == "template"
    assert house.simulator.calls(SEND) == 1
    house.clock.advance(minutes=1)
    assert (await house.channel.send(house.outbound(person, id="c"))).via == "customer_service"


async def test_an_answer_about_no_case_never_goes_by_template(house: House) -> None:
    person = house.simulator.person()
    old = {"last_heard_at": (house.clock.now() - timedelta(days=3)).isoformat()}
    with pytest.raises(Unreachable):
        await house.channel.send(house.outbound(person, number="", context=old))
    assert house.simulator.platform.calls == []


async def test_somebody_who_is_no_openid_of_ours_is_not_tried_three_ways(house: House) -> None:
    stranger = Contact(kind=ContactKind.OPENID, value="oUnknown")
    with pytest.raises(Unreachable) as raised:
        await house.channel.send(house.outbound(house.simulator.person(), to=stranger))
    assert not raised.value.until_contact
    assert house.simulator.calls(SEND) == 1
    assert house.simulator.calls("message/template/send") == 0
    with pytest.raises(Rejected):
        await house.channel.send(
            house.outbound(house.simulator.person(), to=Contact(kind=ContactKind.PHONE, value="1"))
        )


async def test_sends_that_failed_do_not_use_up_the_window(house: House) -> None:
    person = wrote(house)
    house.simulator.inject(Fault(endpoint=SEND, kind="http", code=503, times=6))
    for _ in range(6):
        with pytest.raises(Retryable):
            await house.channel.send(house.outbound(person))
    assert (await house.channel.send(house.outbound(person))).via == "customer_service"


async def test_many_at_once_to_one_person_keep_the_count(house: House) -> None:
    person = wrote(house)
    sends = [house.channel.send(house.outbound(person, id=f"out-{n}")) for n in range(7)]
    receipts = await asyncio.gather(*sends)
    assert sorted(receipt.via for receipt in receipts) == ["customer_service"] * 5 + ["template"] * 2


async def test_without_a_known_contact_wechat_itself_decides(house: House) -> None:
    person = wrote(house)
    assert (await house.channel.send(house.outbound(person, context={}))).via == "customer_service"
    stranger = house.simulator.person()
    assert (await house.channel.send(house.outbound(stranger, context={}))).via == "template"


async def test_a_long_answer_comes_in_parts_each_once_even_over_a_retry(house: House) -> None:
    person = wrote(house)
    text = "".join(f"这是第{count}句很长的话。" for count in range(130))
    outbound = house.outbound(person, text=text)
    real = house.channel.api.send_text
    sent: list[str] = []

    async def second_fails(openid: str, part: str) -> None:
        sent.append(part)
        if len(sent) == 2:
            raise Retryable("line down")
        await real(openid, part)

    house.channel.api.send_text = second_fails  # type: ignore[method-assign,assignment]  # a line that breaks between two parts
    with pytest.raises(Retryable):
        await house.channel.send(outbound)
    again = house.outbound(person, id=outbound.id, text=text, attempt=2)
    await house.channel.send(again)
    assert "".join(line.text for line in person.chat) == text


async def test_a_book_of_an_answer_ends_in_an_ellipsis_after_four_parts(house: House) -> None:
    person = wrote(house)
    await house.channel.send(house.outbound(person, text="这是一句话。" * 1_000))
    assert len(person.chat) == 4
    assert last(person).endswith("。…")


async def test_a_template_that_may_have_arrived_is_shown_once(house: House) -> None:
    person = house.simulator.person()
    old = {"last_heard_at": (house.clock.now() - timedelta(days=3)).isoformat()}
    outbound = house.outbound(person, context=old)
    house.simulator.inject(Fault(endpoint="message/template/send", kind="drop"))
    with pytest.raises(Retryable):
        await house.channel.send(outbound)
    assert (await house.channel.send(outbound)).via == "template"
    assert len(person.chat) == 1


async def test_the_ledger_names_no_openid(house: House) -> None:
    person = wrote(house)
    await house.channel.send(house.outbound(person))
    assert not [key for key in house.memory.values if person.openid in key]


@pytest.mark.parametrize(
    ("name", "value", "held"),
    [
        ("thing2", "处" * 30, "处" * 19 + "…"),
        ("thing2", "第一行\n第二行", "第一行 第二行"),
        ("thing2", "好消息😀🎉", "好消息"),
        ("thing2", "", "-"),
        ("phrase3", "调查核实中间", "调查核实…"),
        ("character_string1", "TS26112300001号", "TS26112300001"),
        ("keyword1", "处" * 30, "处" * 19 + "…"),
    ],
)
def test_a_template_field_holds_what_its_type_takes(name: str, value: str, held: str) -> None:
    assert field_value(name, value) == held


async def test_the_menu_is_published_with_our_three_keys(house: House) -> None:
    await house.channel.publish_menu()
    buttons = house.simulator.platform.menu["button"]
    assert [(one["name"], one["key"]) for one in buttons] == [
        ("我要投诉", "COMPLAINT"),
        ("查询进度", "PROGRESS"),
        ("人工服务", "HUMAN"),
    ]
    assert TEMPLATE != SUBSCRIPTION


async def test_what_is_noted_of_a_person_is_kept_no_longer_than_it_counts(house: House) -> None:
    person = wrote(house)
    await house.channel.send(house.outbound(person, text="赔" * 1500))
    kept = {key.partition(":")[0]: keep for key, keep in house.memory.kept.items() if not key.startswith("token")}
    assert kept == {"quota": timedelta(hours=48), "parts": timedelta(days=7)}
