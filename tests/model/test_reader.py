"""In service: the customer is answered by the rules, and the model reads along behind the scenes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from gateway.background import start_background_work
from gateway.casework.lifecycle import Status
from gateway.casework.move import move
from gateway.model.reader import MOST_WAITING, AlongReader
from gateway.model.simulator import Manner, ModelSimulator
from normalizer.record import Field, Machine, Method
from store.models import audit
from store.values import Case, ComplaintId
from tests.intake.talks import COMPLETE, STORY, Office, open_office
from tests.model.people import DANGER, HALF_READ
from tests.waiting import until


@pytest.fixture
async def office(store_url: str, tmp_path: Path, simulator: ModelSimulator) -> AsyncIterator[Office]:
    """An office whose model is the simulator; once on each kind of database."""
    given = {"model_url": simulator.url, "model_name": "m1", "model_timeout": 0.2, "page_email": "wache@example.cn"}
    async with open_office(data_dir=tmp_path, database_url=store_url, **given) as office:
        yield office


def reader_of(office: Office) -> AlongReader:
    reader = office.gateway.reader
    assert reader is not None
    return reader


async def read_along(office: Office) -> Case:
    """The only case, after the model has read what waits."""
    await reader_of(office).read_waiting()
    return await office.only_case()


async def test_what_the_model_finds_is_in_the_record_and_told_to_staff(office: Office) -> None:
    await office.by_chat().write(HALF_READ)
    before = await office.only_case()
    case = await read_along(office)

    assert not before.record.value("complainant_name")
    assert case.record.value("complainant_name") == "贺小山"
    found = case.record.fields["complainant_name"]
    assert (found.method, found.source, found.item) == (Method.MODEL, "记在贺小山头上", "wechat-1")
    assert "complainant_name" not in case.record.missing
    [moment] = [each for each in await office.history(case) if each.actor == "model"]
    assert moment.kind == "field"
    assert "complainant_name" in moment.data["fields"]
    assert "贺小山" not in str((moment.text, moment.data))


async def test_in_service_it_is_read_in_the_background(office: Office) -> None:
    await start_background_work(office.gateway)
    try:
        await office.by_chat().write(HALF_READ)

        async def is_read() -> bool:
            return (await office.only_case()).record.value("complainant_name") == "贺小山"

        await until(is_read)
    finally:
        await office.gateway.supervisor.aclose()


async def test_the_customer_hears_nothing_of_it(office: Office) -> None:
    await office.by_chat().write(HALF_READ)
    before = await office.parcels()
    await read_along(office)
    assert await office.parcels() == before


@pytest.mark.parametrize("manner", [Manner.HANGS, Manner.FAILS, Manner.INVENTS, Manner.BROKEN, Manner.OBEYS])
async def test_a_model_that_misbehaves_changes_no_record(
    office: Office, simulator: ModelSimulator, manner: Manner
) -> None:
    simulator.manner = manner
    answer = await office.by_chat().write(HALF_READ)
    before = await office.only_case()
    case = await read_along(office)
    assert answer
    assert case == before


async def test_a_danger_that_only_the_model_sees_calls_a_person(office: Office) -> None:
    person = office.by_chat()
    await person.write(DANGER)
    assert not await office.tasks("page")
    case = await read_along(office)

    assert case.record.value("priority") == "P0"
    [task] = await office.tasks("page", case.number)
    assert (task.reason, task.due_at - office.clock.now()) == ("self_harm", timedelta(minutes=15))
    assert task.detail == "想去找我走了的老伴"
    assert case.status != Status.RECEIVED
    await office.after(hours=40)
    assert not await office.reminders()

    await person.write("请记住我叫贺小山")
    await reader_of(office).read_waiting()
    assert len(await office.tasks("page")) == 1


async def test_a_danger_pages_over_the_configured_channel(
    store_url: str, tmp_path: Path, simulator: ModelSimulator
) -> None:
    given = {
        "model_url": simulator.url,
        "model_name": "m1",
        "page_webhook_url": "http://127.0.0.1:9/page",
        "page_webhook_secret": "geheim",
    }
    async with open_office(data_dir=tmp_path, database_url=store_url, **given) as office:
        await office.by_chat().write(DANGER)
        await read_along(office)
        [parcel] = [each for each in await office.parcels() if each.channel == "webhook"]
    assert "self_harm" in parcel.text
    assert "老伴" not in parcel.text


async def test_what_happened_while_the_model_was_reading_stands(office: Office, simulator: ModelSimulator) -> None:
    """A person confirms a name between the question and the answer."""
    await office.by_chat().write(HALF_READ)
    case = await office.only_case()
    confirmed = case.record.with_field("complainant_name", Field(value="贺大山", method=Method.STAFF))
    reader = reader_of(office)
    simulator.manner, release = Manner.GOOD, asyncio.Event()
    propose = reader._model.propose

    async def slow(masked: object, wanted: object) -> object:
        reply = await propose(masked, wanted)  # type: ignore[arg-type]  # handed through as it came
        release.set()
        async with office.gateway.house.store.unit() as unit:
            await unit.complaints.save(case.id, record=confirmed, now=office.clock.now())
            await unit.commit()
        return reply

    reader._model.propose = slow  # type: ignore[method-assign,assignment]  # the moment between asking and applying
    await reader.read_waiting()
    assert release.is_set()
    after = await office.only_case()
    assert after.record.fields["complainant_name"] == confirmed.fields["complainant_name"]
    assert "elderly" in after.record.flag_codes


async def test_a_closed_case_is_not_read(office: Office, simulator: ModelSimulator) -> None:
    await office.by_chat().write(HALF_READ)
    case = await office.only_case()
    await move(office.gateway.house, case.number, Status.WITHDRAWN, note="x", tell=False, actor="li")
    await read_along(office)
    assert not simulator.received


async def test_nobody_elses_words_are_sent(office: Office, simulator: ModelSimulator) -> None:
    """Neither a question that is no complaint, nor a robot's mail, nor what we said ourselves."""
    await office.by_chat("o2").write("你好")
    await office.by_mail().write("Out of office", machine=Machine.AUTO_REPLY)
    await reader_of(office).read_waiting()
    assert not simulator.received

    person = office.by_chat()
    await person.write(STORY)
    await person.write("我叫王小明，电话幺三八一二三四五六七八")
    await reader_of(office).read_waiting()
    assert simulator.texts == [f"{STORY}\n我叫▇▇▇，电话▇▇▇▇▇▇▇▇▇▇▇"]


