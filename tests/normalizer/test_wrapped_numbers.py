"""Numbers that a letter breaks at the end of a line, or groups for the eye: each is found, and once."""

from __future__ import annotations

import pytest

from tests.normalizer.paper import posted

NUMBERS = {
    "phone": ("电话", "13592071184", "+8613592071184"),
    "id_number": ("身份证号", "110101199003074514", "110101199003074514"),
    "policy_number": ("保单号", "PDAA202641010000123456", "PDAA202641010000123456"),
    "claim_number": ("报案号", "RDAA202641010000987654", "RDAA202641010000987654"),
}
LETTER = "我要投诉车险拒赔，要求尽快赔付8600元。\n{}，请联系我。\n王建国\n2026年11月20日"


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize("label", ["", "：", "为"])
@pytest.mark.parametrize("step", [3, 4])
def test_a_number_in_groups_is_one_number(name: str, label: str, step: int) -> None:
    word, written, value = NUMBERS[name]
    head = written.rstrip("0123456789")
    digits = written[len(head) :]
    groups = " ".join([head, *(digits[place : place + step] for place in range(0, len(digits), step))]).strip()
    record = posted(LETTER.format(f"{word}{label}{groups}"))
    assert record.value(name) == value
    assert not record.others.get(name)


@pytest.mark.parametrize(
    ("name", "place"),
    [
        *(("phone", place) for place in (6, 7, 8, 9)),
        *(("id_number", place) for place in (6, 10, 14, 17)),
        *(("policy_number", place) for place in (4, 8, 10, 12)),
        *(("claim_number", place) for place in (4, 8, 10, 12)),
    ],
)
def test_a_number_broken_at_the_end_of_a_line_is_one_number(name: str, place: int) -> None:
    word, written, value = NUMBERS[name]
    record = posted(LETTER.format(f"{word}{written[:place]}\n{written[place:]}"))
    assert record.value(name) == value
    assert not record.others.get(name)


def test_a_landline_broken_at_the_end_of_a_line_is_one_number() -> None:
    assert posted(LETTER.format("电话：0512-6543\n2100")).value("phone") == "+8651265432100"


def test_the_date_on_the_next_line_is_no_part_of_a_number() -> None:
    text = "我要投诉车险拒赔。\n王建国\n电话：13592071184\n2026年11月20日"
    assert posted(text).value("phone") == "+8613592071184"
    assert posted(text.replace("电话：13592071184", "保单号：8860441709")).value("policy_number") == "8860441709"
