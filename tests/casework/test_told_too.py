"""Who hears a decision when complaints were merged: one person at each of their addresses, another nothing of it."""

from __future__ import annotations

import asyncio

import pytest

from gateway.casework import approvals
from gateway.casework.acts.merging import merge_theirs
from gateway.casework.lifecycle import Status
from gateway.casework.move import move
from gateway.casework.not_handled import ask_not_to_handle
from gateway.staff.actor import SERVICE, Role
from tests.casework.merging import DECISION, HER, WHOLE, corrected, decide, merged, to_be_told
from tests.casework.office import Desk


async def test_one_person_hears_the_decision_at_each_of_their_addresses_under_the_number_they_have_there(
    desk: Desk,
) -> None:
    kept, again = await desk.complaint("INVESTIGATING"), await desk.complaint(channel="email")
    await merged(desk, kept, again)
    await decide(desk, kept)
    [first], [second] = await desk.sent(kept.number), await desk.sent(again.number)
    assert (first.channel, second.channel) == ("wechat", "email")
    assert DECISION in first.text
    assert DECISION in second.text
    assert again.number in second.text
    assert kept.number not in second.text
    assert (await desk.history(again.number))[-1].kind == "said"
    assert (await desk.case(again.number)).status == again.status
    assert await to_be_told(desk, again) == []
    assert await desk.whole()


async def test_who_complained_twice_at_one_address_hears_the_decision_there_once(desk: Desk) -> None:
    kept, again = await desk.complaint("INVESTIGATING"), await desk.complaint()
    twice = [await desk.complaint(channel="email") for _ in range(2)]
    for other in (again, *twice):
        await merged(desk, kept, other)
    await decide(desk, kept)
    sent = [len(await desk.sent(case.number)) for case in (kept, again, *twice)]
    assert sent == [1, 0, 1, 0]


async def test_a_decision_that_an_officer_tells_themselves_is_sent_to_no_other_address(desk: Desk) -> None:
    kept, again = await desk.complaint("INVESTIGATING"), await desk.complaint(channel="email")
    await merged(desk, kept, again)
    await decide(desk, kept, tell=False)
    assert await desk.sent(again.number) == []
    assert await to_be_told(desk, again) == []


@pytest.mark.parametrize("tell", [True, False])
async def test_another_persons_complaint_gets_a_task_and_neither_number_nor_words_of_the_decision(
    desk: Desk, tell: bool
) -> None:
    kept, again = await desk.complaint("INVESTIGATING"), await desk.complaint(channel="email")
    await merged(desk, kept, again)
    await corrected(desk, again, **HER)
    await decide(desk, kept, tell=tell)
    [task] = await to_be_told(desk, again)
    assert (task.number, task.detail) == (again.number, "")
    assert await desk.sent(again.number) == []
    assert await to_be_told(desk, kept) == []


async def test_an_item_that_somebody_judged_to_be_the_customers_own_is_never_sent_their_decision(desk: Desk) -> None:
    kept, item = await desk.complaint("INVESTIGATING"), await desk.complaint(channel="email")
    await merge_theirs(desk.house, item.number, kept.number, reason="本人换了邮箱", actor=SERVICE)
    await decide(desk, kept)
    assert await desk.sent(item.number) == []
    assert len(await to_be_told(desk, item)) == 1


async def test_a_letter_is_never_posted_without_the_parts_of_a_decision_but_with_them_it_is(desk: Desk) -> None:
    for decision, letters in ((None, 0), (WHOLE, 1)):
        kept, again = await desk.complaint("INVESTIGATING"), await desk.complaint(channel="letter")
        await merged(desk, kept, again)
        note = DECISION if decision is None else ""
        await move(desk.house, kept.number, Status.DECIDED, note=note, tell=True, actor=SERVICE, decision=decision)
        sent = await desk.sent(again.number)
        assert (len(sent), len(await to_be_told(desk, again))) == (letters, 1 - letters)
        assert all("verified" in parcel.context["decision"] for parcel in sent)


async def test_who_took_theirs_back_hears_no_decision(desk: Desk) -> None:
    kept, again = await desk.complaint("INVESTIGATING"), await desk.complaint(channel="email")
    await merged(desk, kept, again)
    async with desk.house.store.unit() as unit:
        await unit.complaints.save(again.id, status="WITHDRAWN", now=desk.house.clock.now())
        await unit.commit()
    await decide(desk, kept)
    assert await desk.sent(again.number) == []
    assert await to_be_told(desk, again) == []


async def test_a_refusal_is_told_at_each_address_too(desk: Desk) -> None:
    kept, again = await desk.complaint("REGISTERED"), await desk.complaint("REGISTERED", channel="email")
    await merged(desk, kept, again)
    asked = await ask_not_to_handle(desk.house, kept.number, code="N4", note="", actor=await desk.person())
    await approvals.approve(desk.house, asked.id, actor=await desk.person("赵主任", Role.SUPERVISOR))
    [parcel] = await desk.sent(again.number)
    assert again.number in parcel.text
    assert kept.number not in parcel.text


async def test_a_decision_and_a_merge_at_the_same_moment_both_happen_and_nobody_waits_for_ever(desk: Desk) -> None:
    kept, again = await desk.complaint("INVESTIGATING"), await desk.complaint(channel="email")
    third = await desk.complaint(channel="phone")
    await merged(desk, kept, again)
    async with asyncio.timeout(20):
        await asyncio.gather(decide(desk, kept), merged(desk, kept, third))
    assert (await desk.case(kept.number)).status == "DECIDED"
    assert (await desk.case(third.number)).merged_into == kept.id
    assert len(await desk.sent(again.number)) == 1
