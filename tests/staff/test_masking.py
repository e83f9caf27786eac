"""Nobody sees a person's data who gave no reason, in whatever spelling it stands and wherever."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.staff.masking import MASKS, Masked, Plain
from normalizer.extract.numerals import DIGITS
from normalizer.record import Contact, ContactKind
from tests.staff.office import ON_ONE, PRIVATE, Office, example_cases

SPOKEN = {digit: word for word, digit in reversed(DIGITS.items())}


def holds_nothing_private(text: str) -> bool:
    return not [word for word in PRIVATE if word in text]


@pytest.mark.parametrize("place", ["", "/timeline", "/attachments", "/deliveries"])
async def test_what_a_customer_said_is_masked_everywhere(office: Office, place: str) -> None:
    case = await office.complaint()
    await office.file(case)
    await office.parcel(case)
    shown = json.dumps(await office.ask(f"/complaints/{case.number}{place}"), ensure_ascii=False)
    assert [word for word in PRIVATE if word in shown] == []


async def test_the_list_and_the_tasks_are_masked_too(office: Office) -> None:
    case = await office.complaint()
    await office.task(case, id="task1")
    await office.task(None, id="task2")
    listed = json.dumps(await office.ask("/complaints"), ensure_ascii=False)
    assert holds_nothing_private(listed)
    first, second = (await office.ask("/tasks"))["items"]
    assert holds_nothing_private(first["detail"])
    assert holds_nothing_private(second["detail"])


async def test_values_are_shown_as_chinese_notices_show_them(office: Office) -> None:
    case = await office.complaint()
    ticket = await office.ask(f"/complaints/{case.number}")
    assert ticket["complainant"] == {
        "name": "张*三",
        "phone": "138******78",
        "email": "z***@example.cn",
        "id_number": "1****************4",
        "address": "北京市朝阳区****",
        "party_role": "self",
    }
    assert ticket["policy_number"] == "****56"
    assert ticket["matter"].startswith("我叫张*三（张*三），电话138******78，也可以打138******78，")
    assert ticket["matter"].endswith("我爱人电话139******11，理赔拖了60天，要求赔付50000元。")
    assert ticket["request"] == "要求给张*三赔付50000元"
    assert ticket["fields"]["phone"]["source"] == "138******78"
    assert ticket["fields"]["complainant_name"]["source"] == "我叫张*三"
    assert ticket["number"] in ticket["timeline"][1]["text"]
    assert ticket["timeline"][0]["data"]["said"] == [ticket["matter"]]


async def test_a_reason_shows_everything_and_is_audited(office: Office) -> None:
    case = await office.complaint()
    ticket = await office.ask(f"/complaints/{case.number}", unmask=" 客户来电核实 ")
    assert ticket["complainant"]["phone"] == "+8613812345678"
    assert "138-1234-5678" in ticket["matter"]
    assert "138-1234-5678" in ticket["timeline"][0]["text"]
    assert await office.audited() == [("api", "unmask", case.number, {"reason": "客户来电核实", "what": "ticket"})]


async def test_every_complaint_of_an_unmasked_list_is_audited(office: Office) -> None:
    cases = [await office.complaint() for _ in range(3)]
    page = await office.ask("/complaints", unmask="案件抽查", limit="2")
    assert page["items"][0]["complainant"]["name"] == "张小三"
    assert [subject for _, _, subject, _ in await office.audited()] == [cases[2].number, cases[1].number]


@pytest.mark.parametrize("reason", ["", "   ", "a\nb", "长" * 301])
@ON_ONE
async def test_a_reason_that_says_nothing_is_no_reason(office: Office, reason: str) -> None:
    case = await office.complaint()
    answer = await office.get(f"/complaints/{case.number}", unmask=reason)
    assert answer.status == 422
    assert await office.audited() == []


async def test_asking_about_a_complaint_that_is_not_there_leaves_no_audit_entry(office: Office) -> None:
    case = await office.complaint()
    missing = await office.get("/complaints/TS261123000999", unmask="核实")
    assert missing.status == 404
    assert await office.get(f"/complaints/{case.number}/attachments/none", unmask="核实")
    assert await office.audited() == []


def test_nothing_that_was_understood_of_the_example_complaints_is_left_in_their_words() -> None:
    for case in example_cases():
        bare = re.sub(r"[\s-]", "", Masked.of(case).text(case.record.value("matter")))
        held = [case.record.value(name).removeprefix("+86") for name in MASKS]
        assert [value for value in held if len(value) > 1 and value in bare] == []


@given(
    number=st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
    by=st.sampled_from([" ", "-", "", ". "]),
    spoken=st.booleans(),
)
def test_a_mobile_number_nobody_recorded_is_hidden_however_it_is_written(number: str, by: str, spoken: bool) -> None:
    written = "".join(SPOKEN[digit] for digit in number) if spoken else by.join((number[:3], number[3:7], number[7:]))
    if by == ". " and not spoken:
        return
    shown = Masked().text(f"请打{written}找他")
    assert shown == f"请打{number[:3]}******{number[9:]}找他"


@given(st.text())
def test_any_text_can_be_masked(text: str) -> None:
    Masked().text(text)


@pytest.mark.parametrize(
    "text",
    [
        "投诉编号TS261123000019，答复期限2026-12-08 23:59",
        "赔了50000元，还差12000.50元，2026年11月22日至2026年11月23日",
        "3f2504e04f8911d39a0c0305e82c3301",
    ],
)
def test_numbers_that_are_nobodys_stay(text: str) -> None:
    assert Masked().text(text) == text


def test_the_id_of_a_visit_is_nobodys_address_and_never_shown() -> None:
    visit = Contact(kind=ContactKind.VISIT, value="88618903e350aaaa")
    assert (Masked(contact=visit).contact(visit), Plain().contact(visit)) == ("", "")
