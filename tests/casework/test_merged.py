"""Where the words of a merged complaint's customer go, what they are answered, and that two people never meet."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gateway.casework.acts.likeness import is_one_person
from gateway.casework.acts.merging import merge, unmerge
from gateway.casework.acts.refusals import NotLinkable
from gateway.casework.clocks.setting import NEVER
from gateway.casework.lifecycle import Status
from gateway.casework.move import move
from gateway.intake.silence import remind_the_silent
from gateway.staff.actor import SERVICE
from tests.casework.merging import HER, corrected, decide, heard, merged, pointed_to, says, tasks_of
from tests.casework.office import CONTACTS, Desk, record_of


@pytest.mark.parametrize("tell", [True, False])
async def test_two_people_with_one_telephone_are_not_merged_and_neither_hears_of_the_other(
    desk: Desk, tell: bool
) -> None:
    his, hers = await desk.complaint(), await desk.complaint(channel="email", **HER)
    before = [len(await desk.history(case.number)) for case in (his, hers)]
    with pytest.raises(NotLinkable) as refusal:
        await merge(desk.house, hers.number, his.number, reason="夫妻", tell=tell, actor=SERVICE)
    assert refusal.value.why == "another_person"
    for case, entries in zip((his, hers), before, strict=True):
        assert (await desk.case(case.number)).merged_into is None
        assert await desk.sent(case.number) == []
        assert len(await desk.history(case.number)) == entries
    assert await desk.whole()


async def test_who_is_one_person_is_told_by_identity_then_by_names_and_only_then_by_a_telephone(desk: Desk) -> None:
    case = await desk.complaint()

    def one_person(mine: dict[str, str], theirs: dict[str, str]) -> bool:
        elsewhere = replace(case, contact=CONTACTS["email"])
        pair = (replace(case, record=record_of(mine)), replace(elsewhere, record=record_of(theirs)))
        assert is_one_person(*pair) is is_one_person(*reversed(pair))
        return is_one_person(*pair)

    phone, name, identity = {"phone": "+8613812345678"}, {"complainant_name": "张小三"}, {"id_number": "1101X"}
    assert one_person(phone, phone | name)
    assert one_person(phone | name, phone | {"complainant_name": "張小三"})
    assert one_person(phone | name, phone | {"complainant_name": "张先生"})
    assert one_person(identity | name, {"id_number": "1101x", "complainant_name": "张晓三"})
    assert not one_person(phone | name, phone | {"complainant_name": "李女士"})
    assert not one_person(phone | identity, phone | {"id_number": "1102X"})
    assert not one_person(name, name)


async def test_two_names_at_one_address_are_two_people(desk: Desk) -> None:
    his, hers = await desk.complaint(channel="letter"), await desk.complaint(channel="letter", **HER)
    with pytest.raises(NotLinkable):
        await merged(desk, his, hers)


async def test_the_earlier_one_never_goes_into_the_later(desk: Desk) -> None:
    first = await desk.complaint()
    desk.clock.advance(days=1)
    later = await desk.complaint(channel="email")
    with pytest.raises(NotLinkable) as refusal:
        await merged(desk, later, first)
    assert refusal.value.why == "into_later"
    await merged(desk, first, later)
    assert (await desk.case(first.number)).merged_into is None


async def test_a_merge_that_is_undone_leaves_two_complaints_that_each_run_and_are_each_told(desk: Desk) -> None:
    kept, again = await desk.complaint("INVESTIGATING"), await desk.complaint("INVESTIGATING", channel="email")
    await merged(desk, kept, again)
    await unmerge(desk.house, again.number, reason="两件事", actor=SERVICE)
    await decide(desk, kept)
    assert await desk.sent(again.number) == []
    await says(desk, "email", "补充：发票也寄了")
    assert await pointed_to(desk, kept) == []
    async with desk.house.store.reading() as unit:
        alert_at, _ = await unit.clock_events.times(again.id)
    assert alert_at not in (None, NEVER)


async def test_words_to_a_merged_complaint_are_kept_once_and_laid_before_who_works_with_the_surviving_one(
    desk: Desk,
) -> None:
    kept, again = await desk.complaint("INVESTIGATING", channel="email"), await desk.complaint()
    await merged(desk, kept, again)
    for _ in range(2):  # the provider delivers twice
        answer = await says(desk, "wechat", "补充一下，医院发票是3800元")
    assert [await heard(desk, case, "3800") for case in (kept, again)] == [0, 1]
    assert await pointed_to(desk, kept) == [again.number]
    [task] = await tasks_of(desk, kept, "review")
    assert (task.reason, "3800" in task.detail) == ("merged_heard", True)
    assert again.number in answer
    assert kept.number not in answer
    assert await desk.whole()


async def test_words_from_the_address_of_the_surviving_one_go_straight_into_it(desk: Desk) -> None:
    kept, again = await desk.complaint("INVESTIGATING"), await desk.complaint()
    await merged(desk, kept, again)
    answer = await says(desk, "wechat", "补充一下，医院发票是3800元")
    assert [await heard(desk, case, "3800") for case in (kept, again)] == [1, 0]
    assert kept.number in answer
    assert again.number not in answer


async def test_a_score_for_the_surviving_one_counts_though_the_newest_complaint_of_that_chat_was_merged(
    desk: Desk,
) -> None:
    kept, again = await desk.complaint("IMPLEMENTING"), await desk.complaint()
    await merged(desk, kept, again)
    await move(desk.house, kept.number, Status.FOLLOW_UP, note="已赔付。", tell=True, actor=SERVICE)
    await says(desk, "wechat", "5")
    assert [(await desk.case(case.number)).score for case in (kept, again)] == [5, None]


async def test_a_merged_complaint_is_neither_asked_for_what_it_lacks_nor_accepted_a_second_time(desk: Desk) -> None:
    kept, again = (
        await desk.complaint("INVESTIGATING", channel="email"),
        await desk.complaint("REGISTERED", policy_number="", request=""),
    )
    await merged(desk, kept, again)
    answer = await says(desk, "wechat", "补充一下，我要求尽快赔付3800元")
    assert (await desk.case(again.number)).status == "REGISTERED"
    assert answer.startswith("已收到您的补充")
    assert "保单" not in answer


async def test_the_sender_of_a_merged_complaint_is_not_reminded_of_our_questions(desk: Desk) -> None:
    kept, again = (
        await desk.complaint("INVESTIGATING", channel="email"),
        await desk.complaint("REGISTERED", request=""),
    )
    async with desk.house.store.unit() as unit:
        assert again.conversation_id is not None
        now = desk.house.clock.now()
        talk = await unit.conversations.get(again.conversation_id, lock=True)
        assert talk is not None
        await unit.conversations.save(
            talk.id, state=talk.state, complaint_id=again.id, remind_at=now, last_heard_at=now
        )
        await unit.commit()
    await merged(desk, kept, again)
    assert await remind_the_silent(desk.house) == 1
    assert await desk.sent(again.number) == []


async def test_who_asks_how_a_merged_complaint_stands_hears_how_the_surviving_one_does(desk: Desk) -> None:
    kept, again = await desk.complaint("INVESTIGATING", channel="email"), await desk.complaint()
    await merged(desk, kept, again)
    await decide(desk, kept)
    answer = await says(desk, "wechat", "我的投诉进度怎么样了？")
    assert "已作出处理决定" in answer
    assert again.number in answer
    assert kept.number not in answer


async def test_who_may_be_another_person_is_told_nothing_of_how_the_surviving_one_stands(desk: Desk) -> None:
    kept, again = await desk.complaint("INVESTIGATING", channel="email"), await desk.complaint()
    await merged(desk, kept, again)
    await decide(desk, kept)
    await corrected(desk, again, **HER)
    answer = await says(desk, "wechat", "我的投诉进度怎么样了？")
    assert "决定" not in answer
    assert kept.number not in answer
