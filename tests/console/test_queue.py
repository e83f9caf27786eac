"""The queue as people use it: what they see, what they find, and what it costs."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st
from multidict import MultiDict
from pydantic import SecretStr

from gateway.casework.finding import Finding
from gateway.console import live as live_module
from gateway.console.live import LiveRoom
from gateway.console.queue.asked import Asked, after_of, asked, cursor
from gateway.console.queue.room import PAGE, QueueRoom
from gateway.console.queue.seeking import sought
from gateway.console.remaining import span
from gateway.console.wording import wording
from gateway.house import House
from gateway.settings import Settings
from gateway.staff.actor import Role
from normalizer.number import make_number
from normalizer.record import Intent
from store.desk import Branch, Person
from store.people import Secrets
from store.queue import After
from store.unit import Store
from store.values import Case
from tests.clock import SetClock
from tests.console.desk import Desk, desk
from tests.staff.office import CLAIM, DAY, EMAIL, ID, NAME, ON_ONE, PHONE, POLICY, PRIVATE, Office
from tests.staff.paper import SmallMailroom

NUMBER = re.compile(r'data-row="(TS\d{12})"')
MOST_STATEMENTS = 8  # views, counts, terms, page, people, branches; sign-in has its own


class Floor:
    """A desk with the queue on it, and the complaints in it."""

    def __init__(self, desk: Desk, office: Office, live: LiveRoom) -> None:
        self.desk, self.office, self.live = desk, office, live

    async def complaint(self, *, hours: float = 100, work: dict[str, Any] | None = None, **facts: Any) -> Case:
        case = await self.office.complaint(**facts)
        now = self.desk.house.clock.now()
        async with self.desk.house.store.unit() as unit:
            values = {"due_at": now + timedelta(hours=hours), **(work or {})}
            await unit.complaints.set_work(case.id, values, now=now)
            await unit.commit()
        return case

    async def person(self, login: str, name: str, role: Role) -> int:
        async with self.desk.house.store.unit() as unit:
            person = Person(
                id=0, login=login, name=name, roles=frozenset({role}), created_at=self.desk.house.clock.now()
            )
            id = await unit.people.add(person, Secrets(password="x"))
            await unit.commit()
        return id

    async def page(self, path: str = "", **headers: str) -> str:
        answer = await self.desk.get(path, **headers)
        assert answer.status == 200, await answer.text()
        return await answer.text()

    async def numbers(self, path: str = "") -> list[str]:
        return NUMBER.findall(await self.page(path))

    async def found(self, words: str) -> list[str]:
        answer = await self.desk.post("/search", {"q": words})
        assert answer.status == 200
        return NUMBER.findall(await answer.text())


@pytest.fixture
async def floor(store: Store) -> AsyncIterator[Floor]:
    house = House(store=store, clock=SetClock(), settings=Settings(api_token=SecretStr("x")))
    nobody: Any = None
    office = Office(client=nobody, house=house, replayer=nobody, inbox=nobody, mailroom=SmallMailroom(nobody))
    rooms: list[LiveRoom] = []

    def made(kit: Any) -> list[Any]:
        rooms.append(LiveRoom(kit))
        return [QueueRoom(kit), rooms[0]]

    async with desk(house, made) as opened:
        opened.as_(Role.SUPERVISOR)
        yield Floor(opened, office, rooms[0])
        await rooms[0].stop(web.Application())


async def test_what_is_due_first_stands_first_with_the_time_left_in_words(floor: Floor) -> None:
    later = await floor.complaint(hours=76)
    over = await floor.complaint(hours=-49)
    page = await floor.page()
    assert NUMBER.findall(page) == [over.number, later.number]
    assert "已超期 2 天 1 小时" in page
    assert "还剩 3 天 4 小时" in page


async def test_praise_and_questions_stand_in_the_list_of_all_items_alone(floor: Floor) -> None:
    complaint = await floor.complaint()
    others = [await floor.office.item(intent) for intent in (Intent.PRAISE, Intent.CONSULT, Intent.OTHER)]
    assert await floor.numbers() == [complaint.number]
    numbers = {complaint.number, *(each.number for each in others)}
    assert set(await floor.numbers("?items=all")) == numbers
    assert "checked" in re.findall(r'<input type="checkbox" name="items"[^>]*>', await floor.page("?items=all"))[0]


async def test_the_list_shows_nobody_plainly(floor: Floor) -> None:
    await floor.complaint()
    page = await floor.page()
    assert "张*三" in page
    assert [private for private in PRIVATE if private in page] == []


async def test_views_count_what_they_hold(floor: Floor) -> None:
    await floor.complaint(hours=-1)
    await floor.complaint(hours=30, priority="P0")
    page = await floor.page()
    counts = dict(re.findall(r"<span>([^<]+)</span> <span class=\"count\">([^<]*)</span>", page))
    assert counts["全部在办"] == "2"
    assert counts["已超期"] == "1"
    assert counts["P0 / P1"] == "1"
    assert counts["电话"] == "0"


async def test_a_branch_sees_its_own_and_nobody_what_is_about_themselves(floor: Floor) -> None:
    mine = await floor.complaint(work={"branch": "310000"})
    await floor.complaint(work={"branch": "320000"})
    about = await floor.complaint(work={"branch": "310000"}, respondent="上海分公司李小红")
    floor.desk.as_(Role.OFFICER, name="李小红", branches=frozenset({"310000"}))
    assert await floor.numbers() == [mine.number]
    assert about.number not in await floor.page("?branch=310000")
    assert await floor.numbers("?branch=320000") == []


async def test_whom_a_complaint_is_about_is_not_told_of_it_by_the_numbers_beside_the_views(floor: Floor) -> None:
    house, about = floor.desk.house, "上海分公司李小红"
    await floor.complaint(hours=-1)
    hidden = await floor.complaint(hours=-1, priority="P0", respondent=about)
    corrected = await floor.complaint()

    async def numbers(name: str, *own: str) -> list[str]:
        floor.desk.as_(Role.SUPERVISOR, name=name, own_branches=frozenset(own))
        page = await floor.page()
        counts = dict(re.findall(r"<span>([^<]+)</span> <span class=\"count\">([^<]*)</span>", page))
        return [counts[view] for view in ("全部在办", "已超期", "P0 / P1")]

    for written in (False, True):  # before and after the round has written by whom they are found
        assert await numbers("陆") == ["3", "2", "1"]
        assert await numbers("李小红") == ["2", "1", "0"]
        assert await numbers("陆", "上海分公司") == ["2", "1", "0"]
        await Finding(house).go() if not written else None
    async with house.store.unit() as unit:
        record = corrected.record.with_field("respondent", hidden.record.fields["respondent"])
        await unit.complaints.save(corrected.id, record=record, now=house.clock.now())
        await unit.complaints.save(hidden.id, record=corrected.record, now=house.clock.now())
        await unit.commit()
    assert await numbers("陆") == ["3", "2", "0"]
    assert await numbers("李小红") == ["2", "2", "0"], "what a person corrects counts at once"
    await floor.complaint(respondent=about)
    assert await numbers("李小红") == ["2", "2", "0"], "not for a moment"


async def test_a_page_of_whom_complaints_are_about_is_full_and_the_last_one_like_that_of_others(floor: Floor) -> None:
    for place in range(PAGE + 3):
        await floor.complaint(hours=place, respondent="李小红" if place % 18 == 0 else "")
    page = await floor.page()
    assert (len(NUMBER.findall(page)), 'rel="next"' in page) == (PAGE, True)
    floor.desk.as_(Role.SUPERVISOR, name="李小红")
    page = await floor.page()
    assert (len(NUMBER.findall(page)), 'rel="next"' in page) == (PAGE, False)


async def test_filters_narrow_and_stay_in_the_form(floor: Floor) -> None:
    urgent = await floor.complaint(priority="P0")
    plain = await floor.complaint(status="SOLUTION")
    assert await floor.numbers("?priority=P0&priority=P1") == [urgent.number]
    assert await floor.numbers("?status=SOLUTION") == [plain.number]
    assert '<option value="SOLUTION" selected>' in await floor.page("?status=SOLUTION")
    answer = await floor.desk.post("/search", {"q": "", "priority": "P0", "status": ""})
    assert answer.status == 303
    assert answer.headers["Location"] == "/console?priority=P0"


async def test_a_number_goes_straight_to_its_ticket_however_it_is_written(floor: Floor) -> None:
    case = await floor.complaint()
    for written in (case.number, case.number.lower(), case.number[2:], f" ts {case.number[2:8]} {case.number[8:]}"):
        answer = await floor.desk.post("/search", {"q": written})
        assert answer.status == 303
        assert answer.headers["Location"] == f"/console/complaints/{case.number}"


async def test_a_person_is_found_by_whatever_is_known_of_them_and_no_address_bears_it(floor: Floor) -> None:
    case = await floor.complaint()
    await floor.complaint(
        complainant_name="赵一一",
        phone="+8613700000000",
        email="z@example.cn",
        id_number="",
        policy_number="P-1",
        claim_number="",
    )
    for written in (PHONE, "138 1234 5678", EMAIL.upper(), ID, POLICY.lower(), CLAIM, NAME):
        assert await floor.found(written) == [case.number], written
    assert await floor.found("13912341234") == []


async def test_words_are_found_once_the_round_has_written_them(floor: Floor) -> None:
    case = await floor.complaint(matter="搬家时钢琴被砸坏")
    await floor.complaint(matter="车险定损太低")
    assert await floor.found("钢琴") == []
    await Finding(floor.desk.house).go()
    assert await floor.found("钢琴") == [case.number]
    assert await floor.found("钢琴 定损") == []


async def test_pages_follow_each_other_also_in_a_search(floor: Floor) -> None:
    made = [(await floor.complaint(hours=10 + place)).number for place in range(PAGE + 2)]
    first = await floor.page()
    following = re.findall(r'rel="next" href="/console\?([^"]+)"', first)[0].replace("&amp;", "&")
    assert NUMBER.findall(first) + await floor.numbers(f"?{following}") == made
    answer = await floor.desk.post("/search", {"q": PHONE})
    text = await answer.text()
    after = re.findall(r'name="after" value="([^"]+)"', text)[0]
    rest = await floor.desk.post("/search", {"q": PHONE, "after": after})
    assert NUMBER.findall(text) + NUMBER.findall(await rest.text()) == made[::-1]


async def test_several_are_given_to_a_colleague_at_once(floor: Floor) -> None:
    first, second = await floor.complaint(), await floor.complaint()
    li = await floor.person("li", "李小红", Role.OFFICER)
    page = await floor.page()
    assert f'<option value="{li}">李小红</option>' in page
    answer = await floor.desk.post(
        "/assign",
        [("number", first.number), ("number", second.number), ("person", str(li)), ("back", "channel=wechat")],
    )
    assert answer.headers["Location"] == "/console?channel=wechat&done=2&undone=0&said=assigned"
    assert (await floor.page()).count("李小红</span>") == 2
    assert "已分派。" in await floor.page("?said=assigned")
    assert (await floor.desk.post("/assign", {"person": str(li)})).headers["Location"] == "/console?said=nothing_chosen"


async def test_whom_a_complaint_is_about_cannot_be_given_it(floor: Floor) -> None:
    case = await floor.complaint(respondent="你们的李小红")
    li = await floor.person("li", "李小红", Role.OFFICER)
    answer = await floor.desk.post("/assign", {"number": case.number, "person": str(li)})
    assert "said=some_not" in answer.headers["Location"]


async def test_a_view_is_saved_for_oneself_or_by_a_supervisor_for_all(floor: Floor) -> None:
    wang = await floor.person("wang", "王主管", Role.SUPERVISOR)
    floor.desk.is_person("supervisor", wang)
    await floor.desk.post("/views", {"name": "上海急件", "query": "priority=P0&branch=310000&q=secret", "shared": "1"})
    page = await floor.page()
    assert "上海急件" in page
    assert "secret" not in page
    floor.desk.as_(Role.CLERK, branches=frozenset({"310000"}))
    page = await floor.page()
    assert "上海急件" in page
    assert re.findall(r"views/(\d+)/remove", page) == []
    floor.desk.cookie = "supervisor"
    [id] = re.findall(r"/console/views/(\d+)/remove", await floor.page())
    assert (await floor.desk.post(f"/views/{id}/remove")).status == 303
    assert "上海急件" not in await floor.page()
    assert (await floor.desk.post(f"/views/{id}/remove")).status == 404


async def test_a_part_for_htmx_is_the_list_alone(floor: Floor) -> None:
    case = await floor.complaint()
    part = await floor.page("", **{"HX-Request": "true"})
    assert case.number in part
    assert "<html" not in part


async def test_who_may_not_see_complaints_sees_no_queue(floor: Floor) -> None:
    floor.desk.as_(Role.MAILROOM)
    assert (await floor.desk.get("")).status == 403
    floor.desk.as_(Role.CLERK)
    assert (await floor.desk.post("/assign", {"number": "x", "person": "1"})).status == 403
    assert 'type="checkbox" name="number"' not in await floor.page()


async def test_a_page_costs_the_same_few_statements_whatever_lies_in_the_store(floor: Floor) -> None:
    store, costs = floor.desk.house.store, []
    async with store.unit() as unit:
        await unit.branches.put(Branch(code="310000", name="上海分公司"))
        await unit.commit()
    for more in (1, 30):
        for _ in range(more):
            await floor.complaint()
        before = store.statements
        await floor.page("?priority=P2&due=week")
        await floor.found("理赔 拖了")
        costs.append(store.statements - before)
    assert costs[0] == costs[1] <= 2 * MOST_STATEMENTS


async def test_a_change_is_told_to_open_pages_until_the_session_ends(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_module, "GLANCE", 0.01)
    case = await floor.complaint()
    answer = await floor.desk.get("/live")
    assert answer.content_type == "text/event-stream"
    assert await answer.content.readuntil(b"\n\n") == b"retry: 5000\n\n"
    floor.desk.house.clock.advance(minutes=1)  # type: ignore[attr-defined]  # it is a SetClock
    looked = asyncio.ensure_future(answer.content.readuntil(b"\n\n"))
    while not looked.done():  # whichever of the two comes first: the first glance, or the change
        async with floor.desk.house.store.unit() as unit:
            await unit.complaints.set_work(case.id, {"branch": "x"}, now=floor.desk.house.clock.now())
            await unit.commit()
        floor.desk.house.clock.advance(seconds=1)  # type: ignore[attr-defined]
        await asyncio.wait([looked], timeout=0.05)
    assert looked.result() == b"event: changed\ndata: 1\n\n"
    floor.desk.sessions.people.clear()
    floor.live.pulse.listeners.copy().pop().set()
    await answer.content.read()
    assert answer.content.at_eof()


@ON_ONE
async def test_streams_are_bounded(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_module, "MOST", 0)
    assert (await floor.desk.get("/live")).status == 503


@ON_ONE
async def test_one_person_has_a_few_streams_and_a_colleague_still_gets_one(floor: Floor) -> None:
    streams = [await floor.desk.get("/live") for _ in range(live_module.MOST_OF_ONE)]
    assert {each.status for each in streams} == {200}
    assert (await floor.desk.get("/live")).status == 503
    floor.desk.as_(Role.OFFICER, login="zhao")
    assert (await floor.desk.get("/live")).status == 200


@given(st.text(max_size=250))
def test_whatever_is_typed_into_the_search_box_is_read_without_harm(written: str) -> None:
    found = sought(written)
    assert not found.number or found.number.startswith("TS")
    assert all(kind and value for kind, value in found.exact)


@given(
    st.lists(st.tuples(st.sampled_from(["channel", "status", "due", "life", "order", "after", "q", "x"]), st.text()))
)
def test_whatever_stands_in_an_address_is_read_and_written_again_the_same(given_: list[tuple[str, str]]) -> None:
    once = asked(MultiDict(given_))
    assert isinstance(once, Asked)
    assert asked(MultiDict(once.fields)) == once
    assert "q=" not in once.query


@given(st.integers(1, 2**60), st.datetimes(timezones=st.just(SetClock().now().tzinfo)))
def test_a_place_in_the_list_is_written_and_read_again(id: int, due_at: Any) -> None:
    place = After(id=id, due_at=due_at)
    found = after_of(cursor(place))
    assert found is not None
    assert found.id == id
    assert found.due_at == due_at
    assert after_of("x") is None
    assert after_of("1-999999999999999999") is None
    assert after_of("9999999999999999999-1") is None


def test_what_is_typed_is_taken_for_what_it_can_be() -> None:
    assert sought("010-88886666").exact == (("phone", "+861088886666"),)
    assert sought("王小明").words == ("王小明",)
    assert sought("王小明").exact == (("name", "王小明"),)
    assert sought(make_number(DAY, 7)).number == make_number(DAY, 7)
    assert not sought("  ")


def test_time_left_is_said_in_its_two_greatest_units() -> None:
    zh, en = wording("zh"), wording("en")
    assert span(timedelta(days=3, hours=4, minutes=9), zh) == "3 天 4 小时"
    assert span(timedelta(hours=2, minutes=5), zh) == "2 小时 5 分"
    assert span(timedelta(minutes=5), en) == "5 min"
    assert span(timedelta(days=2), en) == "2 d"
