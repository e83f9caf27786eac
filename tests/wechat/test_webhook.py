"""WeChat calls, somebody waits for an answer, and sometimes nothing goes well."""

from __future__ import annotations

import asyncio
from urllib.parse import urlencode

import pytest

from channels.base import Answer, AnswerKind, DeliveryState
from channels.wechat.reply import LIMIT
from channels.wechat.simulator.letters import letter
from channels.wechat.webhook import Pace
from normalizer.record import Gesture
from tests.clock import MONDAY_MORNING
from tests.wechat.conftest import Builder, House
from tests.wechat.fakes import say, until

QUICK = Pace(read=0.5, speak=0.2, retry=0.01, hold=0.4)


@pytest.mark.parametrize("mode", ["safe", "compatible", "plain"])
async def test_a_person_writes_and_reads_the_answer_in_every_mode(build: Builder, mode: str) -> None:
    house = await build(mode=mode)
    person = house.simulator.person()
    pushed = await house.simulator.push_text(person.openid, "我要投诉你们理赔太慢")
    assert pushed.statuses == (200,)
    assert pushed.reply == "您好，请问您要投诉什么事？"
    assert [line.by for line in house.simulator.chat_of(person.openid)] == ["person", "passive"]
    assert house.inbox.only.text == "我要投诉你们理赔太慢"
    assert house.inbox.only.sender.value == person.openid
    assert house.inbox.only.received_at == MONDAY_MORNING
    assert (b"<Encrypt>" in pushed.bodies[0]) is (mode != "plain")


async def test_every_kind_of_message_gets_through(house: House) -> None:
    simulator, openid = house.simulator, house.simulator.person().openid
    media = simulator.upload_media(b"\xff\xd8\xffpicture")
    pushed = [
        await simulator.push_image(openid, media),
        await simulator.push_voice(openid, media, recognition="我要投诉"),
        await simulator.push_voice(openid, media),
        await simulator.push_video(openid, media),
        await simulator.push_video(openid, media, short=True),
        await simulator.push_location(openid, "上海", 31.2, 121.4),
        await simulator.push_link(openid, "新闻", "http://x.example/"),
        await simulator.push_file(openid, "保单.pdf"),
        await simulator.click(openid, "COMPLAINT"),
        await simulator.follow(openid, scene="branch-12"),
    ]
    assert all(one.reply for one in pushed)
    silent = [
        await simulator.unfollow(openid),
        await simulator.push_event(openid, "LOCATION", Latitude=31.2, Longitude=121.4, Precision=10),
        await simulator.push_event(openid, "something_new", Data={"Part": ["a", "b"]}),
    ]
    assert [one.bodies for one in silent] == [(b"success",)] * 3
    assert len(house.inbox.stored) == 13
    assert not any(submission.unreadable for submission in house.inbox.stored.values())


async def test_an_item_delivered_again_gets_the_very_same_bytes(house: House) -> None:
    openid = house.simulator.person().openid
    first = await house.simulator.push_text(openid, "催一下", msg_id="23000")
    house.clock.advance(seconds=5)
    second = await house.simulator.push_text(openid, "催一下", msg_id="23000")
    house.clock.advance(seconds=5)
    third = await house.simulator.push_text(openid, "催一下", msg_id="23000")
    assert first.reply
    assert first.bodies == second.bodies == third.bodies
    assert len(house.inbox.stored) == 1
    assert house.inbox.only.received_at == MONDAY_MORNING
    other = await house.simulator.push_text(openid, "催一下", msg_id="23001")
    assert other.bodies != first.bodies


async def test_an_answer_for_later_or_none_is_success(house: House) -> None:
    openid = house.simulator.person().openid
    for kind in (AnswerKind.QUEUED, AnswerKind.SILENT):
        answer = Answer(kind=kind, text="later")
        house.inbox.answer = lambda _, answer=answer: answer  # type: ignore[misc]  # a lambda's default has no type
        pushed = await house.simulator.push_text(openid, "你好")
        assert pushed.bodies == (b"success",)


async def test_a_slow_commit_is_waited_for_by_the_next_delivery(build: Builder) -> None:
    """WeChat cuts the line; the redelivery joins the same work: stored once, answered once."""
    house = await build(cut_off=0.15, pace=Pace(read=1, speak=2, retry=0.01, hold=3))
    house.inbox.gate = asyncio.Event()
    openid = house.simulator.person().openid
    pushing = asyncio.create_task(house.simulator.push_text(openid, "很急"))
    await house.inbox.entered.wait()
    await until(lambda: house.channel.webhooks[0].in_flight >= 2)
    house.inbox.gate.set()
    pushed = await pushing
    assert pushed.statuses[0] == 0
    assert pushed.statuses[-1] == 200
    assert pushed.reply == "您好，请问您要投诉什么事？"
    assert house.inbox.submits == 1
    assert len(house.inbox.stored) == 1


