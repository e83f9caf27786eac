"""However a model behaves, the rules' record stands; and nothing leaves that tells who somebody is."""

from __future__ import annotations

import asyncio
import json
import time

import aiohttp
import pytest
from pydantic import SecretStr

from gateway.guests.breaker import FAILURES, REST
from gateway.model.client import ChatCompletions, configured
from gateway.model.offline import read
from gateway.model.simulator import Manner, ModelSimulator
from gateway.settings import Settings
from normalizer.normalize import normalize
from normalizer.proposals.accepting import asked_for
from normalizer.proposals.hiding import COVER
from normalizer.record import Complaint, Method
from tests.clock import SetClock
from tests.model.people import HALF_READ, INJECTION, KEY, asking, by_rules, hidden, said
from tests.waiting import until

MISBEHAVIOUR = [manner for manner in Manner if manner is not Manner.GOOD]
ASKED = asked_for(by_rules(HALF_READ))


async def read_along(client: ChatCompletions, text: str) -> tuple[Complaint, Complaint]:
    """The rules' record, and the one after the model has read along."""
    submission = said(text)
    rules = normalize(submission)
    return rules, await read(client, submission, rules)


async def test_a_good_model_fills_what_the_rules_left_empty(simulator: ModelSimulator) -> None:
    async with asking(simulator) as client:
        rules, record = await read_along(client, HALF_READ)
    assert not rules.value("complainant_name")
    assert record.value("complainant_name") == "贺小山"
    assert record.fields["complainant_name"].method is Method.MODEL
    assert "elderly" in record.flag_codes
    assert "complainant_name" not in record.missing


@pytest.mark.parametrize("manner", MISBEHAVIOUR)
async def test_whatever_it_does_wrong_the_rules_record_stands(simulator: ModelSimulator, manner: Manner) -> None:
    simulator.manner = manner
    async with asking(simulator) as client:
        began = time.monotonic()
        rules, record = await read_along(client, HALF_READ)
        took = time.monotonic() - began
    assert record is rules
    assert took < 1
    assert simulator.received


@pytest.mark.parametrize("manner", MISBEHAVIOUR)
async def test_an_order_in_the_text_lowers_nothing(simulator: ModelSimulator, manner: Manner) -> None:
    simulator.manner = manner
    async with asking(simulator) as client:
        rules, record = await read_along(client, INJECTION)
    assert (rules.value("priority"), record.value("priority")) == ("P0", "P0")
    assert record.flag_codes == rules.flag_codes
    assert record.value("complainant_name") == rules.value("complainant_name")


async def test_a_model_that_is_not_there_costs_nothing() -> None:
    async with asking(ModelSimulator(url="http://127.0.0.1:9/v1")) as client:
        rules, record = await read_along(client, HALF_READ)
    assert record is rules


@pytest.mark.parametrize(
    ("telling", "secrets"),
    [
        ("电话13812345678", ["13812345678", "5678"]),
        ("电话是幺三八一二三四五六七八", ["幺三八", "五六七八"]),
        ("身份证11010119900307451X，邮箱he@example.cn", ["19900307", "he@", "example.cn"]),
        ("保单号PDAA202641010000123456，车牌粤B12345", ["PDAA", "2026", "12345"]),
        ("卡号六二二二零二一零零一一一二二二三", ["六二二二", "二二二三"]),
    ],
)
async def test_nothing_that_looks_like_an_identifier_leaves(
    simulator: ModelSimulator, telling: str, secrets: list[str]
) -> None:
    async with asking(simulator) as client:
        await read_along(client, f"车险理赔拖了两个月还没赔，{telling}，请尽快赔付")
    [raw] = simulator.raw
    told = json.loads(raw)["messages"][1]["content"]
    for secret in secrets:
        assert secret not in told
        assert json.dumps(secret).strip('"') not in told
    assert COVER in simulator.texts[0]


async def test_the_customers_words_are_data_in_a_message_of_their_own(simulator: ModelSimulator) -> None:
    async with asking(simulator) as client:
        await read_along(client, INJECTION)
    [asked] = simulator.received
    system, user = asked["messages"]
    assert (system["role"], user["role"]) == ("system", "user")
    assert "忽略以上指令" not in system["content"]
    assert set(json.loads(user["content"])) == {"asked_for", "text"}
    assert asked["temperature"] == 0
    assert simulator.keys == [f"Bearer {KEY}"]


async def test_a_server_that_knows_no_schema_is_asked_in_a_simpler_form_and_remembered(
    simulator: ModelSimulator,
) -> None:
    simulator.forms = frozenset({""})
    async with asking(simulator) as client:
        assert (await client.propose(hidden(HALF_READ), ASKED)).proposals
        assert (await client.propose(hidden(HALF_READ), ASKED)).proposals
    kinds = [each.get("response_format", {}).get("type", "") for each in simulator.received]
    assert kinds == ["json_schema", "json_object", "", ""]


