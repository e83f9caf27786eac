"""How a caller hears of their case later, and that they hear of it once."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from channels.base import OutboundKind, Receipt
from channels.errors import DeliveryError, Misconfigured, Rejected, Retryable, Unreachable
from channels.phone.refusals import Unknown
from channels.phone.send import Sender
from channels.phone.sms import LIMIT, shorten
from normalizer.record import Contact, ContactKind
from tests.phone.carrier import CALLER, NUMBER, OURS, Desk, Trouble, a_desk
from tests.waiting import until
from tests.wechat.fakes import DictMemory

TEMPLATE = "【示例保险】您的业务{number}状态：{label}。"
MAINLAND = Contact(kind=ContactKind.PHONE, value="+8613800138000")
LINK = "https://tousu.example/progress?t=abc"
NEVER_TOLD = [
    Trouble(then="silent"),
    Trouble(then="drop"),
    Trouble(then="drip"),
    Trouble(status=500),
    Trouble(status=200, body="ok"),
]


async def send(desk: Desk, **changes: Any) -> Receipt:
    return await desk.sender.send(desk.outbound(**changes))


async def test_a_change_of_status_is_texted_with_the_way_to_read_on() -> None:
    async with a_desk() as desk:
        receipt = await send(desk, link=LINK)
        (asked,) = desk.carrier.asked
        assert receipt == Receipt(provider_id=desk.carrier.messages[0]["sid"], via="sms")
        assert asked.form["Body"] == f"您的投诉{NUMBER}已办结，结果已寄出。\n{LINK}"
        assert asked.form["StatusCallback"] == "https://tousu.example/in/phone/message?d=out-1"


async def test_without_a_public_address_texts_leave_and_nobody_is_called() -> None:
    async with a_desk(public_url="") as desk:
        await send(desk)
        assert "StatusCallback" not in desk.carrier.asked[0].form
        desk.carrier.troubles.append(Trouble(status=400, code=21614))
        with pytest.raises(Unreachable) as raised:
            await send(desk, id="out-2")
        assert raised.value.until_contact
        assert not desk.carrier.calls


async def test_long_words_end_with_a_sentence_and_keep_their_link() -> None:
    async with a_desk() as desk:
        await send(desk, text="我们正在为您核实情况。" * 80, link=LINK)
        body = desk.carrier.asked[0].form["Body"]
        assert len(body) <= LIMIT
        assert body.endswith(f"核实情况。\n{LINK}")


@pytest.mark.parametrize(
    ("text", "short"),
    [("一二三四五。六七八九十", "一二三四五。"), ("一二三四五六七八九十一", "一二三四五六七…"), ("短", "短")],
)
def test_a_text_is_cut_where_a_sentence_ends_or_says_that_it_goes_on(text: str, short: str) -> None:
    assert shorten(text, 8) == short


async def test_a_link_in_the_words_or_too_long_is_not_added() -> None:
    async with a_desk() as desk:
        await send(desk, text=f"请看{LINK}", link=LINK)
        await send(desk, id="out-2", link=f"https://tousu.example/{'x' * 300}")
        assert [asked.form["Body"].count("https") for asked in desk.carrier.asked] == [1, 0]


@pytest.mark.parametrize(
    "to", [Contact(kind=ContactKind.EMAIL, value="a@example.com"), Contact(kind=ContactKind.PHONE, value="anonymous")]
)
async def test_only_a_telephone_number_is_sent_to(to: Contact) -> None:
    async with a_desk() as desk:
        with pytest.raises(Rejected):
            await send(desk, to=to)
        assert not desk.carrier.asked


async def test_the_mainland_gets_the_approved_words_and_nothing_else() -> None:
    async with a_desk(sms_template=TEMPLATE) as desk:
        receipt = await send(desk, to=MAINLAND, link=LINK, kind=OutboundKind.REMINDER, status_label="")
        assert receipt.via == "template"
        assert desk.carrier.asked[0].form["Body"] == f"【示例保险】您的业务{NUMBER}状态：已登记。"


async def test_a_mainland_number_written_as_at_home_is_understood() -> None:
    async with a_desk(sms_template=TEMPLATE) as desk:
        at_home = Contact(kind=ContactKind.PHONE, value="13800138000")
        assert desk.sender.may_text(at_home)
        await send(desk, to=at_home)
        assert desk.carrier.asked[0].form["To"] == MAINLAND.value


@pytest.mark.parametrize("changes", [{"sms_template": ""}, {"sms_template": TEMPLATE, "number": ""}])
async def test_the_mainland_without_approved_words_or_a_case_waits_for_the_next_call(changes: dict[str, str]) -> None:
    async with a_desk(sms_template=changes.pop("sms_template")) as desk:
        with pytest.raises(Unreachable) as raised:
            await send(desk, to=MAINLAND, **changes)
        assert raised.value.until_contact
        assert not desk.carrier.asked


async def test_a_copy_that_cannot_go_is_lost_without_waiting_for_anybody() -> None:
    async with a_desk() as desk:
        desk.carrier.troubles.append(Trouble(status=400, code=21614))
        with pytest.raises(Unreachable) as raised:
            await send(desk, kind=OutboundKind.COPY)
        assert not raised.value.until_contact
        assert not desk.carrier.calls  # what was told on the line is not told by another call


async def test_a_landline_is_called_for_news_and_the_words_wait_until_it_answers() -> None:
    async with a_desk() as desk:
        desk.carrier.troubles.append(Trouble(status=400, code=21614))
        receipt = await send(desk)
        assert receipt == Receipt(provider_id=desk.carrier.calls[0]["sid"], via="voice")
        form = desk.carrier.asked[1].form
        assert (form["To"], form["From"], form["MachineDetection"]) == (CALLER, OURS, "Enable")
        assert form["Url"] == "https://tousu.example/in/phone/tell?d=out-1"
        assert dict(parse_qsl(urlsplit(form["StatusCallback"]).query)) == {"d": "out-1"}
        kept = json.loads(desk.memory.values["tell:out-1"])
        assert kept == {"text": desk.outbound().text, "language": "zh-Hans", "number": NUMBER}
        assert NUMBER not in "".join(form.values())


@pytest.mark.parametrize("kind", [OutboundKind.ANSWER, OutboundKind.REMINDER, OutboundKind.NOTICE])
async def test_a_telephone_does_not_ring_for_what_is_no_news(kind: OutboundKind) -> None:
    async with a_desk() as desk:
        desk.carrier.troubles.append(Trouble(status=400, code=30006))
        with pytest.raises(Unreachable):
            await send(desk, kind=kind)
        assert not desk.carrier.calls


@pytest.mark.parametrize(
    ("code", "error"), [(21610, Unreachable), (21617, Rejected), (20003, Misconfigured), (20429, Retryable)]
)
async def test_a_no_that_is_not_about_the_way_tries_no_other(code: int, error: type[DeliveryError]) -> None:
    async with a_desk() as desk:
        desk.carrier.troubles.append(Trouble(status=400, code=code))
        with pytest.raises(error):
            await send(desk)
        assert len(desk.carrier.asked) == 1
        assert desk.memory.values["intent:out-1"] == ""


async def test_empty_words_are_not_sent() -> None:
    async with a_desk() as desk:
        with pytest.raises(Rejected):
            await send(desk, text=" \n")
        assert not desk.carrier.asked


@pytest.mark.parametrize("trouble", NEVER_TOLD, ids=["silent", "dropped", "drip", "500", "no_json"])
async def test_a_text_that_left_unseen_is_found_and_not_sent_twice(trouble: Trouble) -> None:
    async with a_desk() as desk:
        desk.carrier.troubles.append(trouble)
        with pytest.raises(Unknown):
            await send(desk)
        desk.later()
        receipt = await send(desk, attempt=2)
        assert receipt.provider_id == desk.carrier.messages[0]["sid"]
        assert len(desk.carrier.created) == len(desk.carrier.messages) == 1


@pytest.mark.parametrize("trouble", [Trouble(then="silent", taken=False), Trouble(status=502, taken=False)])
async def test_a_text_that_never_left_is_sent_again_after_a_look(trouble: Trouble) -> None:
    async with a_desk() as desk:
        desk.carrier.troubles.append(trouble)
        with pytest.raises(Unknown):
            await send(desk)
        desk.later()
        await send(desk, attempt=2)
        assert [asked.method for asked in desk.carrier.asked] == ["POST", "GET", "POST"]
        assert len(desk.carrier.messages) == 1


async def test_a_look_that_fails_sends_nothing() -> None:
    async with a_desk() as desk:
        desk.carrier.troubles.append(Trouble(then="drop"))
        with pytest.raises(Unknown):
            await send(desk)
        desk.carrier.troubles.append(Trouble(status=503))
        with pytest.raises(Retryable):
            await send(desk, attempt=2)
        assert len(desk.carrier.created) == 1


async def test_a_call_that_rings_unseen_is_found_and_rings_once() -> None:
    async with a_desk() as desk:
        desk.carrier.troubles.extend([Trouble(status=400, code=21614), Trouble(then="drop")])
        with pytest.raises(Unknown):
            await send(desk)
        desk.later()
        assert (await send(desk, attempt=2)).via == "voice"
        assert [asked.path for asked in desk.carrier.created] == ["Messages.json", "Calls.json"]
        assert len(desk.carrier.calls) == 1


async def test_who_was_sent_to_before_a_crash_gets_the_same_receipt() -> None:
    async with a_desk() as desk:
        first = await send(desk)
        again = await Sender(settings=desk.settings, api=desk.api, memory=desk.memory, clock=desk.clock).send(
            desk.outbound(attempt=2)
        )
        assert again == first
        assert len(desk.carrier.asked) == 1


async def test_a_worker_cut_off_in_the_middle_sends_nothing_twice() -> None:
    async with a_desk() as desk:
        desk.carrier.troubles.append(Trouble(then="silent"))
        sending = asyncio.create_task(send(desk))
        await until(lambda: desk.carrier.messages)
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
        await send(desk, attempt=2)
        assert len(desk.carrier.messages) == 1


async def test_the_same_words_in_two_messages_are_two_messages() -> None:
    async with a_desk() as desk:
        await send(desk)
        desk.carrier.troubles.append(Trouble(then="drop", taken=False))
        with pytest.raises(Unknown):
            await send(desk, id="out-2")
        desk.later()
        receipt = await send(desk, id="out-2", attempt=2)
        assert receipt.provider_id == desk.carrier.messages[0]["sid"]
        assert len(desk.carrier.messages) == 2


async def test_what_was_sent_long_before_is_not_taken_for_this_message() -> None:
    async with a_desk() as desk:
        await desk.api.send_sms(to=CALLER, body=desk.outbound().text, status_callback="")
        desk.clock.advance(minutes=3)
        desk.carrier.troubles.append(Trouble(then="drop", taken=False))
        with pytest.raises(Unknown):
            await send(desk)
        await send(desk, attempt=2)
        assert len(desk.carrier.messages) == 2


async def test_a_clock_two_minutes_behind_still_finds_what_left() -> None:
    async with a_desk() as desk:
        desk.carrier.troubles.append(Trouble(then="drop"))
        with pytest.raises(Unknown):
            await send(desk)
        behind = desk.clock.now() - timedelta(minutes=1.9)
        desk.carrier.messages[0]["date_created"] = format_datetime(behind)
        await send(desk, attempt=2)
        assert len(desk.carrier.messages) == 1


async def test_a_line_of_a_trial_account_before_our_words_does_not_hide_them() -> None:
    async with a_desk() as desk:
        desk.carrier.troubles.append(Trouble(then="drop"))
        with pytest.raises(Unknown):
            await send(desk)
        message = desk.carrier.messages[0]
        message["body"] = f"Sent from your Twilio trial account - {message['body']}"
        await send(desk, attempt=2)
        assert len(desk.carrier.messages) == 1


async def test_two_workers_with_the_same_message_send_it_once() -> None:
    class Faster(DictMemory):
        async def swap(self, key: str, old: str | None, new: str, *, keep: timedelta | None = None) -> bool:
            return not key.startswith("intent:") and await super().swap(key, old, new, keep=keep)

    async with a_desk(Faster()) as desk:
        with pytest.raises(Retryable, match="another attempt"):
            await send(desk)
        assert not desk.carrier.asked


async def test_who_can_be_texted_is_known_before_anything_is_sent() -> None:
    async with a_desk() as desk, a_desk(sms_template=TEMPLATE) as approved:
        assert desk.sender.may_text(Contact(kind=ContactKind.PHONE, value=CALLER))
        assert not desk.sender.may_text(MAINLAND)
        assert approved.sender.may_text(MAINLAND)
        assert not approved.sender.may_text(Contact(kind=ContactKind.PHONE, value="+862083341127"))
        assert not desk.sender.may_text(Contact(kind=ContactKind.EMAIL, value="a@example.com"))


async def test_what_is_noted_of_a_message_is_kept_for_a_month() -> None:
    async with a_desk() as desk:
        await send(desk)
        desk.carrier.troubles.append(Trouble(status=400, code=21614))
        await send(desk, id="out-2")  # by a call
    assert {key.partition(":")[0] for key in desk.memory.kept} == {"intent", "owner", "tell"}
    assert set(desk.memory.kept.values()) == {timedelta(days=30)}
