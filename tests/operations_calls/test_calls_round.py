"""Ends that nobody told us: asked for at the carrier, found in its books, or taken for granted in the end."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web

from channels.phone.simulator import Call, Fault
from gateway.casework.lifecycle import Status
from store.values import FileState
from tests.operations_calls.exchange import STORY, Exchange, tell_until, waits_in
from tests.waiting import until

FALLBACK = Path(__file__).parents[2] / "deploy" / "twilio"
NOWHERE = "http://127.0.0.1:9/in/phone/call"


async def broken_off_unnoticed(exchange: Exchange) -> Call:
    """The word of the end is lost."""
    call = await exchange.call(progress=())
    await tell_until(call, "怎样解决")
    await call.hang_up()
    await exchange.work()
    assert await exchange.tasks() == []
    return call


async def test_a_lost_end_is_asked_for_after_ten_quiet_minutes(exchange: Exchange) -> None:
    call = await broken_off_unnoticed(exchange)
    await exchange.look_after_calls(minutes=5)
    assert await exchange.tasks() == []
    await exchange.look_after_calls(minutes=6)
    case = await exchange.only_case()
    assert case.status == Status.REGISTERED
    [task] = await exchange.tasks()
    assert (task.kind, task.reason, task.number) == ("callback", "hung_up", case.number)
    assert await exchange.is_over(call)


async def test_an_end_that_is_told_after_all_changes_nothing(exchange: Exchange) -> None:
    call = await broken_off_unnoticed(exchange)
    await exchange.look_after_calls(minutes=11)
    case, history = await exchange.only_case(), await exchange.history(await exchange.only_case())
    await exchange.carrier.exchange.webhooks.tell(
        f"{exchange.carrier.public_url}/in/phone/status", call.params() | {"CallDuration": "30"}
    )
    await exchange.look_after_calls(minutes=11)
    assert await exchange.only_case() == case
    assert await exchange.history(case) == history
    assert len(await exchange.tasks()) == 1


async def test_a_call_that_still_goes_on_is_left_alone(exchange: Exchange) -> None:
    call = await exchange.call(progress=())
    await tell_until(call, "怎样解决")
    await exchange.look_after_calls(minutes=11)
    assert await exchange.tasks() == []
    await call.speak("请尽快赔付")
    assert "姓名" in call.last_said or "保单号" in call.last_said


async def test_while_the_carrier_cannot_be_asked_a_call_may_go_on_for_hours_and_then_is_over(
    exchange: Exchange,
) -> None:
    call = await broken_off_unnoticed(exchange)
    exchange.carrier.inject(Fault(endpoint="*", kind="http_500", times=100))
    for _ in range(4):
        await exchange.look_after_calls(hours=1)
        assert await exchange.tasks() == []
    await exchange.look_after_calls(hours=1, minutes=1)
    [task] = await exchange.tasks("callback")
    assert task.number == (await exchange.only_case()).number
    assert await exchange.is_over(call)


async def test_a_call_that_the_carrier_does_not_know_is_over(exchange: Exchange) -> None:
    call = await broken_off_unnoticed(exchange)
    exchange.carrier.exchange.calls.pop(call.sid)
    await exchange.look_after_calls(minutes=11)
    assert len(await exchange.tasks("callback")) == 1


async def test_the_next_call_is_offered_to_go_on_after_a_lost_end_too(exchange: Exchange) -> None:
    await broken_off_unnoticed(exchange)
    await exchange.look_after_calls(minutes=11)
    call = await exchange.call()
    assert "没有说完" in call.last_said


# -- messages left with the fallback document --------------------------------------------------------------------------


@pytest.fixture
async def fallback() -> AsyncIterator[str]:
    """The static files of the deployment, on a server of their own."""

    async def document(request: web.Request) -> web.Response:
        text = (FALLBACK / request.match_info["name"]).read_text("utf-8")
        return web.Response(text=text, content_type="text/xml")

    app = web.Application()
    app.router.add_route("*", "/{name:[a-z-]+.xml}", document)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/fallback.xml"
    await runner.cleanup()


async def left_with_the_fallback(exchange: Exchange, fallback: str) -> Call:
    """Nobody of ours answers, and the number's fallback takes a message."""
    exchange.carrier.fallback_url, exchange.carrier.status_url = fallback, ""
    voice_url, exchange.carrier.voice_url = exchange.carrier.voice_url, NOWHERE
    call = await exchange.call()
    assert waits_in(call) == "record"
    await call.speak(STORY)
    await call.press("#")
    await call.hang_up()
    await exchange.work()
    exchange.carrier.voice_url = voice_url
    assert await exchange.cases() == []
    return call


async def test_a_message_left_while_we_were_away_is_found_in_the_books_and_taken_in_once(
    exchange: Exchange, fallback: str
) -> None:
    call = await left_with_the_fallback(exchange, fallback)
    for _ in range(2):
        async with exchange.comparing_books():
            await until(lambda: exchange.is_over(call))
        await exchange.work()
        exchange.clock.advance(minutes=5)
    case = await exchange.only_case()
    assert (case.status, case.contact.value) == (Status.REGISTERED, call.from_)
    [file] = await exchange.files(case)
    assert file.state is FileState.STORED
    [task] = await exchange.tasks("callback")
    assert (task.reason, task.number) == ("message_left", case.number)


async def test_a_gateway_that_fails_in_the_middle_of_a_call_loses_nothing_said_before(
    exchange: Exchange, fallback: str
) -> None:
    exchange.carrier.fallback_url = fallback
    call = await exchange.call()
    await call.speak(STORY)
    exchange.carrier.inject(Fault(endpoint="webhook /in/phone/step", kind="http_500"))
    await call.speak("请尽快赔付")
    assert waits_in(call) == "record"
    await call.speak("我叫王小明，请给我回电话")
    await call.press("#")
    await call.hang_up()
    await exchange.work()
    async with exchange.comparing_books():
        await until(lambda: _recorded(exchange))
    await exchange.work()
    assert len(await exchange.tasks("callback")) == 1
    history = " ".join(moment.text for moment in await exchange.history(await exchange.only_case()))
    assert STORY in history


async def _recorded(exchange: Exchange) -> bool:
    return bool(await exchange.files(await exchange.only_case()))
