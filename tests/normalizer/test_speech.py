"""What a recogniser of speech hands over: no marks, numbers taken back in the same breath, names spelled aloud."""

from __future__ import annotations

import pytest

from normalizer.heard import agreed
from normalizer.normalize import normalize
from normalizer.record import Complaint, Intent, Submission
from normalizer.text import fold
from tests.normalizer.talking import CALLER, said, talk

CAR = "车险理赔拖了三个月不赔，请尽快赔付"
RUDE = "你们客服态度差，问两句就挂我电话"
POLICY = "PDAA202641010000100005"
DIGITS = "二零二六四幺零幺零零零零幺零零零零五"


def spoken(text: str) -> Submission:
    return said(text, sender=CALLER, channel="phone")


def called(*turns: tuple[str | None, str]) -> Complaint:
    return talk(*turns, sender=CALLER, channel="phone")


def beside(record: Complaint, name: str) -> list[str]:
    return [one.value for one in record.others.get(name, ())]


@pytest.mark.parametrize("asked", ["contact", None])
@pytest.mark.parametrize(
    "text",
    [
        "幺八九，五九二幺，零三七六，哦不对，是幺八九五九二幺零三六七",
        "幺八九五九二幺零三七六哦不对是幺八九五九二幺零三六七",
        "幺八九五九二幺零三七六 错了 是幺八九五九二幺零三六七",
        "电话幺八九五九二幺零三七六说错了幺八九五九二幺零三六七",
        "是18959210376，不是，是18959210367",
        "18959210376更正一下18959210367",
        "幺八九五九二幺零三七六，不对不对，零三六七",
        "幺八九五九二幺零三七六，说错了，最后四位是零三六七",
    ],
)
def test_a_number_taken_back_in_the_same_breath_is_not_kept(text: str, asked: str | None) -> None:
    record = normalize(spoken(text), called((None, CAR)), asked=asked)
    assert record.value("phone") == "+8618959210367"
    assert "+8618959210376" not in beside(record, "phone")
    assert not record.heard.contradicted


def test_two_numbers_without_a_word_that_takes_one_back_are_both_kept() -> None:
    record = normalize(said("电话13912345678，或者打13987654321"), talk((None, CAR)), asked="contact")
    assert {record.value("phone"), *beside(record, "phone")} == {"+8613912345678", "+8613987654321"}


def test_the_number_that_is_denied_is_the_one_behind_not() -> None:
    record = normalize(said("我电话是13912345678，不是13987654321"), talk((None, CAR)), asked="contact")
    assert record.value("phone") == "+8613912345678"


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        (f"保单号是PDAA{DIGITS[:-1]}六，不对，是PDAA{DIGITS}", "policy_number", POLICY),
        ("报案号是8860331720，错了，8860331721", "claim_number", "8860331721"),
        ("身份证410105198703123526说错了是410105198703123251", "id_number", "410105198703123251"),
    ],
)
def test_policy_claim_and_identity_numbers_are_taken_back_as_well(text: str, name: str, value: str) -> None:
    record = normalize(spoken(text))
    assert record.value(name) == value
    assert beside(record, name) == []


@pytest.mark.parametrize("text", ["三零七六，不对，三零六七", "尾号三零七六 哦错了 三零六七", "3076不对是3067"])
def test_the_last_four_taken_back_are_not_compared(text: str) -> None:
    assert normalize(spoken(text), called((None, CAR)), asked="last_four").heard.last_four == "3067"


@pytest.mark.parametrize("asked", ["complainant_name", None])
@pytest.mark.parametrize(
    "text", ["我叫张伟，不对，张玮，王字旁的玮", "我叫张伟不对我叫张玮", "我叫张伟不对不是那个伟我叫张玮王字旁的玮"]
)
def test_a_name_taken_back_gives_way_to_the_next(text: str, asked: str | None) -> None:
    assert normalize(spoken(text), called((None, CAR)), asked=asked).value("complainant_name") == "张玮"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("我姓范范晓东拂晓的晓东方的东", "范晓东"),
        ("我叫李娜木子李女字旁的娜", "李娜"),
        ("我叫李娜，木子李，女字旁的娜", "李娜"),
        ("免贵姓欧阳，单名一个锋字", "欧阳锋"),
        ("姓谭谭雅雅致的雅", "谭雅"),
        ("姓谭，谭雅，雅致的雅", "谭雅"),
        ("王建国国家的国", "王建国"),
        ("那个…我叫…嗯…周敏", "周敏"),
        ("那个我叫嗯周敏", "周敏"),
        ("谭雅，就是我", "谭雅"),
        ("耳东陈，陈大文", "陈大文"),
        ("张明月，弓长张", "张明月"),
        ("仉督敏", "仉督敏"),
        ("欧阳建国", "欧阳建国"),
        ("乜文浩", "乜文浩"),
        ("就写王芳", "王芳"),
        ("登记王芳吧", "王芳"),
        ("弓长张，张三的张", ""),
    ],
)
def test_a_name_spelled_aloud_is_the_name_alone(text: str, name: str) -> None:
    assert called((None, CAR), ("complainant_name", text)).value("complainant_name") == name


def test_a_son_who_says_whose_name_is_whose_speaks_for_his_father() -> None:
    record = called((None, CAR), ("complainant_name", "我是他儿子，我叫刘洋，我爸叫刘建军"))
    assert record.value("complainant_name") == "刘建军"
    assert record.value("party_role") == "agent"


