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


@pytest.mark.parametrize(
    ("text", "policy"),
    [
        ("保单号：7702-1180-3346-15，请退保", "77021180334615"),
        ("保单号：8830-0110-2026-000415，请退保", "8830-0110-2026-000415"),
        ("保险凭证的编号【P2026-000123】", "P2026-000123"),
        ("我的保险单，编号C-88-2023-00917，要退", "C-88-2023-00917"),
    ],
)
def test_hyphens_that_only_cut_a_number_for_the_eye_are_left_out_and_parts_that_mean_something_stay(
    text: str, policy: str
) -> None:
    assert heard(text).value("policy_number") == policy


def test_a_day_and_a_sequence_make_a_claim_where_one_is_spoken_of() -> None:
    assert heard("报案号也发一下给你：D21-2026-0917-0026").value("claim_number") == "D21-2026-0917-0026"
    assert heard("理赔交了俩月，受理号是 KX-2026-0805-7713，没人理").value("claim_number") == "KX-2026-0805-7713"
    assert not heard("订单号KX-2026-0805-7713，理赔被拒").value("claim_number")
    assert not heard("投诉编号 KX-2026-0805-7713，问问进度").value("claim_number")


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("客服原话：“爱投诉投诉去”。我叫燕南飞 18347106623", "+8618347106623"),
        ("业务员赵磊：放心，电话13812345678", ""),
        ("计从心 手机13920448163", "+8613920448163"),
        ("替我老公反映，他手机13924880137", "+8613924880137"),
        ("替我老公反映，他手机13924880137，我手机13812345678", "+8613812345678"),
        ("业务员小王骗我妈，他手机13924880137", ""),
    ],
)
def test_a_number_is_the_customers_or_that_of_the_relative_they_speak_for(text: str, phone: str) -> None:
    assert (heard(text).value("phone") or "") == phone


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("修理厂天天催债，4300。", [4300]),
        ("就赔三百我花了两千六种牙", [300, 2600]),
        ("CT六百八，药费一千一", [680, 1100]),
        ("工号好像是2096", []),
        ("结算利率从4.2降到2.5", []),
    ],
)
def test_a_bare_number_is_a_sum_where_money_was_spoken_of(text: str, expected: list[float]) -> None:
    assert sums(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("和平路8、10、12号，10月2日进水，联系12号五金店", ["2026-10-02"]),
        ("我住解放路12号，12号下午来人看过", ["2026-11-12"]),
        ("第二月起扣256元", []),
        ("2月经你们业务员介绍买的", ["2026-02-01"]),
        ("昨个儿去柜面没人", ["2026-11-19"]),
        ("2026-10-08至10-20住院", ["2026-10-08", "2026-10-20"]),
        ("2026-10-08报案，说10-20天内答复", ["2026-10-08"]),
    ],
)
def test_houses_and_ordinals_are_no_days(text: str, expected: list[str]) -> None:
    assert days(text) == expected
