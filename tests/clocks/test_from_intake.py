"""The clock begins with the first word, and what the intake says counts as having told the customer."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gateway.casework.clocks.round import ClockRound
from gateway.intake.silence import remind_the_silent
from normalizer.record import SHANGHAI
from tests.intake.talks import COMPLETE, Office, open_office


@pytest.fixture
async def office(store_url: str, tmp_path: Path) -> AsyncIterator[Office]:
    async with open_office(data_dir=tmp_path, database_url=store_url) as office:
        yield office


async def test_a_complaint_by_chat_has_its_date_its_first_alert_and_its_note_at_once(office: Office) -> None:
    await office.by_chat().write(COMPLETE)
    case = await office.only_case()
    async with office.gateway.house.store.reading() as unit:
        alert_at, note_at = await unit.clock_events.times(case.id)
    assert case.due_at.astimezone(SHANGHAI).isoformat() == "2026-12-08T23:59:59+08:00"
    assert alert_at is not None
    assert alert_at.astimezone(SHANGHAI).date().isoformat() == "2026-12-01"
    assert note_at is not None
    assert note_at.astimezone(SHANGHAI).isoformat() == "2026-11-30T09:30:00+08:00"


async def test_the_receipt_counts_as_having_told_the_customer(office: Office) -> None:
    await office.by_chat().write(COMPLETE)
    assert (await office.only_case()).told_at == office.clock.now()


async def test_a_turn_of_the_talk_is_no_news_and_a_reminder_is(office: Office) -> None:
    await office.by_chat().write("我要投诉，车险理赔拖了两个月还没赔")
    before = await office.only_case()
    office.clock.advance(hours=21)
    await remind_the_silent(office.gateway.house)
    after = await office.only_case()
    assert before.told_at is None
    assert after.told_at == office.clock.now()


async def test_five_working_days_after_the_receipt_the_customer_hears_again(office: Office) -> None:
    await office.by_chat().write(COMPLETE)
    office.clock.advance(days=7)
    await ClockRound(office.gateway.house).go()
    assert "正在处理中" in (await office.parcels())[-1].text
