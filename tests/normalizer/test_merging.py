"""Later words meet earlier ones: corrected, contradicted, added, confirmed by staff; and in another language."""

from __future__ import annotations

import pytest

from normalizer.choice import BOTH, FIRST, SECOND, Pair, choices, denied
from normalizer.normalize import normalize
from normalizer.record import Complaint, Field, Method
from tests.normalizer.talking import said, talk

TOLD = "我叫王小明，电话13812345678，身份证110101199003074514，车险理赔拖了两个月还没赔，请尽快赔付"
OLD, NEW = "+8613812345678", "+8613944443210"
PHONES = {"phone": Pair(first=OLD, second=NEW)}


def after(words: str, asked: str | None = None) -> Complaint:
    return normalize(said(words), talk((None, TOLD)), asked=asked)


def beside(record: Complaint, name: str) -> list[str]:
    return [other.value for other in record.others.get(name, ())]


@pytest.mark.parametrize(
    ("words", "name", "first", "second"),
    [
        ("我的电话是13944443210", "phone", OLD, NEW),
        ("13944443210", "phone", OLD, NEW),
        ("请重新核定赔款，你们定损定错了。我手机13944443210", "phone", OLD, NEW),
        ("这不是欺骗吗，打我电话13944443210", "phone", OLD, NEW),
        ("My phone number is 13944443210", "phone", OLD, NEW),
        ("我叫王晓明", "complainant_name", "王小明", "王晓明"),
        ("身份证号11010519491231002X", "id_number", "110101199003074514", "11010519491231002X"),
    ],
)
def test_another_value_without_a_word_of_correction_stands_beside_the_first(
    words: str, name: str, first: str, second: str
) -> None:
    record = after(words)
    assert record.value(name) == first
    assert beside(record, name) == [second]
    assert record.heard.contradicted == {name}
    assert name not in record.heard.corrected


@pytest.mark.parametrize(
    "words",
    [
        "不对，我的电话是13944443210",
        "电话13944443210，刚才那个打错了",
        "電話打錯了，應該是13944443210",
        "我换号了13944443210",
        "手机号改成13944443210",
        "我的电话不是13812345678，是13944443210",
        "以13944443210为准",
        "13944443210，刚才那个号码不用了",
        "Sorry, wrong number. It should be 13944443210",
    ],
)
def test_with_a_word_of_correction_the_later_value_wins(words: str) -> None:
    record = after(words)
    assert record.value("phone") == NEW
    assert beside(record, "phone") == [OLD]
    assert record.heard.corrected == {"phone"}
    assert not record.heard.contradicted


@pytest.mark.parametrize("asked", ["phone", "contact"])
def test_who_was_asked_for_the_number_answers_with_the_right_one(asked: str) -> None:
    record = after("13944443210", asked)
    assert record.value("phone") == NEW
    assert record.heard.corrected == {"phone"}
    assert not record.heard.contradicted


@pytest.mark.parametrize(
    "words",
    [
        "还有一个电话13944443210",
        "13944443210也可以打",
        "13812345678或者13944443210都可以",
        "备用手机13944443210",
        "座机020-83341127",
        "电话13812345678",
        "我叫王小明",
    ],
)
def test_a_further_number_or_the_same_again_contradicts_nothing(words: str) -> None:
    record = after(words)
    assert (record.value("complainant_name"), record.value("phone")) == ("王小明", OLD)
    assert not record.heard.contradicted
    assert not record.heard.corrected


@pytest.mark.parametrize(
    "words",
    [
        "业务员李强的电话13944443210",
        "不对，业务员李强的电话是13944443210",
        "业务员李强，电话13944443210",
        "李强(业务员)13944443210",
        "你们客服13944443210给我打电话",
        "查勘员小王的手机号13944443210",
        "修理厂的电话13944443210",
        "张医生13944443210",
        "销售人员13944443210",
        "对方的联系电话13944443210",
        "我妈的电话13944443210",
        "我爱人电话13944443210",
    ],
)
def test_somebody_elses_number_is_no_contradiction_and_replaces_nothing(words: str) -> None:
    record = after(words)
    assert record.value("phone") == OLD
    assert not record.heard.contradicted
    assert not record.heard.corrected


@pytest.mark.parametrize("asked", ["phone", "contact"])
def test_a_salesmans_number_is_no_answer_to_our_question_for_the_customers(asked: str) -> None:
    assert after("业务员李强的电话13944443210", asked).value("phone") == OLD


