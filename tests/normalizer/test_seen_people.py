"""Who complains, where a scanned letter leaves a doubt of it."""

from __future__ import annotations

import pytest

from normalizer.normalize import normalize
from normalizer.seen import Why
from tests.normalizer.paper import CLEAN, PHONE, doubts, letter, why


def test_a_name_misread_into_none_is_shown() -> None:
    text = CLEAN.replace("本人王建国", "本人").replace("投诉人：王建国", "投诉人：间怡鑫")
    found = doubts(letter(text))["complainant_name"]
    assert found.why == (Why.RARE_NAME,)
    assert "间怡鑫" in (found.value, *found.candidates)


@pytest.mark.parametrize("name", ["买买提·艾力", "欧阳震华", "王敏", "諸葛亮"])
def test_names_as_people_have_them_are_not_rare(name: str) -> None:
    text = CLEAN.replace("本人王建国", "本人").replace("投诉人：王建国", f"投诉人：{name}")
    assert "complainant_name" not in doubts(letter(text))


def test_two_names_of_which_none_is_said_to_be_the_agents_are_both_shown() -> None:
    found = doubts(letter(CLEAN.replace("投诉人：王建国", "投诉人：王健国")))["complainant_name"]
    assert Why.SEVERAL in found.why
    assert {found.value, *found.candidates} == {"王建国", "王健国"}
    assert len(found.places) == 2


def test_who_signs_for_another_makes_no_doubt_of_the_other() -> None:
    text = f"我替我父亲赵德顺投诉，要求全额退保。\n代理人：赵磊\n联系电话：{PHONE}\n赵磊\n2026年11月20日"
    submission = letter(text)
    assert normalize(submission).value("complainant_name") == "赵德顺"
    assert "complainant_name" not in doubts(submission)


def test_a_letter_that_somebody_else_signs_is_shown_with_both_names() -> None:
    text = "我要投诉车险拒赔，要求赔付8600元。\n投诉人：王建国\n电话：13592071184\n李秀兰\n2026年11月20日"
    found = doubts(letter(text))["complainant_name"]
    assert "李秀兰" in (found.value, *found.candidates)


def test_a_policyholder_is_not_yet_the_one_who_complains() -> None:
    text = "投保人王建国的车险被拒赔，要求赔付8600元。"
    submission = letter(text)
    assert normalize(submission).value("complainant_name") == "王建国"
    assert why(submission, "complainant_name") == (Why.UNSIGNED_NAME,)
