"""Messages that our own wrong settings hold back leave once these are mended."""

from __future__ import annotations

from channels.base import Outbound
from channels.errors import DeliveryError, Misconfigured
from gateway.delivery.held import try_held
from store.values import OutboxState
from tests.delivery.post import Office
from tests.store.things import parcel


def wrong_password(_: Outbound) -> DeliveryError:
    return Misconfigured("535 5.7.8 wrong password")


def fine(_: Outbound) -> None:
    return None


async def three_held(office: Office) -> None:
    office.post["wechat"].trouble = wrong_password
    await office.put(*[parcel(f"p{place}") for place in range(3)])
    await office.deliver()
    assert set((await office.states()).values()) == {OutboxState.HELD}


async def test_a_wrong_password_makes_one_task_however_many_messages_wait(office: Office) -> None:
    await three_held(office)
    await office.put(parcel("p9"))
    await office.deliver()

    assert [task.reason for task in await office.tasks()] == ["misconfigured"]


async def test_all_that_was_held_leaves_after_the_first_message_that_passes(office: Office) -> None:
    await three_held(office)
    office.post["wechat"].trouble = fine

    await office.put(parcel("next"))
    await office.deliver()

    assert set((await office.states()).values()) == {OutboxState.SENT}


async def test_every_quarter_of_an_hour_one_held_message_tries_again(office: Office) -> None:
    await three_held(office)
    assert await try_held(office.house) == 0
    office.clock.advance(minutes=16)
    tried = office.post["wechat"].tried

    assert await try_held(office.house) == 1
    await office.deliver()
    assert office.post["wechat"].tried == tried + 1, "a hundred wrong sign-ins would lock the account"

    office.post["wechat"].trouble = fine
    office.clock.advance(minutes=16)
    assert await try_held(office.house) == 1
    await office.deliver()
    assert set((await office.states()).values()) == {OutboxState.SENT}


async def test_after_a_restart_what_was_held_tries_at_once(office: Office) -> None:
    await three_held(office)
    office.post["wechat"].trouble = fine
    assert await try_held(office.house, at_once=True) == 1
    await office.deliver()
    assert set((await office.states()).values()) == {OutboxState.SENT}


async def test_what_is_held_later_leaves_too_once_a_message_passes_again(office: Office) -> None:
    await office.put(parcel("before"))
    await office.deliver()
    office.clock.advance(hours=1)
    await three_held_after("before", office)
    office.post["wechat"].trouble = fine

    await office.put(parcel("next", created_at=office.now, next_at=office.now))
    await office.deliver()

    assert set((await office.states()).values()) == {OutboxState.SENT}


async def three_held_after(first: str, office: Office) -> None:
    office.post["wechat"].trouble = wrong_password
    await office.put(*[parcel(f"p{place}") for place in range(3)])
    await office.deliver()
    states = await office.states()
    assert {state for id, state in states.items() if id != first} == {OutboxState.HELD}


async def test_messages_that_alone_are_set_wrong_are_not_hammered_with_at_each_that_passes(office: Office) -> None:
    """A template that does not exist holds template messages; the chat goes on."""
    office.post["wechat"].trouble = lambda outbound: Misconfigured("40037") if outbound.id == "template" else None
    await office.put(parcel("template"))
    await office.deliver()
    for place in range(6):
        await office.put(parcel(f"chat{place}"))
        await office.deliver()
    assert (await office.parcel("template")).attempts == 2
