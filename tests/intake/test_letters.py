"""A letter becomes a complaint at once; what may be misread waits for a person, and nothing goes to a wrong door."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from channels.base import OutboundKind
from gateway.casework.decision import Decision
from gateway.casework.lifecycle import NotAllowed, Status
from gateway.casework.move import move
from store.values import ScanState
from tests.intake.letters import HOME, NO_NAME, WHOLE, Writer, check, home, letters_out, scanned, scans
from tests.intake.talks import COMPLETE, OTHER_STORY, Office

MISREAD = scanned(WHOLE, odd={"保单号": {"others": ("保单号PDAA202641010000123458，请尽快赔付。",)}})
NAME_IN_DOUBT = scanned(WHOLE, odd={"我叫": {"score": 0.62}, "投诉人：": {"score": 0.6}})
ADDRESS_IN_DOUBT = scanned(WHOLE, odd={"通讯地址": {"score": 0.6}})


@pytest.fixture
def writer(office: Office) -> Writer:
    return Writer(office=office)


async def test_a_clear_letter_is_accepted_and_answered_by_post_at_the_address_in_it(
    office: Office, writer: Writer
) -> None:
    await writer.write(WHOLE)

    case = await office.only_case()
    assert case.status == Status.ACCEPTED
    [letter] = await letters_out(office, OutboundKind.RECEIPT)
    assert letter.to == home()
    assert letter.context["name"] == "王小明"
    assert case.number in letter.text
    assert "王小明" not in letter.text
    assert not await office.tasks("verification")


async def test_how_a_letter_was_read_is_kept_with_its_pages(office: Office, writer: Writer) -> None:
    await writer.write(WHOLE)

    [kept] = await scans(office, await office.only_case())
    assert kept.state is ScanState.CLEAR
    assert kept.scan.pages[0].lines[0].text == "投诉信"
    assert await office.gateway.house.store.blobs.get(kept.images[0]) == writer.letter("x").scan.pages[0].image  # type: ignore[union-attr]  # a letter has one


async def test_a_doubtful_policy_number_stops_no_receipt_but_goes_to_a_person(office: Office, writer: Writer) -> None:
    await writer.write(WHOLE, scan=MISREAD)

    case = await office.only_case()
    assert case.status == Status.ACCEPTED
    [task] = await office.tasks("verification")
    assert "policy_number" in task.detail
    assert case.record.fields["policy_number"].confidence < 0.5
    assert await letters_out(office, OutboundKind.RECEIPT)


@pytest.mark.parametrize("scan", [NAME_IN_DOUBT, ADDRESS_IN_DOUBT], ids=["name", "address"])
async def test_no_letter_leaves_while_name_or_address_may_be_somebody_elses(
    office: Office, writer: Writer, scan: object
) -> None:
    await writer.write(WHOLE, scan=scan)

    case = await office.only_case()
    assert case.status == Status.REGISTERED
    assert case.number
    assert await office.tasks("verification", case.number)
    assert await letters_out(office) == []


async def test_once_a_person_has_confirmed_the_values_the_receipt_leaves(office: Office, writer: Writer) -> None:
    await writer.write(WHOLE, scan=NAME_IN_DOUBT)
    case = await office.only_case()
    [kept] = await scans(office, case)

    await check(office, case, {name: doubt.value for name, doubt in kept.doubts.items()})

    case = await office.only_case()
    assert case.status == Status.ACCEPTED
    assert case.record.fields["complainant_name"].method == "staff"
    assert not await office.tasks("verification")
    [letter] = await letters_out(office)
    assert letter.to == home()
    assert (await scans(office, case))[0].state is ScanState.VERIFIED


async def test_a_corrected_name_stands_on_the_envelope(office: Office, writer: Writer) -> None:
    await writer.write(WHOLE, scan=NAME_IN_DOUBT)
    case = await office.only_case()
    [kept] = await scans(office, case)
    values = {name: doubt.value for name, doubt in kept.doubts.items()}

    await check(office, case, {**values, "complainant_name": "王晓明"})

    [letter] = await letters_out(office)
    assert letter.context["name"] == "王晓明"
    assert [moment.data for moment in await office.history(case) if moment.kind == "field"]


async def test_half_a_check_leaves_the_rest_to_be_looked_at(office: Office, writer: Writer) -> None:
    await writer.write(WHOLE, scan=scanned(WHOLE, score=0.5))
    case = await office.only_case()

    await check(office, case, {"complainant_name": "王小明"})

    assert await office.tasks("verification", case.number)
    [kept] = await scans(office, case)
    assert "complainant_name" not in kept.doubts
    assert await letters_out(office) == []


async def test_the_same_check_twice_changes_nothing_more(office: Office, writer: Writer) -> None:
    await writer.write(WHOLE, scan=NAME_IN_DOUBT)
    case = await office.only_case()
    [kept] = await scans(office, case)
    values = {name: doubt.value for name, doubt in kept.doubts.items()}

    await check(office, case, values)
    await check(office, case, values)

    assert len(await letters_out(office)) == 1


async def test_what_is_missing_is_asked_by_letter_with_a_slip(office: Office, writer: Writer) -> None:
    await writer.write(NO_NAME, scan=scanned(NO_NAME))

    case = await office.only_case()
    assert set(case.record.missing) == {"complainant_name", "request"}
    [letter] = await letters_out(office)
    assert letter.to == home()
    asked = [name for name, _ in json.loads(letter.context["asks"])]
    assert asked[:2] == ["complainant_name", "request"] or set(asked) >= {"complainant_name", "request"}
    assert case.number in letter.text


async def test_the_slip_that_comes_back_completes_its_case(office: Office, writer: Writer) -> None:
    await writer.write(NO_NAME)
    case = await office.only_case()

    await writer.return_slip(case, "投诉人姓名：王小明\n您希望怎样解决：请尽快赔付")

    case = await office.only_case()
    assert case.status == Status.ACCEPTED
    assert case.record.value("complainant_name") == "王小明"
    [_, letter] = await letters_out(office)
    assert letter.kind == OutboundKind.RECEIPT


async def test_a_slip_with_a_wrong_check_is_a_strangers_letter(office: Office, writer: Writer) -> None:
    await writer.write(NO_NAME)
    case = await office.only_case()

    await writer.return_slip(case, "投诉人姓名：李四，请尽快赔付", proven=False)

    assert not (await office.case(case.number)).record.value("complainant_name")
    assert "stranger_in_thread" in [task.reason for task in await office.tasks("review")]


async def test_a_letter_without_signature_is_taken_and_asked_to_be_signed(office: Office, writer: Writer) -> None:
    await writer.write(WHOLE, scan=scanned(WHOLE, marks=frozenset()))

    case = await office.only_case()
    assert case.status == Status.ACCEPTED
    [letter] = await letters_out(office)
    assert "signature" in [name for name, _ in json.loads(letter.context["asks"])]


async def test_the_elderly_get_large_type(office: Office, writer: Writer) -> None:
    text = WHOLE.replace("我叫王小明", "我叫王小明，今年七十八岁")

    await writer.write(text)

    [letter] = await letters_out(office)
    assert letter.context["large"] == "yes"


async def test_words_no_machine_could_read_are_typed_by_a_person_and_taken_as_the_customers(
    office: Office, writer: Writer
) -> None:
    await writer.write("", scan=scanned("", score=0.3))
    case = await office.only_case()
    assert await letters_out(office) == []

    await check(office, case, {"complainant_name": "王小明", "address": HOME}, text=WHOLE)

    case = await office.only_case()
    assert case.record.value("policy_number") == "PDAA202641010000123456"
    assert case.status == Status.ACCEPTED


async def test_danger_in_a_letter_pages_somebody_at_once_however_doubtful_the_rest(
    office: Office, writer: Writer
) -> None:
    text = WHOLE.replace("请尽快赔付", "再不赔我就不想活了，安眠药都准备好了")

    await writer.write(text, scan=scanned(text, score=0.7))

    assert await office.tasks("page")


async def test_a_letter_that_looks_like_another_is_shown_to_a_person_and_kept(office: Office, writer: Writer) -> None:
    await writer.write(WHOLE)
    first = await office.only_case()

    await writer.write(WHOLE.replace("王小明", "李大华"))

    assert len(await office.cases()) == 2
    [task] = [task for task in await office.tasks("review") if task.reason == "letters_alike"]
    assert first.number in task.detail


async def test_a_slip_that_never_comes_leaves_the_case_to_a_person_after_days_not_hours(
    office: Office, writer: Writer
) -> None:
    await writer.write(NO_NAME)
    await office.after(days=3)
    assert not await office.reminders()

    await office.after(days=6)

    assert [task.reason for task in await office.tasks("incomplete")] == ["no_answer"]


async def test_a_decision_leaves_by_post_only_with_its_three_parts(office: Office, writer: Writer) -> None:
    await writer.write(WHOLE)
    case = await office.only_case()
    case = await office.move(case, Status.INVESTIGATING)

    with pytest.raises(NotAllowed, match="three"):
        await office.move(case, Status.DECIDED, note="予以赔付")
    decision = Decision(
        verified="事故属实。", basis="保险合同第五条，予以赔付三千元。", remedies="可申请核查、调解或诉讼。"
    )
    await move(office.gateway.house, case.number, Status.DECIDED, note="", tell=True, actor="li", decision=decision)

    *_, letter = await letters_out(office)
    assert json.loads(letter.context["decision"])["basis"] == "保险合同第五条，予以赔付三千元。"


async def test_without_an_address_a_letter_is_not_sent_into_the_blue(office: Office, writer: Writer) -> None:
    await writer.write(WHOLE.replace(f"通讯地址：{HOME}\n", ""))

    [letter] = await letters_out(office, OutboundKind.RECEIPT)
    assert not letter.to


async def test_what_a_person_types_of_an_unread_slip_leaves_the_first_letter_as_it_was(
    office: Office, writer: Writer
) -> None:
    await writer.write(NO_NAME)
    case = await office.only_case()
    await writer.return_slip(case, "", scan=scanned("", score=0.2))
    *_, slip = await scans(office, case)

    given = {"complainant_name": "王小明"}
    await check(office, case, given, text="投诉人姓名：王小明\n投诉请求：请尽快赔付", item=slip.ledger_id)

    case = await office.only_case()
    assert case.record.value("address") == HOME
    assert case.status == Status.ACCEPTED


async def test_a_slip_without_a_likeness_hinders_no_later_letter(office: Office, writer: Writer) -> None:
    await writer.write(WHOLE, scan=replace(scanned(WHOLE), likeness=""))

    await writer.write(WHOLE)

    assert await office.ledger() == {"handled": 2}


async def test_a_slip_that_names_another_address_sends_nothing_there_before_a_person_has_looked(
    office: Office, writer: Writer
) -> None:
    await writer.write(NO_NAME)
    case = await office.only_case()

    await writer.return_slip(
        case, "投诉人姓名：王小明\n投诉请求：请尽快赔付\n通讯地址：北京市朝阳区建国路18号院3号楼402室"
    )

    assert await office.tasks("verification", case.number)
    assert len(await letters_out(office)) == 1


async def test_whoever_holds_our_slip_hears_how_it_stands_and_may_withdraw(office: Office, writer: Writer) -> None:
    await writer.write(WHOLE)
    case = await office.only_case()

    await writer.return_slip(case, "我想问一下我的投诉处理到哪一步了？")
    *_, told = await letters_out(office)
    assert "已受理" in told.text

    await writer.return_slip(case, "我要撤回投诉")
    *_, asked = await letters_out(office)
    assert "withdraw_confirm" in asked.context["asks"]
    await writer.return_slip(case, "确认撤回")
    assert (await office.only_case()).status == Status.WITHDRAWN


async def test_a_question_by_letter_that_had_to_be_looked_at_is_a_persons_to_answer(
    office: Office, writer: Writer
) -> None:
    text = f"我叫王小明，想请问一下重疾险的等待期是多少天？\n通讯地址：{HOME}"
    await writer.write(text, scan=scanned(text, odd={"通讯地址": {"score": 0.5}, "我叫": {"score": 0.5}}))
    case = await office.only_case()
    [kept] = await scans(office, case)

    await check(office, case, {name: doubt.value for name, doubt in kept.doubts.items()})

    assert [task.reason for task in await office.tasks("review", case.number)] == ["letter_checked"]


async def test_checking_an_older_case_leaves_the_talk_about_the_present_one_alone(office: Office) -> None:
    person = office.by_chat()
    await person.write(COMPLETE)
    older = await office.only_case()
    await person.write(OTHER_STORY)
    newer = await office.latest_case()
    before = await office.talk_of(newer)

    await check(office, older, {"complainant_name": "王晓明"})

    assert (await office.case(older.number)).record.value("complainant_name") == "王晓明"
    assert await office.talk_of(newer) == before


async def test_what_was_doubtful_in_a_withdrawn_complaint_waits_for_nobody(office: Office, writer: Writer) -> None:
    await writer.write(WHOLE, scan=MISREAD)
    case = await office.only_case()

    await office.move(case, Status.WITHDRAWN)

    assert not await office.tasks("verification")
    assert [kept.state for kept in await scans(office, case)] == [ScanState.DROPPED]


async def test_a_page_that_nobody_read_is_shown_to_a_person_though_the_rest_is_complete(
    office: Office, writer: Writer
) -> None:
    scan = scanned(WHOLE)
    second = replace(scan.pages[0], number=2, lines=(), warnings=("page_unread",))
    await writer.write(WHOLE, scan=replace(scan, pages=(*scan.pages, second)))

    assert (await office.only_case()).status == Status.ACCEPTED
    assert "text" in (await office.tasks("verification"))[0].detail


async def test_the_fortieth_copy_of_a_printed_form_costs_as_much_as_the_eighth(office: Office, writer: Writer) -> None:
    store, costs = office.gateway.house.store, []
    for _ in range(12):
        before = store.statements
        await writer.write(WHOLE)
        costs.append(store.statements - before)
    assert costs[-1] == costs[7]
