"""Nobody learns of a complaint who should not, and nobody changes one who is not its owner."""

from __future__ import annotations

from pathlib import Path

import pytest

from channels.base import OutboundKind
from gateway.casework.lifecycle import Status
from normalizer.number import make_number
from normalizer.record import Attachment, Machine, Thread
from store.values import Case
from tests.intake.conftest import Opening
from tests.intake.talks import COMPLETE, STORY, Office

FORGED = {"attested": False, "may_answer": False}  # our own MX vouches for nobody, and says that it is forged
UNVOUCHED = {"attested": False}  # a small domain that signs nothing

# Mail


async def test_a_forged_mail_changes_nothing_in_the_complaint_of_the_address_it_borrows(each_office: Office) -> None:
    victim = each_office.by_mail()
    await victim.write(COMPLETE)
    before = await each_office.only_case()
    answer = await victim.write("我的电话改成13999998888，改一下诉求：请赔一万元", **FORGED)
    after = await each_office.case(before.number)
    assert answer == ""
    assert after.record.fields == before.record.fields
    assert after.status == before.status
    assert not [moment for moment in await each_office.history(before) if "13999998888" in moment.text]
    assert await each_office.tasks("review")


async def test_knowing_an_address_and_a_number_is_not_being_the_owner(office: Office) -> None:
    victim = office.by_mail()
    await victim.write(COMPLETE)
    before = await office.only_case()
    claimed = Thread(number=before.number, by=("subject",))
    await victim.write("我的电话改成13999998888", thread=claimed, **UNVOUCHED)
    assert (await office.case(before.number)).record.fields == before.record.fields
    assert await office.tasks("review")


async def test_a_reply_to_our_own_letter_is_the_owners_though_nobody_vouches_for_the_address(office: Office) -> None:
    person = office.by_mail()
    await person.write(COMPLETE, **UNVOUCHED)
    case = await office.only_case()
    await office.post_takes("<receipt@tousu.example>")
    proven = Thread(number=case.number, by=("in_reply_to",), proven=True)
    reply = {"thread": proven, "context": {"references": "<receipt@tousu.example>"}}
    answer = await person.write("我的电话改成13999998888", **reply, **UNVOUCHED)
    assert case.number in answer
    assert (await office.case(case.number)).record.value("phone") == "+8613999998888"


async def test_a_forged_mail_withdraws_nothing(office: Office) -> None:
    victim = office.by_mail()
    await victim.write(COMPLETE)
    for words in ("我要撤诉", "确认撤回"):
        await victim.write(words, **FORGED)
    assert (await office.cases())[0].status == Status.ACCEPTED


async def test_the_automatic_mail_of_anybody_is_not_filed_in_a_case_for_naming_it(each_office: Office) -> None:
    await each_office.by_mail().write(COMPLETE)
    case = await each_office.only_case()
    before = len(await each_office.history(case))
    await each_office.by_mail("attacker@evil.example").write(
        "我已收到赔款，投诉作废",
        machine=Machine.AUTO_REPLY,
        thread=Thread(number=case.number, by=("subject",)),
        attachments=(Attachment(name="a.pdf", content=b"%PDF-x"),),
        **FORGED,
    )
    assert len(await each_office.history(case)) == before
    assert await each_office.files(case) == []
    assert await each_office.ledger() == {"handled": 2}


async def test_what_a_machine_writes_in_reply_to_us_is_not_taken_for_the_customers_words(office: Office) -> None:
    person = office.by_mail()
    await person.write(COMPLETE)
    case = await office.only_case()
    proven = Thread(number=case.number, by=("in_reply_to",), proven=True)
    assert await person.write("我在休假", machine=Machine.AUTO_REPLY, thread=proven, may_answer=False) == ""
    [moment] = [moment for moment in await office.history(case) if "我在休假" in moment.text]
    assert moment.actor != "customer"


@pytest.mark.parametrize("words", ["你好，请处理一下", "处理到哪一步了？"])
async def test_a_stranger_cannot_tell_a_number_that_exists_from_one_that_does_not(office: Office, words: str) -> None:
    await office.by_mail().write(COMPLETE)
    case = await office.only_case()
    invented = make_number(case.received_at.date(), 777)
    heard, told = [], []
    for number in (case.number, invented):
        before = {task.id for task in await office.tasks()}
        stranger = office.by_mail(f"curious{number}@qq.example")
        heard.append((await stranger.write(words, thread=Thread(number=number, by=("subject",)))).replace(number, "TS"))
        told.append([(task.kind, task.reason) for task in await office.tasks() if task.id not in before])
    assert heard[0] == heard[1]
    assert told[0] == told[1]


