"""The second factor, and the password that somebody else gave: what is asked between the password and the console."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from gateway.staff.signin import totp
from gateway.staff.signin.rules import SignInRules
from store.unit import Store
from tests.signin.rig import ON_ONE, PASSWORD, Rig, rig_over

MORE = "/console/sign-in/more"
SECRET = re.compile(r'<span class="exact">([A-Z2-7 ]+)</span>')
OWN = "my very own long words"


def code_of(rig: Rig, secret: str) -> str:
    return pyotp.TOTP(secret).at(rig.clock.now())


async def offered(rig: Rig, page: str) -> tuple[str, str]:
    """The secret that a page offers, and the page."""
    shown = await (await rig.get(page)).text()
    found = SECRET.search(shown)
    assert found, shown
    return found[1].replace(" ", ""), shown


async def with_totp(rig: Rig) -> str:
    """Wang with a second factor; their secret."""
    await rig.person()
    secret = totp.new_secret()
    async with rig.house.store.unit() as unit:
        person = await unit.people.by_login("wang")
        assert person is not None
        kept = await unit.people.secrets(person.id)
        await unit.people.set_secrets(person.id, replace(kept, totp=secret))
        await unit.commit()
    return secret


async def test_with_a_second_factor_the_password_alone_opens_nothing(rig: Rig) -> None:
    secret = await with_totp(rig)
    answer = await rig.sign_in(next="/console/queue")
    assert (answer.headers["Location"], rig.cookie) == (MORE, "")
    assert (await rig.get("/queue")).status == 303
    answer = await rig.fill("/sign-in/more", {"code": code_of(rig, secret)})
    assert answer.headers["Location"] == "/console/queue"
    assert await rig.actor() is not None


async def test_a_code_counts_once(rig: Rig) -> None:
    secret = await with_totp(rig)
    code = code_of(rig, secret)
    await rig.sign_in()
    assert (await rig.fill("/sign-in/more", {"code": code})).status == 303
    rig.another_browser()
    await rig.sign_in()
    assert (await rig.fill("/sign-in/more", {"code": code})).status == 401
    rig.clock.advance(seconds=30)
    assert (await rig.fill("/sign-in/more", {"code": code_of(rig, secret)})).status == 303


@ON_ONE
async def test_codes_cannot_be_guessed_for_long(rig: Rig) -> None:
    secret = await with_totp(rig)
    await rig.sign_in()
    wrong = "000000" if code_of(rig, secret) != "000000" else "000001"
    for _ in range(5):
        assert (await rig.fill("/sign-in/more", {"code": wrong})).status == 401
    assert (await rig.fill("/sign-in/more", {"code": code_of(rig, secret)})).status == 401
    assert ("unknown", "sign_in_failed", "wang") in await rig.audited()


@ON_ONE
async def test_whoever_takes_too_long_begins_anew(rig: Rig) -> None:
    secret = await with_totp(rig)
    await rig.sign_in()
    token = await rig.token("/sign-in/more")
    rig.clock.advance(minutes=10)
    answer = await rig.post("/sign-in/more", {"code": code_of(rig, secret), "csrf": token})
    assert answer.headers["Location"] == "/console/sign-in?again=1"


@ON_ONE
async def test_a_half_open_door_shuts_when_the_password_changes(rig: Rig) -> None:
    secret = await with_totp(rig)
    await rig.sign_in()
    token = await rig.token("/sign-in/more")
    await rig.desk.personnel.new_password("wang", by="boss")
    answer = await rig.post("/sign-in/more", {"code": code_of(rig, secret), "csrf": token})
    assert answer.headers["Location"] == "/console/sign-in?again=1"


@ON_ONE
async def test_the_second_step_without_the_first_leads_back(rig: Rig) -> None:
    assert (await rig.get("/sign-in/more")).headers["Location"] == "/console/sign-in?again=1"
    rig.client.session.cookie_jar.update_cookies({"tousu_pending": "AAAA"}, rig.client.make_url("/"))
    assert (await rig.get("/sign-in/more")).headers["Location"] == "/console/sign-in?again=1"


@ON_ONE
async def test_where_everybody_must_have_one_it_is_set_up_before_anything_else(store: Store) -> None:
    async with rig_over(store, replace(SignInRules(), totp="required")) as rig:
        await rig.person()
        assert (await rig.sign_in()).headers["Location"] == MORE
        secret, page = await offered(rig, "/sign-in/more")
        assert "<svg" in page
        assert "style=" not in page
        assert (await rig.get("/queue")).status == 303
        assert (await rig.fill("/sign-in/more", {"code": "12"})).status == 401
        assert (await offered(rig, "/sign-in/more"))[0] == secret
        assert (await rig.fill("/sign-in/more", {"code": code_of(rig, secret)})).headers["Location"] == "/console"
        rig.another_browser()
        await rig.sign_in()
        rig.clock.advance(seconds=30)
        assert (await rig.fill("/sign-in/more", {"code": code_of(rig, secret)})).status == 303


@ON_ONE
async def test_where_it_is_off_nobody_is_asked(store: Store) -> None:
    async with rig_over(store, replace(SignInRules(), totp="off")) as rig:
        await with_totp(rig)
        assert (await rig.sign_in()).headers["Location"] == "/console"


@ON_ONE
@pytest.mark.parametrize(("password", "repeated"), [("short", "short"), (OWN, "another"), ("wang" * 5, "wang" * 5)])
async def test_a_password_of_ones_own_must_be_good_and_typed_twice(rig: Rig, password: str, repeated: str) -> None:
    await rig.person(once=True)
    await rig.sign_in()
    assert (await rig.fill("/sign-in/more", {"password": password, "repeated": repeated})).status == 401
    assert rig.cookie == ""


async def test_a_password_that_was_given_opens_once_and_is_replaced_by_ones_own(rig: Rig) -> None:
    await rig.person(once=True)
    assert (await rig.sign_in()).headers["Location"] == MORE
    assert (await rig.fill("/sign-in/more", {"password": PASSWORD, "repeated": PASSWORD})).status == 401
    assert (await rig.fill("/sign-in/more", {"password": OWN, "repeated": OWN})).headers["Location"] == "/console"
    rig.another_browser()
    assert (await rig.sign_in()).status == 401
    assert (await rig.sign_in("wang", OWN)).headers["Location"] == "/console"


def test_the_codes_are_those_of_the_standard() -> None:
    """RFC 6238, appendix B, of which six digits are the last of eight."""
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    for second, code in ((59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (2000000000, "279037")):
        at = datetime.fromtimestamp(second, UTC)
        assert totp.accepted(secret, code, at, used=0) == second // 30
        assert totp.accepted(secret, code, at, used=second // 30) is None


def test_a_telephone_whose_clock_is_off_by_half_a_minute_still_works() -> None:
    secret, at = totp.new_secret(), datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
    maker = pyotp.TOTP(secret)
    assert totp.accepted(secret, maker.at(at + timedelta(seconds=30 * -1)), at, used=0)
    assert totp.accepted(secret, maker.at(at + timedelta(seconds=30 * 1)), at, used=0)
    assert totp.accepted(secret, maker.at(at + timedelta(seconds=30 * -3)), at, used=0) is None


def test_what_is_no_code_is_no_error() -> None:
    at = datetime(2026, 11, 23, tzinfo=UTC)
    for code in ("", "１２３４５６", "12345", "abcdef", "é" * 6):
        assert totp.accepted(totp.new_secret(), code, at, used=0) is None
