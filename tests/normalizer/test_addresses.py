"""Where people who write letters want their answer, and which addresses in a letter are not theirs."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalizer.completeness import missing
from normalizer.record import NOBODY, Contact, ContactKind, Field, Method
from tests.normalizer.letters import LETTERS, Posted
from tests.normalizer.paper import posted
from tests.normalizer.talking import talk

HOME = "江苏省苏州市姑苏区平江路12号3幢502室"
TOLD = "你们车险拒赔，我要求赔付8600元，我叫王建国，"


def address_of(text: str) -> str:
    """Only one to which an answer would be sent."""
    found = posted(text).fields.get("address")
    return found.value if found and found.rule.startswith("address.posted") else ""


@pytest.mark.parametrize("letter", LETTERS, ids=[letter.told for letter in LETTERS])
def test_a_letter_tells_who_complains_and_where_the_answer_goes(letter: Posted) -> None:
    record = posted(letter.text)
    assert (record.value("complainant_name"), address_of(letter.text)) == (letter.name, letter.address)


@pytest.mark.parametrize(
    "words",
    [
        "事故地点：江苏省苏州市姑苏区平江路12号门口",
        "出险地址：江苏省苏州市姑苏区平江路12号",
        "贵公司地址：江苏省苏州市姑苏区平江路12号",
        "收件人地址：江苏省苏州市姑苏区平江路12号",
        "医院地址：江苏省苏州市姑苏区十梓街188号",
        "4S店地址：江苏省苏州市吴中区东吴南路99号",
        "标的地址：江苏省苏州市吴中区东吴南路99号6栋",
        "住院治疗，地点在江苏省苏州市姑苏区十梓街188号",
        "对方住在江苏省苏州市吴中区东吴南路99号",
        "地址：苏州市姑苏区平江路12号青湖财产保险苏州中心支公司",
        "地址写错了，请改正",
        "你们的业务员李强，家住江苏省苏州市吴中区东吴南路99号",
        "肇事司机住在江苏省苏州市吴中区东吴南路99号",
        "伤者现住苏州市第一人民医院，苏州市姑苏区十梓街188号",
        "材料我已经寄至江苏省苏州市工业园区苏惠路98号",
        "上次是在贵公司营业部，地址：苏州市工业园区苏惠路98号",
    ],
)
def test_an_answer_is_never_sent_to_the_scene_or_to_ourselves(words: str) -> None:
    assert address_of(f"我要投诉车险拒赔，要求赔付。{words}。\n投诉人：王建国 13592071184") == ""


@pytest.mark.parametrize(
    "label",
    [
        "寄信人地址",
        "来信地址",
        "联系地址",
        "通讯地址",
        "通信地址",
        "住址",
        "地　　址",
        "住  址",
        "现住址",
        "地址",
        "本人地址",
        "送达地址",
    ],
)
@pytest.mark.parametrize("between", ["：", ": ", "为", "\n"])
def test_whatever_people_call_it_their_address_is_found(label: str, between: str) -> None:
    assert address_of(f"我要投诉车险拒赔。\n投诉人：王建国\n{label}{between}{HOME}\n2026年11月20日") == HOME


@pytest.mark.parametrize(
    ("written", "postcode"),
    [
        (f"地址：{HOME}，邮编：215000", " 215000"),
        (f"地址：{HOME} 215000", " 215000"),
        (f"地址：{HOME}（邮编215000）", " 215000"),
        (f"地址：{HOME}\n邮政编码：215000", " 215000"),
        (f"地址：215000 {HOME}", " 215000"),
        (f"地址：{HOME} 电话：13592071184", ""),
        (f"地址：{HOME} 13592071184", ""),
        (f"地址：{HOME}\n2026年11月20日", ""),
    ],
)
def test_a_postcode_beside_an_address_stands_behind_it_and_nothing_else_does(written: str, postcode: str) -> None:
    assert address_of(f"我要投诉车险拒赔，要求赔付。\n投诉人：王建国\n{written}") == HOME + postcode


@pytest.mark.parametrize("place", range(8, len(HOME) - 2))
def test_an_address_on_two_lines_is_one_wherever_the_line_ends(place: int) -> None:
    written = f"{HOME[:place]}\n{HOME[place:]}"
    assert address_of(f"我要投诉车险拒赔，要求赔付。\n投诉人：王建国\n联系地址：{written}\n2026年11月20日") == HOME


def test_a_name_under_an_address_is_no_part_of_it() -> None:
    assert address_of(f"我要投诉车险拒赔，要求赔付。\n联系地址：{HOME}\n王建国\n2026年11月20日") == HOME


def test_who_writes_a_letter_with_an_address_need_not_be_asked_for_a_telephone() -> None:
    assert posted(f"你们车险拒赔，我要求赔付8600元。\n投诉人：王建国\n地址：{HOME}").missing == ()
    assert posted("你们车险拒赔，我要求赔付8600元。\n投诉人：王建国").missing == ("contact",)


def test_who_writes_of_a_scene_only_has_given_no_address() -> None:
    text = f"我在{HOME}被追尾，你们拒赔，我要求赔付8600元。\n投诉人：王建国"
    assert posted(text).missing == ("contact",)


def test_a_caller_without_number_who_tells_their_address_is_asked_for_a_number_all_the_same() -> None:
    record = talk((None, f"{TOLD}家住{HOME}"), sender=NOBODY, channel="phone")
    assert record.value("address") == HOME
    assert record.missing == ("contact",)


def test_an_address_that_staff_wrote_down_is_a_contact_and_so_is_a_person_known_by_post() -> None:
    record = talk((None, TOLD), sender=NOBODY, channel="phone")
    assert missing(record, Contact(kind=ContactKind.POST, value=HOME)) == ()
    assert missing(record.with_field("address", Field(value=HOME, method=Method.STAFF)), NOBODY) == ()
    assert missing(record.with_field("address", replace(Field(value=""), method=Method.STAFF)), NOBODY) == ("contact",)


@given(st.text(alphabet="地址住在：:，。\n 江苏省苏州市姑苏区平江路12号3幢502室()邮编王的", max_size=200))
def test_whatever_stands_behind_an_address_heading_is_read_without_fault(words: str) -> None:
    found = posted(f"投诉\n地址：{words}").fields.get("address")
    assert found is None or found.value.strip() == found.value