async def test_never_success_before_the_item_is_stored(build: Builder) -> None:
    house = await build(cut_off=0.05, pace=QUICK)
    house.inbox.gate = asyncio.Event()
    pushed = await house.simulator.push_text(house.simulator.person().openid, "很急")
    assert pushed.statuses == (0, 0, 0, 0)
    assert pushed.broken
    house.inbox.gate.set()
    await house.channel.aclose()
    assert len(house.inbox.stored) == 1  # and not lost: it was stored after all


async def test_a_hiccup_of_the_database_is_not_felt(build: Builder) -> None:
    house = await build(pace=QUICK)
    house.inbox.failures = 2
    pushed = await house.simulator.push_text(house.simulator.person().openid, "你好")
    assert pushed.statuses == (200,)
    assert pushed.reply
    assert house.inbox.submits == 3


async def test_while_nothing_can_be_stored_wechat_is_made_to_deliver_again(build: Builder) -> None:
    house = await build(cut_off=0.1, pace=Pace(read=1, speak=0.1, retry=0.02, hold=0.15))
    house.inbox.failures = 10**6
    openid = house.simulator.person().openid
    pushing = asyncio.create_task(house.simulator.push_text(openid, "很急"))
    await house.inbox.entered.wait()
    await asyncio.sleep(0.12)  # past the first cut-off, as a database that comes back
    house.inbox.failures = 0
    pushed = await pushing
    assert pushed.statuses[0] == 0
    assert pushed.statuses[-1] == 200
    assert len(house.inbox.stored) == 1


async def test_a_caller_more_patient_than_wechat_reads_503(build: Builder) -> None:
    house = await build(cut_off=5, pace=QUICK)
    house.inbox.failures = 10**6
    query, body = house.simulator.pusher.pack("oP", letter({"MsgType": "text", "FromUserName": "oP", "MsgId": 1}))
    async with house.web.post(f"{house.url}?{urlencode(query)}", data=body) as response:
        assert response.status == 503
    assert house.inbox.stored == {}
    await house.channel.aclose()


async def test_under_overload_answers_go_by_the_queue(build: Builder) -> None:
    house = await build(max_in_flight=2)
    house.inbox.gate = asyncio.Event()
    people = [house.simulator.person().openid for _ in range(5)]
    pushing = [asyncio.create_task(house.simulator.push_text(openid, "你好")) for openid in people]
    await until(lambda: house.inbox.submits == 5)
    house.inbox.gate.set()
    pushed = await asyncio.gather(*pushing)
    assert house.inbox.speak_bys.count(0.0) == 3
    assert sum(1 for one in pushed if one.reply) == 2
    assert sum(1 for one in pushed if one.bodies == (b"success",)) == 3
    assert house.channel.webhooks[0].in_flight == 0


async def test_an_authentic_item_that_nobody_understands_is_kept_whole(house: House) -> None:
    simulator = house.simulator
    head = {"ToUserName": "gh_simulator", "FromUserName": "oPerson", "CreateTime": 1763861400}
    strange = letter({**head, "MsgType": "hologram", "Content": "很要紧", "MsgId": 5})
    status, body = await simulator.pusher.deliver(simulator.webhook_url, "oPerson", strange)
    assert status == 200
    assert body != b""
    assert house.inbox.only.unreadable
    assert house.inbox.only.raw == strange.encode()
    assert house.inbox.only.sender.value == "oPerson"
    assert house.inbox.only.key == "msg:5"


@pytest.mark.parametrize("inner", ["not xml at all", "<xml>", "<xml/>", "<a>b</a>", "<xml>\x01</xml>", "[1,2]"])
async def test_words_inside_the_seal_that_are_no_xml_are_kept_whole(house: House, inner: str) -> None:
    status, body = await house.simulator.pusher.deliver(house.simulator.webhook_url, "oPerson", inner)
    assert (status, body) == (200, b"success")
    assert house.inbox.only.unreadable
    assert house.inbox.only.raw == inner.encode()
    assert not house.inbox.only.sender


async def test_json_is_heard_and_answered_by_the_queue(house: House) -> None:
    inner = (
        '{"ToUserName":"gh_simulator","FromUserName":"oP","CreateTime":1,"MsgType":"text","Content":"投诉","MsgId":7}'
    )
    status, body = await house.simulator.pusher.deliver(house.simulator.webhook_url, "oP", inner)
    assert (status, body) == (200, b"success")
    assert house.inbox.only.text == "投诉"
    assert house.inbox.only.key == "msg:7"
    assert house.inbox.speak_bys == [None]


async def test_an_item_for_another_account_is_refused(house: House) -> None:
    stolen = letter({"ToUserName": "gh_other", "FromUserName": "oP", "MsgType": "text", "Content": "x", "MsgId": 1})
    status, _ = await house.simulator.pusher.deliver(house.simulator.webhook_url, "oP", stolen)
    assert status == 403
    assert not house.inbox.stored


