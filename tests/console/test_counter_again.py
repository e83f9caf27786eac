"""The gateway goes down while a visitor is at the counter, and comes up again: nothing is lost, nothing is double."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import FormData

from gateway.console import counter
from gateway.intake import inbox
from gateway.intake.settle import settle
from gateway.staff.actor import CSRF_HEADER, Actor
from store.blobs import FolderBlobs
from store.crypto import Keyring
from store.unit import Store
from store.values import File
from tests.console.rooms import Rooms, open_rooms
from tests.console.test_counter import TOLD, cases, clerk_of, form_of

Up = Callable[[], AbstractAsyncContextManager[Rooms]]
PAPER = b"%PDF-1.7 policy"
FIELDS = {"text": TOLD, "complainant_name": "张小三"}
THE_REST = {"phone": "13812345678", "request": "尽快赔付"}


@pytest.fixture
async def up(store_url: str, keyring: Keyring, tmp_path: Path) -> Up:
    """The gateway comes up: with a store of its own over the same database, key and papers."""
    clerk: list[Actor] = []

    @asynccontextmanager
    async def again() -> AsyncIterator[Rooms]:
        store = await Store.open(store_url, keyring, FolderBlobs(tmp_path / "blobs", keyring))
        try:
            async with open_rooms(store) as rooms:
                await _signed_in(rooms, clerk)
                yield rooms
        finally:
            await store.aclose()

    return again


async def _signed_in(rooms: Rooms, clerk: list[Actor]) -> None:
    """The clerk, whose session outlives the gateway."""
    if not clerk:
        await clerk_of(rooms, "sh-pudong")
        clerk.append(rooms.desk.sessions.people["clerk"])
    rooms.desk.sessions.people["clerk"], rooms.desk.cookie = clerk[0], "clerk"


async def sent(rooms: Rooms, fields: dict[str, str], *, paper: bool = True) -> int:
    """The form with the policy that was copied; the status of the answer."""
    form = FormData(default_to_multipart=True, quote_fields=False)
    for name, value in fields.items():
        form.add_field(name, value)
    if paper:
        form.add_field("papers", PAPER, filename="保单.pdf")
    headers = {CSRF_HEADER: rooms.desk.sessions.people["clerk"].csrf}
    answer = await rooms.desk.client.post(
        "/console/counter", data=form, cookies=rooms.desk.cookies, headers=headers, allow_redirects=False
    )
    return answer.status


async def papers(rooms: Rooms) -> list[tuple[File, bytes]]:
    [case] = await cases(rooms)
    async with rooms.desk.house.store.reading() as unit:
        files = await unit.files.of_complaint(case.id)
    return [(file, await rooms.desk.house.store.blobs.get(file.sha256)) for file in files]


async def test_a_visit_that_had_begun_stands_there_with_its_words_and_papers_and_goes_on(up: Up) -> None:
    async with up() as rooms:
        fields = {**await form_of(rooms), **FIELDS}
        assert await sent(rooms, fields) == 303
    async with up() as rooms:
        visit = f"/counter/visit/{fields['visit']}"
        page = await rooms.text(visit)
        [(file, content)] = await papers(rooms)
        [case] = await cases(rooms)
        assert (TOLD in page, case.number in page, file.name, content) == (True, True, "保单.pdf", PAPER)
        assert case.number in await rooms.text("/counter")
        assert await sent(rooms, {**await form_of(rooms, visit), **THE_REST}, paper=False) == 303
        [after] = await cases(rooms)
        assert (after.id, after.status, after.branch) == (case.id, "ACCEPTED", "sh-pudong")
        assert after.record.value("complainant_name") == "张小三"


async def test_a_form_sent_again_after_the_gateway_came_back_registers_one_complaint(up: Up) -> None:
    async with up() as rooms:
        fields = {**await form_of(rooms), **FIELDS}
        assert await sent(rooms, fields) == 303
    async with up() as rooms:
        assert await sent(rooms, fields) == 303
        [case] = await cases(rooms)
        assert len(await papers(rooms)) == 1
        assert len(await rooms.moments(case, "heard")) == 1
        assert len(await rooms.moments(case, "counter")) == 1


class Crash(OSError):
    """The gateway is gone: nothing is answered, and nothing put aside."""


async def test_after_a_crash_between_the_complaint_and_the_clerks_name_the_same_form_gives_it_its_clerk(
    up: Up, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def gone(*_: object) -> None:
        raise Crash

    async with up() as rooms:
        fields = {**await form_of(rooms), **FIELDS}
        with monkeypatch.context() as crashing:
            crashing.setattr(counter, "record_clerk", gone)
            assert await sent(rooms, fields) == 500
    async with up() as rooms:
        [case] = await cases(rooms)
        assert (case.branch, await rooms.moments(case, "counter")) == ("sh-pudong", [])
        assert await sent(rooms, fields) == 303
        assert [each.id for each in await cases(rooms)] == [case.id]
        [moment] = await rooms.moments(case, "counter")
        assert (moment.actor, len(await rooms.moments(case, "heard")), len(await papers(rooms))) == ("clerk", 1, 1)
        assert "13812345678" not in await rooms.text(f"/counter/visit/{fields['visit']}")


async def test_after_a_crash_before_the_commit_nothing_is_there_and_the_same_form_registers_it_once(
    up: Up, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def settled_and_gone(*scene: Any) -> None:
        await settle(*scene)
        raise Crash

    async with up() as rooms:
        fields = {**await form_of(rooms), **FIELDS}
        with monkeypatch.context() as crashing:
            crashing.setattr(inbox, "settle", settled_and_gone)
            assert await sent(rooms, fields) >= 500
    async with up() as rooms:
        assert await cases(rooms) == []
        assert await sent(rooms, fields) == 303
        [case] = await cases(rooms)
        assert (len(await papers(rooms)), len(await rooms.moments(case, "heard"))) == (1, 1)