@pytest.mark.parametrize(
    "words", ["请经理打13944443210", "业务员存的是我的电话13944443210", "业务员李强不理我，我的电话13944443210"]
)
def test_ones_own_number_beside_a_word_for_staff_is_asked_about(words: str) -> None:
    assert after(words).heard.contradicted == {"phone"}


def test_of_ones_own_number_and_a_salesmans_ones_own_comes_first() -> None:
    record = after("业务员李强的电话13700006789，我的电话换成13944443210")
    assert record.value("phone") == NEW


def test_two_numbers_of_one_message_contradict_nothing() -> None:
    record = normalize(said("我要投诉车险理赔拖延，电话13812345678，13944443210"))
    assert record.value("phone") == OLD
    assert beside(record, "phone") == [NEW]
    assert not record.heard.contradicted


def test_further_policies_contradict_nothing() -> None:
    record = talk((None, "保单号PDAA202641010000123456，理赔拖了两个月"), (None, "保单号PDAA202641010000999999"))
    assert record.value("policy_number") == "PDAA202641010000123456"
    assert beside(record, "policy_number") == ["PDAA202641010000999999"]
    assert not record.heard.contradicted


@pytest.mark.parametrize("method", [Method.SENDER, Method.DIRECTORY, Method.MODEL])
def test_what_nobody_said_gives_way_without_a_question(method: Method) -> None:
    held = talk((None, TOLD)).with_field("phone", Field(value=OLD, method=method))
    record = normalize(said("我的电话是13944443210"), held)
    assert record.value("phone") == NEW
    assert not record.heard.contradicted


@pytest.mark.parametrize("words", ["我的电话是13944443210", "不对，我的电话是13944443210"])
def test_what_staff_confirmed_stands_and_the_new_value_is_kept_beside_without_a_question(words: str) -> None:
    confirmed = talk((None, TOLD)).with_field("phone", Field(value=OLD, method=Method.STAFF))
    record = normalize(said(words), confirmed)
    assert record.value("phone") == OLD
    assert beside(record, "phone") == [NEW]
    assert not record.heard.contradicted
    assert not record.heard.corrected


def test_a_name_in_the_other_script_is_the_same_name() -> None:
    record = normalize(said("我叫黃國輝"), talk((None, "我叫黄国辉，理赔拖了两个月")))
    assert record.value("complainant_name") == "黄国辉"
    assert not record.heard.contradicted


@pytest.mark.parametrize(
    ("words", "name"),
    [("我是替我妈陈玉兰投诉的", "陈玉兰"), ("我们是苏州恒泰精密机械有限公司", "苏州恒泰精密机械有限公司")],
)
def test_who_turns_out_to_speak_for_another_is_not_asked_which_name_is_right(words: str, name: str) -> None:
    record = after(words)
    assert record.value("complainant_name") == name
    assert not record.heard.contradicted


def test_the_policyholder_named_beside_the_complainant_is_no_other_complainant() -> None:
    record = after("投保人：李秀兰，保单号PDAA202641010000123456")
    assert record.value("complainant_name") == "王小明"
    assert not record.heard.contradicted


def test_a_clerks_name_does_not_contradict_the_companys() -> None:
    record = talk((None, "我们是苏州恒泰精密机械有限公司，要投诉，货运险拒赔"), (None, "我叫周敏"))
    assert record.value("complainant_name") == "苏州恒泰精密机械有限公司"
    assert not record.heard.contradicted


# -- which of the two --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "which"),
    [
        ("第一个", FIRST),
        ("前面那个", FIRST),
        ("用旧的", FIRST),
        ("还是之前的吧", FIRST),
        ("1", FIRST),
        ("13812345678", FIRST),
        ("5678", FIRST),
        ("尾号五六七八的", FIRST),
        ("138那个", FIRST),
        ("幺三八那个", FIRST),
        ("新的不用了", FIRST),
        ("the first one", FIRST),
        ("第二个", SECOND),
        ("第二個", SECOND),
        ("后面那个", SECOND),
        ("新的", SECOND),
        ("刚才那个", SECOND),
        ("以刚才说的为准", SECOND),
        ("2", SECOND),
        ("139 4444 3210", SECOND),
        ("就打13944443210吧", SECOND),
        ("尾号3210", SECOND),
        ("旧的停用了", SECOND),
        ("旧的不用了，用新的", SECOND),
        ("the new one", SECOND),
        ("现在用的", SECOND),
        ("刚才那个号码", SECOND),
        ("以新的为准", SECOND),
        ("新号码", SECOND),
        ("现在3210", SECOND),
        ("之前的5678", FIRST),
        ("老号码", FIRST),
        ("第二个也行", BOTH),
        ("都可以", BOTH),
        ("两个都行", BOTH),
        ("both", BOTH),
    ],
)
def test_one_of_two_is_named_by_place_by_age_or_by_its_digits(words: str, which: str) -> None:
    by_field, rest = choices(words, PHONES)
    assert by_field == {"phone": which}
    assert not rest.strip(" ，。")


