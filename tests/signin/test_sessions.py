"""Sessions: how long they last, what ends them, and what their owner may see."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from aiohttp.test_utils import make_mocked_request

from gateway.staff.signin.people import Facts
from gateway.staff.signin.rules import SignInRules, networks
from gateway.staff.signin.web import address_of
from store.desk import Branch
from store.unit import Store
from tests.signin.rig import ON_ONE, Rig, rig_over


async def test_a_session_nobody_uses_ends(rig: Rig) -> None:
    await rig.person()
    await rig.sign_in()
    rig.clock.advance(minutes=59)
    assert await rig.actor() is not None
    rig.clock.advance(minutes=59)
    assert await rig.actor() is not None
    rig.clock.advance(minutes=60)
    assert await rig.actor() is None


@ON_ONE
async def test_a_session_ends_after_a_day_of_work_however_busy(rig: Rig) -> None:
    await rig.person()
    await rig.sign_in()
    for _ in range(11):
        rig.clock.advance(minutes=59)
        assert await rig.actor() is not None
    rig.clock.advance(minutes=59)
    assert await rig.actor() is not None
    rig.clock.advance(minutes=12)
    assert await rig.actor() is None


@ON_ONE
async def test_that_somebody_is_there_is_written_once_a_minute_at_most(rig: Rig) -> None:
    await rig.person()
    await rig.sign_in()
    cost = []
    for seconds in (10, 10, 45, 5):
        rig.clock.advance(seconds=seconds)
        before = rig.house.store.statements
        await rig.actor()
        cost.append(rig.house.store.statements - before)
    assert cost == [1, 1, 2, 1]


async def test_a_disabled_person_is_out_at_once(rig: Rig) -> None:
    await rig.person()
    await rig.person("boss", "admin")
    await rig.sign_in()
    facts = Facts(name="王芳", roles=frozenset({"officer"}), active=False)
    await rig.desk.personnel.change("wang", facts, by="boss")
    assert (await rig.get("/queue")).status == 303


@ON_ONE
async def test_new_roles_count_from_the_next_request_on(rig: Rig) -> None:
    await rig.person()
    await rig.sign_in()
    facts = Facts(name="王芳", roles=frozenset({"mailroom"}))
    await rig.desk.personnel.change("wang", facts, by="boss")
    assert (await rig.get("/queue")).status == 403


async def test_whoever_works_in_a_branch_sees_it_and_all_below_and_is_barred_by_all_above(rig: Rig) -> None:
    for branch in (
        Branch(code="sh", name="上海分公司"),
        Branch(code="sh-pd", name="浦东支公司", parent="sh"),
        Branch(code="sh-pd-1", name="陆家嘴营业部", parent="sh-pd"),
        Branch(code="bj", name="北京分公司"),
    ):
        await rig.desk.personnel.put_branch(branch, by="test")
    await rig.person(branch="sh-pd")
    await rig.sign_in()
    actor = await rig.actor()
    assert actor is not None
    assert actor.branches == frozenset({"sh-pd", "sh-pd-1"})
    assert actor.own_branches == {"浦东支公司", "上海分公司"}


@ON_ONE
async def test_the_head_office_sees_all(rig: Rig) -> None:
    await rig.person()
    await rig.sign_in()
    actor = await rig.actor()
    assert actor is not None
    assert (actor.branches, actor.own_branches) == (None, frozenset())


async def test_signing_out_ends_the_session_and_not_only_the_cookie(rig: Rig) -> None:
    await rig.person()
    await rig.sign_in()
    cookie = rig.cookie
    answer = await rig.fill("/me", to="/sign-out")
    assert (answer.status, rig.cookie) == (303, "")
    assert await rig.desk.sessions.actor(cookie) is None
    assert ("wang", "sign_out", "wang") in await rig.audited()


@ON_ONE
async def test_a_forged_sign_out_is_refused(rig: Rig) -> None:
    await rig.person()
    await rig.sign_in()
    assert (await rig.post("/sign-out", {"csrf": "0" * 32})).status == 403
    assert await rig.actor() is not None


@ON_ONE
async def test_every_session_has_a_token_of_its_own(rig: Rig) -> None:
    await rig.person()
    tokens = set()
    for _ in range(3):
        await rig.sign_in()
        actor = await rig.actor()
        assert actor is not None
        tokens.add(actor.csrf)
        rig.another_browser()
    assert len(tokens) == 3
    assert "" not in tokens


@ON_ONE
async def test_cookies_that_are_none_of_ours_cost_nothing(rig: Rig) -> None:
    before = rig.house.store.statements
    for cookie in ("", "x", "A" * 44, "é" * 43, "A" * 10_000):
        assert await rig.desk.sessions.actor(cookie) is None
    assert rig.house.store.statements == before


async def test_what_is_over_is_swept_away(rig: Rig) -> None:
    await rig.person()
    await rig.sign_in()
    await rig.desk.sessions.go()
    assert await _kept(rig) == 1
    rig.clock.advance(hours=1)
    await rig.desk.sessions.go()
    assert await _kept(rig) == 0


@ON_ONE
async def test_the_insurer_decides_how_long_a_session_lasts(store: Store) -> None:
    async with rig_over(store, replace(SignInRules(), idle=timedelta(minutes=5))) as rig:
        await rig.person()
        await rig.sign_in()
        rig.clock.advance(minutes=5)
        assert await rig.actor() is None


def test_only_a_proxy_of_ours_is_believed_about_where_somebody_is() -> None:
    told = {"X-Forwarded-For": "1.2.3.4, 203.0.113.9, 10.0.0.7"}
    request = make_mocked_request("GET", "/", headers=told).clone(remote="10.0.0.8")
    assert address_of(request, ()) == "10.0.0.8"
    assert address_of(request, networks("10.0.0.0/8")) == "203.0.113.9"
    assert address_of(request, networks("192.168.0.0/16")) == "10.0.0.8"


async def _kept(rig: Rig) -> int:
    async with rig.house.store.reading() as unit:
        person = await unit.people.by_login("wang")
        assert person is not None
        return len(await unit.sessions.of(person.id))
