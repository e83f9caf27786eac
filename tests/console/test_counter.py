"""A visitor comes to a branch, a clerk writes down what they say, and they go home with a receipt."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientResponse, FormData

from gateway.staff.actor import CSRF_HEADER, Role
from store.desk import Branch, Person
from store.people import Secrets
from store.unit import Store
from store.values import Case
from tests.console.rooms import Rooms, open_rooms
from tests.staff.office import ON_ONE

TOLD = "2026年9月1日我的车被追尾，报案后材料都交了，两个多月一直没有赔付，客服每次都说在审核。"


@pytest.fixture
async def rooms(store: Store) -> AsyncIterator[Rooms]:
    async with open_rooms(store) as opened:
        await clerk_of(opened, "sh-pudong")
        yield opened


async def clerk_of(rooms: Rooms, branch: str) -> None:
    """A clerk who is known to the store, and stands at the counter now."""
    async with rooms.desk.house.store.unit() as unit:
        await unit.branches.put(Branch(code=branch, name="浦东营业部"))
        person = Person(
            id=0, login="clerk", name="李柜员", roles=frozenset({"clerk"}), branch=branch, created_at=rooms.clock.now()
        )
        id = await unit.people.add(person, Secrets())
        await unit.commit()
    rooms.desk.as_(Role.CLERK, name="李柜员", branches=frozenset({branch}))
    rooms.desk.is_person("clerk", id)


async def form_of(rooms: Rooms, path: str = "/counter") -> dict[str, str]:
    page = await rooms.text(path)
    return {name: re.findall(f'name="{name}" value="([0-9a-f]+)"', page)[0] for name in ("visit", "token")}


async def register(rooms: Rooms, **values: str) -> str:
    """The path of the visit that began."""
    answer = await rooms.desk.post("/counter", {**await form_of(rooms), **values})
    assert answer.status == 303, await answer.text()
    return answer.headers["Location"].removeprefix("/console")


async def cases(rooms: Rooms) -> list[Case]:
    async with rooms.desk.house.store.reading() as unit:
        return await unit.complaints.search(channel="counter", limit=50)


async def test_a_visitor_tells_all_and_is_accepted_at_once(rooms: Rooms) -> None:
    visit = await register(
        rooms, text=TOLD, complainant_name="张小三", phone="13812345678", request="尽快赔付", recording="REC-7"
    )
    [case] = await cases(rooms)
    assert (case.status, case.branch, case.record.value("complainant_name")) == ("ACCEPTED", "sh-pudong", "张小三")
    page = await rooms.text(visit)
    assert case.number in page
    assert "已经齐了" in page
    [moment] = await rooms.moments(case, "counter")
    assert (moment.actor, moment.data["recording"]) == ("clerk", "REC-7")


async def test_what_is_missing_is_named_and_asked_until_it_is_told(rooms: Rooms) -> None:
    visit = await register(rooms, text=TOLD)
    page = await rooms.text(visit)
    assert "<li>投诉人姓名</li>" in page
    assert "<li>电话或邮箱</li>" in page
    fields = await form_of(rooms, visit)
    await rooms.desk.post(
        "/counter", {**fields, "complainant_name": "张小三", "phone": "13812345678", "request": "赔付"}
    )
    [case] = await cases(rooms)
    assert case.accepted_at is not None
    assert "已经齐了" in await rooms.text(visit)


async def test_a_double_click_registers_one_complaint(rooms: Rooms) -> None:
    fields = {**await form_of(rooms), "text": TOLD, "complainant_name": "张小三"}
    first, second = await rooms.desk.post("/counter", fields), await rooms.desk.post("/counter", fields)
    assert first.headers["Location"] == second.headers["Location"]
    assert len(await cases(rooms)) == 1


async def test_papers_that_were_copied_are_kept_with_the_complaint(rooms: Rooms) -> None:
    answer = await with_papers(rooms, "保单.pdf", b"%PDF-1.7 policy")
    assert answer.status == 303
    [case] = await cases(rooms)
    async with rooms.desk.house.store.reading() as unit:
        [file] = await unit.files.of_complaint(case.id)
    assert (file.name, file.media_type, file.size) == ("保单.pdf", "application/pdf", 15)


async def test_a_paper_that_could_be_a_program_is_not_taken_and_the_words_stay_in_the_form(rooms: Rooms) -> None:
    answer = await with_papers(rooms, "a.exe", b"MZ")
    page = await answer.text()
    assert answer.status == 422
    assert "格式不收" in page
    assert TOLD in page
    assert await cases(rooms) == []


async def with_papers(rooms: Rooms, name: str, content: bytes) -> ClientResponse:
    form = FormData(default_to_multipart=True, quote_fields=False)
    for key, value in {**await form_of(rooms), "text": TOLD, "complainant_name": "张小三"}.items():
        form.add_field(key, value)
    form.add_field("papers", content, filename=name)
    headers = {CSRF_HEADER: rooms.desk.sessions.people["clerk"].csrf}
    return await rooms.desk.client.post(
        "/console/counter", data=form, cookies=rooms.desk.cookies, headers=headers, allow_redirects=False
    )


async def test_a_form_that_says_nothing_is_shown_again(rooms: Rooms) -> None:
    answer = await rooms.desk.post("/counter", await form_of(rooms))
    assert answer.status == 422
    assert "请写下客户反映的事" in await answer.text()


async def test_the_receipt_bears_the_number_the_day_and_how_to_ask_but_no_full_name(rooms: Rooms) -> None:
    await register(rooms, text=TOLD, complainant_name="张小三", phone="13812345678", request="赔付")
    [case] = await cases(rooms)
    page = await rooms.text(f"/counter/{case.number}/receipt")
    digits = case.number.removeprefix("TS")
    assert f"{digits[:4]} {digits[4:8]} {digits[8:]}" in page
    for words in ("示例财产保险", "2026-12-08", "https://tousu.example.com/progress", "+8695500", "签字", "李柜员"):
        assert words in page
    assert "张小三" not in page


async def test_todays_visitors_of_this_branch_are_listed_and_no_others(rooms: Rooms) -> None:
    await register(rooms, text=TOLD, complainant_name="张小三")
    [case] = await cases(rooms)
    assert case.number in await rooms.text("/counter")
    rooms.desk.as_(Role.CLERK, login="other", branches=frozenset({"bj"}))
    assert case.number not in await rooms.text("/counter")
    for path in (f"/counter/{case.number}/receipt", f"/counter/visit/{case.contact.value}"):
        assert (await rooms.desk.get(path)).status == 404
    fields = {"visit": case.contact.value, "token": "x", "text": "还有一件事"}
    assert (await rooms.desk.post("/counter", fields)).status == 404
    rooms.clock.advance(days=1)
    rooms.desk.cookie = "clerk"
    assert case.number not in await rooms.text("/counter")


@ON_ONE
async def test_a_colleague_who_opens_a_visit_reads_it_masked_and_still_does_after_adding_to_it(rooms: Rooms) -> None:
    visit = await register(rooms, text=TOLD, complainant_name="张小三", phone="13812345678")
    assert "13812345678" in await rooms.text(visit)
    rooms.desk.as_(Role.CLERK, login="colleague", branches=frozenset({"sh-pudong"}))
    for _ in range(2):
        page = await rooms.text(visit)
        assert "张小三" not in page
        assert "13812345678" not in page
        await rooms.desk.post("/counter", {**await form_of(rooms, visit), "request": "尽快赔付"})


@ON_ONE
async def test_a_visit_of_another_day_leads_to_the_ticket_and_goes_on_nowhere_else(rooms: Rooms) -> None:
    visit = await register(rooms, text=TOLD, complainant_name="张小三")
    [case] = await cases(rooms)
    fields = await form_of(rooms, visit)
    rooms.clock.advance(days=1)
    answer = await rooms.desk.get(visit)
    assert (answer.status, answer.headers["Location"]) == (303, f"/console/complaints/{case.number}")
    assert (await rooms.desk.post("/counter", {**fields, "text": "还有一件事"})).status == 404


@ON_ONE
async def test_who_works_for_no_branch_does_not_read_the_lists_of_all_counters(rooms: Rooms) -> None:
    await register(rooms, text=TOLD, complainant_name="张小三")
    [case] = await cases(rooms)
    rooms.desk.as_(Role.OFFICER, login="head-office")
    assert case.number not in await rooms.text("/counter")


async def test_what_a_visitor_says_is_text_and_never_markup(rooms: Rooms) -> None:
    visit = await register(rooms, text=f"{TOLD}<img src=x onerror=alert(1)>")
    assert "<img src=x" not in await rooms.text(visit)
