"""What leaves the house tells nobody who somebody is."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalizer.proposals.hiding import COVER, Told, masked
from normalizer.record import Complaint
from tests.model.people import by_rules, hidden

# What a person writes, and what of it must not be left to read.
TELLING = [
    ("我电话13812345678", "13812345678"),
    ("我电话138 1234 5678，", "138 1234 5678"),
    ("我电话138-1234-5678", "138-1234-5678"),
    ("电话１３８１２３４５６７８", "１３８１２３４５６７８"),
    ("电话是幺三八一二三四五六七八", "幺三八一二三四五六七八"),
    ("电话是幺三八，嗯，一二三四，那个，五六七八", "一二三四"),
    ("电话是幺三八，嗯，一二三四，那个，五六七八", "五六七八"),
    ("电话壹叁捌壹贰叁肆伍陆柒捌", "壹叁捌壹贰叁肆伍陆柒捌"),
    ("电话①③⑧①②③④⑤⑥⑦⑧", "①③⑧"),
    ("电话1️⃣3️⃣8️⃣1️⃣2️⃣3️⃣4️⃣", "3️⃣8️⃣1"),
    ("座机0755-8888 6666转802", "6666转802"),
    ("座机（010）6553 1234", "6553 1234"),
    ("手机l38OOl38OOO", "l38OOl38OOO"),
    ("身份证11010119900307451X", "11010119900307451X"),
    ("身份证110101\n19900307\n4514", "4514"),
    ("身份证一一零一零一一九九零零三零七四五一四", "一一零一零一"),
    ("保单号PDAA202641010000123456", "PDAA202641010000123456"),
    ("保单号PDAA 2026 4101 0000 1234 56", "1234 56"),
    ("赔案号RDAA-2026-88-A1", "2026-88-A1"),
    ("邮箱zhang.san@qq.com", "zhang.san"),
    ("邮箱zhang艾特qq点com", "zhang"),
    ("邮箱wang点wei圈qq点com", "wang"),
    ("邮箱wang点wei圈qq点com", "wei"),
    ("邮箱wang点wei圈qq点com", "qq"),
    ("邮箱wang点wei@qq点com", "wang"),
    ("邮箱wang點wei圈a qq點com", "wang"),
    ("邮箱wang 点 wei 艾特 qq 点 com", "wang"),
    ("邮箱wang dot wei at qq dot com", "wang"),
    ("邮箱wang点wei at qq.com", "wang"),
    ("邮箱wangatqq点com", "wang"),
    ("卡号6222 0210 0111 2223 334", "3334"),
    ("信用代码91110000MA01ABCD1X", "MA01ABCD1X"),
    ("我的车粤B12D45被撞了", "B12D45"),
    ("我的车粤B·D12345F被撞了", "D12345F"),
    ("車牌京AD一二三四五", "一二三四五"),
    ("编号TS261101000177", "TS261101000177"),
    ("尾号是5678", "5678"),
    ("手机后四位，五六七八", "五六七八"),
    ("编号TS 2611 0100 0177", "0177"),
    ("微信号hexiaoshan_w", "hexiaoshan"),
    ("加微信：hexiaoshan", "hexiaoshan"),
    ("看https://example.cn/c?who=zhang", "zhang"),
    ("call me one three eight, zero zero one three", "one three eight"),
    ("住址：深圳市南山区科技园路9号3栋502", "科技园路9号3栋502"),
]


@pytest.mark.parametrize(("text", "secret"), TELLING)
def test_what_tells_who_somebody_is_is_covered(text: str, secret: str) -> None:
    assert secret not in hidden(text).text


@pytest.mark.parametrize(("text", "secret"), TELLING)
def test_it_is_covered_inside_a_story_too(text: str, secret: str) -> None:
    story = f"车险理赔拖了两个月还没赔。{text}。请尽快赔付"
    assert secret not in hidden(story).text


@pytest.mark.parametrize(
    "text",
    [
        "车险理赔拖了两个月，跑了五趟，2026年11月3日交了3000元",
        "4S店说SUV要修3天",
        "一二三，买了两份，三个月",
        "We met at noon. That is 3.5 days",
    ],
)
def test_a_story_without_identifiers_can_be_read(text: str) -> None:
    assert COVER not in hidden(text).text


def test_a_number_that_goes_on_in_the_next_message_is_one_number() -> None:
    words = masked([Told(text="我电话是138"), Told(text="1234"), Told(text="5678")], Complaint())
    assert not any(c.isdigit() for c in words.text)


def test_a_name_that_nobody_has_to_look_for_stays_here() -> None:
    text = "我叫贺小山，理赔拖了两个月。贺小山敬上"
    record = by_rules(text)
    assert record.value("complainant_name") == "贺小山"
    assert "贺小山" not in masked(text, record, ()).text
    assert "贺小山" in masked(text, record, ("complainant_name",)).text


def test_a_quotation_is_traced_to_its_message() -> None:
    words = masked([Told(text="电话13812345678", item="k1"), Told(text="还我明白账", item="k2")], Complaint())
    place = words.find("明白账")
    assert place is not None
    source, span, item = place
    assert (source, span.start, span.end, item) == ("明白账", 2, 5, "k2")


def test_no_quotation_reaches_over_two_messages_or_below_a_cover() -> None:
    words = masked([Told(text="还我"), Told(text="明白账，电话13812345678")], Complaint())
    assert words.find("还我\n明白账") is None
    assert words.find("电话13812345678") is None
    assert words.find(f"电话{COVER}") is None


def test_a_cover_that_the_customer_draws_proves_nothing() -> None:
    assert masked("▇▇▇还钱", Complaint()).find("▇▇▇还钱") is None


@given(st.text(max_size=200))
def test_every_character_keeps_its_place(text: str) -> None:
    words = masked(text, Complaint())
    assert len(words.text) == len(text)
    assert all(seen in (COVER, c) for seen, c in zip(words.text, text, strict=True))


@given(st.text("0123456789零幺二三四五六七八九壹 -，嗯a字", max_size=80))
def test_no_five_digits_in_a_row_are_left(text: str) -> None:
    left = masked(text, Complaint()).text
    runs = "".join(c if c in "0123456789零幺二三四五六七八九壹" else "x" for c in left).split("x")
    assert max(map(len, runs)) < 5


@pytest.mark.parametrize(
    "unit",
    ["A", "1-", "a@", "A ", "是", "1嗯嗯嗯", "TS", "one ", "微信", "at", "a点", "a . ", "a dot ", "at.", "a at b"],
)
def test_a_hostile_text_takes_no_longer_than_another(unit: str) -> None:
    began = time.perf_counter()
    masked((unit * 8000)[:8000], Complaint())
    assert time.perf_counter() - began < 1
