"""What a person says a complaint is about, and how urgent it is."""

from __future__ import annotations

import pytest

from gateway.casework.acts.classifying import classify
from gateway.casework.acts.codes import GRADES, categories, details, products
from gateway.casework.acts.confirming import confirm
from gateway.casework.acts.grading import grade, lowers
from gateway.casework.acts.refusals import Closed, MergedAway, NoSuchCode, NothingNew, NotYours
from gateway.staff.actor import SERVICE, Role
from normalizer.record import Method, Submission
from tests.casework.office import OPENID, Desk, set_work


async def test_an_officer_says_what_it_is_about_and_no_machine_changes_that(desk: Desk) -> None:
    case, officer = await desk.complaint(), await desk.person()
    classed = await classify(
        desk.house, desk.inbox.submit, case.number, category_detail="C0201", reason="销售误导", actor=officer
    )
    assert (classed.record.value("category"), classed.record.value("category_detail")) == ("C02", "C0201")
    assert classed.record.fields["category"].method is Method.STAFF
    words = Submission(
        channel="wechat",
        key="later",
        sender=OPENID,
        received_at=desk.house.clock.now(),
        text="我的车险理赔还是没有赔付，定损也太低了",
    )
    await desk.inbox.submit(words)
    after = await desk.case(case.number)
    assert (after.record.value("category"), after.record.value("category_detail")) == ("C02", "C0201")
    notes = [(moment.kind, moment.text) for moment in await desk.history(case.number)]
    assert ("note", "销售误导") in notes
    assert ("field", "category") in notes
    assert await desk.whole()


async def test_another_category_takes_the_detail_of_the_old_one_away(desk: Desk) -> None:
    case = await desk.complaint()
    classed = await classify(desk.house, desk.inbox.submit, case.number, category="C03", reason="退保", actor=SERVICE)
    assert (classed.record.value("category"), classed.record.value("category_detail")) == ("C03", "")


async def test_codes_that_the_rules_do_not_know_are_refused(desk: Desk) -> None:
    case = await desk.complaint()
    for given in (
        {"category": "C77"},
        {"category_detail": "C0198"},
        {"product": "P9"},
        {"category": "C01", "category_detail": "C0201"},
    ):
        with pytest.raises(NoSuchCode):
            await classify(desk.house, desk.inbox.submit, case.number, reason="x", actor=SERVICE, **given)
    with pytest.raises(NothingNew):
        await classify(desk.house, desk.inbox.submit, case.number, reason="x", actor=SERVICE)
    assert "C01" in categories()
    assert "C0103" in details()
    assert "P0101" in products()


async def test_anybody_raises_a_grade_and_only_who_may_approve_lowers_it(desk: Desk) -> None:
    case, officer = await desk.complaint(), await desk.person()
    boss = await desk.person("赵主任", Role.SUPERVISOR)
    raised = await grade(desk.house, desk.inbox.submit, case.number, "P1", reason="媒体关注", actor=officer)
    assert raised.record.value("priority") == "P1"
    with pytest.raises(NotYours):
        await grade(desk.house, desk.inbox.submit, case.number, "P2", reason="平息了", actor=officer)
    with pytest.raises(NothingNew):
        await grade(desk.house, desk.inbox.submit, case.number, "P1", reason="再说一次", actor=officer)
    lowered = await grade(desk.house, desk.inbox.submit, case.number, "P2", reason="平息了", actor=boss)
    assert lowered.record.value("priority") == "P2"


def test_lower_is_further_down_the_list_of_grades() -> None:
    assert [lowers("P1", grade) for grade in GRADES] == [False, False, True, True]


async def test_a_value_is_corrected_by_hand(desk: Desk) -> None:
    case, officer = await desk.complaint(), await desk.person()
    after = await confirm(desk.house, desk.inbox.submit, case.number, {"policy_number": "PA9"}, actor=officer)
    assert after.record.fields["policy_number"].method is Method.STAFF


async def test_what_is_over_or_merged_is_not_judged(desk: Desk) -> None:
    over, other = await desk.complaint("ARCHIVED"), await desk.complaint()
    merged = await desk.complaint()
    await set_work(desk, merged, merged_into=other.id)
    with pytest.raises(Closed):
        await grade(desk.house, desk.inbox.submit, over.number, "P1", reason="x", actor=SERVICE)
    with pytest.raises(MergedAway):
        await grade(desk.house, desk.inbox.submit, merged.number, "P1", reason="x", actor=SERVICE)