async def test_a_forged_complaint_goes_to_a_person_and_its_borrowed_address_hears_nothing(office: Office) -> None:
    assert await office.by_mail("victim@qq.example").write(STORY, **FORGED) == ""
    for _ in range(4):
        await office.after(hours=25)
    assert await office.parcels() == []
    assert await office.tasks(number=(await office.only_case()).number)


async def test_the_borrowed_address_of_a_forged_complaint_is_not_told_of_its_progress_either(office: Office) -> None:
    await office.by_mail("victim@qq.example").write(COMPLETE, **FORGED)
    case = await office.only_case()
    if case.status != Status.ACCEPTED:
        case = await office.move(case, Status.ACCEPTED)
    await office.move(case, Status.INVESTIGATING)
    assert await office.parcels() == []


# Progress, by number and the last four characters


async def test_number_and_last_four_together_tell_the_state_to_whoever_knows_them(each_office: Office) -> None:
    case = await _accepted(each_office)
    somebody = each_office.by_chat("o2")
    assert "后四位" in await somebody.write(f"查一下{case.number}处理得怎么样了")
    answer = await somebody.write("5678")
    assert case.number in answer
    assert "已受理" in answer
    assert "12月8日" in answer
    for secret in ("王小明", "13812345678", "车险", "PDAA"):
        assert secret not in answer


async def test_a_wrong_number_and_a_wrong_proof_sound_the_same(office: Office) -> None:
    case = await _accepted(office)
    invented = make_number(case.received_at.date(), 777)
    one, another = office.by_chat("o2"), office.by_chat("o3")
    assert await one.write(f"查进度{case.number} 后四位0000") == await another.write(f"查进度{invented} 后四位5678")


async def test_guessing_the_last_four_ends_after_a_few_tries(office: Office) -> None:
    case = await _accepted(office)
    somebody = office.by_chat("o2")
    for guess in ("0000", "1111", "2222"):
        await somebody.write(f"查进度{case.number} 后四位{guess}")
    answer = await somebody.write(f"查进度{case.number} 后四位5678")
    assert "尝试次数过多" in answer
    assert "已受理" not in answer


async def test_who_proves_rightly_may_ask_as_often_as_they_like(each_office: Office) -> None:
    case = await _accepted(each_office)
    somebody = each_office.by_chat("o2")
    for _ in range(5):
        assert "已受理" in await somebody.write(f"查进度{case.number} 后四位5678")


async def test_whoever_guesses_at_a_number_does_not_keep_its_owner_from_asking(office: Office) -> None:
    case = await _accepted(office)
    for guess in ("0000", "1111", "2222"):
        await office.by_chat("guesser").write(f"查进度{case.number} 后四位{guess}")
    assert "已受理" in await office.by_chat().write("进度")


# What the insurer holds


@pytest.fixture
def policies(tmp_path: Path) -> Path:
    path = tmp_path / "policies.csv"
    path.write_text(
        "policy_number,phone,id_number,name\nPDAA202641010000123456,13812345678,,王小明\n", encoding="utf-8"
    )
    return path


async def test_what_the_insurer_holds_is_not_asked_and_not_shown(opening: Opening, policies: Path) -> None:
    async with opening(policy_csv=policies) as office:
        receipt = await office.by_chat().write("电话13812345678，车险理赔拖了两个月还没赔，请尽快赔付")
        case = await office.only_case()
    assert case.status == Status.ACCEPTED
    assert case.record.value("complainant_name") == "王小明"
    assert case.record.value("policy_number") == "PDAA202641010000123456"
    for held in ("王小明", "王*明", "PDAA", "3456", "保单号"):
        assert held not in receipt


async def test_whom_a_person_acts_for_is_not_guessed_from_their_own_policy(opening: Opening, policies: Path) -> None:
    async with opening(policy_csv=policies) as office:
        await office.by_chat().write("我替我母亲投诉，我的电话13812345678，她的车险理赔拖了两个月还没赔，请尽快赔付")
        case = await office.only_case()
    assert case.record.value("complainant_name") != "王小明"


async def _accepted(office: Office) -> Case:
    await office.by_chat().write(COMPLETE)
    case = await office.only_case()
    assert case.status == Status.ACCEPTED
    assert await office.parcels(OutboundKind.STATUS) == []
    return case