@pytest.mark.parametrize(
    "words",
    [
        "不知道",
        "你们看着办",
        "第二个保单也没赔",
        "1. 请尽快赔付",
        "9999",
        "1383944",
        "第一个，第二个",
        "13712340000",
        "",
        "现在",
        "现在呢",
        "现在打电话给我",
        "刚才",
        "之前",
        "最后",
        "老",
        "新",
        "later",
        "新的是5678",
        "第一个不对，第二个也不对",
        "第一个不对，第二个不对",
        "第一个不对，第二个也早就不用了",
        "两个都不对",
        "the first is wrong, not the second either",
    ],
)
def test_other_words_choose_nothing(words: str) -> None:
    assert choices(words, PHONES) == ({}, words)


@pytest.mark.parametrize(
    "words",
    [
        "第一个不对，第二个也不对",
        "第一个不对，第二个不对",
        "第二个也不对",
        "两个都不对",
        "第一个和第二个都不对",
        "都不是",
        "neither",
    ],
)
def test_both_may_be_denied(words: str) -> None:
    assert denied(words, PHONES) == {"phone"}
    assert choices(words, PHONES) == ({}, words)


@pytest.mark.parametrize("words", ["第一个不对", "第二个", "都可以", "不知道", ""])
def test_who_denies_one_does_not_deny_both(words: str) -> None:
    assert not denied(words, PHONES)


@pytest.mark.parametrize("key", ["1", "2", "二"])
def test_a_digit_alone_chooses_only_where_it_can_mean_nothing_else(key: str) -> None:
    pairs = {**PHONES, "complainant_name": Pair(first="王小明", second="王晓明")}
    assert choices(key, pairs) == ({}, key)
    assert choices(key, PHONES, keys=False) == ({}, key)


def test_what_is_said_beside_the_choice_is_left_to_be_read() -> None:
    by_field, rest = choices("第二个，请尽快赔付", PHONES)
    assert by_field == {"phone": SECOND}
    assert rest.strip(" ，") == "请尽快赔付"
    assert len(rest) == len("第二个，请尽快赔付")


def test_of_two_doubts_each_may_be_answered_by_its_name() -> None:
    pairs = {**PHONES, "complainant_name": Pair(first="王小明", second="王晓明")}
    assert choices("电话用第二个，名字第一个", pairs)[0] == {"phone": SECOND, "complainant_name": FIRST}
    assert choices("都用新的", pairs)[0] == {"phone": SECOND, "complainant_name": SECOND}
    assert choices("叫王晓明", pairs)[0] == {"complainant_name": SECOND}


# -- language ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "then", "language"),
    [
        (TOLD, "Could you please tell me when the claim will be paid?", "en"),
        (TOLD, "我已經等了兩個月，請你們儘快賠付", "zh-Hant"),
        ("You refused my claim for a delayed flight", "你们到底什么时候赔钱", "zh-Hans"),
        ("我要投訴，理賠拖了兩個月還沒賠", "你们这个处理结果我不同意，赶紧赔", "zh-Hans"),
    ],
)
def test_the_record_follows_the_language_that_a_person_goes_on_in(first: str, then: str, language: str) -> None:
    assert talk((None, first), (None, then)).language == language


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (TOLD, "13944443210"),
        (TOLD, "ok"),
        (TOLD, "wang.xiaoming.office.mail@insurance.example"),
        (TOLD, "PDAA202641010000123456"),
        (TOLD, "Maria Fernanda Gonzalez Lopez"),
        (TOLD, "APP INSURANCE PLUS GOLD"),
        (TOLD, "我不同意"),
        ("You refused my claim for a delayed flight", "王小明"),
        ("You refused my claim for a delayed flight", "My name is 王小明, please call me"),
        ("我要投訴，理賠拖了兩個月還沒賠", "我不同意"),
        ("我要投訴，理賠拖了兩個月還沒賠", "13944443210"),
    ],
)
def test_a_number_a_name_or_two_words_change_no_language(first: str, then: str) -> None:
    assert talk((None, first), (None, then)).language == talk((None, first)).language
