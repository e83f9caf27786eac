"""One's own page: password, second factor, and where one is signed in."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from gateway.staff.signin.rules import SignInRules
from store.unit import Store
from tests.signin.rig import ON_ONE, PASSWORD, Rig, rig_over
from tests.signin.test_second_factor import code_of, offered

OWN = "my very own long words"


async def elsewhere(rig: Rig) -> str:
    """Wang signs in on another device; its cookie."""
    await rig.sign_in()
    cookie = rig.cookie
    rig.another_browser()
    return cookie


async def test_a_new_password_signs_out_every_other_device(rig: Rig) -> None:
    await rig.person()
    other = await elsewhere(rig)
    await rig.sign_in()
    form = {"mine": PASSWORD, "password": OWN, "repeated": OWN}
    assert (await rig.fill("/me", form, to="/me/password")).headers["Location"] == "/console/me?said=password"
    assert await rig.actor() is not None
    assert await rig.desk.sessions.actor(other) is None
    rig.another_browser()
    assert (await rig.sign_in("wang", OWN)).status == 303


@ON_ONE
@pytest.mark.parametrize(
    ("mine", "password", "repeated"),
    [("wrong", OWN, OWN), (PASSWORD, OWN, "other words here"), (PASSWORD, "short", "short")],
)
async def test_a_password_is_not_changed_by_mistake(rig: Rig, mine: str, password: str, repeated: str) -> None:
    await rig.person()
    await rig.sign_in()
    form = {"mine": mine, "password": password, "repeated": repeated}
    assert (await rig.fill("/me", form, to="/me/password")).status == 422
    rig.another_browser()
    assert (await rig.sign_in()).status == 303


@ON_ONE
async def test_whoever_found_an_open_browser_cannot_guess_the_password_for_long(rig: Rig) -> None:
    await rig.person()
    await rig.sign_in()
    for _ in range(5):
        await rig.fill("/me", {"mine": "x", "password": OWN, "repeated": OWN}, to="/me/password")
    form = {"mine": PASSWORD, "password": OWN, "repeated": OWN}
    assert (await rig.fill("/me", form, to="/me/password")).status == 422


async def test_one_of_several_sessions_is_ended(rig: Rig) -> None:
    await rig.person()
    other = await elsewhere(rig)
    third = await elsewhere(rig)
    await rig.sign_in()
    async with rig.house.store.reading() as unit:
        found = await unit.sessions.signed_in(other)
    assert found is not None
    await rig.fill("/me", to=f"/me/sessions/{found[0].id}")
    assert await rig.desk.sessions.actor(other) is None
    assert await rig.desk.sessions.actor(third) is not None
    await rig.fill("/me", to="/me/sessions/others")
    assert await rig.desk.sessions.actor(third) is None
    assert await rig.actor() is not None


@ON_ONE
async def test_nobody_ends_the_session_of_somebody_else(rig: Rig) -> None:
    await rig.person()
    await rig.person("zhao")
    other = await elsewhere(rig)
    async with rig.house.store.reading() as unit:
        found = await unit.sessions.signed_in(other)
    assert found is not None
    await rig.sign_in("zhao")
    await rig.fill("/me", to=f"/me/sessions/{found[0].id}")
    assert await rig.desk.sessions.actor(other) is not None


async def test_a_second_factor_is_set_up_and_turned_off_again(rig: Rig) -> None:
    await rig.person()
    await rig.sign_in()
    secret, page = await offered(rig, "/me/totp")
    fields = dict(field(page))
    form = {"mine": PASSWORD, "draft": fields["draft"], "csrf": fields["csrf"], "code": code_of(rig, secret)}
    assert (await rig.post("/me/totp", {**form, "mine": "wrong"})).status == 422
    assert (await rig.post("/me/totp", {**form, "code": "1"})).status == 422
    assert (await rig.post("/me/totp", form)).headers["Location"] == "/console/me?said=totp_set"
    rig.another_browser()
    assert (await rig.sign_in()).headers["Location"] == "/console/sign-in/more"
    rig.clock.advance(seconds=30)
    await rig.fill("/sign-in/more", {"code": code_of(rig, secret)})
    assert (await rig.fill("/me", {"mine": PASSWORD}, to="/me/totp/remove")).status == 303
    rig.another_browser()
    assert (await rig.sign_in()).headers["Location"] == "/console"


@ON_ONE
async def test_a_draft_of_somebody_elses_is_not_taken(rig: Rig) -> None:
    await rig.person()
    await rig.sign_in()
    secret, page = await offered(rig, "/me/totp")
    draft = dict(field(page))["draft"]
    rig.another_browser()
    await rig.person("zhao")
    await rig.sign_in("zhao")
    answer = await rig.fill("/me", {"mine": PASSWORD, "draft": draft, "code": code_of(rig, secret)}, to="/me/totp")
    assert answer.headers["Location"] == "/console/me/totp"


@ON_ONE
async def test_where_everybody_must_have_one_nobody_turns_it_off(store: Store) -> None:
    async with rig_over(store, replace(SignInRules(), totp="required")) as rig:
        await rig.person()
        await rig.sign_in()
        secret, _ = await offered(rig, "/sign-in/more")
        await rig.fill("/sign-in/more", {"code": code_of(rig, secret)})
        assert "/me/totp/remove" not in await (await rig.get("/me")).text()
        assert (await rig.fill("/me", {"mine": PASSWORD}, to="/me/totp/remove")).status == 422


@ON_ONE
@pytest.mark.parametrize("path", ["/me/password", "/me/totp", "/me/totp/remove", "/me/sessions/others"])
async def test_forms_that_no_page_of_ours_showed_are_refused(rig: Rig, path: str) -> None:
    await rig.person()
    await rig.sign_in()
    assert (await rig.post(path, {"mine": PASSWORD, "csrf": "f" * 32})).status == 403


def field(page: str) -> list[tuple[str, str]]:
    return re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page)
