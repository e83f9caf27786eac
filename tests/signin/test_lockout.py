"""How often somebody may be wrong, and whom that shuts out."""

from __future__ import annotations

from datetime import UTC, datetime

from gateway.staff.signin.lockout import Lockout, Turn
from gateway.staff.signin.rules import SignInRules
from store.unit import Store
from tests.signin.rig import ON_ONE

NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
LOCKOUT = Lockout(SignInRules())


async def tried(store: Store, address: str, times: int = 1, what: str = "password") -> Turn:
    async with store.unit() as unit:
        for _ in range(times):
            turn = await LOCKOUT.take(unit, what, "wang", address, NOW)
        await unit.commit()
    return turn


@ON_ONE
async def test_whoever_guesses_at_a_login_shuts_out_their_own_network_and_not_its_owner(store: Store) -> None:
    assert not (await tried(store, "203.0.113.9", 40)).open
    assert not (await tried(store, "203.0.113.77")).login_open, "a neighbour's address is no new start"
    assert (await tried(store, "198.51.100.4")).open
    assert not (await tried(store, "2001:db8::1", 6)).open
    assert not (await tried(store, "2001:db8::2")).open
    assert (await tried(store, "2001:db8:0:1::1")).open


@ON_ONE
async def test_guesses_from_many_networks_reach_a_ceiling(store: Store) -> None:
    for network in range(10):
        assert (await tried(store, f"10.0.{network}.1", 5)).open
    assert not (await tried(store, "10.1.0.1")).login_open


@ON_ONE
async def test_guesses_before_the_door_do_not_hinder_who_is_inside(store: Store) -> None:
    await tried(store, "203.0.113.9", 9)
    assert (await tried(store, "203.0.113.9", what="own")).open


@ON_ONE
async def test_a_right_try_costs_nothing_anywhere(store: Store) -> None:
    for _ in range(60):
        turn = await tried(store, "203.0.113.9")
        assert turn.open
        async with store.unit() as unit:
            await LOCKOUT.forgive(unit, turn)
            await unit.commit()
