"""Administrators: people are made, changed and disabled; branches lie under one another; one administrator stays."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import pytest
from sqlalchemy import select

from gateway.staff.signin.people import Facts, Unfit
from gateway.staff.signin.sessions import Visitor
from store.desk import Branch, Person
from store.models import people
from tests.signin.rig import ON_ONE, PASSWORD, Rig

ONCE = re.compile(r'class="exact once">([^<]+)<')
NEW = [("login", "li.na"), ("name", "李娜"), ("role", "officer"), ("role", "clerk"), ("branch", ""), ("email", "")]


@pytest.fixture
async def office(rig: Rig) -> Rig:
    """The boss is signed in."""
    await rig.person("boss", "admin", name="管理员")
    await rig.sign_in("boss")
    return rig


async def test_a_new_person_gets_a_password_that_is_shown_once_and_must_be_changed(office: Rig) -> None:
    shown = await (await office.fill("/admin/people", NEW)).text()
    password = ONCE.findall(shown)[0]
    assert password not in await (await office.get("/admin/people/li.na")).text()
    person = await found(office, "li.na")
    assert (person.name, person.roles, person.active) == ("李娜", frozenset({"officer", "clerk"}), True)
    assert ("boss", "person_created", "li.na") in await office.audited()
    office.another_browser()
    assert (await office.sign_in("li.na", password)).headers["Location"] == "/console/sign-in/more"


@ON_ONE
async def test_names_are_sealed_at_rest(office: Rig) -> None:
    await office.fill("/admin/people", NEW)
    async with office.house.store.reading() as unit:
        rows = await unit._line.rows(select(people))
    assert all("李娜".encode() not in row.facts for row in rows)


@ON_ONE
@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("login", "Li Na", "登录名须为"),
        ("login", "boss", "已被使用"),
        ("name", " ", "请填写姓名"),
        ("role", "king", "至少选择一个角色"),
        ("branch", "nowhere", "没有这个机构"),
        ("email", "no-address", "邮箱格式"),
    ],
)
async def test_what_cannot_be_is_told_and_what_was_typed_stays(office: Rig, name: str, value: str, told: str) -> None:
    fields = [(key, old) for key, old in NEW if key != name] + [(name, value)]
    answer = await office.fill("/admin/people", fields)
    shown = await answer.text()
    assert answer.status == 422
    assert told in shown
    assert ('value="李娜"' in shown) == (name != "name")


async def test_other_roles_another_branch_and_back_again(office: Rig) -> None:
    await office.fill("/admin/branches", {"code": "sh", "name": "上海分公司", "parent": ""})
    await office.person()
    form = [("name", "王芳芳"), ("role", "supervisor"), ("branch", "sh"), ("email", "wang@example.cn")]
    await office.fill("/admin/people/wang", form)
    person = await found(office, "wang")
    assert (person.name, person.roles, person.branch) == ("王芳芳", frozenset({"supervisor"}), "sh")
    assert (person.email, person.active) == ("wang@example.cn", False)
    await office.fill("/admin/people/wang", [*form, ("active", "yes")])
    assert (await found(office, "wang")).active


@pytest.mark.parametrize("loss", [{"active": False}, {"roles": frozenset({"officer"})}])
async def test_the_last_administrator_stays_one(office: Rig, loss: dict[str, Any]) -> None:
    facts: dict[str, Any] = {"name": "管理员", "roles": frozenset({"admin"}), **loss}
    with pytest.raises(Unfit, match="last_admin"):
        await office.desk.personnel.change("boss", Facts(**facts), by="boss")
    await office.person("deputy", "admin", "auditor")
    await office.desk.personnel.change("boss", Facts(**facts), by="boss")
    with pytest.raises(Unfit, match="last_admin"):
        await office.desk.personnel.change("deputy", Facts(**facts), by="boss")


async def test_two_administrators_who_remove_each_other_at_once_leave_one(office: Rig) -> None:
    await office.person("deputy", "admin")
    facts = Facts(name="x", roles=frozenset({"officer"}))
    change = office.desk.personnel.change
    done = await asyncio.gather(
        change("boss", facts, by="deputy"), change("deputy", facts, by="boss"), return_exceptions=True
    )
    assert sum(isinstance(each, Unfit) for each in done) == 1


@ON_ONE
async def test_a_new_password_and_a_lost_telephone_sign_somebody_out(office: Rig) -> None:
    await office.person()
    for deed in ("new_password", "reset_totp", "end_sessions"):
        cookie = await signed_in(office, "wang")
        await office.fill("/admin/people/wang", to=f"/admin/people/wang/{deed}")
        assert await office.desk.sessions.actor(cookie) is None, deed
        await office.desk.personnel.set_password("wang", PASSWORD, once=False, by="test")
    done = {action for _, action, subject in await office.audited() if subject == "wang"}
    assert done >= {"password_given", "second_factor_removed", "sessions_ended"}


@ON_ONE
async def test_only_administrators_come_here(rig: Rig) -> None:
    await rig.person("boss", "admin")
    await rig.person("wang", "officer", "supervisor", "auditor")
    await rig.sign_in()
    for path in ("/admin/people", "/admin/people/boss", "/admin/branches"):
        assert (await rig.get(path)).status == 403
    assert (await rig.fill("/me", to="/admin/people/boss/new_password")).status == 403


@ON_ONE
async def test_a_form_without_its_token_changes_nothing(office: Rig) -> None:
    assert (await office.post("/admin/people", [*NEW, ("csrf", "0" * 32)])).status == 403
    async with office.house.store.reading() as unit:
        assert await unit.people.by_login("li.na") is None


async def test_what_is_not_there_is_not_found(office: Rig) -> None:
    for login in ("nobody", "%00", "A%20B"):
        assert (await office.get(f"/admin/people/{login}")).status == 404
        assert (await office.fill("/admin/people", to=f"/admin/people/{login}/end_sessions")).status == 404
    assert (await office.get("/admin/branches/%00")).status == 200


async def test_a_branch_never_lies_under_itself(office: Rig) -> None:
    put = office.desk.personnel.put_branch
    await put(Branch(code="a", name="A"), by="boss")
    await put(Branch(code="b", name="B", parent="a"), by="boss")
    for branch in (Branch(code="a", name="A", parent="b"), Branch(code="a", name="A", parent="a")):
        with pytest.raises(Unfit, match="branch_loop"):
            await put(branch, by="boss")
    answer = await office.fill("/admin/branches", {"code": "c", "name": "C", "parent": "zz"})
    assert (answer.status, "没有这个机构" in await answer.text()) == (422, True)
    await office.fill("/admin/branches/b", {"code": "b", "name": "B二", "parent": "a"}, to="/admin/branches")
    async with office.house.store.reading() as unit:
        assert await unit.branches.get("b") == Branch(code="b", name="B二", parent="a")


async def found(rig: Rig, login: str) -> Person:
    async with rig.house.store.reading() as unit:
        person = await unit.people.by_login(login)
    assert person is not None
    return person


async def signed_in(rig: Rig, login: str) -> str:
    """The cookie of somebody who signed in on a device of their own."""
    async with rig.house.store.unit() as unit:
        person = await unit.people.by_login(login)
        assert person is not None
        cookie = await rig.desk.sessions.open(unit, person, Visitor(address="10.0.0.9", agent="x"))
        await unit.commit()
    return cookie
