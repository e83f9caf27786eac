"""Two complaints that are one, or one that is two."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.casework.acts.duplicates import DuplicatesRound
from gateway.casework.acts.likeness import likeness
from gateway.casework.acts.linking import accept, accept_merging, link, refuse, unlink
from gateway.casework.acts.merging import merge, unmerge
from gateway.casework.acts.refusals import NoSuchLink, NothingNew, NotLinkable, NotTheirWords
from gateway.casework.acts.splitting import split
from gateway.casework.clocks.setting import NEVER
from gateway.casework.lifecycle import NotAllowed, Status
from gateway.casework.move import NoSuchComplaint, move
from gateway.staff.actor import SERVICE
from normalizer.record import Submission
from store.desk import Link
from store.values import Case
from tests.casework.office import OPENID, Desk


async def links_of(desk: Desk, case: Case) -> list[Link]:
    async with desk.house.store.reading() as unit:
        return list(await unit.links.of(case.id))


async def times_of(desk: Desk, case: Case) -> tuple[object, object]:
    async with desk.house.store.reading() as unit:
        return await unit.clock_events.times(case.id)


async def test_two_are_linked_and_parted_and_both_histories_say_so(desk: Desk) -> None:
    one, other = await desk.complaint(), await desk.complaint(channel="email")
    noted = await link(desk.house, one.number, other.number, reason="同一业务员", actor=SERVICE)
    with pytest.raises(NothingNew):
        await link(desk.house, other.number, one.number, reason="同一业务员", actor=SERVICE)
    with pytest.raises(NotLinkable):
        await link(desk.house, one.number, one.number, reason="x", actor=SERVICE)
    assert (await unlink(desk.house, noted.id, reason="不是", actor=SERVICE)).state == "undone"
    for case, its_other in ((one, other), (other, one)):
        told = [moment.data["other"] for moment in await desk.history(case.number) if moment.kind == "link"]
        assert told == [its_other.number, its_other.number]
    assert await desk.whole()


async def test_a_merged_complaint_stands_still_and_is_told_once(desk: Desk) -> None:
    kept, again = await desk.complaint(), await desk.complaint(channel="email")
    await merge(desk.house, again.number, kept.number, reason="同一事项", tell=True, actor=SERVICE)
    merged = await desk.case(again.number)
    assert (merged.merged_into, merged.status) == (kept.id, again.status)
    assert await times_of(desk, merged) == (NEVER, None)
    parcels = await desk.sent(again.number)
    assert [parcel.channel for parcel in parcels] == ["email"]
    assert kept.number in parcels[0].text
    assert not await desk.sent(kept.number)
    officer = await desk.person()
    with pytest.raises(NotAllowed):
        await move(desk.house, again.number, Status.GRADED, note="", tell=False, actor=officer)


async def test_a_merge_is_undone_with_all_that_it_did(desk: Desk) -> None:
    kept, again = await desk.complaint(), await desk.complaint(channel="email")
    await merge(desk.house, again.number, kept.number, reason="同一事项", tell=False, actor=SERVICE)
    undone = await unmerge(desk.house, again.number, reason="不是同一件事", actor=SERVICE)
    assert (undone.state, (await desk.case(again.number)).merged_into) == ("undone", None)
    alert_at, note_at = await times_of(desk, again)
    assert alert_at not in (None, NEVER)
    assert note_at is not None
    with pytest.raises(NotLinkable):
        await unmerge(desk.house, again.number, reason="x", actor=SERVICE)
    await merge(desk.house, again.number, kept.number, reason="还是同一件", tell=False, actor=SERVICE)
    assert [each.state for each in await links_of(desk, kept)] == ["merged"]


async def test_what_the_sender_of_a_merged_complaint_writes_is_kept_with_it(desk: Desk) -> None:
    kept, again = await desk.complaint(channel="email"), await desk.complaint()
    await merge(desk.house, again.number, kept.number, reason="同一事项", tell=False, actor=SERVICE)
    words = Submission(
        channel="wechat", key="m", sender=OPENID, received_at=desk.house.clock.now(), text="补充一下，医院发票是3800元"
    )
    await desk.inbox.submit(words)
    assert any("3800" in moment.text for moment in await desk.history(again.number))


async def test_nothing_is_merged_in_chains_nor_into_what_is_over(desk: Desk) -> None:
    one, two, three = [await desk.complaint() for _ in range(3)]
    over = await desk.complaint("ARCHIVED")
    await merge(desk.house, two.number, one.number, reason="x", tell=False, actor=SERVICE)
    for number, into in ((one, three), (three, two), (three, over), (two, three)):
        with pytest.raises(NotLinkable):
            await merge(desk.house, number.number, into.number, reason="x", tell=False, actor=SERVICE)


async def test_nobody_is_told_the_number_of_another_persons_complaint(desk: Desk) -> None:
    one = await desk.complaint()
    other = await desk.complaint(channel="email", phone="+8613900001111", complainant_name="陈静")
    with pytest.raises(NotLinkable):
        await merge(desk.house, other.number, one.number, reason="群体投诉", tell=True, actor=SERVICE)
    assert not await desk.sent(other.number)


async def test_whoever_may_not_know_of_one_of_two_links_nothing(desk: Desk) -> None:
    one, about_them = await desk.complaint(respondent=""), await desk.complaint()
    named = await desk.person("李梅")
    with pytest.raises(NoSuchComplaint):
        await link(desk.house, one.number, about_them.number, reason="x", actor=named)


async def test_the_same_matter_on_another_channel_is_suggested_once_and_decided_by_a_person(desk: Desk) -> None:
    one, other = await desk.complaint(), await desk.complaint(channel="email", matter="理赔拖了60天还是没有结果")
    stranger = await desk.complaint(
        channel="phone", phone="+8613900001111", complainant_name="陈静", policy_number="", matter="服务态度差"
    )
    looking = DuplicatesRound(house=desk.house)
    for _ in range(3):
        await looking.go()
        desk.clock.advance(minutes=2)
    (suggested,) = await links_of(desk, one)
    assert (suggested.state, {suggested.complaint_id, suggested.other_id}) == ("suggested", {one.id, other.id})
    assert {"same_policy", "same_phone", "same_name"} <= set(suggested.facts["why"])
    assert not await links_of(desk, stranger)
    await refuse(desk.house, suggested.id, reason="两件事", actor=SERVICE)
    await desk.complaint(status="ACCEPTED", channel="letter", policy_number="", phone="", complainant_name="赵六")
    await looking.go()
    assert [each.state for each in await links_of(desk, one)] == ["no"]
    with pytest.raises(NoSuchLink):
        await accept(desk.house, suggested.id, reason="x", actor=SERVICE)


async def test_a_suggestion_that_is_right_merges_the_later_into_the_earlier(desk: Desk) -> None:
    one = await desk.complaint()
    desk.clock.advance(hours=5)
    other = await desk.complaint(channel="email")
    await DuplicatesRound(house=desk.house).go()
    (suggested,) = await links_of(desk, one)
    await accept_merging(desk.house, suggested.id, reason="同一事项", tell=True, actor=SERVICE)
    assert (await desk.case(other.number)).merged_into == one.id
    assert await desk.whole()


async def test_a_second_matter_becomes_a_complaint_of_its_own_whose_clock_began_with_the_first(desk: Desk) -> None:
    case = await desk.complaint("INVESTIGATING")
    desk.clock.advance(days=3)
    taken = await split(
        desk.house, case.number, text="业务员没有告诉我有等待期。", reason="两件事", tell=True, actor=SERVICE
    )
    assert (taken.received_at, taken.contact, taken.status) == (case.received_at, case.contact, "ACCEPTED")
    assert taken.record.value("matter") == "业务员没有告诉我有等待期。"
    assert taken.record.value("complainant_name") == "张小三"
    assert taken.due_at == (await desk.case(taken.number)).due_at
    assert "等待期" not in (await desk.case(case.number)).record.value("matter")
    assert taken.number in (await desk.sent(taken.number))[-1].text
    (noted,) = await links_of(desk, case)
    assert (noted.kind, noted.complaint_id, noted.other_id) == ("split", case.id, taken.id)
    assert await desk.whole()


async def test_nothing_is_split_off_that_the_customer_never_said(desk: Desk) -> None:
    case = await desk.complaint()
    with pytest.raises(NotTheirWords):
        await split(desk.house, case.number, text="退还全部保费", reason="x", tell=False, actor=SERVICE)


@given(st.text(max_size=60), st.text(max_size=60))
def test_likeness_is_the_same_both_ways_and_whole_for_the_same_words(one: str, other: str) -> None:
    assert likeness(one, other) == likeness(other, one)
    assert 0.0 <= likeness(one, other) <= 1.0
    assert likeness(one, one) in (0.0, 1.0)