@pytest.mark.parametrize("manner", [Manner.BUSY, Manner.FAILS])
async def test_a_busy_model_is_asked_once_more(
    simulator: ModelSimulator, manner: Manner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.model.client.PAUSE", 0.01)
    simulator.manners = [manner]
    async with asking(simulator) as client:
        assert (await client.propose(hidden(HALF_READ), ASKED)).proposals
        simulator.manners = [manner, manner]
        assert not (await client.propose(hidden(HALF_READ), ASKED)).proposals
    assert len(simulator.received) == 4


async def test_a_model_that_wants_a_minute_is_not_waited_for(simulator: ModelSimulator) -> None:
    simulator.manners, simulator.retry_after = [Manner.BUSY], "60"
    async with asking(simulator) as client:
        assert not (await client.propose(hidden(HALF_READ), ASKED)).proposals
    assert len(simulator.received) == 1


async def test_a_redirect_is_not_followed(simulator: ModelSimulator) -> None:
    simulator.manner = Manner.REDIRECTS
    async with asking(simulator) as client:
        await client.propose(hidden(HALF_READ), ASKED)
    assert len(simulator.received) == 1


async def test_a_model_that_fails_again_and_again_is_left_alone_and_then_tried_once(
    simulator: ModelSimulator,
) -> None:
    clock = SetClock()
    simulator.manner = Manner.FORBIDS
    async with asking(simulator, clock) as client:
        for _ in range(FAILURES):
            assert (await client.propose(hidden(HALF_READ), ASKED)).sent
        assert not (await client.propose(hidden(HALF_READ), ASKED)).sent
        assert len(simulator.received) == FAILURES

        clock.advance(seconds=REST.total_seconds())
        assert (await client.propose(hidden(HALF_READ), ASKED)).sent
        assert not (await client.propose(hidden(HALF_READ), ASKED)).sent

        clock.advance(seconds=REST.total_seconds())
        simulator.manner = Manner.GOOD
        for _ in range(2):
            assert (await client.propose(hidden(HALF_READ), ASKED)).proposals


async def test_who_stops_the_gateway_does_not_wait_for_the_model(simulator: ModelSimulator) -> None:
    simulator.manner = Manner.HANGS
    async with asking(simulator, seconds=60) as client:
        asked = asyncio.create_task(client.propose(hidden(HALF_READ), ASKED))
        await until(lambda: simulator.received)
        asked.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asked


@pytest.mark.parametrize("manner", [Manner.BROKEN, Manner.FORBIDS, Manner.HANGS_UP, Manner.ECHOES])
async def test_the_log_holds_neither_key_nor_words(
    simulator: ModelSimulator, manner: Manner, capfd: pytest.CaptureFixture[str]
) -> None:
    simulator.manner = manner
    async with asking(simulator) as client:
        await client.propose(hidden(HALF_READ), ASKED)
    logged = "".join(capfd.readouterr())
    assert KEY not in logged
    assert "贺小山" not in logged
    assert "白发人" not in logged


async def test_a_crash_of_our_own_is_an_empty_answer_too(
    simulator: ModelSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("gateway.model.client.read_reply", broken)
    async with asking(simulator) as client:
        assert not (await client.propose(hidden(HALF_READ), ASKED)).proposals


@pytest.mark.parametrize(
    "url",
    ["http://model.example.cn/v1", "ftp://127.0.0.1/v1", "https://", "https://u:p@model.example.cn", "https://[", "x"],
)
def test_an_address_over_which_complaints_would_travel_in_clear_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="TOUSU_MODEL_URL"):
        ChatCompletions(url=url, key=SecretStr(KEY), name="m1", seconds=1, clock=SetClock())


def test_without_an_address_there_is_no_model() -> None:
    assert configured(Settings(), SetClock()) is None
    with pytest.raises(ValueError, match="TOUSU_MODEL_NAME"):
        configured(Settings(model_url="https://model.example.cn/v1"), SetClock())


async def test_the_simulator_speaks_the_protocol(simulator: ModelSimulator) -> None:
    body = {"messages": [{"role": "user", "content": json.dumps({"text": "我这白发人"})}]}
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{simulator.url}/chat/completions", json=body) as reply,
    ):
        completion = await reply.json()
    assert json.loads(completion["choices"][0]["message"]["content"]) == {
        "proposals": [{"field": "flag", "value": "elderly", "quote": "白发人"}]
    }
