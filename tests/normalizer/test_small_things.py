"""Numbers, masks, money, days, completeness."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalizer.completeness import missing, to_ask_once
from normalizer.extract.numerals import number
from normalizer.extract.phones import e164
from normalizer.jsonlines import from_line, to_json
from normalizer.mask import mask_address, mask_email, mask_id, mask_name, mask_number, mask_phone
from normalizer.normalize import normalize
from normalizer.number import digits_of, make_number, parse_number, spoken_number
from normalizer.record import NOBODY, Complaint, Field
from tests.normalizer.talking import WECHAT, said, talk


@given(day=st.dates(date(2020, 1, 1), date(2099, 12, 31)), sequence=st.integers(1, 99_999))
def test_a_complaint_number_is_known_again_written_keyed_and_spoken(day: date, sequence: int) -> None:
    made = make_number(day, sequence)
    assert len(made) == 14
    for form in (made, made.lower(), digits_of(made), spoken_number(made), f"{made[:8]} {made[8:]}"):
        assert parse_number(form) == made


def test_a_mistyped_number_is_none() -> None:
    made = make_number(date(2026, 11, 1), 17)
    wrong = made[:-1] + str((int(made[-1]) + 1) % 10)
    assert parse_number(wrong) is None
    with pytest.raises(ValueError, match="outside"):
        make_number(date(2026, 11, 1), 100_000)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("两万三千", 23000),
        ("4.35万", 43500),
        ("3万六", 36000),
        ("一千二", 1200),
        ("四万一千六百", 41600),
        ("2千4百", 2400),
        ("一百零五", 105),
    ],
)
def test_numbers_as_people_say_them(text: str, value: float) -> None:
    assert number(text) == value


@pytest.mark.parametrize(
    ("text", "sums"),
    [
        ("扣了我8块5", ["8.5"]),
        ("一共花了一万一，报了四千三", ["11000", "4300"]),
        ("人民币肆仟伍佰元整", ["4500"]),
        ("保额20万，赔了3,600.50元", ["200000", "3600.5"]),
        ("涨了20%，等了3个月，来了5个人，60亩地", []),
        ("一分钱都没给，万一再出事", []),
        ("我们一块去的", []),
        ("转账2w给他", ["20000"]),
    ],
)
def test_sums_of_money(text: str, sums: list[str]) -> None:
    assert [amount.value for amount in normalize(said(text)).amounts] == sums


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("上周六骑车摔了", ["2026-11-21"]),
        ("昨天来的查勘员", ["2026-11-22"]),
        ("上个月15号报的案", ["2026-10-15"]),
        ("十月二十号反映过", ["2026-10-20"]),
        ("二零二六年七月十二号出险", ["2026-07-12"]),
        ("今年5月没的", ["2026-05-01"]),
        ("12月3日扣的", ["2025-12-03"]),
        ("2021年买的，国庆摔的", []),
        ("今天要这个证明明天要那个证明", []),
        ("10月13曰下午", ["2026-10-13"]),
    ],
)
def test_days_are_resolved_against_the_day_of_receipt(text: str, days: list[str]) -> None:
    assert [day.value for day in normalize(said(text)).dates] == days


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("l5829O14477", "+8615829014477"),
        ("139 5748 0031", "+8613957480031"),
        ("0755-8329 6671", "+8675583296671"),
        ("(021)64001234", "+862164001234"),
        ("+86 137-0000-1234", "+8613700001234"),
        ("12345", None),
        ("8860220144550917", None),
    ],
)
def test_telephone_numbers(text: str, phone: str | None) -> None:
    assert e164(text) == phone


def test_a_nuisance_callers_number_is_not_the_customers() -> None:
    record = normalize(said("天天被骚扰电话13800001111打来推销，我的电话是13900002222"))
    assert record.value("phone") == "+8613900002222"


def test_masks_show_what_chinese_notices_show() -> None:
    assert [mask_name(name) for name in ("张三", "张小三", "欧阳锋", "")] == ["张*", "张*三", "欧阳*", ""]
    assert mask_phone("+8613812345678") == "138******78"
    assert mask_email("zhang@qq.com") == "z***@qq.com"
    assert mask_id("110101199003074514") == "1****************4"
    assert mask_number("PDAA20260001") == "****01"
    assert mask_address("江苏省苏州市姑苏区人民路1号").startswith("江苏省苏州市")


def test_a_stranger_without_address_is_asked_for_a_contact() -> None:
    assert missing(Complaint(), NOBODY) == ("matter", "request", "complainant_name", "contact")
    assert "contact" not in missing(Complaint(), WECHAT)
    assert missing(Complaint(), WECHAT, frozenset({"complainant_name"})) == ("matter", "request")


def test_a_policy_is_not_asked_for_where_there_may_be_none() -> None:
    hotline = Complaint(fields={"category_detail": Field(value="C0601")})
    assert to_ask_once(hotline, WECHAT) == ("evidence",)
    heir = Complaint(fields={"party_role": Field(value="heir"), "category_detail": Field(value="C0103")})
    assert to_ask_once(heir, WECHAT) == ("policy_number", "evidence", "documents")


def test_a_line_of_json_goes_in_and_one_comes_out() -> None:
    line = {
        "id": "x",
        "channel": "web",
        "sender": {"kind": "none", "value": None},
        "received_on": "2026-11-20",
        "text": "退保款没到账，请打款",
    }
    record = normalize(from_line(line))
    out = to_json(record)
    assert (out["intent"], out["category"], out["phone"]) == ("complaint", "C03", None)


def test_a_language_is_known() -> None:
    assert talk((None, "續保的時候業務員沒說保費會漲")).language == "zh-Hant"
    assert talk((None, "My claim was denied, please explain why it was rejected")).language == "en"