async def test_forged_old_and_replayed_calls(house: House) -> None:
    xml = letter({"ToUserName": "gh_simulator", "FromUserName": "oP", "MsgType": "text", "Content": "x", "MsgId": 1})
    query, body = house.simulator.pusher.pack("oP", xml)

    async def post(**changes: str) -> int:
        async with house.web.post(f"{house.url}?{urlencode(query | changes)}", data=body) as response:
            return response.status

    assert await post(msg_signature="0" * 40) == 403
    assert await post(nonce="1") == 403
    assert await post(timestamp="99999999999999999999") == 403
    assert await post() == 200
    assert await post() == 200  # a replay within the window is a redelivery: nothing new happens
    assert len(house.inbox.stored) == 1
    house.clock.advance(seconds=601)
    assert await post() == 403
    assert house.channel.state()["forged"] == "4"


async def test_a_wrong_key_is_an_alarm_until_an_item_opens(build: Builder) -> None:
    house = await build()
    right = house.simulator.pusher.aes_key
    house.simulator.pusher.aes_key = "B" * 42 + "A"
    openid = house.simulator.person().openid
    pushed = await house.simulator.push_text(openid, "你好")
    assert pushed.statuses == (403,)
    assert "sealed" in house.channel.state()["problem"]
    house.simulator.pusher.aes_key = right
    assert (await house.simulator.push_text(openid, "你好")).reply
    assert "problem" not in house.channel.state()


async def test_items_sealed_with_the_key_before_are_answered_with_it(build: Builder) -> None:
    house = await build(aes_key="C" * 42 + "A", aes_key_previous="TousuSimulatorKeyForTestsAndDemo00000000000")
    pushed = await house.simulator.push_text(house.simulator.person().openid, "你好")
    assert pushed.reply == "您好，请问您要投诉什么事？"


async def test_wechat_checks_the_address(house: House) -> None:
    pusher = house.simulator.pusher
    stamp = str(int(house.clock.now().timestamp()))
    query = {"signature": pusher.sign(stamp, "n"), "timestamp": stamp, "nonce": "n", "echostr": "4375120948345356249"}
    async with house.web.get(house.url, params=query) as response:
        assert (response.status, await response.text()) == (200, "4375120948345356249")
        assert response.content_type == "text/plain"
    async with house.web.get(house.url, params=query | {"signature": "x"}) as response:
        assert response.status == 403
    async with house.web.get(house.url) as response:
        assert response.status == 403


async def test_an_answer_with_markup_and_control_characters_arrives_as_it_was_meant(house: House) -> None:
    hostile = "a]]></Content><MsgType>x</MsgType>]]>\x01\x0b\ufffe\ud800b & <c> 😀"
    house.inbox.answer = say(hostile)
    pushed = await house.simulator.push_text(house.simulator.person().openid, "你好")
    assert pushed.reply == "a]]></Content><MsgType>x</MsgType>]]>b & <c> 😀"
    assert not pushed.broken


async def test_a_long_answer_is_cut_at_a_sentence_and_counted(house: House) -> None:
    house.inbox.answer = say("这是一句话。" * 500)
    pushed = await house.simulator.push_text(house.simulator.person().openid, "你好")
    assert len(pushed.reply.encode()) <= LIMIT
    assert pushed.reply.endswith("这是一句话。…")
    assert house.channel.state()["shortened"] == "1"


async def test_a_person_types_the_end_of_cdata(house: House) -> None:
    await house.simulator.push_text(house.simulator.person().openid, "看]]><b>这里 ")
    assert house.inbox.only.text == "看]]><b>这里 "


async def test_template_receipts_are_reported_and_kept(house: House) -> None:
    openid = house.simulator.person().openid
    pushed = await house.simulator.push_event(openid, "TEMPLATESENDJOBFINISH", MsgID=99, Status="failed:user block")
    assert pushed.bodies == (b"success",)
    (report,) = house.inbox.reports
    assert (report.provider_id, report.state, report.blocked) == ("99", DeliveryState.FAILED, True)
    assert house.inbox.only.gesture is Gesture.NOTED


async def test_a_receipt_that_could_not_be_reported_is_reported_by_the_next_try(build: Builder) -> None:
    house = await build(pace=QUICK)
    calls: list[str] = []
    record = house.inbox.report

    async def fails_once(report: object) -> None:
        calls.append("report")
        if len(calls) == 1:
            raise ConnectionError
        await record(report)  # type: ignore[arg-type]  # as the inbox got it

    house.inbox.report = fails_once  # type: ignore[method-assign]  # one bad moment of the database
    await house.simulator.push_event("oP", "TEMPLATESENDJOBFINISH", MsgID=99, Status="success")
    assert len(house.inbox.reports) == 1
