"""The insurer's own database of policies: a help when it answers, and never in the way."""

from __future__ import annotations

import asyncio
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from gateway.intake import directory
from gateway.intake.directory import Holding, SqlDirectory
from gateway.intake.inbox import GatewayInbox
from tests.intake.conftest import Opening
from tests.intake.talks import COMPLETE, STORY, Office

UNKNOWN = "电话13812345678，车险理赔拖了两个月还没赔，请尽快赔付"


class Slow:
    """Files that take as long as the test wants."""

    def __init__(self) -> None:
        self.asked, self.go_on, self.answered = asyncio.Event(), asyncio.Event(), False

    async def find(self, *, policy_number: str = "", phone: str = "", id_number: str = "") -> tuple[Holding, ...]:
        self.asked.set()
        try:
            await self.go_on.wait()
        finally:
            self.answered = True
        return ()

    async def aclose(self) -> None: ...


def database(path: Path, *, with_policies: bool) -> str:
    line = sqlite3.connect(path)
    if with_policies:
        line.execute("create table policies (policy_number text, phone text, id_number text, name text)")
        line.execute("insert into policies values ('PDAA202641010000123456', '+8613812345678', '', '王小明')")
        line.commit()
    line.close()
    return f"sqlite+aiosqlite:///{path}"


async def test_a_policy_in_the_insurers_database_is_not_asked_for(opening: Opening, tmp_path: Path) -> None:
    url = database(tmp_path / "insurer.db", with_policies=True)
    async with opening(policy_sql_url=url) as office:
        receipt = await office.by_chat().write(UNKNOWN)
        case = await office.only_case()
    assert "【已受理】" in receipt
    assert "保单号" not in receipt
    assert case.record.value("complainant_name") == "王小明"
    assert case.record.value("policy_number") == "PDAA202641010000123456"


async def test_a_broken_database_of_the_insurer_stops_no_complaint(opening: Opening, tmp_path: Path) -> None:
    url = database(tmp_path / "insurer.db", with_policies=False)
    async with opening(policy_sql_url=url) as office:
        assert "【已受理】" in await office.by_chat().write(COMPLETE)
        assert await office.ledger() == {"handled": 1}
        assert not await office.tasks("quarantine")


async def test_while_the_insurers_files_are_slow_other_people_are_answered(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = Slow()
    monkeypatch.setattr(directory, "LOOK_UP_SECONDS", 60.0)
    waiting_inbox = GatewayInbox(replace(office.gateway.house, directory=slow))
    waiting = asyncio.create_task(waiting_inbox.submit(office.by_chat("o1").item(COMPLETE)))
    await slow.asked.wait()
    async with asyncio.timeout(5):
        assert await office.by_chat("o2").write(STORY)
    answered_before = slow.answered
    slow.go_on.set()
    await waiting
    assert not answered_before
    assert len(await office.cases()) == 2


async def test_the_insurers_database_is_let_go_when_the_gateway_closes(
    opening: Opening, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed: list[SqlDirectory] = []
    aclose = SqlDirectory.aclose

    async def noted(directory: SqlDirectory) -> None:
        closed.append(directory)
        await aclose(directory)

    monkeypatch.setattr(SqlDirectory, "aclose", noted)
    async with opening(policy_sql_url=database(tmp_path / "insurer.db", with_policies=True)) as office:
        await office.by_chat().write(UNKNOWN)
    assert len(closed) == 1
