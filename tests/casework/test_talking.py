"""What officers say to customers, and what they see before they say it."""

from __future__ import annotations

import pytest

from gateway.casework.acts.asking import ask, choices
from gateway.casework.acts.noting import note
from gateway.casework.acts.preview import preview, preview_of_ask, preview_of_reply
from gateway.casework.acts.refusals import AskedEnough, NoSuchCode, Unheard
from gateway.casework.acts.replying import reply
from gateway.casework.decision import Decision
from gateway.casework.lifecycle import NotAllowed, Status
from gateway.casework.move import move
from gateway.casework.telling import UNTOLD
from gateway.intake.talk import Talk
from gateway.medium import Medium
from gateway.staff.actor import SERVICE
from normalizer.record import Submission
from store.values import Case
from tests.casework.office import OPENID, Desk

every_channel = pytest.mark.parametrize("channel", ["wechat", "email", "phone", "letter"])
WHOLE = Decision(verified="已核实", basis="合同第五条", remedies="可申请核查、调解、仲裁或诉讼")


async def talk_of(desk: Desk, case: Case) -> Talk:
    async with desk.house.store.reading() as unit:
        assert case.conversation_id is not None
        found = await unit.conversations.get(case.conversation_id)
    assert found is not None
    return Talk.from_state(found.state)


@every_channel
async def test_what_is_asked_is_what_was_shown_before(desk: Desk, channel: str) -> None:
    case, officer = await desk.complaint("INVESTIGATING", channel=channel), await desk.person()
    items, words = ("policy_number", "evidence"), "请写明出险日期。"
    seen = await preview_of_ask(desk.house, case.number, items=items, words=words, actor=officer)
    after = await ask(desk.house, case.number, items=items, words=words, actor=officer)
    parcel = (await desk.sent(case.number))[-1]
    assert (seen.text, seen.subject, seen.will_be_told) == (parcel.text, parcel.subject, True)
    assert all(part in seen.text for part in ("1. ", "2. ", "请写明出险日期。", case.number))
    assert after.status == "SUPPLEMENT"
    assert after.told_at is not None
    assert "13812345678" not in seen.to_masked


async def test_a_bare_reply_answers_the_question_an_officer_put(desk: Desk) -> None:
    case, officer = await desk.complaint("INVESTIGATING", complainant_name=""), await desk.person()
    await ask(desk.house, case.number, items=("complainant_name",), words="", actor=officer)
    assert (await talk_of(desk, case)).asked == "complainant_name"
    said = Submission(channel="wechat", key="a1", sender=OPENID, received_at=desk.house.clock.now(), text="欧阳建国")
    await desk.inbox.submit(said)
    assert (await desk.case(case.number)).record.value("complainant_name") == "欧阳建国"


async def test_the_same_thing_is_asked_twice_at_most(desk: Desk) -> None:
    case, officer = await desk.complaint("INVESTIGATING"), await desk.person()
    for _ in range(2):
        await ask(desk.house, case.number, items=("evidence",), words="", actor=officer)
    with pytest.raises(AskedEnough):
        await ask(desk.house, case.number, items=("evidence",), words="", actor=officer)
    assert len(await desk.sent(case.number)) == 2


async def test_asking_leaves_a_state_from_which_no_step_leads_to_waiting(desk: Desk) -> None:
    case = await desk.complaint("SOLUTION")
    assert (await ask(desk.house, case.number, items=(), words="方案可以吗？", actor=SERVICE)).status == "SOLUTION"


async def test_nothing_is_asked_with_no_words_or_with_what_is_no_item(desk: Desk) -> None:
    case = await desk.complaint()
    with pytest.raises(Unheard):
        await ask(desk.house, case.number, items=(), words="  ", actor=SERVICE)
    with pytest.raises(NoSuchCode):
        await ask(desk.house, case.number, items=("score",), words="", actor=SERVICE)
    offered = dict(choices(case))
    assert "policy_number" in offered
    assert "documents" not in offered
    assert "signature" not in offered
    heir = dict(choices(await desk.complaint(channel="letter", party_role="heir")))
    assert {"documents", "signature"} <= set(heir)


@every_channel
async def test_a_reply_leaves_word_for_word_as_it_was_shown(desk: Desk, channel: str) -> None:
    case, officer = await desk.complaint(channel=channel), await desk.person()
    seen = await preview_of_reply(desk.house, case.number, text="明天上午给您回电。", actor=officer)
    await reply(desk.house, case.number, text="明天上午给您回电。", actor=officer)
    parcel = (await desk.sent(case.number))[-1]
    assert (parcel.text, parcel.subject, parcel.channel) == (seen.text, seen.subject, channel)
    assert ("您好" in seen.text) is (channel == "email")
    said = (await desk.history(case.number))[-1]
    assert (said.kind, said.actor, said.text) == ("said", officer.login, "明天上午给您回电。")


async def test_a_note_is_never_told(desk: Desk) -> None:
    case, officer = await desk.complaint(), await desk.person()
    await note(desk.house, case.number, text="已联系理赔部", actor=officer)
    assert not await desk.sent(case.number)
    assert (await desk.history(case.number))[-1].text == "已联系理赔部"
    assert await desk.whole()


@every_channel
async def test_the_news_of_a_step_is_shown_as_it_will_leave(desk: Desk, channel: str) -> None:
    case = await desk.complaint("INVESTIGATING", channel=channel)
    seen = await preview(desk.house, case.number, Status.DECIDED, note="", actor=SERVICE, decision=WHOLE)
    assert not await desk.sent(case.number)
    await move(desk.house, case.number, Status.DECIDED, note="", tell=True, actor=SERVICE, decision=WHOLE)
    parcel = (await desk.sent(case.number))[-1]
    assert (seen.text, seen.subject) == (parcel.text, parcel.subject)
    assert (seen.decision is not None) is (seen.medium is Medium.PAPER)


async def test_a_preview_says_who_will_not_be_told(desk: Desk) -> None:
    case = await desk.complaint()
    silent = await preview(desk.house, case.number, Status.GRADED, note="", actor=SERVICE)
    assert (silent.will_be_told, silent.why_not) == (False, "not_told_of")
    with pytest.raises(NotAllowed):
        await preview(desk.house, case.number, Status.ARCHIVED, note="", actor=SERVICE)
    async with desk.house.store.unit() as unit:
        await unit.complaints.save(case.id, reply_context={UNTOLD: "sender refuted"}, now=desk.house.clock.now())
        await unit.commit()
    refuted = await preview_of_reply(desk.house, case.number, text="您好", actor=SERVICE)
    assert (refuted.will_be_told, refuted.why_not) == (False, "sender_refuted")
    with pytest.raises(Unheard):
        await reply(desk.house, case.number, text="您好", actor=SERVICE)


async def test_a_letter_without_a_sure_address_goes_nowhere_by_itself(desk: Desk) -> None:
    case = await desk.complaint(channel="letter", address="", phone="")
    seen = await preview_of_reply(desk.house, case.number, text="您好", actor=SERVICE)
    assert (seen.will_be_told, seen.why_not, seen.to_masked) == (False, "no_address", "")
