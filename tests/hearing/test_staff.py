"""Staff listen to what no machine heard, and type what was said."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from gateway.hearing.simulator import Manner, SpeechSimulator
from gateway.staff.api import build_api
from normalizer.record import Gesture
from store.errors import Unavailable
from store.values import FileState, Hearing, LedgerId, Words
from tests.hearing.recordings import CALL, TOKEN, ZHAO, Office

TOLD = "我叫王小明，电话13812345678，理赔太慢，请尽快赔付"
Desk = TestClient[web.Request, web.Application]


@pytest.fixture
async def desk(office: Office) -> AsyncIterator[Desk]:
    """The API over the house, reached by a client that shows its token."""

    async def replay(_: LedgerId, /) -> str:
        return "handled"

    app = web.Application()
    app.add_subapp("/api/v1", build_api(office.house, replay, office.submit))
    async with TestClient(TestServer(app), headers={"Authorization": f"Bearer {TOKEN}"}) as client:
        yield client


async def type_words(desk: Desk, text: object, file: str = "f1") -> tuple[int, Any]:
    answer = await desk.post(f"/api/v1/attachments/{file}/words", json={"text": text})
    return answer.status, await answer.json()


async def test_what_a_person_heard_is_taken_in_and_their_task_is_done(
    office: Office, desk: Desk, simulator: SpeechSimulator
) -> None:
    simulator.manner = Manner.REFUSES
    case = await office.case(await office.message())
    await office.worker.run_once()
    [task] = await office.tasks()

    assert await type_words(desk, f"  {TOLD}\n") == (200, {"id": "f1", "heard": "done", "tasks_done": [task.id]})
    [words] = office.taken_in
    assert (words.text, words.sender, words.talk) == (TOLD, ZHAO, CALL)
    assert words.context == {"words_of": "f1", "method": "staff"}
    assert not words.may_answer
    file = await office.file()
    assert (file.heard, file.words) == (Hearing.DONE, Words(text=TOLD, method="staff"))
    assert await office.tasks() == []
    last = (await office.audited())[-1]
    assert last == ("words_typed", "file f1", {"characters": len(TOLD), "tasks": [task.id], "number": case.number})


async def test_the_ticket_shows_the_words_masked_unless_a_reason_is_given(office: Office, desk: Desk) -> None:
    case = await office.case(await office.message())
    path = f"/api/v1/complaints/{case.number}"
    before = (await (await desk.get(path)).json())["attachments"][0]
    assert (before["heard"], before["words"]) == ("waiting", None)
    await type_words(desk, TOLD)
    masked = (await (await desk.get(path)).json())["attachments"][0]
    assert masked["heard"] == "done"
    assert "理赔太慢" in masked["words"]
    assert "13812345678" not in masked["words"]
    assert "王小明" not in masked["words"]
    plain = (await (await desk.get(path, params={"unmask": "核对留言"})).json())["attachments"][0]
    assert plain["words"] == TOLD


async def test_the_same_typed_twice_is_one_item_and_a_correction_another(office: Office, desk: Desk) -> None:
    await office.message()
    for text in ("理赔太慢", "理赔太慢", "理赔太慢了"):
        assert (await type_words(desk, text))[0] == 200
    keys = [words.key for words in office.taken_in]
    assert len(set(keys)) == 2
    assert (await office.file()).words == Words(text="理赔太慢了", method="staff")


async def test_the_task_stays_while_another_part_of_the_message_is_unheard(
    office: Office, desk: Desk, simulator: SpeechSimulator
) -> None:
    simulator.manner = Manner.REFUSES
    file = await office.message()
    await office.second_part(file)
    await office.worker.run_once()
    await office.worker.run_once()
    assert (await type_words(desk, "理赔太慢"))[1]["tasks_done"] == []
    assert len(await office.tasks()) == 1
    assert len((await type_words(desk, "请尽快", "f2"))[1]["tasks_done"]) == 1
    assert await office.tasks() == []


async def test_words_that_could_not_be_taken_in_leave_everything_as_it_was(office: Office, desk: Desk) -> None:
    await office.message()
    office.trouble = Unavailable()
    assert (await type_words(desk, TOLD))[0] == 500
    file = await office.file()
    assert (file.heard, file.words) == (Hearing.WAITING, None)


@pytest.mark.parametrize("text", ["", " \n ", "\x00", "x" * 20_001, None, 7, ["理赔"]])
async def test_words_that_are_none_are_refused(office: Office, desk: Desk, text: object) -> None:
    await office.message()
    status, problem = await type_words(desk, text)
    assert (status, problem["code"]) == (422, "invalid")
    assert office.taken_in == []


@pytest.mark.parametrize(("state", "status"), [(FileState.WAITING, 409), (FileState.LOST, 410)])
async def test_nobody_has_heard_a_recording_that_is_not_here(
    office: Office, desk: Desk, state: FileState, status: int
) -> None:
    await office.message(state=state)
    assert (await type_words(desk, TOLD))[0] == status


async def test_only_a_recording_has_words(office: Office, desk: Desk) -> None:
    file = await office.message()
    async with office.store.unit() as unit:
        await unit.files.stored("f1", sha256=file.sha256, size=1, media_type="image/jpeg", name="保单.jpg")
        await unit.commit()
    assert (await type_words(desk, TOLD))[0] == 404
    assert (await type_words(desk, TOLD, "f2"))[0] == 404
    assert (await type_words(desk, TOLD, "%00"))[0] == 404


async def test_the_recording_of_a_whole_call_may_be_written_down_too(office: Office, desk: Desk) -> None:
    await office.message(gesture=Gesture.NOTED)
    assert (await type_words(desk, TOLD))[0] == 200
    assert (await office.file()).heard is Hearing.DONE


async def test_the_document_describes_it_where_it_is_served(office: Office, desk: Desk) -> None:
    document = json.loads(await (await desk.get("/api/v1/openapi.json")).text())
    assert "post" in document["paths"]["/attachments/{file}/words"]
