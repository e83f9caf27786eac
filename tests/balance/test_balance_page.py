"""What supervisors, auditors and administrators see of the balance, on a page and over REST."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest
from aiohttp.test_utils import TestClient, TestServer
from pydantic import SecretStr

from gateway.console.balance import BalanceRoom
from gateway.console.kit import Kit, Room
from gateway.console.wording import LANGUAGES, wording
from gateway.house import House
from gateway.operations.balance.check import BalanceCheck
from gateway.operations.balance.round import BalanceRound
from gateway.operations.balance.values import Answered, Verdict, Why
from gateway.settings import Settings
from gateway.staff.actor import Role
from gateway.staff.api import build_api
from store.unit import Store
from tests.clock import SetClock
from tests.console.desk import Desk, desk
from tests.store.things import arrive

KINDS = ("item", "file", "day", "letter", "mail", "scan", "call", "recording", "message", "call_out")


@dataclass(frozen=True)
class Open:
    desk: Desk
    round: BalanceRound
    house: House


@asynccontextmanager
async def opened(store: Store) -> AsyncIterator[Open]:
    house = House(store=store, clock=SetClock(), settings=Settings(api_token=SecretStr("token")))
    round = BalanceRound(house, BalanceCheck(house, {}, {"phone": "not set"}))

    def rooms(kit: Kit) -> Sequence[Room]:
        return [BalanceRoom(kit, round)]

    async with desk(house, rooms) as people:
        yield Open(people, round, house)


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.AUDITOR, Role.ADMIN])
async def test_somebody_looks_and_sees_what_does_not_balance(store: Store, role: Role) -> None:
    async with opened(store) as here:
        here.desk.as_(role)
        assert "还没有核对过" in await (await here.desk.get("/admin/balance")).text()
        async with store.unit() as unit:
            entry = await arrive(unit, "behind")
            await unit.commit()
        here.house.clock.advance(hours=1)  # type: ignore[attr-defined] # it is a SetClock
        answer = await here.desk.post("/admin/balance")
        assert answer.headers["Location"].endswith("said=begun")
        await here.round.settled()
        page = await (await here.desk.get("/admin/balance")).text()
        assert "存下后没有处理" in page
        assert f">{entry.id}<" in page
        assert "未启用" in page


async def test_nobody_else_sees_it(store: Store) -> None:
    async with opened(store) as here:
        for role in (Role.OFFICER, Role.CLERK, Role.MAILROOM):
            here.desk.as_(role)
            assert (await here.desk.get("/admin/balance")).status == 403
            assert (await here.desk.post("/admin/balance")).status == 403


async def test_another_system_asks_and_gets_it(store: Store) -> None:
    async with opened(store) as here:
        api = build_api(here.house, _replay, balance=here.round)
        async with TestClient(TestServer(api)) as client:
            headers = {"Authorization": "Bearer token"}
            async with client.get("/balance", headers=headers) as none:
                assert none.status == 404
            async with client.post("/balance", headers=headers) as begun:
                assert await begun.json() == {"begun": True}
            await here.round.settled()
            async with client.get("/balance", headers=headers) as answer:
                told = await answer.json()
        assert told["verdict"] == "balanced"
        assert told["sources"] == [{"channel": "phone", "answered": "off", "problem": "not set"}]


async def _replay(_: object) -> str:
    return "handled"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_a_look_is_there_in_both_languages(language: str) -> None:
    words = wording(language)
    codes = [*Why, *Verdict, *(f"source_{each}" for each in Answered), *(f"kind_{each}" for each in KINDS)]
    assert [code for code in codes if words.code("balance", code) == code] == []
