"""Signing in by password: who gets in, who does not, and what everybody else learns from it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.profiles import RFC_9106_LOW_MEMORY
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from yarl import URL

from gateway.staff.actor import COOKIE
from gateway.staff.signin.first import first_steps
from gateway.staff.signin.passwords import Passwords
from gateway.staff.signin.people import Facts
from gateway.staff.signin.rules import SignInRules
from gateway.staff.signin.web import local
from store.models import sessions
from store.people import Secrets
from store.unit import Store
from tests.signin.rig import CSRF, ON_ONE, PASSWORD, Rig, rig_over


async def test_an_officer_signs_in_and_sees_their_queue(rig: Rig) -> None:
    await rig.person()
    assert (await rig.get("/queue")).headers["Location"] == "/console/sign-in?next=/console/queue"
    answer = await rig.sign_in(next="/console/queue?status=ACCEPTED")
    assert (answer.status, answer.headers["Location"]) == (303, "/console/queue?status=ACCEPTED")
    assert (await (await rig.get("/queue")).json())["login"] == "wang"
    assert ("wang", "sign_in", "wang") in await rig.audited()


async def test_the_login_may_be_typed_in_capitals_and_full_width(rig: Rig) -> None:
    await rig.person()
    assert (await rig.sign_in(" ＷANG ", PASSWORD.replace(" ", "\u3000"))).status == 303


@ON_ONE
async def test_of_the_cookie_only_an_index_is_kept(rig: Rig) -> None:
    await rig.person()
    await rig.sign_in()
    cookie = rig.cookie
    assert len(cookie) == 43
    async with rig.house.store.reading() as unit:
        rows = await unit._line.rows(select(sessions))
    assert all(cookie not in str(value) for row in rows for value in row)


@ON_ONE
async def test_wrong_passwords_unknown_people_and_disabled_ones_get_the_same_answer(rig: Rig) -> None:
    await rig.person()
    await rig.person("zhao")
    await disable(rig, "zhao")
    pages = []
    for login, password in (("wang", "wrong"), ("nobody", PASSWORD), ("zhao", PASSWORD), ("no such login!", PASSWORD)):
        answer = await rig.sign_in(login, password)
        pages.append((answer.status, await answer.text()))
    assert pages[0][0] == 401
    assert len(set(pages)) == 1


@ON_ONE
async def test_a_password_is_verified_for_unknown_people_too(rig: Rig) -> None:
    await rig.person()
    for login in ("wang", "nobody", "!!", "wang"):
        await rig.sign_in(login, "wrong")
    assert len(rig.passwords.held_against) == 4
    assert all(kept.startswith("$argon2id$") for kept in rig.passwords.held_against)


@ON_ONE
async def test_what_was_typed_as_an_unknown_login_is_not_written_down(rig: Rig) -> None:
    await rig.sign_in("my-secret-password", "x")
    assert await rig.audited() == [("unknown", "sign_in_failed", "unknown")]


async def test_after_five_wrong_passwords_the_right_one_opens_only_in_the_next_quarter_of_an_hour(rig: Rig) -> None:
    await rig.person()
    for _ in range(5):
        assert (await rig.sign_in("wang", "wrong")).status == 401
    assert (await rig.sign_in()).status == 401
    rig.clock.advance(minutes=15)
    assert (await rig.sign_in()).status == 303


@ON_ONE
async def test_right_passwords_do_not_use_up_the_tries(rig: Rig) -> None:
    await rig.person()
    for _ in range(8):
        assert (await rig.sign_in()).status == 303
        rig.another_browser()


@ON_ONE
async def test_an_address_that_guesses_many_logins_is_shut_out(store: Store) -> None:
    async with rig_over(store, replace(SignInRules(), tries_of_address=3)) as rig:
        await rig.person()
        for login in ("a1", "b2", "c3"):
            await rig.sign_in(login, "x")
        assert (await rig.sign_in()).status == 401


@ON_ONE
async def test_an_old_hash_is_made_anew_with_todays_parameters(rig: Rig) -> None:
    await rig.person()
    async with rig.house.store.unit() as unit:
        person = await unit.people.by_login("wang")
        assert person
        weak = PasswordHasher(time_cost=1, memory_cost=16, parallelism=2).hash(PASSWORD)
        await unit.people.set_secrets(person.id, Secrets(password=weak))
        await unit.commit()
    assert (await rig.sign_in()).status == 303
    async with rig.house.store.reading() as unit:
        kept = (await unit.people.secrets(person.id)).password
    assert kept != weak
    rig.another_browser()
    assert (await rig.sign_in()).status == 303


async def test_a_hash_in_service_costs_what_the_standard_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    """In all other tests it costs next to nothing."""
    monkeypatch.setattr("gateway.staff.signin.passwords.PasswordHasher", PasswordHasher)
    passwords = Passwords()
    for kept in (await passwords.hash(PASSWORD), passwords._nobodys):
        assert extract_parameters(kept) == RFC_9106_LOW_MEMORY


@ON_ONE
async def test_a_form_without_the_token_of_its_page_is_refused(rig: Rig) -> None:
    await rig.person()
    await rig.get("/sign-in")
    for token in ("", "0" * 32):
        answer = await rig.post("/sign-in", {"login": "wang", "password": PASSWORD, "csrf": token})
        assert (answer.status, rig.cookie) == (403, "")


@ON_ONE
async def test_the_token_of_another_browser_is_refused(rig: Rig) -> None:
    await rig.person()
    token = await rig.token("/sign-in")
    rig.another_browser()
    await rig.get("/sign-in")
    answer = await rig.post("/sign-in", {"login": "wang", "password": PASSWORD, "csrf": token})
    assert answer.status == 403


@ON_ONE
async def test_a_session_planted_before_signing_in_is_not_taken_over(rig: Rig) -> None:
    await rig.person()
    planted = "A" * 43
    rig.client.session.cookie_jar.update_cookies({COOKIE: planted}, rig.client.make_url("/"))
    await rig.sign_in()
    assert rig.cookie not in ("", planted)
    assert await rig.desk.sessions.actor(planted) is None


@ON_ONE
@pytest.mark.parametrize(("public_url", "secure"), [("https://tousu.example.cn", True), ("", False)])
async def test_the_cookie_is_for_our_pages_alone(store: Store, public_url: str, secure: bool) -> None:
    async with rig_over(store, public_url=public_url) as rig:
        await rig.person()
        page = await rig.get("/sign-in")
        door = page.cookies["tousu_door"].value
        token = CSRF.search(await page.text())
        assert token
        form = {"login": "wang", "password": PASSWORD, "csrf": token[1]}
        answer = await rig.post("/sign-in", form, headers={"Cookie": f"tousu_door={door}"})
        morsel = answer.cookies[COOKIE]
        assert morsel["httponly"]
        assert (morsel["samesite"], morsel["path"], bool(morsel["secure"])) == ("Lax", "/", secure)


ELSEWHERE = (
    "https://evil.example",
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/console\\@evil.example",
    "javascript:alert(1)",
    "/console@evil.example",
    "/consolex",
    "/\t/evil.example",
    "/api/v1/people",
    "/console/../api/v1/people",
    "/console/%2e%2e/api",
    "console",
    "",
)


@ON_ONE
@pytest.mark.parametrize("target", ELSEWHERE)
async def test_nobody_is_led_elsewhere_after_signing_in(rig: Rig, target: str) -> None:
    await rig.person()
    assert (await rig.sign_in(next=target)).headers["Location"] == "/console"


@given(st.text(alphabet="/\\:@.?#%conslehtp \t\r\nevil", max_size=30))
def test_whatever_is_asked_for_a_browser_stays_in_the_console(target: str) -> None:
    found = local(target)
    resolved = URL("https://tousu.example.cn/console/sign-in").join(URL(found or "/console"))
    assert resolved.host == "tousu.example.cn"
    assert resolved.path == "/console" or resolved.path.startswith("/console/")


@ON_ONE
async def test_who_may_not_see_complaints_begins_the_day_elsewhere(rig: Rig) -> None:
    for role, home in (("admin", "/console/admin"), ("mailroom", "/console/letters"), ("clerk", "/console")):
        await rig.person(role, role)
        assert (await rig.sign_in(role)).headers["Location"] == home
        rig.another_browser()


@ON_ONE
async def test_where_there_is_nobody_yet_the_page_tells_how_to_begin(rig: Rig) -> None:
    assert "people add" in await (await rig.get("/sign-in")).text()
    assert "people add" in str(await first_steps(rig.house))
    await rig.person()
    assert "people add" not in await (await rig.get("/sign-in")).text()
    assert await first_steps(rig.house) is None


@ON_ONE
async def test_the_pages_speak_english_to_whoever_asks_for_it(rig: Rig) -> None:
    answer = await rig.fill("/sign-in", {"next": "/console/sign-in"}, to="/language")
    assert answer.headers["Location"] == "/console/sign-in"
    assert '<h1 id="door-title">Sign in</h1>' in await (await rig.get("/sign-in")).text()
    assert (await rig.post("/language", {"next": "/console"})).status == 403


async def disable(rig: Rig, login: str) -> None:
    async with rig.house.store.reading() as unit:
        person = await unit.people.by_login(login)
    assert person
    facts = Facts(name=person.name, roles=person.roles, branch=person.branch, active=False)
    await rig.desk.personnel.change(login, facts, by="test")
