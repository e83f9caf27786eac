"""A customer takes their complaint back while one of us is at work on it: one of both happens, and all is written."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from gateway.casework import approvals
from gateway.casework.acts.hand import in_hand
from gateway.casework.acts.withdrawing import withdraw
from gateway.casework.lifecycle import NotAllowed, Outcome, Status
from gateway.casework.move import move, record_step
from gateway.casework.not_handled import ask_not_to_handle
from gateway.staff.actor import SERVICE, Role
from normalizer.record import Submission
from store.values import Case
from tests.casework.office import OPENID, Desk

PATIENCE = 30  # seconds, after which two wait for each other


async def says(desk: Desk, text: str) -> str:
    item = Submission(
        channel="wechat", key=text, sender=OPENID, received_at=desk.house.clock.now(), text=text, attested=True
    )
    return (await desk.inbox.submit(item, speak_by=asyncio.get_running_loop().time() + 60)).text


async def about_to_withdraw(desk: Desk, status: str = "INVESTIGATING") -> Case:
    case = await desk.complaint(status)
    assert case.number in await says(desk, "我要撤诉")
    return case


async def decided(desk: Desk, case: Case) -> bool:
    """Did the officer's decision go through?"""
    try:
        await move(
            desk.house,
            case.number,
            Status.DECIDED,
            note="同意赔付",
            tell=True,
            actor=SERVICE,
            outcome=Outcome.UPHELD,
        )
    except NotAllowed:
        return False
    return True


async def withdrawn_by_an_officer(desk: Desk, case: Case) -> bool:
    try:
        await withdraw(desk.house, case.number, reason="来电撤回", evidence="通话", tell=True, actor=SERVICE)
    except NotAllowed:
        return False
    return True


async def steps(desk: Desk, case: Case) -> list[str]:
    return [moment.text for moment in await desk.history(case.number) if moment.kind == "status"]


async def words(desk: Desk, case: Case) -> list[str]:
    return [moment.text for moment in await desk.history(case.number) if moment.kind == "heard"][1:]


@pytest.mark.parametrize("customer_first", [True, False])
async def test_of_a_decision_and_a_withdrawal_at_the_same_moment_exactly_one_happens(
    desk: Desk, customer_first: bool
) -> None:
    case = await about_to_withdraw(desk)
    both: list[Awaitable[object]] = [says(desk, "确认撤回"), decided(desk, case)]
    async with asyncio.timeout(PATIENCE):
        await asyncio.gather(*(both if customer_first else reversed(both)))
    [status] = await steps(desk, case)
    after = await desk.case(case.number)
    assert (after.status, after.outcome) in (("DECIDED", "upheld"), ("WITHDRAWN", "withdrawn"))
    assert status == after.status
    assert await words(desk, case) == ["我要撤诉", "确认撤回"]
    assert len(await desk.sent(case.number)) == (after.status == "DECIDED")
    assert await desk.whole()


async def test_who_withdraws_while_an_officer_decides_is_told_that_it_is_too_late_and_loses_no_word(desk: Desk) -> None:
    case = await about_to_withdraw(desk)
    async with asyncio.timeout(PATIENCE):
        async with in_hand(desk.house, case.number, SERVICE) as hand:
            customer = await begun(lambda: says(desk, "确认撤回"))
            await record_step(
                hand.house, hand.unit, hand.case, (Status.DECIDED,), "同意赔付", hand.login, Outcome.UPHELD
            )
            assert not customer.done()
        answer = await customer
    assert await steps(desk, case) == ["DECIDED"]
    assert await words(desk, case) == ["我要撤诉", "确认撤回"]
    assert "已撤回" not in answer
    assert (await desk.case(case.number)).outcome == "upheld"
    said = [moment.text for moment in await desk.history(case.number) if moment.kind == "said"]
    assert said[-1] == answer
    assert await desk.whole()


async def test_who_withdraws_while_an_officer_writes_a_note_is_withdrawn_and_the_note_stays(desk: Desk) -> None:
    case = await about_to_withdraw(desk)
    async with asyncio.timeout(PATIENCE):
        async with in_hand(desk.house, case.number, SERVICE) as hand:
            customer = await begun(lambda: says(desk, "确认撤回"))
            await hand.write("note", "note", "已联系理赔部")
            assert not customer.done()
        answer = await customer
    assert "已撤回" in answer
    assert await steps(desk, case) == ["WITHDRAWN"]
    kinds = [moment.kind for moment in await desk.history(case.number)]
    assert kinds.index("note") < kinds.index("status")
    assert await desk.whole()


async def test_customer_and_officer_withdraw_at_once_and_it_ends_once(desk: Desk) -> None:
    case = await about_to_withdraw(desk)
    async with asyncio.timeout(PATIENCE):
        answer, _ = await asyncio.gather(says(desk, "确认撤回"), withdrawn_by_an_officer(desk, case))
    assert await steps(desk, case) == ["WITHDRAWN"]
    assert (await desk.case(case.number)).outcome == "withdrawn"
    assert await words(desk, case) == ["我要撤诉", "确认撤回"]
    assert answer
    assert await desk.whole()


async def test_a_refusal_that_is_approved_after_the_customer_took_it_back_refuses_nothing(desk: Desk) -> None:
    case = await desk.complaint("REGISTERED")
    asked = await ask_not_to_handle(desk.house, case.number, code="N4", note="", actor=await desk.person())
    await says(desk, "我要撤诉")
    await says(desk, "确认撤回")
    with pytest.raises((NotAllowed, approvals.ApprovalRefused)):
        await approvals.approve(desk.house, asked.id, actor=await desk.person("赵主任", Role.SUPERVISOR))
    assert await steps(desk, case) == ["WITHDRAWN"]
    assert await desk.sent(case.number) == []


async def test_what_was_taken_back_is_not_taken_back_again_by_an_officer(desk: Desk) -> None:
    case = await desk.complaint()
    assert await withdrawn_by_an_officer(desk, case)
    assert not await withdrawn_by_an_officer(desk, case)
    assert len(await desk.sent(case.number)) == 1


async def begun(act: Callable[[], Awaitable[str]]) -> asyncio.Task[str]:
    """An act that goes on beside us, from the moment it has begun."""
    started = asyncio.Event()

    async def go() -> str:
        started.set()
        return await act()

    task = asyncio.create_task(go())
    await started.wait()
    return task