async def test_several_messages_in_a_row_are_read_together(office: Office, simulator: ModelSimulator) -> None:
    person = office.by_chat()
    for words in (STORY, "我跑了五趟", "没人管"):
        await person.write(words)
    await reader_of(office).read_waiting()
    assert len(simulator.received) == 1


async def test_what_was_sent_is_in_the_audit_trail(office: Office) -> None:
    await office.by_chat().write(COMPLETE)
    await read_along(office)
    async with office.gateway.house.store.reading() as unit:
        assert await unit.audit.verify() is None


@pytest.mark.parametrize("fails", ["apply", "propose"])
async def test_one_odd_record_ends_nothing_and_its_sending_is_kept(
    office: Office, monkeypatch: pytest.MonkeyPatch, fails: str
) -> None:
    await office.by_chat().write(HALF_READ)
    case, reader = await office.only_case(), reader_of(office)

    async def odd(*_: object, **__: object) -> None:
        raise KeyError("贺小山")

    with monkeypatch.context() as patch, capture_logs() as logs:
        if fails == "apply":
            patch.setattr("gateway.model.reader.apply", odd)
        else:
            patch.setattr(reader._model, "propose", odd)
        assert await reader.read_waiting() == 1
    [line] = [each for each in logs if each["event"] == "reading_along_crashed"]
    assert line["complaint"] == case.id
    async with office.gateway.house.store.reading() as unit:
        deeds = await unit.audit._line.rows(select(audit).order_by(audit.c.id))
        assert await unit.audit.verify() is None
    assert [each.subject for each in deeds if each.action == "read_along"] == [case.number]

    reader.notice(case.id)
    await reader.read_waiting()
    assert (await office.only_case()).record.value("complainant_name") == "贺小山"


async def test_a_queue_that_is_full_holds_nobody_up(office: Office) -> None:
    reader = reader_of(office)
    for id in range(MOST_WAITING + 10):
        reader.notice(ComplaintId(id + 1000))
    assert await reader.read_waiting() == MOST_WAITING


async def test_without_a_model_there_is_nothing_to_notice(store_url: str, tmp_path: Path) -> None:
    async with open_office(data_dir=tmp_path, database_url=store_url) as office:
        assert office.gateway.reader is None
        assert await office.by_chat().write(HALF_READ)