def test_a_crowd_on_site_takes_the_class_of_what_it_complains_about() -> None:
    text = "我们三十个人现在就在郑州你们分公司门口，都是退保退不了的，再不给说法我们就拉横幅围堵。"
    record = normalize(spoken(text))
    assert record.value("category_detail") == "C0302"
    assert record.value("priority") == "P0"


@pytest.mark.parametrize(
    "reply",
    [
        "不要再打电话给我", "打电话给我道歉", "让我继续续保", "单独给我上交强险", "把多扣的钱退回来", "恢复我的保单",
        "给我换个业务员", "不想再接到你们的电话", "跟以前一样的价格", "让我能正常登录", "受益人改成我女儿",
        "涨价的部分去掉", "你们内部处理一下他", "发票开给我",
    ],
)  # fmt: skip
def test_a_bare_wish_by_mouth_is_the_request(reply: str) -> None:
    record = normalize(spoken(reply), called((None, RUDE)), asked="request")
    assert record.value("request") == reply
    assert record.heard.intent is Intent.SUPPLEMENT


@pytest.mark.parametrize(
    "reply",
    [
        "嗯我想想", "他们一直不理我", "我上个月在柜台办的", "什么意思", "我都说了三遍了", "就是那个保单的事", "转人工",
        "喂喂听得见吗", "我要投诉他", "我叫王芳", "还能怎么办",
    ],
)  # fmt: skip
def test_a_story_a_question_or_a_sigh_is_no_request(reply: str) -> None:
    assert normalize(spoken(reply), called((None, RUDE)), asked="request").value("request") == ""


@pytest.mark.parametrize("asked", ["matter", None])
@pytest.mark.parametrize(
    "text",
    [
        "我要投诉你们。", "我要投诉你们", "我要投诉", "我有个事要投诉", "我投诉保险公司", "喂你好我有个事要投诉一下",
        "我有一个问题要投诉一下", "我要投诉你们的业务员", "我有件事情想要跟你们反映一下", "I want to make a complaint",
    ],
)  # fmt: skip
def test_who_only_says_that_they_complain_has_told_no_matter(text: str, asked: str | None) -> None:
    record = normalize(spoken(text), asked=asked)
    assert record.value("matter") == ""
    assert {"matter", "request"} <= set(record.missing)


@pytest.mark.parametrize("text", ["退保不给退", "理赔太慢", "你们业务员骗人", "多扣我钱"])
def test_a_few_words_that_tell_something_are_the_matter(text: str) -> None:
    assert normalize(spoken(text), asked="matter").value("matter") == text


@pytest.mark.parametrize(
    "text",
    [
        "系啊", "系嘅", "啱", "冇错", "冇錯", "对头", "是这样的", "没毛病", "对对对没错", "嗯对", "就是这样", "嗯，对",
        "对，就是这样", "Yes, that is right.", "that's correct", "correct", "right", "yes it is", "好的可以",
    ],
)  # fmt: skip
def test_yes_by_mouth(text: str) -> None:
    assert agreed(fold(text).strip()) is True


@pytest.mark.parametrize(
    "text",
    [
        "唔系", "唔係", "唔啱", "错咗", "不太对", "不是这样的", "不对不对", "嗯 不对", "搞错了", "that's wrong",
        "not right", "that is not correct", "incorrect", "no that's wrong", "No, it isn't",
    ],
)  # fmt: skip
def test_no_by_mouth(text: str) -> None:
    assert agreed(fold(text).strip()) is False


@pytest.mark.parametrize(
    "text", ["对方不赔", "是这样的我想说一下", "没错就是他骗我", "就是这样拖着不赔", "right now", "谢谢", "就这样", ""]
)
def test_what_goes_on_after_a_yes_is_none(text: str) -> None:
    assert agreed(fold(text).strip()) is None


@pytest.mark.parametrize(
    "text",
    [
        "我就想把钱取出来，结果打给她，她说系统升级办不了",
        "我就想把钱取出来结果打给她她说系统升级办不了",
        "我想退保结果她说要扣一半",
        "我让她给我查一下，她说查不了",
    ],
)
def test_what_was_wanted_in_the_middle_of_a_story_is_no_request(text: str) -> None:
    assert normalize(spoken(text)).value("request") == ""


def test_what_is_wanted_now_is_the_request_after_a_story_too() -> None:
    told = "我就想把钱取出来，结果她说系统升级办不了。请你们这周把钱打给我。"
    assert normalize(spoken(told)).value("request") == "请你们这周把钱打给我。"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        (f"保单号 P D A A {DIGITS}", POLICY),
        (f"P，D，A，A，{DIGITS}", POLICY),
        (f"保单号是字母P字母D两个A{DIGITS}", POLICY),
        (f"保单号是大写的P D A A{DIGITS}", POLICY),
        ("P D A A 2026 4101 0000 1000 05", POLICY),
        ("保单号是字母 L 二零二零零零七七八八零零零零幺二", "L2020007788000012"),
        ("T 二零二六四幺零幺零零零零幺二", "T20264101000012"),
    ],
)
def test_letters_said_before_the_digits_belong_to_the_policy(text: str, number: str) -> None:
    assert called((None, CAR), ("policy_number", text)).value("policy_number") == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("一三八三个八五五六六四", "+8613888855664"),
        ("幺三八，三个八，五五六六四", "+8613888855664"),
        ("电话是幺三九洞洞两拐勾勾拐拐", "+8613900279977"),
        ("幺三洞，拐拐勾幺，洞两三四", "+8613077910234"),
        ("幺三九。零零二七。九九七七。", "+8613900279977"),
    ],
)
def test_digits_as_they_are_said_make_a_telephone_number(text: str, number: str) -> None:
    assert called((None, CAR), ("contact", text)).value("phone") == number
