"""While the house moves, checks may only report: nothing is lost, nothing unproven is believed, and it is loud."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
from pydantic import ValidationError
from structlog.testing import capture_logs
from twilio.request_validator import RequestValidator

from channels.base import Item
from channels.origin import UNPROVEN
from gateway.app import Gateway
from gateway.operations.origins import OriginsRound
from gateway.settings import Settings
from gateway.staff.actor import Role
from store.values import Case, LedgerId, Moment
from tests.privacy.house import Stage, open_house

STORY = "我叫王小明，手机13812345678，保单号PA2026123456，车险理赔拖了两个月没赔，要求尽快赔付五万元"
ANOTHER = "wrongtoken"


@pytest.fixture
async def moving(tmp_path: Path, sqlite_template: Path) -> AsyncIterator[Stage]:
    """Both checks only report."""
    more = {"wechat_checks": "report", "phone_checks": "report"}
    async with open_house(tmp_path, sqlite_template, **more) as stage:
        yield stage


async def cases(gateway: Gateway) -> list[Case]:
    async with gateway.house.store.reading() as unit:
        return sorted(await unit.complaints.search(limit=50), key=lambda case: case.id)


async def heard(gateway: Gateway, case: Case) -> Sequence[Moment]:
    async with gateway.house.store.reading() as unit:
        return [moment for moment in await unit.timeline.of(case.id) if moment.kind == "heard"]


async def test_a_message_signed_with_another_token_is_taken_and_marked(moving: Stage) -> None:
    moving.wechat.world.pusher.token = ANOTHER
    pushed = await moving.wechat.world.push_text("oWang", STORY)
    assert pushed.statuses == (200,)
    (case,) = await cases(moving.gateway)
    assert not case.attested
    assert [moment.data["origin"] for moment in await heard(moving.gateway, case)] == ["unproven"]


async def test_a_talk_that_nobody_proved_goes_on_as_one(moving: Stage) -> None:
    moving.wechat.world.pusher.token = ANOTHER
    await moving.wechat.world.push_text("oWang", "理赔拖了两个月没赔，我要投诉")
    await moving.wechat.world.push_text("oWang", "我叫王小明，手机13812345678")
    assert len(await cases(moving.gateway)) == 1


async def test_what_nobody_proved_touches_no_complaint_that_somebody_did(moving: Stage) -> None:
    world = moving.wechat.world
    own = world.pusher.token
    await world.push_text("oWang", STORY)
    world.pusher.token = ANOTHER
    told = await world.push_text("oWang", "我的投诉处理到哪一步了？")
    await world.push_text("oWang", "我要撤诉")
    proven, *others = await cases(moving.gateway)
    assert proven.attested
    assert proven.status != "WITHDRAWN"
    assert proven.number not in told.reply
    assert len(await heard(moving.gateway, proven)) == 1
    assert not any(case.attested for case in others)
    world.pusher.token = own
    assert proven.number in (await world.push_text("oWang", "我的投诉处理到哪一步了？")).reply


async def test_an_unproven_item_never_stands_where_wechats_own_would(moving: Stage) -> None:
    """Whoever guesses the id of a message that is still to come must not make it a redelivery."""
    world = moving.wechat.world
    own, world.pusher.token = world.pusher.token, ANOTHER
    await world.push_text("oWang", "随便说说", msg_id="77001")
    world.pusher.token = own
    await world.push_text("oWang", STORY, msg_id="77001")
    assert [case for case in await cases(moving.gateway) if case.attested or case.record.value("phone")]


async def test_an_unproven_item_is_unproven_when_it_is_read_again(moving: Stage) -> None:
    moving.wechat.world.pusher.token = ANOTHER
    await moving.wechat.world.push_text("oWang", STORY)
    async with moving.gateway.house.store.reading() as unit:
        entry = await unit.ledger.get(LedgerId(1))
        assert entry is not None
        raw, _ = await unit.ledger.raw(entry.id)
    item = Item(channel="wechat", key=entry.key, received_at=entry.received_at, raw=raw)
    again = await moving.gateway.channels["wechat"].read(item)
    assert (again.key, again.attested, again.warnings) == (entry.key, False, (UNPROVEN,))


async def test_a_call_with_another_signature_is_taken_and_marked(moving: Stage) -> None:
    moving.phone.carrier.exchange.webhooks.signer = RequestValidator(ANOTHER)
    call = await moving.phone.carrier.call("+8613812345678")
    await call.speak(STORY)
    await call.hang_up()
    await moving.phone.carrier.settle()
    (case,) = await cases(moving.gateway)
    assert {moment.data.get("origin") for moment in await heard(moving.gateway, case)} == {"unproven"}


async def test_it_is_loud_about_itself(moving: Stage) -> None:
    moving.wechat.world.pusher.token = ANOTHER
    await moving.wechat.world.push_text("oWang", STORY)
    origins = OriginsRound(moving.gateway.channels, moving.clock)
    with capture_logs() as lines:
        await origins.go()
        await origins.go()
        moving.clock.advance(hours=1)
        await origins.go()
    said = [(line["channel"], line["unproven"]) for line in lines if line["event"] == "origin_not_checked"]
    assert sorted(said) == [("phone", "0")] * 2 + [("wechat", "1")] * 2
    await moving.ask("GET", "/readyz", "ready")
    assert b'"checks": "report"' in moving.outputs.found["ready"]
    await moving.ask("GET", "/metrics", "metrics")
    assert b'tousu_channel_unproven{channel="wechat"} 1.0' in moving.outputs.found["metrics"]
    await moving.ask("GET", "/console/admin/channels", "page", headers=await moving.signed_in(Role.ADMIN))
    assert "未校验来源" in moving.outputs.found["page"].decode()


async def test_checks_are_enforced_unless_somebody_says_otherwise(tmp_path: Path, sqlite_template: Path) -> None:
    assert Settings().wechat_checks == Settings().phone_checks == "enforce"
    with pytest.raises(ValidationError):
        Settings.model_validate({"wechat_checks": "off"})
    async with open_house(tmp_path, sqlite_template) as stage:
        stage.wechat.world.pusher.token = ANOTHER
        assert (await stage.wechat.world.push_text("oWang", STORY)).statuses == (403,)
        assert "checks" not in stage.gateway.channels["wechat"].state()  # type: ignore[attr-defined]
