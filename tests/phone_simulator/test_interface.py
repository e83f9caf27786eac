"""The platform's interface: logins, text messages, lists, recordings of calls, and ordered troubles."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from aiohttp import ClientError, ClientSession

from channels.phone.simulator import Fault, PhoneSimulator
from channels.phone.simulator.faults import Kind
from channels.phone.simulator.values import KEPT, remember
from tests.clock import SetClock
from tests.phone_simulator.conftest import Api, basic
from tests.phone_simulator.server import Customer

MOBILE = "+85261234567"
OURS = "+85230001234"


async def text(api: Api, to: str = MOBILE, body: str = "您的投诉TS1已办结。", **more: str) -> tuple[int, Any]:
    return await api.post("Messages.json", To=to, From=OURS, Body=body, **more)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"Authorization": "Bearer x"}, 401),
        ({"Authorization": "Basic ???"}, 401),
        (basic("SK1", "wrong"), 401),
        (basic("SK2", "key-secret"), 401),
        (basic("SK1", "key-secret"), 200),
    ],
)
async def test_only_the_account_and_its_keys_get_in(api: Api, headers: dict[str, str], status: int) -> None:
    async with ClientSession(headers=headers) as session:
        got = await Api(session=session, base=api.base, account=api.account).get("Messages.json")
    assert got[0] == status


async def test_another_account_is_not_found(api: Api) -> None:
    assert (await api.get("/2010-04-01/Accounts/ACother/Messages.json"))[1]["code"] == 20404


async def test_a_text_message_is_sent_and_delivered(simulator: PhoneSimulator, customer: Customer, api: Api) -> None:
    customer.lay("/message", "")
    status, message = await text(api, StatusCallback=f"{customer.url}/message")
    assert (status, message["status"], message["date_created"]) == (201, "queued", "Mon, 23 Nov 2026 01:30:00 +0000")
    await simulator.settle()
    assert [told["MessageStatus"] for told in customer.all("/message")] == ["sent", "delivered"]
    assert customer.last("/message")["MessageSid"] == message["sid"]
    (sms,) = simulator.sms_of(MOBILE)
    assert (sms.sid, sms.body, sms.status) == (message["sid"], "您的投诉TS1已办结。", "delivered")
    assert (await api.get(f"Messages/{sms.sid}.json"))[1]["status"] == "delivered"
    assert (await api.get("Messages/SMnone.json"))[0] == 404


async def test_news_of_a_text_message_may_come_late_twice_or_never(
    simulator: PhoneSimulator, customer: Customer, api: Api
) -> None:
    customer.lay("/message", "")
    simulator.habits.sms_news = ["delivered", "sent", "delivered"]
    await text(api, StatusCallback=f"{customer.url}/message")
    await simulator.settle()
    assert [told["MessageStatus"] for told in customer.all("/message")] == ["delivered", "sent", "delivered"]
    assert simulator.sms_of(MOBILE)[0].status == "delivered"
    simulator.habits.sms_news = []
    await text(api, StatusCallback=f"{customer.url}/message")
    await simulator.settle()
    assert len(customer.all("/message")) == 3
    assert simulator.sms_of(MOBILE)[1].status == "delivered"


@pytest.mark.parametrize(
    ("to", "body", "code"),
    [
        ("+85261230001", "x", 21211),
        ("abc", "x", 21211),
        ("", "x", 21604),
        (MOBILE, "", 21602),
        (MOBILE, "长" * 1601, 21617),
        ("+85221234567", "x", 21614),
        ("+862161234567", "x", 21614),
        ("+85267654321", "x", 21610),
    ],
)
async def test_a_text_message_that_can_never_arrive_is_refused(
    simulator: PhoneSimulator, api: Api, to: str, body: str, code: int
) -> None:
    simulator.habits.opted_out.add("+85267654321")
    status, refused = await text(api, to=to, body=body)
    assert (status, refused["code"]) == (400, code)
    assert set(refused) == {"code", "message", "more_info", "status"}


async def test_a_sender_that_is_not_ours_and_a_region_that_is_closed_are_refused(
    simulator: PhoneSimulator, api: Api
) -> None:
    assert (await api.post("Messages.json", To=MOBILE, From="+1555", Body="x"))[1]["code"] == 21606
    assert (await api.post("Messages.json", To=MOBILE, Body="x"))[1]["code"] == 21603
    simulator.habits.no_sms_to = ("+852",)
    assert (await text(api))[1]["code"] == 21408


@pytest.mark.parametrize(
    ("body", "state"),
    [
        ("您的投诉TS26112300001：已办结", "delivered"),
        ("您的投诉TS26112300001：已办结 https://tousu.example/progress", "undelivered"),
        ("恭喜您中奖", "undelivered"),
    ],
)
async def test_to_the_mainland_only_approved_templates_without_links_arrive(
    simulator: PhoneSimulator, customer: Customer, api: Api, body: str, state: str
) -> None:
    customer.lay("/message", "")
    simulator.habits.sms_templates = ["您的投诉{number}：{status}"]
    status, message = await text(api, to="+8613812345678", body=body, StatusCallback=f"{customer.url}/message")
    assert status == 201
    await simulator.settle()
    assert simulator.sms_of("+8613812345678")[0].status == state
    told = customer.last("/message")
    assert told["MessageStatus"] == state
    assert told.get("ErrorCode", "") == ("30007" if state == "undelivered" else "")
    code = (await api.get(f"Messages/{message['sid']}.json"))[1]["error_code"]
    assert code == (30007 if state == "undelivered" else None)


async def test_a_list_has_pages_the_newest_first(simulator: PhoneSimulator, api: Api, clock: SetClock) -> None:
    for number in range(5):
        await text(api, body=f"第{number}条")
        clock.advance(minutes=10)
    await text(api, to="+85269999999")
    _, first = await api.get("Messages.json", To=MOBILE, PageSize="3")
    assert [message["body"] for message in first["messages"]] == ["第4条", "第3条", "第2条"]
    _, second = await api.get(first["next_page_uri"])
    assert [message["body"] for message in second["messages"]] == ["第1条", "第0条"]
    assert second["next_page_uri"] is None
    _, since = await api.get("Messages.json", **{"To": MOBILE, "DateSent>": "2026-11-23T01:50:00Z"})
    assert len(since["messages"]) == 3
    _, before = await api.get("Messages.json", **{"To": MOBILE, "DateSent<": "2026-11-23T01:35:00Z"})
    assert [message["body"] for message in before["messages"]] == ["第0条"]
    assert len((await api.get("Messages.json", DateSent="2026-11-23"))[1]["messages"]) == 6
    assert (await api.get("Messages.json", PageSize="many"))[0] == 400
    await simulator.settle()


async def test_calls_can_be_listed_and_looked_up(
    simulator: PhoneSimulator, customer: Customer, api: Api, clock: SetClock
) -> None:
    customer.lay("/call", "<Gather/>")
    first = await simulator.call("+85251110000")
    await first.hang_up()
    clock.advance(hours=1)
    second = await simulator.call("+85251112222")
    _, page = await api.get("Calls.json", **{"StartTime>": "2026-11-23T02:00:00Z"})
    assert [call["sid"] for call in page["calls"]] == [second.sid]
    _, page = await api.get("Calls.json", From="+85251110000")
    assert [(call["status"], call["duration"]) for call in page["calls"]] == [("completed", "0")]
    _, fetched = await api.get(f"Calls/{second.sid}.json")
    assert (fetched["status"], fetched["duration"], fetched["direction"]) == ("in-progress", None, "inbound")
    assert fetched["start_time"] == "Mon, 23 Nov 2026 02:30:00 +0000"
    assert (await api.get("Calls/CAnone.json"))[0] == 404


async def test_a_whole_call_is_recorded_until_it_is_stopped(
    simulator: PhoneSimulator, customer: Customer, api: Api, clock: SetClock
) -> None:
    customer.lay("/call", "<Gather/>")
    customer.lay("/recording", "")
    call = await simulator.call("+85251110000")
    path = f"Calls/{call.sid}/Recordings"
    status, tape = await api.post(f"{path}.json", RecordingStatusCallback=f"{customer.url}/recording")
    assert (status, tape["status"], tape["source"]) == (201, "in-progress", "StartCallRecordingAPI")
    clock.advance(seconds=9)
    assert (await api.post(f"{path}/Twilio.CURRENT.json", Status="paused"))[1]["status"] == "paused"
    status, stopped = await api.post(f"{path}/Twilio.CURRENT.json", Status="stopped")
    assert (status, stopped["duration"]) == (200, "9")
    await simulator.settle()
    assert customer.last("/recording")["RecordingStatus"] == "completed"
    assert (await api.post(f"{path}/Twilio.CURRENT.json", Status="stopped"))[0] == 404
    assert (await api.post(f"{path}/{tape['sid']}.json", Status="sideways"))[0] == 404


async def test_a_recording_ends_with_its_call_and_can_be_deleted(
    simulator: PhoneSimulator, customer: Customer, api: Api, clock: SetClock
) -> None:
    customer.lay("/call", "<Gather/>")
    customer.lay("/recording", "")
    call = await simulator.call("+85251110000")
    _, tape = await api.post(f"Calls/{call.sid}/Recordings.json", RecordingStatusCallback=f"{customer.url}/recording")
    clock.advance(seconds=5)
    await call.hang_up()
    await simulator.settle()
    assert customer.last("/recording")["RecordingDuration"] == "5"
    _, page = await api.get("Recordings.json", CallSid=call.sid)
    assert [one["sid"] for one in page["recordings"]] == [tape["sid"]]
    assert (await api.post(f"Calls/{call.sid}/Recordings.json"))[1]["code"] == 21220
    assert (await api.ask("DELETE", f"Recordings/{tape['sid']}.json"))[0] == 204
    assert (await api.ask("DELETE", f"Recordings/{tape['sid']}.json"))[0] == 404
    assert (await api.get(f"Recordings/{tape['sid']}.mp3"))[0] == 404


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        (Fault(endpoint="Messages", kind="http_429"), 429, 20429),
        (Fault(endpoint="POST Messages", kind="http_401"), 401, 20003),
        (Fault(endpoint="Messages.json", kind="error_code", code=21612), 400, 21612),
    ],
)
async def test_a_refusal_can_be_ordered_so_many_times(
    simulator: PhoneSimulator, api: Api, fault: Fault, status: int, code: int
) -> None:
    simulator.inject(fault)
    got, refused = await text(api)
    assert (got, refused["code"]) == (status, code)
    assert (await text(api))[0] == 201
    await simulator.settle()
    assert len(simulator.sms_of(MOBILE)) == 1


@pytest.mark.parametrize(("kind", "status"), [("http_500", 500), ("garbage_in_200", 200)])
async def test_a_page_can_come_in_place_of_an_answer(
    simulator: PhoneSimulator, api: Api, kind: Kind, status: int
) -> None:
    simulator.inject(Fault(endpoint="*", kind=kind, times=2))
    for _ in range(2):
        got, page = await text(api)
        assert (got, page[:6]) == (status, b"<html>")
    assert simulator.sms_of(MOBILE) == []


async def test_a_message_may_be_taken_though_the_line_breaks(simulator: PhoneSimulator, api: Api) -> None:
    simulator.inject(Fault(endpoint="Messages", kind="drop_connection"))
    with pytest.raises(ClientError):
        await text(api)
    assert len(simulator.sms_of(MOBILE)) == 1


@pytest.mark.parametrize(("kind", "taken"), [("timeout_after_acceptance", 1), ("slow_drip", 0)])
async def test_an_answer_may_never_come_to_its_end(simulator: PhoneSimulator, api: Api, kind: Kind, taken: int) -> None:
    simulator.inject(Fault(endpoint="Messages", kind=kind))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3):
            await text(api)
    assert len(simulator.sms_of(MOBILE)) == taken


async def test_everything_asked_of_the_interface_is_written_down(simulator: PhoneSimulator, api: Api) -> None:
    await text(api)
    await simulator.settle()
    (asked,) = simulator.lines
    assert (asked.kind, asked.method, asked.status, asked.params["To"]) == ("rest", "POST", 201, MOBILE)


async def test_ids_are_the_platforms_shape_and_never_twice_the_same(simulator: PhoneSimulator, api: Api) -> None:
    sids = [str((await text(api))[1]["sid"]) for _ in range(3)]
    assert len(set(sids)) == 3
    assert all(sid[:2] == "SM" and len(sid) == 34 and int(sid[2:], 16) for sid in sids)
    await simulator.settle()


async def test_the_same_hour_gives_the_same_ids_and_another_hour_others() -> None:
    clock = SetClock()
    first, second = PhoneSimulator(clock=clock), PhoneSimulator(clock=clock)
    assert first.exchange.ids.new("CA") == second.exchange.ids.new("CA")
    clock.advance(seconds=1)
    assert PhoneSimulator(clock=clock).exchange.ids.new("CA") != second.exchange.ids.new("CA")


def test_only_so_much_is_remembered() -> None:
    entries: list[int] = []
    for number in range(KEPT + 3):
        remember(entries, number)
    assert (len(entries), entries[0]) == (KEPT, 3)
