"""Numbers as people write and say them: sums, days, telephones, policies, plates and cards."""

from __future__ import annotations

import re
from datetime import datetime

import pytest

from normalizer.normalize import normalize
from normalizer.record import NOBODY, SHANGHAI, Complaint, Submission
from normalizer.rulebook import rules

FRIDAY = datetime(2026, 11, 20, 12, tzinfo=SHANGHAI)


def heard(text: str, channel: str = "wechat") -> Complaint:
    return normalize(Submission(channel=channel, key="k", sender=NOBODY, received_at=FRIDAY, text=text))


def sums(text: str, channel: str = "wechat") -> list[float]:
    return [float(one.value) for one in heard(text, channel).amounts]


def days(text: str, channel: str = "wechat") -> list[str]:
    return [one.value for one in heard(text, channel).dates]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("前前后后花了三万六千八就给报了四千二", [36800, 4200]),
        ("地板换下来要七千三八十多平的房子", [7300]),
        ("我交了五六千块", [5000, 6000]),
        ("扣了十九块九", [19.9]),
        ("退我六万块一分不能少", [60000]),
    ],
)
def test_sums_said_without_a_pause_are_told_from_what_follows(text: str, expected: list[float]) -> None:
    assert sums(text, "phone") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("退了我1200还差800", [1200, 800]),
        ("修理费是7300不是3700", [7300, 3700]),
        ("三个人分别花了2900、1750、860，都没赔", [2900, 1750, 860]),
        ("保额30万，一年保费2680，每天津贴150", [300000, 2680, 150]),
        ("今年涨到188，去年才96", [188, 96]),
        ("扣了两次，一次365一次365", [365, 365]),
    ],
)
def test_a_sum_without_a_unit_is_known_by_its_company(text: str, expected: list[float]) -> None:
    assert sums(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "打了8次12378，等了45分钟",
        "我1988年生，今年38",
        "6号楼301、302都淹了，301没人管",
        "尾号8876的卡，验证码384756",
        "快手十二万粉丝，抖音八万",
        "赔付比例80%，开了3万公里",
        "一分钱没退，万一出事呢",
        "花了500美元",
    ],
)
def test_counts_rooms_hotlines_and_figures_of_speech_are_no_money(text: str) -> None:
    assert sums(text) == []


def test_print_that_confuses_letters_and_digits_still_tells_sums_and_days() -> None:
    assert sums("    维修费38OO元。", "letter") == [3800]
    assert days("    二〇二六年九月十三日\n    2O26年9月l4曰", "letter") == ["2026-09-13", "2026-09-14"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("7月28生效，8月22住院", ["2026-07-28", "2026-08-22"]),
        ("8月6日、7日连着来电话", ["2026-08-06", "2026-08-07"]),
        ("10月11号签的，14号快递才到", ["2026-10-11", "2026-10-14"]),
        ("上周四、周五我都去了", ["2026-11-12", "2026-11-13"]),
        ("5月买的，8月就坏了", ["2026-05-01", "2026-08-01"]),
        ("9/13去柜台，10.17反映过", ["2026-09-13", "2026-10-17"]),
        ("2025年3月1日投保，同年8月5日出险", ["2025-03-01", "2025-08-05"]),
    ],
)
def test_days_are_read_however_they_are_named(text: str, expected: list[str]) -> None:
    assert days(text) == expected


def test_a_day_without_a_year_that_is_near_lies_ahead_and_one_that_passed_lies_behind() -> None:
    assert days("11月30号要做手术") == ["2026-11-30"]
    assert days("12月25日投的保") == ["2025-12-25"]


@pytest.mark.parametrize(
    "text",
    ["今天必须给我办", "每月20号扣款", "现在都十一月份了", "三天内答复", "坐10号线到3号楼", "拖了三个月", "每周三开会"],
)
def test_what_recurs_or_lasts_or_is_now_is_no_date(text: str) -> None:
    assert days(text) == []


@pytest.mark.parametrize(
    ("text", "channel", "phone"),
    [
        ("我电话幺三八零零幺三三个八零", "phone", "+8613800138880"),
        ("我电话幺三八零零幺三八零零零八月三号买的", "phone", "+8613800138000"),
        ("电话 l 3 8 O O l 3 8 O O O", "letter", "+8613800138000"),
        ("联系人：孟主任 0576-8899 2316-802", "letter", "+8657688992316"),
        ("打你们400-820-8888没人接，95500也不通", "wechat", ""),
    ],
)
def test_telephones_are_read_as_said_and_as_printed(text: str, channel: str, phone: str) -> None:
    assert heard(text, channel).value("phone") == phone


def test_an_id_that_print_has_spaced_or_wrapped_is_one() -> None:
    assert heard("身份证号1 1 0 1 0 5 1 9 4 9 1 2 3 1 0 0 2 X", "letter").value("id_number") == "11010519491231002X"
    assert heard("身份证号 110105194912\n31002X", "email").value("id_number") == "11010519491231002X"
    assert heard("身份证幺幺零幺零五幺九四九幺二三幺零零二叉", "phone").value("id_number") == "11010519491231002X"


def test_letters_set_apart_belong_to_the_policy() -> None:
    assert heard("合同号：GC 0023 7716 0485").value("policy_number") == "GC002377160485"
    assert heard("保单号P D A A二零二六四二零幺零幺零零零零零幺二三", "phone").value("policy_number") == (
        "PDAA202642010100000123"
    )


def test_a_misread_policy_keeps_its_writing_with_the_likely_reading_beside_it() -> None:
    record = heard("保单号PDAA2O2642O101000O0123", "letter")
    assert record.value("policy_number") == "PDAA2O2642O101000O0123"
    assert [one.value for one in record.others["policy_number"]] == ["PDAA202642010100000123"]
    assert record.others["policy_number"][0].rule == "policy_number.candidate"
    misheard = heard("保单号BDAA二零二六四二零幺零幺零零零零零幺二三", "phone")
    assert "PDAA202642010100000123" in [one.value for one in misheard.others["policy_number"]]


def test_plates_and_cards_are_fields_of_their_own() -> None:
    record = heard("车牌苏E五K二八幺，卡号4111 1111 1111 1111")
    assert (record.value("plate"), record.value("bank_card")) == ("苏E5K281", "4111111111111111")
    assert not record.value("policy_number")
    assert heard("新能源的苏AD12345").value("plate") == "苏AD12345"


def test_one_of_our_numbers_is_never_a_policy() -> None:
    record = heard("TS261101000177这个投诉啥情况")
    assert not record.value("policy_number")
    assert not record.value("claim_number")


def test_every_shipped_grammar_fits_whole_numbers_only() -> None:
    for entry in rules("identifiers")["grammar"]:
        assert not re.fullmatch(entry["pattern"], "13812345678")
