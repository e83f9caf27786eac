"""A complaint that somebody may not know of: no letter, list, history, task or cursor tells them that it exists."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer
from pydantic import SecretStr

import gateway.reports.overview as overview
import gateway.staff.api as api
from gateway.casework.acts.linking import link
from gateway.casework.approvals import NoSuchApproval, approve, ask, refuse, take_back
from gateway.casework.doubts import STRANGER
from gateway.casework.finding import Finding
from gateway.house import House
from gateway.intake.inbox import GatewayInbox
from gateway.reports.overview import Overview
from gateway.reports.overview import count as count_figures
from gateway.settings import Settings
from gateway.staff.actor import COOKIE, CSRF_HEADER, Actor, Role, rights_of
from store.desk import Link
from store.figures import Scope
from store.unit import Store, Unit
from store.values import Case, PostState
from tests.clock import SetClock
from tests.console.desk import KnownPeople
from tests.staff.office import CALLER, ON_ONE, TOKEN, WORDS, Office, Replayer
from tests.staff.paper import SmallMailroom
from tests.staff.test_post import PDF, printed

pytestmark = ON_ONE
RESPONDENT = "王主管"
PHONE = "13812345678"


@dataclass(kw_only=True)
class Inside:
    """The API as people of ours use it from the console: by a cookie."""

    office: Office
    people: KnownPeople
    cookie: str = ""

    def as_(self, *roles: Role, name: str = RESPONDENT, branches: frozenset[str] | None = None) -> Actor:
        actor = Actor(
            login=f"{name}-{'-'.join(roles)}",
            name=name,
            rights=rights_of(frozenset(roles)),
            person_id=len(self.people.people) + 1,
            branches=branches,
            csrf="theirs",
        )
        self.people.people[str(actor.person_id)], self.cookie = actor, str(actor.person_id)
        return actor

    async def get(self, path: str, headers: dict[str, str] | None = None, /, **query: str) -> ClientResponse:
        given = {CSRF_HEADER: "theirs"} if headers is None else headers
        cookies = {COOKIE: self.cookie}
        return await self.office.client.get(f"/api/v1{path}", params=query, cookies=cookies, headers=given)

    async def ask(self, path: str, **query: str) -> Any:
        answer = await self.get(path, **query)
        assert answer.status == 200, await answer.text()
        return await answer.json()

    async def search(self, path: str, **sought: object) -> Any:
        status, found = await self.post(f"{path}/search", sought)
        assert status == 200, found
        return found

    async def post(self, path: str, body: object) -> tuple[int, Any]:
        cookies, headers = {COOKIE: self.cookie}, {CSRF_HEADER: "theirs"}
        answer = await self.office.client.post(f"/api/v1{path}", json=body, cookies=cookies, headers=headers)
        return answer.status, await answer.json(content_type=None)

    async def to_branch(self, case: Case, branch: str) -> None:
        async with self.office.house.store.unit() as unit:
            await unit.complaints.set_work(case.id, {"branch": branch}, now=self.office.house.clock.now())
            await unit.commit()

    async def suggested(self, one: Case, other: Case) -> None:
        now = self.office.house.clock.now()
        async with self.office.house.store.unit() as unit:
            ids = {"complaint_id": one.id, "other_id": other.id}
            await unit.links.add(Link(**ids, kind="duplicate", state="suggested", at=now, by="gateway", facts={}))
            await unit.commit()


@pytest.fixture
async def inside(store: Store, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Inside]:
    people, replayer = KnownPeople(), Replayer(store)
    monkeypatch.setattr(api, "NoSessions", lambda: people)
    open_channels = frozenset({"letter", "wechat"})
    settings = Settings(api_token=SecretStr(TOKEN))
    house = House(store=store, clock=SetClock(), settings=settings, open_channels=open_channels)
    inbox = GatewayInbox(house)
    mailroom, app = SmallMailroom(inbox), web.Application()
    app.add_subapp("/api/v1", api.build_api(house, replayer, inbox.submit, mailroom))
    async with TestClient(TestServer(app)) as client:
        office = Office(client=client, house=house, replayer=replayer, inbox=inbox, mailroom=mailroom)
        yield Inside(office=office, people=people)


async def about_them(inside: Inside) -> Case:
    return await inside.office.complaint(respondent=RESPONDENT)


async def test_whom_a_complaint_is_about_decides_nothing_that_waits_in_it(inside: Inside) -> None:
    hidden, shown = await about_them(inside), await inside.office.complaint(status="REGISTERED")
    house, they = inside.office.house, inside.as_(Role.SUPERVISOR)
    ids = [await asked_of(inside, each) for each in (hidden, shown)]
    for decide in (approve, take_back):
        with pytest.raises(NoSuchApproval):
            await decide(house, ids[0], actor=they)
    with pytest.raises(NoSuchApproval):
        await refuse(house, ids[0], reason="x", actor=they)
    with pytest.raises(NoSuchApproval):  # in hand is another complaint than the step is about
        await approve(house, ids[1], actor=they, number=hidden.number)
    assert [each["id"] for each in (await inside.ask("/approvals", limit="1"))["items"]] == [ids[1]]
    assert (await inside.ask("/approvals", limit="1"))["next"] is None
    assert (await inside.post(f"/approvals/{ids[0]}/approve", None))[0] == 404


async def asked_of(inside: Inside, case: Case) -> int:
    async with inside.office.house.store.unit() as unit:
        asked = await ask(inside.office.house, unit, case, "special", {"reason": "境外取证"}, actor="lu")
        await unit.commit()
    return asked.id


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.MAILROOM])
async def test_nobody_reads_or_moves_a_letter_of_a_complaint_that_they_may_not_know_of(
    inside: Inside, role: Role
) -> None:
    await printed(inside.office, "mine")
    await printed(inside.office, "other")
    async with inside.office.house.store.reading() as unit:
        case = await unit.complaints.by_number(inside.office.numbers[0])
    assert case is not None
    await inside.to_branch(case, "sh")
    inside.as_(role, branches=frozenset({""}))
    assert [each["id"] for each in (await inside.ask("/post"))["items"]] == ["other"]
    assert (await inside.get("/post/mine")).status == 404
    assert (await inside.get("/post/mine/pdf", unmask="装封")).status == 404
    assert (await inside.post("/post/mine", {"state": "posted"}))[0] == 404
    status, moved = await inside.post("/post", {"ids": ["mine", "other"], "state": "posted"})
    assert (status, [each["problem"] for each in moved["items"]]) == (200, ["no_such_letter", ""])
    async with inside.office.house.store.reading() as unit:
        letter = await unit.post.get("mine")
    assert letter is not None
    assert letter.state is PostState.PRINTED
    assert await (await inside.get("/post/other/pdf", unmask="装封")).read() == PDF


async def test_a_page_says_that_there_is_a_next_one_only_if_something_is_on_it(inside: Inside) -> None:
    cases = [await about_them(inside) for _ in range(3)]
    seen = await inside.office.complaint()
    await about_them(inside)
    elsewhere = await inside.office.complaint()
    await inside.to_branch(elsewhere, "sh")
    await inside.suggested(cases[0], cases[1])
    await inside.suggested(cases[1], cases[2])
    inside.as_(Role.OFFICER, branches=frozenset({""}))
    page = await inside.search("/complaints", phone=PHONE, limit=1)
    assert ([each["number"] for each in page["items"]], page["next"]) == ([seen.number], None)
    assert await inside.ask("/links/suggested", limit="1") == {"items": [], "next": None}


async def test_calls_about_a_hidden_complaint_leave_no_cursor(inside: Inside) -> None:
    case, now = await about_them(inside), inside.office.house.clock.now()
    for call in ("CA1", "CA2"):
        await inside.office.call(call)
        async with inside.office.house.store.unit() as unit:
            talk = await unit.conversations.lock("phone", CALLER, now, talk=call)
            await unit.conversations.save(talk.id, state={}, complaint_id=case.id, remind_at=None, last_heard_at=now)
            await unit.commit()
    inside.as_(Role.OFFICER, name="陆")
    assert (await inside.search("/calls", phone=PHONE, limit=1))["next"]
    inside.as_(Role.OFFICER)
    assert await inside.search("/calls", phone=PHONE, limit=1) == {"items": [], "next": None}


async def test_whom_a_complaint_is_about_is_not_told_of_it_by_the_figures(inside: Inside) -> None:
    clock = inside.office.house.clock
    assert isinstance(clock, SetClock)
    await inside.office.complaint()
    inside.as_(Role.SUPERVISOR)
    before = await inside.ask("/reports/overview")
    assert (before["open"], before["today"]["total"]) == (1, 1)
    await about_them(inside)
    assert await inside.ask("/reports/overview") == before, "not for a moment"
    await Finding(inside.office.house).go()
    assert await inside.ask("/reports/overview") == before
    clock.advance(seconds=31)
    inside.as_(Role.SUPERVISOR, name="陆")
    others = await inside.ask("/reports/overview")
    assert (others["open"], others["today"]["total"]) == (2, 2)
    inside.as_(Role.SUPERVISOR)
    assert (await inside.ask("/reports/overview"))["open"] == 1, "what was counted for others is not shown to them"


async def test_a_complaint_that_comes_while_figures_are_counted_is_not_in_those_of_whom_it_is_about(
    inside: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = count_figures

    async def count_late(unit: Unit, now: datetime, scope: Scope) -> Overview:
        if not inside.office.numbers:
            await about_them(inside)
            async with inside.office.house.store.reading() as later:
                return await begun(later, now, scope)
        return await begun(unit, now, scope)

    monkeypatch.setattr(overview, "count", count_late)
    inside.as_(Role.SUPERVISOR)
    assert (await inside.ask("/reports/overview"))["open"] == 0
    inside.as_(Role.SUPERVISOR, name="陆")
    assert (await inside.ask("/reports/overview"))["open"] == 1


async def test_a_trail_and_a_list_of_tasks_end_where_only_hidden_ones_follow(inside: Inside) -> None:
    house = inside.office.house
    hidden, shown = await about_them(inside), await inside.office.complaint()
    async with house.store.unit() as unit:
        for case in (hidden, shown, hidden):
            await unit.audit.write(at=house.clock.now(), actor="lu", action="unmask", subject=case.number)
        await unit.commit()
    for hours, case in enumerate((hidden, shown, hidden)):
        await inside.office.task(case, id=f"t{hours}", hours=hours)
    for role, path, key in ((Role.AUDITOR, "/audit", "subject"), (Role.OFFICER, "/tasks", "complaint")):
        inside.as_(role)
        page = await inside.ask(path, limit="1")
        assert ([each[key] for each in page["items"]], page["next"]) == ([shown.number], None), path
        inside.as_(role, name="陆")
        assert (await inside.ask(path, limit="1"))["next"], path


async def test_a_history_names_no_complaint_that_they_may_not_know_of(inside: Inside) -> None:
    hidden, shown, known = await about_them(inside), await inside.office.complaint(), await inside.office.complaint()
    for other in (hidden, known):
        await link(inside.office.house, shown.number, other.number, reason=f"见{other.number}", actor="lu")
    inside.as_(Role.OFFICER)
    for path in ("", "/timeline"):
        answer = await inside.get(f"/complaints/{shown.number}{path}")
        text = await answer.text()
        assert hidden.number not in text
        assert known.number in text
    inside.as_(Role.OFFICER, name="陆")
    assert hidden.number in await (await inside.get(f"/complaints/{shown.number}")).text()


async def test_a_task_names_no_complaint_that_they_may_not_know_of(inside: Inside) -> None:
    hidden, shown = await about_them(inside), await inside.office.complaint()
    detail = f"{hidden.number}\n{WORDS}"
    await inside.office.task(shown, id="t1", kind="review", reason=STRANGER, detail=detail)
    inside.as_(Role.OFFICER)
    for path in ("/tasks", "/tasks/t1"):
        assert hidden.number not in await (await inside.get(path)).text()
    inside.as_(Role.OFFICER, name="陆")
    assert (await inside.ask("/tasks/t1"))["detail"].startswith(hidden.number)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "none"}, 403),
        ({CSRF_HEADER: "another"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({CSRF_HEADER: "theirs"}, 200),
    ],
)
async def test_a_page_of_somebody_else_writes_no_look_into_the_audit_trail(
    inside: Inside, headers: dict[str, str], status: int
) -> None:
    case = await inside.office.complaint()
    inside.as_(Role.OFFICER, name="陆")
    answer = await inside.get(f"/complaints/{case.number}", headers, unmask="核实")
    assert answer.status == status
    assert len(await inside.office.audited()) == (status == 200)
    assert (await inside.get(f"/complaints/{case.number}", {})).status == 200
