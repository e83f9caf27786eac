"""What becomes of texts and calls of ours, and what whoever picks up is told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlencode, urljoin
from xml.etree import ElementTree

import pytest
from aiohttp import ClientSession, web
from twilio.request_validator import RequestValidator

from channels.base import CallState, DeliveryReport, DeliveryState, Outbound, OutboundKind
from channels.phone.health import Health
from channels.phone.news import News
from channels.phone.tell import key_for, written
from normalizer.record import Contact, ContactKind
from tests.clock import SetClock
from tests.phone.carrier import CALLER, NUMBER, PUBLIC, TOKEN, Inbox, gate_for, settings_for
from tests.wechat.fakes import DictMemory

CALL = "CA" + "5" * 32
MESSAGE = "SM" + "5" * 32
PIN = NUMBER[-4:]
WORDS = f"您的投诉{NUMBER}已办结，结果已寄出。"
SECRETS = ("投诉", "complaint", "TS", PIN, "办结")


@dataclass
class Document:
    """What Twilio makes of our TwiML."""

    text: str
    said: str = ""
    gathers: dict[str, str] = field(default_factory=dict)
    over: bool = False

    @classmethod
    def of(cls, text: str) -> Document:
        root = ElementTree.fromstring(text)
        gather = root.find("Gather")
        said = "".join("".join(say.itertext()) for say in root.iter("Say"))
        return cls(text, said, {} if gather is None else dict(gather.attrib), root.find("Hangup") is not None)


@dataclass
class Twilio:
    """Calls our addresses, signed as Twilio signs."""

    web: ClientSession
    base: str
    inbox: Inbox
    memory: DictMemory
    health: Health

    async def post(self, path: str, token: str = TOKEN, **form: str) -> tuple[int, str]:
        path = f"/in/phone/{path}"
        signature = RequestValidator(token).compute_signature(PUBLIC + path, form)
        async with self.web.post(
            self.base + path,
            data=urlencode(form),
            headers={"X-Twilio-Signature": signature, "Content-Type": "application/x-www-form-urlencoded"},
        ) as response:
            return response.status, await response.text()

    async def asks(self, path: str = "tell?d=out-1", *, call: str = CALL, **form: str) -> Document:
        told = {"CallSid": call, "AnsweredBy": "human", "CallStatus": "in-progress", **form}
        status, text = await self.post(path, **told)
        assert status == 200
        return Document.of(text)

    async def keyed(self, document: Document, digits: str, *, call: str = CALL) -> Document:
        path = urljoin("tell?d=out-1", document.gathers["action"])
        return await self.asks(path, call=call, Digits=digits)

    async def over(self, status: str = "completed", **form: str) -> None:
        told = {"CallSid": CALL, "CallStatus": status, "To": CALLER, "CallDuration": "31", **form}
        assert (await self.post("told?d=out-1", **told))[0] == 204

    async def texted(self, status: str, code: str = "", sid: str = MESSAGE) -> None:
        form = {"MessageSid": sid, "MessageStatus": status, **({"ErrorCode": code} if code else {})}
        assert (await self.post("message?d=out-1", **form))[0] == 204

    @property
    def ends(self) -> list[tuple[str, str, bool]]:
        return [(report.state.value, report.reason, report.blocked) for report in self.inbox.reports]


def message(language: str = "zh-Hans") -> Outbound:
    return Outbound(
        id="out-1",
        channel="phone",
        to=Contact(kind=ContactKind.PHONE, value=CALLER),
        text=WORDS,
        kind=OutboundKind.STATUS,
        number=NUMBER,
        language=language,
        created_at=SetClock().now(),
    )


@pytest.fixture
async def twilio() -> AsyncIterator[Twilio]:
    memory, inbox = DictMemory(), Inbox()
    await memory.put(key_for("out-1"), written(message()))
    app, settings, health = web.Application(), settings_for(PUBLIC), Health()
    gate = gate_for(settings, health)
    for route in News(settings=settings, memory=memory, clock=SetClock(), inbox=inbox, gate=gate).routes():
        app.router.add_route(route.method, f"/in/phone{route.path}", route.handler)
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with ClientSession() as session:
        yield Twilio(session, f"http://127.0.0.1:{runner.addresses[0][1]}", inbox, memory, health)
    await runner.cleanup()


async def test_a_text_that_arrived_is_proof(twilio: Twilio) -> None:
    for status in ("accepted", "queued", "sending", "sent", "delivered"):
        await twilio.texted(status)
    (report,) = twilio.inbox.reports
    assert report == DeliveryReport(
        channel="phone",
        state=DeliveryState.DELIVERED,
        at=SetClock().now(),
        provider_id=MESSAGE,
        outbound_id="out-1",
    )


@pytest.mark.parametrize(
    ("status", "code", "blocked"),
    [
        ("undelivered", "30006", True),
        ("undelivered", "30003", True),
        ("undelivered", "30004", True),
        ("failed", "21610", True),
        ("undelivered", "30007", False),
        ("failed", "", False),
        ("failed", "a bomb", False),
    ],
)
async def test_a_text_that_failed_goes_another_way_when_the_number_is_why(
    twilio: Twilio, status: str, code: str, blocked: bool
) -> None:
    await twilio.texted(status, code)
    assert twilio.ends == [("failed", f"{status}:{code if code.isdigit() else 0}", blocked)]


async def test_the_first_final_word_on_a_text_stands_whatever_order_they_come_in(twilio: Twilio) -> None:
    for status in ("delivered", "sent", "undelivered", "delivered", "failed"):
        await twilio.texted(status)
    await twilio.texted("undelivered", "30006", sid="SM" + "6" * 32)
    await twilio.texted("delivered", sid="SM" + "6" * 32)
    assert [end[0] for end in twilio.ends] == ["delivered", "failed"]


async def test_twenty_copies_of_one_word_are_one_end(twilio: Twilio) -> None:
    await asyncio.gather(*[twilio.texted(status) for status in ["delivered", "undelivered"] * 10])
    assert len(set(twilio.ends)) == 1


async def test_a_report_that_did_not_come_through_is_made_again(
    twilio: Twilio, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def down(report: DeliveryReport) -> None:
        raise ConnectionError("the database is down")

    with monkeypatch.context() as broken:
        broken.setattr(twilio.inbox, "report", down)
        assert (await twilio.post("message?d=out-1", MessageSid=MESSAGE, MessageStatus="undelivered"))[0] == 503
    assert twilio.health.counts["crashed"] == 1
    await twilio.texted("delivered")  # too late: it was undelivered first
    assert twilio.ends == [("failed", "undelivered:0", False)]


@pytest.mark.parametrize("path", ["message?d=out-1", "tell?d=out-1", "told?d=out-1"])
async def test_what_twilio_did_not_sign_is_refused(twilio: Twilio, path: str) -> None:
    form = {"CallSid": CALL, "MessageSid": MESSAGE, "MessageStatus": "delivered", "CallStatus": "busy"}
    assert (await twilio.post(path, token="another", **form))[0] == 403
    assert not twilio.inbox.reports


@pytest.mark.parametrize("d", ["", "../x", "x" * 65, "out%201"])
async def test_what_is_about_no_message_of_ours_is_not_found(twilio: Twilio, d: str) -> None:
    assert (await twilio.post(f"tell?d={d}", CallSid=CALL))[0] == 404


async def test_garbled_words_of_twilios_change_nothing(twilio: Twilio) -> None:
    for form in ({}, {"MessageSid": "../x", "MessageStatus": "delivered"}, {"MessageSid": MESSAGE}):
        assert (await twilio.post("message?d=out-1", **form))[0] == 204
    for form in ({}, {"CallSid": CALL}, {"CallSid": CALL, "CallStatus": "on fire"}, {"CallStatus": "completed"}):
        assert (await twilio.post("told?d=out-1", **form))[0] == 204
    assert not twilio.inbox.reports
    assert not twilio.inbox.calls


async def test_who_picks_up_hears_nothing_of_a_complaint_before_the_four_digits(twilio: Twilio) -> None:
    document = await twilio.asks()
    assert document.said.startswith("您好，这里是示例保险客户服务。请输入您的业务编号后四位")
    assert not any(secret in document.text for secret in SECRETS)
    assert document.gathers["numDigits"] == "4"
    assert document.gathers["action"] == "tell?d=out-1&try=1"
    assert not twilio.inbox.reports


async def test_the_right_digits_open_the_words_and_they_can_be_heard_again(twilio: Twilio) -> None:
    document = await twilio.keyed(await twilio.asks(), PIN)
    assert NUMBER in document.said
    assert twilio.ends == [("delivered", "", False)]
    again = await twilio.keyed(document, "1")
    assert NUMBER in again.said
    enough = await twilio.keyed(again, "1")
    assert NUMBER in enough.said
    assert not enough.gathers
    assert enough.over
    bye = await twilio.keyed(again, "2")
    assert NUMBER not in bye.said
    assert bye.over
    await twilio.over()
    assert twilio.ends == [("delivered", "", False)]


async def test_three_wrong_numbers_end_the_call_and_nobody_is_told_anything(twilio: Twilio) -> None:
    document = await twilio.asks()
    for wrong in ("0000", "12", "9999"):
        document = await twilio.keyed(document, wrong)
        assert not any(secret in document.text for secret in SECRETS)
    assert document.over
    assert "8 5 2 3 0 0 0 1 2 3 4" in document.said
    await twilio.over()
    assert twilio.ends == [("failed", "not_verified", True)]


async def test_silence_ends_the_call(twilio: Twilio) -> None:
    document = await twilio.keyed(await twilio.asks(), "")
    assert document.over
    assert twilio.ends == [("failed", "not_verified", True)]


async def test_the_same_try_has_the_same_document_and_no_try_is_won_by_repeating(twilio: Twilio) -> None:
    first = await twilio.asks()
    wrong = await twilio.keyed(first, "0000")
    assert await twilio.keyed(first, "0000") == wrong
    assert await twilio.keyed(first, PIN) == wrong  # the first try is over
    right = await twilio.keyed(wrong, PIN)
    assert await twilio.keyed(wrong, PIN) == right
    assert NUMBER in right.said
    assert twilio.ends == [("delivered", "", False)]


async def test_a_hundred_tries_at_once_are_still_three(twilio: Twilio) -> None:
    tries = [twilio.asks(f"tell?d=out-1&try={n}", Digits=f"{n:04d}") for n in (1, 2, 3) for _ in range(10)]
    documents = await asyncio.gather(*tries)
    assert not any(NUMBER in document.said for document in documents)
    for path in ("tell?d=out-1&try=4", "tell?d=out-1&try=99", "tell?d=out-1&try=x"):
        assert NUMBER not in (await twilio.asks(path, Digits=PIN)).said


async def test_a_later_try_does_not_come_before_an_earlier_one(twilio: Twilio) -> None:
    assert NUMBER not in (await twilio.asks("tell?d=out-1&try=3", Digits=PIN)).said


async def test_digits_after_the_call_is_given_up_open_nothing(twilio: Twilio) -> None:
    await twilio.keyed(await twilio.asks(), "")
    late = await twilio.asks("tell?d=out-1&try=2", Digits=PIN)
    assert NUMBER not in late.said
    assert late.over
    assert twilio.ends == [("failed", "not_verified", True)]


async def test_hearing_it_again_takes_the_digits_of_this_very_call(twilio: Twilio) -> None:
    await twilio.keyed(await twilio.asks(), PIN)
    stranger = await twilio.asks("tell?d=out-1&again=1", call="CA" + "6" * 32, Digits="1")
    assert not any(secret in stranger.text for secret in SECRETS)
    assert stranger.over


@pytest.mark.parametrize("by", ["machine_start", "machine_end_beep", "fax"])
async def test_a_machine_learns_who_called_and_nothing_else(twilio: Twilio, by: str) -> None:
    document = await twilio.asks(AnsweredBy=by)
    assert document.said == "您好，这里是示例保险。请您方便时回电8 5 2 3 0 0 0 1 2 3 4。"
    assert document.over
    assert not document.gathers
    await twilio.over(AnsweredBy=by)
    assert twilio.ends == [("failed", "machine", True)]


@pytest.mark.parametrize("status", ["busy", "no-answer", "failed", "canceled"])
async def test_a_call_that_nobody_took_goes_another_way(twilio: Twilio, status: str) -> None:
    await twilio.over(status, CallDuration="0")
    await twilio.over("completed")  # a double that contradicts
    assert twilio.ends == [("failed", status, True)]


async def test_who_hangs_up_before_the_digits_was_not_told(twilio: Twilio) -> None:
    await twilio.asks()
    await twilio.over()
    await twilio.over()
    assert twilio.ends == [("failed", "not_verified", True)]


async def test_our_calls_are_noted_with_who_was_called_and_how_long(twilio: Twilio) -> None:
    await twilio.over()
    (report,) = twilio.inbox.calls
    assert (report.call, report.state, report.outgoing, report.seconds) == (CALL, CallState.COMPLETED, True, 31)
    assert report.other.value == CALLER


async def test_who_complained_in_english_is_spoken_to_in_english(twilio: Twilio) -> None:
    await twilio.memory.put(key_for("out-1"), written(message("en")))
    document = await twilio.asks()
    assert "please key in the last four digits" in document.said
    assert not any(secret in document.text for secret in SECRETS)
    assert 'language="en-US"' in document.text


async def test_a_call_whose_words_are_not_there_asks_to_be_called_back(twilio: Twilio) -> None:
    document = await twilio.asks("tell?d=out-2")
    assert document.said.startswith("请致电")
    assert document.over


async def test_what_is_noted_of_texts_and_calls_of_ours_is_kept_for_a_month(twilio: Twilio) -> None:
    await twilio.keyed(await twilio.asks(), "0000")
    await twilio.over()
    await twilio.texted("delivered")
    noted = {key: keep for key, keep in twilio.memory.kept.items() if not key.startswith("tell:")}
    assert noted == dict.fromkeys([f"tries:{CALL}", f"placed:{CALL}", f"message:{MESSAGE}"], timedelta(days=30))


async def test_what_fails_here_is_503_and_counted(twilio: Twilio, monkeypatch: pytest.MonkeyPatch) -> None:
    async def away(key: str) -> str | None:
        raise ConnectionError("the database is down")

    monkeypatch.setattr(twilio.memory, "get", away)
    monkeypatch.setattr(twilio.inbox, "note_call", away)
    assert (await twilio.post("tell?d=out-1", CallSid=CALL))[0] == 503
    assert (await twilio.post("told?d=out-1", CallSid=CALL, CallStatus="busy"))[0] == 503
    assert twilio.health.counts["crashed"] == 2
    assert (await twilio.post("tell?d=out-1", token="another", CallSid=CALL))[0] == 403
    assert twilio.health.counts["forged"] == 1


async def test_news_may_come_by_get(twilio: Twilio) -> None:
    path = "/in/phone/tell?d=out-1&CallSid=" + CALL
    headers = {"X-Twilio-Signature": RequestValidator(TOKEN).compute_signature(PUBLIC + path, {})}
    async with twilio.web.get(twilio.base + path, headers=headers) as response:
        assert response.status == 200
        assert Document.of(await response.text()).gathers["numDigits"] == "4"


async def test_a_complaint_number_is_said_digit_by_digit_on_calls_of_ours_too(twilio: Twilio) -> None:
    document = await twilio.keyed(await twilio.asks(), PIN)
    (spelled,) = ElementTree.fromstring(document.text).iter("say-as")
    assert (spelled.text, spelled.get("interpret-as")) == (NUMBER.removeprefix("TS"), "digits")
