"""The ledger by itself: everything that arrived is handled, set aside or in work, and owes nobody an answer."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from gateway.house import House
from gateway.operations.balance import batches
from gateway.operations.balance.check import BalanceCheck
from gateway.operations.balance.round import TASK, BalanceRound
from gateway.operations.balance.values import Answered, Balance, Off, Verdict, Why, from_json, to_json
from gateway.operations.metrics import BALANCE_OFF
from gateway.settings import Settings
from store.balance import Held
from store.checks import LEDGER
from store.unit import Store
from store.values import LedgerState
from tests.balance.conftest import found
from tests.clock import MONDAY_MORNING, SetClock
from tests.store.things import arrive, file, parcel


class MuteChannel:
    """As WeChat: it keeps no list."""

    name = "wechat"


def house_of(store: Store, clock: SetClock) -> House:
    return House(store=store, clock=clock, settings=Settings())


def check_of(store: Store, clock: SetClock) -> BalanceCheck:
    channels = {"wechat": MuteChannel()}
    return BalanceCheck(house_of(store, clock), channels, {"phone": "not set"})  # type: ignore[arg-type]


async def test_handled_quarantined_and_fresh_items_balance_and_a_channel_without_a_list_says_so(store: Store) -> None:
    clock = SetClock()
    async with store.unit() as unit:
        spoken, queued = await arrive(unit, "spoken"), await arrive(unit, "queued")
        aside = await arrive(unit, "aside", channel="web")
        await arrive(unit, "fresh", received_at=clock.now())
        await unit.ledger.settle(spoken.id, answer_kind="spoken", answer_text="好的")
        await unit.ledger.settle(queued.id, answer_kind="queued", answer_text="")
        await unit.outbox.put(parcel("p1", ledger_id=queued.id))
        await unit.ledger.quarantine(aside.id, "odd")
        await unit.commit()
    balance = await check_of(store, clock).last_days()
    assert balance.verdict is Verdict.BALANCED, balance.off
    counts = {line.channel: (line.received, line.handled, line.quarantined, line.in_work) for line in balance.lines}
    assert counts == {"wechat": (3, 2, 0, 1), "web": (1, 0, 1, 0)}
    assert {each.channel: each.answered for each in balance.sources} == {"wechat": Answered.MUTE, "phone": Answered.OFF}


async def test_what_was_left_behind_unanswered_or_unfetched_is_named_by_our_own_numbers(store: Store) -> None:
    clock = SetClock()
    async with store.unit() as unit:
        behind = await arrive(unit, "behind")
        unsaid = await arrive(unit, "unsaid")
        await unit.ledger.settle(unsaid.id, answer_kind="queued", answer_text="")
        await unit.files.add(file("f1", unsaid))
        await unit.commit()
    clock.advance(hours=2)
    balance = await check_of(store, clock).last_days()
    named = {off.why: off.name for off in balance.off}
    assert named == {Why.LEFT_BEHIND: str(behind.id), Why.NO_ANSWER: str(unsaid.id), Why.FILE_OVERDUE: "f1"}
    assert balance.verdict is Verdict.OFF_BALANCE
    [line] = balance.lines
    assert line.files_owed == 1


async def test_a_day_is_a_day_in_shanghai(store: Store) -> None:
    clock = SetClock(MONDAY_MORNING.replace(hour=0, minute=30))
    async with store.unit() as unit:
        for key, minutes in (("before", 40), ("after", 20)):
            entry = await arrive(unit, key, received_at=clock.now() - timedelta(minutes=minutes))
            await unit.ledger.settle(entry.id, answer_kind="silent", answer_text="")
        await unit.commit()
    balance = await check_of(store, clock).last_days(2)
    assert [(str(line.day), line.received) for line in balance.lines] == [("2026-11-23", 1), ("2026-11-22", 1)]


async def test_every_morning_somebody_looks_and_staff_get_one_task(store: Store) -> None:
    clock = SetClock()
    house = house_of(store, clock)
    round = BalanceRound(house, check_of(store, clock))
    async with store.unit() as unit:
        await arrive(unit, "behind")
        await unit.commit()
    await round.go()  # a new house has its first look the next morning
    for _ in range(2):
        clock.advance(days=1)
        await round.go()
        await round.go()
    async with store.reading() as unit:
        looks, tasks = await unit.checks.list(LEDGER, 10), await unit.tasks.open_of(kind=TASK)
    assert [look.good for look in looks] == [False, False]
    [task] = tasks
    assert (task.reason, task.detail) == ("not_balanced", "wechat left_behind: 1")
    assert BALANCE_OFF.labels(channel="wechat", why="left_behind")._value.get() == 1
    assert from_json(looks[0].body).off[0].why is Why.LEFT_BEHIND


async def test_who_asks_for_a_look_gets_one_and_not_two_at_a_time(store: Store) -> None:
    clock = SetClock()
    round = BalanceRound(house_of(store, clock), check_of(store, clock))
    assert round.start()
    assert not round.start()
    await round.settled()
    async with store.reading() as unit:
        assert len(await unit.checks.list(LEDGER, 10)) == 1
    assert round.start()
    await round.settled()


def letter(number: int, pages: str, id: int = 0) -> Held:
    return Held(
        id=id or number,
        channel="letter",
        received_at=MONDAY_MORNING,
        state=LedgerState.HANDLED,
        key=f"{'ab' * 32}/{number}",
        envelope={"source": "batch", "pages": pages},
    )


def test_a_batch_whose_letters_and_pages_are_all_there_balances() -> None:
    letters = [letter(1, "1,2"), letter(2, "4")]
    assert all(map(batches.is_letter_of_one, letters))
    assert list(batches.off_in(letters, {1: 2, 2: 1})) == []


def test_a_missing_letter_a_page_twice_and_a_page_unread_are_named() -> None:
    letters = [letter(1, "1,2"), letter(3, "2,3"), letter(4, "5,6")]
    off = [(each.why, each.name) for each in batches.off_in(letters, {1: 2, 3: 2, 4: 1})]
    file = "ab" * 8
    assert off == [(Why.BATCH_GAP, f"{file}/2"), (Why.PAGES, f"{file}/3"), (Why.PAGES, "4")]


@given(st.lists(st.sampled_from(Why), max_size=5), st.booleans())
def test_a_look_is_kept_without_loss(whys: list[Why], away: bool) -> None:
    off = [Off(channel="email", why=why, name="INBOX 1/2", day=MONDAY_MORNING.date()) for why in whys]
    balance = Balance(at=MONDAY_MORNING, since=MONDAY_MORNING, until=MONDAY_MORNING, off=off, more=away)
    again = from_json(to_json(balance))
    assert (list(again.off), again.verdict, again.more) == (off, balance.verdict, away)
    assert found(again) == [(why, "item") for why in whys]
