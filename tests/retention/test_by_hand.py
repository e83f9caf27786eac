"""Legal holds, a customer's wish to be forgotten, and what staff see of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from gateway.casework import approvals
from gateway.casework.acts.by import By
from gateway.casework.acts.refusals import NothingNew, NotYours
from gateway.casework.acts.withdrawing import reopen, withdraw
from gateway.casework.retention.holding import Erased, hold, lift
from gateway.casework.retention.periods import years_after
from gateway.casework.retention.request import Keeping, ask_to_erase, keeping_of
from gateway.casework.retention.round import RetentionRound
from gateway.staff.actor import Role
from store.unit import Store
from store.values import Case
from tests.clock import SetClock
from tests.console.tickets import Floor, open_floor
from tests.staff.office import NAME, PHONE, PRIVATE

LATER = timedelta(days=366 * 12)


@pytest.fixture
async def floor(store: Store) -> AsyncIterator[Floor]:
    async with open_floor(store) as opened:
        yield opened


async def ended(floor: Floor) -> Case:
    """A complaint that was withdrawn, with a file."""
    case = await floor.office.complaint()
    await floor.office.file(case)
    return await withdraw(floor.house, case.number, reason=f"{NAME}已和解", evidence="通话", tell=False, actor="周主管")


async def years_later(floor: Floor) -> None:
    clock = floor.house.clock
    assert isinstance(clock, SetClock)
    clock.advance(days=LATER.days)
    await RetentionRound(floor.house).run()


async def standing(floor: Floor, case: Case) -> Keeping:
    async with floor.house.store.reading() as unit:
        found = await unit.complaints.get(case.id)
        assert found is not None
        return await keeping_of(unit, found)


async def test_closing_sets_the_day_and_beginning_again_clears_it(floor: Floor) -> None:
    case = await ended(floor)
    assert case.closed_at is not None
    assert case.keep_until == years_after(case.closed_at, 10)
    again = await reopen(floor.house, case.number, reason="新的事实", tell=False, actor="周主管")
    assert again.keep_until is None


async def test_a_supervisor_holds_it_and_it_stays_until_the_hold_is_lifted(floor: Floor) -> None:
    case = await ended(floor)
    assert (await floor.act(case, "hold", reason="已被起诉"))[0] == 303
    assert "已法律保全" in await floor.page(case)
    await years_later(floor)
    assert await standing(floor, case) is Keeping.HELD
    assert (await floor.act(case, "lift", reason="已结案"))[0] == 303
    await RetentionRound(floor.house).run()
    assert await standing(floor, case) is Keeping.ERASED


async def test_an_officer_holds_nothing(floor: Floor) -> None:
    case = await ended(floor)
    officer = floor.desk.as_(Role.OFFICER)
    assert (await floor.act(case, "hold", reason="x"))[0] == 403
    assert "法律保全" not in await floor.page(case)
    with pytest.raises(NotYours):
        await hold(floor.house, case.number, reason="x", actor=officer)


async def test_an_erased_complaint_still_has_a_page_on_which_nobody_stands(floor: Floor) -> None:
    case = await ended(floor)
    await years_later(floor)
    page = await floor.page(case)
    assert [private for private in PRIVATE if private in page] == []
    assert "个人信息已删除" in page
    assert case.number in page
    for act in (hold, ask_to_erase):
        with pytest.raises(Erased):
            await act(floor.house, case.number, reason="x", actor="周主管")
    async with floor.house.store.reading() as unit:
        assert await unit.complaints.search(phone=PHONE) == []
        assert await unit.audit.verify() is None


async def test_a_wish_to_be_forgotten_restricts_while_the_law_keeps_it_and_erases_when_it_does_not(
    floor: Floor,
) -> None:
    case = await ended(floor)
    assert (await floor.act(case, "erase", reason="客户来电要求"))[0] == 303
    assert "客户要求删除" in await floor.page(case)
    assert await standing(floor, case) is Keeping.KEPT
    await agreed(floor, case)
    assert await standing(floor, case) is Keeping.RESTRICTED
    assert "法定保存期未满" in await floor.page(case)
    await years_later(floor)
    assert await standing(floor, case) is Keeping.ERASED


async def test_a_wish_for_what_is_only_not_looked_through_yet_is_granted_at_once(floor: Floor) -> None:
    case = await ended(floor)
    clock = floor.house.clock
    assert isinstance(clock, SetClock)
    clock.advance(days=LATER.days)
    await ask_to_erase(floor.house, case.number, reason="客户要求", actor="officer")
    await agreed(floor, case, by="周主管")
    assert await standing(floor, case) is Keeping.ERASED
    assert NAME not in await floor.page(case)


async def agreed(floor: Floor, case: Case, by: By = "second") -> None:
    async with floor.house.store.reading() as unit:
        [asked] = [each for each in await unit.approvals.of_complaint(case.id) if each.state == approvals.OPEN]
    await approvals.approve(floor.house, asked.id, actor=by)


async def test_nobody_grants_what_they_asked_for(floor: Floor) -> None:
    case = await ended(floor)
    await ask_to_erase(floor.house, case.number, reason="客户要求", actor="officer")
    with pytest.raises(approvals.ApprovalRefused, match="same_person"):
        await agreed(floor, case, by="officer")


async def test_one_hold_is_enough_and_none_cannot_be_lifted(floor: Floor) -> None:
    case = await ended(floor)
    with pytest.raises(NothingNew):
        await lift(floor.house, case.number, reason="x", actor="周主管")
    await hold(floor.house, case.number, reason="x", actor="周主管")
    with pytest.raises(NothingNew):
        await hold(floor.house, case.number, reason="x", actor="周主管")


async def test_what_was_erased_is_in_the_audit_trail_by_number_alone(floor: Floor) -> None:
    case = await ended(floor)
    await years_later(floor)
    erased = [deed for deed in await floor.office.audited() if deed[1] == "erase"]
    [(who, _, number, detail)] = erased
    assert (who, number) == ("retention", case.number)
    assert [private for private in PRIVATE if private in str(detail)] == []
