"""The code on a return slip: everybody who shares a store makes the same, and nobody else can."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from channels.letter.slips import ALPHABET, SECRET, Slips, number_claimed
from tests.letter.mailroom import Drawer

NUMBER = "TS261123000017"
OTHER = "TS261123000025"


async def test_a_slip_of_ours_is_proven_by_every_gateway_on_the_store() -> None:
    drawer = Drawer()
    payload = await Slips(drawer).slip_for(NUMBER)
    assert payload.startswith(f"TOUSU:SLIP:{NUMBER}:")
    assert await Slips(drawer).proven(payload) == NUMBER
    assert await Slips(drawer).slip_for(NUMBER) == payload


async def test_another_house_cannot_make_our_slips() -> None:
    assert await Slips(Drawer()).proven(await Slips(Drawer()).slip_for(NUMBER)) is None


async def test_the_check_of_one_number_does_not_fit_another() -> None:
    slips = Slips(Drawer())
    check = (await slips.slip_for(NUMBER)).rpartition(":")[2]
    assert await slips.proven(f"TOUSU:SLIP:{OTHER}:{check}") is None
    assert number_claimed(f"TOUSU:SLIP:{OTHER}:{check}") == OTHER


async def test_the_secret_is_random_made_once_and_long_enough() -> None:
    drawer = Drawer()
    await Slips(drawer).slip_for(NUMBER)
    first = drawer.values[SECRET]
    await Slips(drawer).slip_for(OTHER)
    assert drawer.values[SECRET] == first
    assert len(bytes.fromhex(first)) == 32


async def test_a_check_has_no_letters_that_people_mix_up() -> None:
    slips = Slips(Drawer())
    checks = {(await slips.slip_for(f"TS2611230{n:05d}")).rpartition(":")[2] for n in range(300)}
    assert len(checks) == 300
    assert {len(check) for check in checks} == {8}
    assert set("".join(checks)) == set(ALPHABET)
    assert not set("IO01") & set(ALPHABET)


@given(st.text() | st.builds("TOUSU:SLIP:{}:{}".format, st.from_regex(r"TS\d{12}", fullmatch=True), st.text()))
async def test_whatever_a_code_says_it_is_proven_or_it_is_not(payload: str) -> None:
    assert await Slips(Drawer()).proven(payload) is None
    assert number_claimed(payload) in payload
