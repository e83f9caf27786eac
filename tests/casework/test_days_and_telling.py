"""What stops the days must have been told; what begins again, or is split off, counts from where it stood."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

import pytest

from gateway.casework.acts.replying import reply
from gateway.casework.acts.splitting import split
from gateway.casework.acts.withdrawing import reopen, withdraw
from gateway.casework.clocks import reckoned
from gateway.casework.clocks.acts import extend
from gateway.casework.clocks.reckoning import Reckoning
from gateway.casework.clocks.round import LATER, ClockRound
from gateway.casework.clocks.setting import next_note, set_clock
from gateway.casework.lifecycle import NotAllowed, Status
from gateway.casework.move import move
from gateway.casework.tasks import new_task
from gateway.casework.undelivered import NOT_DELIVERED, Otherwise, told_otherwise, try_again
from gateway.staff.actor import SERVICE, Actor
from store.desk import ClockEvent
from store.figures import Scope
from store.values import Case, OutboxState, Parcel
from tests.casework.office import Desk, set_work

pytestmark = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)


async def counted(desk: Desk, status: str = "INVESTIGATING") -> Case:
    """A complaint whose clock is set."""
    case = await desk.complaint(status)
    async with desk.house.store.unit() as unit:
        await set_clock(unit, case, desk.house.clock.now())
        await unit.commit()
    return case


async def standing(desk: Desk, case: Case) -> Reckoning:
    async with desk.house.store.reading() as unit:
        return await reckoned(unit, await desk.case(case.number), desk.house.clock.now())


async def asked_for(desk: Desk, case: Case, kind: str = "clock") -> list[str]:
    async with desk.house.store.reading() as unit:
        return [task.reason for task in await unit.tasks.open_of(complaint_id=case.id, kind=kind)]


async def times(desk: Desk, case: Case) -> tuple[datetime | None, datetime | None]:
    async with desk.house.store.reading() as unit:
        return await unit.clock_events.times(case.id)


async def leaves(desk: Desk, parcel: Parcel) -> None:
    async with desk.house.store.unit() as unit:
        await unit.outbox.sent(parcel.id, provider_id=f"p-{parcel.id}", via="", at=desk.house.clock.now())
        await unit.commit()


async def fails(desk: Desk, parcel: Parcel) -> None:
    async with desk.house.store.unit() as unit:
        await unit.outbox.finish(parcel.id, OutboxState.FAILED, "gone")
        await unit.commit()


async def decide(desk: Desk, case: Case, by: Actor, *, tell: bool = True) -> None:
    await move(desk.house, case.number, Status.DECIDED, note="已核实，同意赔付", tell=tell, actor=by)


async def test_a_complaint_that_cannot_be_reckoned_does_not_silence_the_clocks_after_it(desk: Desk) -> None:
    bad, good = await counted(desk), await counted(desk)
    now = desk.house.clock.now()
    async with desk.house.store.unit() as unit:
        await unit.clock_events.add(bad.id, ClockEvent(kind="unheard", at=now, noted_at=now, by="li", facts={}))
        await unit.commit()
    desk.clock.advance(days=8)
    await ClockRound(desk.house).go()
    assert await asked_for(desk, good) == ["half"]
    assert (await times(desk, bad))[0] == desk.house.clock.now() + LATER


async def test_whoever_begins_again_after_the_day_is_heard_of_at_once_and_the_customer_hears_again(desk: Desk) -> None:
    case, officer = await counted(desk), await desk.person()
    await withdraw(desk.house, case.number, reason="x", evidence="x", tell=False, actor=officer)
    await set_work(desk, case, note_at=None)
    desk.clock.advance(days=20)
    await reopen(desk.house, case.number, reason="没有赔付", tell=False, actor=officer)
    assert (await times(desk, case))[1] == next_note(desk.house.clock.now())
    await ClockRound(desk.house).go()
    assert await asked_for(desk, case) == ["overdue"]
    await ClockRound(desk.house).go()
    assert await asked_for(desk, case) == ["overdue"]


async def test_days_that_end_while_outsiders_have_it_are_heard_of_when_it_comes_back(desk: Desk) -> None:
    case, officer = await counted(desk), await desk.person()
    desk.clock.advance(days=15)
    await move(desk.house, case.number, Status.APPRAISAL, note="", tell=True, actor=officer)
    desk.clock.advance(days=1)
    await move(desk.house, case.number, Status.INVESTIGATING, note="", tell=True, actor=officer)
    await ClockRound(desk.house).go()
    assert await asked_for(desk, case) == ["overdue"]


async def test_a_decision_told_by_telephone_is_told(desk: Desk) -> None:
    case, officer = await counted(desk), await desk.person()
    await decide(desk, case, officer, tell=False)
    async with desk.house.store.reading() as unit:
        (task,) = await unit.tasks.open_of(complaint_id=case.id, kind="delivery")
    assert not (await standing(desk, case)).stopped
    await told_otherwise(desk.house, task, Otherwise.BY_PHONE, note="已电话告知", actor=officer)
    desk.clock.advance(days=20)
    assert (await standing(desk, case)).stopped


async def test_a_decision_that_did_not_arrive_and_was_told_by_telephone_is_told(desk: Desk) -> None:
    case, officer = await counted(desk), await desk.person()
    await decide(desk, case, officer)
    await fails(desk, (await desk.sent(case.number))[0])
    await told_by_telephone(desk, case, officer)
    desk.clock.advance(days=20)
    assert not (await standing(desk, case)).overdue


async def told_by_telephone(desk: Desk, case: Case, by: Actor) -> None:
    """Somebody rings them up for what did not arrive."""
    async with desk.house.store.unit() as unit:
        task = new_task("delivery", NOT_DELIVERED, desk.house.clock.now(), case=case)
        await unit.tasks.add(task)
        await unit.commit()
    await told_otherwise(desk.house, task, Otherwise.BY_PHONE, note="已电话告知", actor=by)


async def test_a_decision_that_arrives_at_the_second_attempt_is_told(desk: Desk) -> None:
    case, officer = await counted(desk), await desk.person()
    await decide(desk, case, officer)
    (first,) = await desk.sent(case.number)
    await fails(desk, first)
    await leaves(desk, await try_again(desk.house, first.id, actor=officer))
    desk.clock.advance(days=20)
    assert (await standing(desk, case)).stopped


async def test_other_words_after_a_decision_do_not_tell_it(desk: Desk) -> None:
    case, officer = await counted(desk), await desk.person()
    await decide(desk, case, officer, tell=False)
    await reply(desk.house, case.number, text="您的材料已收到", actor=officer)
    await leaves(desk, (await desk.sent(case.number))[-1])
    assert not (await standing(desk, case)).stopped


async def test_nobody_carries_on_with_a_decision_of_which_the_customer_never_heard(desk: Desk) -> None:
    untold, told, officer = await counted(desk), await counted(desk), await desk.person()
    await decide(desk, untold, officer, tell=False)
    await decide(desk, told, officer)
    for status in (Status.FOLLOW_UP, Status.IMPLEMENTING):
        with pytest.raises(NotAllowed, match="nobody has told"):
            await move(desk.house, untold.number, status, note="", tell=False, actor=officer)
    await move(desk.house, told.number, Status.FOLLOW_UP, note="", tell=False, actor=officer)


async def test_no_person_sets_days_apart_in_silence_nor_mediates_unasked(desk: Desk) -> None:
    examined, mediated, officer = await counted(desk), await counted(desk, "SOLUTION"), await desk.person()
    with pytest.raises(NotAllowed, match="in silence"):
        await move(desk.house, examined.number, Status.APPRAISAL, note="", tell=False, actor=officer)
    with pytest.raises(NotAllowed, match="consent"):
        await move(desk.house, mediated.number, Status.MEDIATION, note="", tell=True, actor=officer)
    await move(desk.house, mediated.number, Status.MEDIATION, note="您已书面同意", tell=True, actor=officer)


async def test_a_matter_split_off_has_the_days_of_the_first_and_no_past_day_is_promised(desk: Desk) -> None:
    case = await counted(desk)
    await extend(desk.house, case.number, reason="复杂", actor="li.na")
    desk.clock.advance(days=20)
    split_off = partial(split, desk.house, case.number, reason="两件事", tell=True, actor=SERVICE)
    taken = await split_off(text="业务员没有告诉我有等待期。")
    assert taken.due_at == (await desk.case(case.number)).due_at
    desk.clock.advance(days=20)
    late = await split_off(text="理赔拖了60天还没有结果")
    assert "最晚" not in (await desk.sent(late.number))[-1].text
    await ClockRound(desk.house).go()
    assert await asked_for(desk, late) == ["overdue"]


async def test_a_withdrawal_stops_the_days_when_the_customer_said_so(desk: Desk) -> None:
    case, officer = await counted(desk), await desk.person()
    desk.clock.advance(days=17)
    said_at = desk.house.clock.now() - timedelta(days=10)
    await withdraw(desk.house, case.number, reason="x", evidence="录音", tell=False, actor=officer, said_at=said_at)
    assert (await standing(desk, case)).stopped_at == said_at


async def test_what_was_decided_is_due_no_more(desk: Desk) -> None:
    await counted(desk), await counted(desk, "FOLLOW_UP"), await counted(desk, "DECIDED")
    desk.clock.advance(days=20)
    now = desk.house.clock.now()
    async with desk.house.store.reading() as unit:
        found = await unit.figures.standing(now, now + timedelta(days=3), Scope())
    assert {status: overdue for _, status, _, overdue, _ in found} == {"INVESTIGATING": 1, "FOLLOW_UP": 0, "DECIDED": 0}
