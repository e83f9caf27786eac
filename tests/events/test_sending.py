"""Events at other systems, which answer, refuse, hang, and lie."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta

from aiohttp import web

from store.values import OutboxState
from tests.events.conftest import ADMIN, Exchange
from tests.events.receiver import Receiver, answering


async def test_an_event_arrives_signed_and_is_delivered(exchange: Exchange) -> None:
    receiver, endpoint = await exchange.receiver()
    await exchange.complaint()
    await exchange.worker.run_once()
    [call] = receiver.calls
    [parcel] = await exchange.parcels()
    assert call.opens_with(endpoint.secret)
    assert call.id == parcel.context["event"]
    assert int(call.headers["webhook-timestamp"]) == int(exchange.clock.now().timestamp())
    assert json.loads(call.body)["type"] == "complaint.received"
    assert parcel.state is OutboxState.DELIVERED


async def test_an_event_that_was_refused_comes_again_under_the_same_id(exchange: Exchange) -> None:
    receiver, endpoint = await exchange.receiver(answering(500, "王小明 13812345678 in the stack trace"))
    await exchange.complaint()
    await exchange.worker.run_once()
    [parcel] = await exchange.parcels()
    assert parcel.state is OutboxState.WAITING
    assert parcel.error.startswith("answered 500: ")
    assert "13812345678" not in parcel.error
    assert (await exchange.endpoint(endpoint.id)).failing_since == exchange.clock.now()
    receiver.manner = answering(200)
    exchange.clock.advance(minutes=2)
    await exchange.worker.run_once()
    first, second = receiver.calls
    assert first.id == second.id
    assert first.headers["webhook-signature"] != second.headers["webhook-signature"]
    assert (await exchange.endpoint(endpoint.id)).failing_since is None


async def test_whoever_asks_for_time_gets_it(exchange: Exchange) -> None:
    await exchange.receiver(answering(429, Retry_After=600))
    await exchange.complaint()
    await exchange.worker.run_once()
    [parcel] = await exchange.parcels()
    assert parcel.next_at == exchange.clock.now() + timedelta(minutes=10)


async def test_nobody_waits_for_a_year_because_a_receiver_said_so(exchange: Exchange) -> None:
    await exchange.receiver(answering(503, Retry_After="Fri, 26 Nov 2027 00:00:00 GMT"))
    await exchange.complaint()
    await exchange.worker.run_once()
    [parcel] = await exchange.parcels()
    assert parcel.next_at == exchange.clock.now() + timedelta(hours=4)


async def test_a_redirect_is_not_followed(exchange: Exchange) -> None:
    inside, _ = await exchange.receiver()
    outside, _ = await exchange.receiver(answering(307, Location="http://10.0.0.1/"))
    await exchange.complaint()
    await exchange.worker.run_once()
    assert len(inside.calls) == len(outside.calls) == 1
    assert {parcel.state for parcel in await exchange.parcels()} == {OutboxState.DELIVERED, OutboxState.WAITING}


async def test_who_is_gone_is_switched_off_and_an_admin_is_told(exchange: Exchange) -> None:
    receiver, endpoint = await exchange.receiver(answering(410))
    await exchange.complaint()
    await exchange.worker.run_once()
    assert not (await exchange.endpoint(endpoint.id)).active
    [task] = await exchange.tasks("endpoint")
    assert endpoint.id in task.detail
    await exchange.subscribers.refresh()
    await exchange.complaint()
    await exchange.worker.run_once()
    assert len(receiver.calls) == 1
    assert await exchange.tasks("delivery") == []


async def test_who_answers_drop_by_drop_holds_nobody(exchange: Exchange) -> None:
    async def drip(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(status=500)
        await response.prepare(request)
        await response.write(b"x" * 100_000)
        await response.write_eof()
        return response

    await exchange.receiver(drip)
    await exchange.complaint()
    await exchange.worker.run_once()
    [parcel] = await exchange.parcels()
    assert parcel.error == f"answered 500: {'x' * 200}"


async def test_one_that_hangs_does_not_keep_others_waiting(exchange: Exchange) -> None:
    free = asyncio.Event()

    async def hang(_: web.Request) -> web.StreamResponse:
        await free.wait()
        return web.Response()

    hanging, first = await exchange.receiver(hang)
    other = Receiver()
    for _ in range(60):
        await exchange.complaint()
    other, _ = await exchange.receiver()
    case = await exchange.complaint()
    running = asyncio.create_task(exchange.worker.run("webhook"))
    try:
        await asyncio.wait_for(other.heard.wait(), 30)
    finally:
        free.set()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    assert json.loads(other.calls[0].body)["data"]["number"] == case.number
    assert len(hanging.calls) <= 5
    waiting = [each for each in await exchange.parcels() if each.context["endpoint"] == first.id and each.attempts == 0]
    assert len(waiting) > 50


async def test_while_a_secret_is_rotated_both_open_the_call(exchange: Exchange) -> None:
    receiver, before = await exchange.receiver()
    after = await exchange.endpoints.rotate(before.id, ADMIN)
    await exchange.complaint()
    await exchange.worker.run_once()
    assert receiver.calls[-1].opens_with(before.secret)
    assert receiver.calls[-1].opens_with(after.secret)
    exchange.clock.advance(hours=25)
    await exchange.round()
    await exchange.complaint()
    await exchange.worker.run_once()
    assert not receiver.calls[-1].opens_with(before.secret)
    assert receiver.calls[-1].opens_with(after.secret)
    assert (await exchange.endpoint(before.id)).previous == ""


async def test_one_that_takes_nothing_for_days_is_switched_off_once(exchange: Exchange) -> None:
    _, endpoint = await exchange.receiver(answering(500))
    await exchange.complaint()
    await exchange.worker.run_once()
    exchange.clock.advance(days=2)
    await exchange.round()
    assert (await exchange.endpoint(endpoint.id)).active
    exchange.clock.advance(days=1)
    await asyncio.gather(exchange.round(), exchange.round())
    assert not (await exchange.endpoint(endpoint.id)).active
    assert len(await exchange.tasks("endpoint")) == 1
    await exchange.complaint()
    assert len(await exchange.parcels()) == 1


async def test_an_event_is_sent_again_under_its_own_id(exchange: Exchange) -> None:
    receiver, endpoint = await exchange.receiver()
    await exchange.complaint()
    await exchange.worker.run_once()
    event = receiver.calls[0].id
    assert await exchange.endpoints.replay_one(endpoint.id, event, ADMIN) == 1
    assert await exchange.endpoints.replay_one(endpoint.id, event, ADMIN) == 0
    await exchange.worker.run_once()
    assert [call.id for call in receiver.calls] == [event, event]
    assert receiver.calls[0].body == receiver.calls[1].body


async def test_a_span_of_time_is_sent_again_in_its_order(exchange: Exchange) -> None:
    receiver, endpoint = await exchange.receiver(answering(500))
    for _ in range(3):
        await exchange.complaint()
        exchange.clock.advance(minutes=1)
    exchange.clock.advance(hours=49)
    await exchange.worker.run_once()
    lost = await exchange.endpoints.deliveries(endpoint.id)
    assert {parcel.state for parcel in lost} == {OutboxState.FAILED}
    assert await exchange.tasks("delivery") == []
    receiver.manner = answering(200)
    since = lost[-1].created_at
    assert await exchange.endpoints.replay_span(endpoint.id, since, since + timedelta(minutes=2), ADMIN) == 2
    receiver.calls.clear()
    await exchange.worker.run_once()
    assert [call.id for call in receiver.calls] == [each.context["event"] for each in reversed(lost)][:2]


async def test_settled_events_are_kept_for_a_month(exchange: Exchange) -> None:
    _, endpoint = await exchange.receiver()
    await exchange.complaint()
    await exchange.worker.run_once()
    exchange.clock.advance(days=29)
    await exchange.round()
    assert len(await exchange.endpoints.deliveries(endpoint.id)) == 1
    exchange.clock.advance(days=2)
    await exchange.round()
    assert await exchange.endpoints.deliveries(endpoint.id) == []


async def test_an_endpoint_can_be_tried(exchange: Exchange) -> None:
    receiver, endpoint = await exchange.receiver(events=frozenset({"complaint.status"}))
    event = await exchange.endpoints.test(endpoint.id, ADMIN)
    await exchange.worker.run_once()
    [call] = receiver.calls
    assert call.id == event
    assert json.loads(call.body)["type"] == "endpoint.test"
