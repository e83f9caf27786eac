"""What real dialogues showed: which words answer a question, whose name is whose, what a message is about."""

from __future__ import annotations

import pytest

from normalizer.normalize import normalize
from normalizer.record import Intent
from tests.normalizer.talking import said, talk

RUDE = "投诉客服态度差，问两句就挂我电话"
FATHER = "我替我爸投诉，他叫贺大山，今年80岁，你们拒赔他的意外险"


@pytest.mark.parametrize(
    "reply",
    [
        "退保不给退", "拒赔", "等下再说，我在开车", "我叫米佳", "米佳", "11月2号在南京追尾的", "我还没说完呢", "3",
        "12", "你是机器人吗？", "。", "[微笑]", "赔太慢了", "你们定损才给1800元", "4S店报价4200元", "车险的",
        "续期扣了两次款",
        "还是那件事", "他挂我电话", "13812345678", "我要投诉", "退保的事", "都三次了", "没什么要求", "在南京", RUDE,
    ],
)  # fmt: skip
def test_who_does_not_say_what_they_want_is_asked_again(reply: str) -> None:
    record = normalize(said(reply), talk((None, RUDE)), asked="request")
    assert record.value("request") == ""
    assert "request" not in record.heard.fields
    assert "request" in record.missing


@pytest.mark.parametrize(
    "reply",
    [
        "赔钱", "道歉", "退保", "全额退款", "换一个业务员", "让那个客服道歉", "叫你们领导出来", "公开道歉", "报销路费",
        "按标准赔", "要人赔", "把钱退给我", "给个说法", "3000元", "我要退保", "别再打了", "查清楚是谁泄露的",
        "周末开门",
        "派人上门办理", "修好App", "按60亩赔", "不要再打我电话", "兑付", "返修", "解释清楚为什么", "处分这个理赔员",
        "安排体检或者折现给我", "pay the 600 yuan", "找我妈道歉", "简化手续，尽快赔付",
    ],
)  # fmt: skip
def test_a_wish_or_an_outcome_is_the_request(reply: str) -> None:
    record = normalize(said(reply), talk((None, RUDE)), asked="request")
    assert record.value("request") == reply
    assert "request" in record.heard.fields


@pytest.mark.parametrize(
    "text",
    [
        "退保不给退，都三次了", "退保只给我退了3000元，我交了3万元", "投诉你们理赔太慢了，两个月了", f"{FATHER}。",
        "我还有一个保单也有问题，续期扣了两次款", "我又想投诉了，还是那件事", "我嘞车险出险都快俩月咧 赔款木有影",
    ],
)  # fmt: skip
def test_a_grievance_by_itself_asks_for_nothing(text: str) -> None:
    record = normalize(said(text))
    assert record.heard.intent is Intent.COMPLAINT
    assert record.value("matter")
    assert "request" in record.missing


def test_the_story_before_the_wish_is_no_part_of_it_and_is_kept() -> None:
    told = "11月2号追尾，定损才给1800元，4S店报价4200元，按4S店报价重新定损"
    record = normalize(said(told), talk((None, "投诉车险")), asked="request")
    assert record.value("request") == "按4S店报价重新定损"
    assert "定损才给1800元" in record.value("matter")
    assert [amount.value for amount in record.amounts] == ["1800", "4200"]


def test_who_goes_on_telling_instead_of_asking_adds_to_the_matter() -> None:
    record = normalize(said("11月2号在南京追尾的"), talk((None, RUDE)), asked="request")
    assert record.value("matter").endswith("11月2号在南京追尾的")


@pytest.mark.parametrize("name", ["牛莉", "米佳", "车晓", "路遥", "梅兰", "贺小山", "江海", "季节", "武松", "石磊"])
def test_a_bare_name_is_taken_when_it_was_asked_for(name: str) -> None:
    assert talk((None, RUDE), ("complainant_name", name)).value("complainant_name") == name


@pytest.mark.parametrize("text", ["谢谢", "好的，谢谢", "查清楚", "查清楚是谁", "你是谁", "不想说", "知道了", "等一下"])
def test_other_words_are_no_name(text: str) -> None:
    assert talk((None, RUDE), ("complainant_name", text)).value("complainant_name") == ""


def test_the_name_stands_behind_the_request_in_the_same_answer() -> None:
    record = talk((None, "你们泄露我的信息"), ("complainant_name", "查清楚是谁泄露的，车晓"))
    assert record.value("complainant_name") == "车晓"
    assert record.value("request") == "查清楚是谁泄露的"


@pytest.mark.parametrize("thanks", ["好的，谢谢", "谢谢", "王大力"])
def test_what_was_not_asked_for_never_replaces_the_name(thanks: str) -> None:
    before = talk((None, RUDE), ("complainant_name", "梅兰"))
    assert normalize(said(thanks), before).value("complainant_name") == "梅兰"


@pytest.mark.parametrize("words", ["贺小山", "我叫贺小山", "我是他儿子贺小山", "我叫贺小山，是他儿子"])
def test_the_agents_own_name_does_not_replace_the_principals(words: str) -> None:
    record = talk((None, FATHER), (None, words))
    assert record.value("complainant_name") == "贺大山"
    assert record.value("party_role") == "agent"


def test_asked_for_the_principal_an_agent_names_both() -> None:
    record = talk((None, "我替我妈投诉，银行柜台把存款变成了保险"), ("complainant_name", "我妈叫陈玉兰，我叫林小雨"))
    assert record.value("complainant_name") == "陈玉兰"


def test_an_agent_corrects_the_principals_name() -> None:
    record = talk((None, FATHER), (None, "不对，我爸叫贺大川"))
    assert record.value("complainant_name") == "贺大川"
    assert "complainant_name" in record.heard.corrected


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("你们的理赔员小张服务特别好，三天就赔到账了，给你们点赞！", Intent.PRAISE),
        ("你好，在吗", Intent.OTHER),
        ("？", Intent.OTHER),
        ("。", Intent.OTHER),
        ("[微笑]", Intent.OTHER),
        ("😡", Intent.OTHER),
        ("/::)", Intent.OTHER),
        ("你是机器人吗？", Intent.OTHER),
        ("你是真人还是机器人", Intent.OTHER),
        ("Hello", Intent.OTHER),
        ("有人吗", Intent.HUMAN),
        ("我要撤回投訴", Intent.WITHDRAW),
        ("我要撤回", Intent.WITHDRAW),
        ("业务员已经给我重开了，我要撤销投诉", Intent.WITHDRAW),
        ("钱已经到了，我想取消这个投诉", Intent.WITHDRAW),
        ("我投诉的那个事赔了没", Intent.PROGRESS),
        ("How is my complaint going?", Intent.PROGRESS),
        ("查询 TS261123000018 尾号3390", Intent.PROGRESS),
        ("编号TS261123000018，手机尾号0002", Intent.PROGRESS),
        ("TS261123000018", Intent.PROGRESS),
        ("业务员让我撤回投诉才给赔", Intent.COMPLAINT),
    ],
)
def test_what_a_first_message_wants(text: str, intent: Intent) -> None:
    assert normalize(said(text)).heard.intent is intent


@pytest.mark.parametrize("text", ["1", "3", "。", "？", "你好", "[微笑]", "你是机器人吗", "等下再说，我在开车"])
def test_a_key_a_mark_or_a_greeting_is_no_matter(text: str) -> None:
    record = normalize(said(text), asked="matter")
    assert record.value("matter") == ""
    assert "matter" in record.missing


@pytest.mark.parametrize(
    "text", ["等下再说，我在开车", "我在开车，等下再说", "忙着呢", "现在没空，晚上再说", "我在上班"]
)
def test_who_is_busy_puts_it_off(text: str) -> None:
    assert normalize(said(text), talk((None, RUDE)), asked="request").heard.declined == "later"


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("改一下电话", "phone"),
        ("刚才名字打错了", "complainant_name"),
        ("保单上我的名字写错了，请更正", ""),
        ("我叫梅兰，13766651007，你们寄来的保单上我的名字写错了，请更正", ""),
        ("电话写错了，应该是13900112233", ""),  # says to what: nothing is left to ask
    ],
)
def test_correcting_is_what_they_told_us_not_what_stands_on_a_policy(text: str, field: str) -> None:
    assert normalize(said(text)).heard.correcting == field


def test_a_name_mistyped_is_put_right_and_the_complaint_stays_one() -> None:
    record = talk((None, RUDE), ("complainant_name", "李晓明"), (None, "刚才名字打错了，我叫李晓民"))
    assert record.value("complainant_name") == "李晓民"
    assert record.heard.intent is Intent.SUPPLEMENT
    assert record.heard.corrected == {"complainant_name"}
    assert record.value("matter") == RUDE


def test_a_number_that_somebody_else_wrote_in_a_chat_is_not_the_customers() -> None:
    chat = "[聊天记录]\n业务员赵磊：放心，白纸黑字，电话13800001111\n我：好的，我的电话13900002222\n结果只退一半"
    assert normalize(said(chat)).value("phone") == "+8613900002222"
    assert normalize(said(chat.replace("，我的电话13900002222", ""))).value("phone") == ""


def test_swearing_is_flagged_and_cut_out_of_the_request() -> None:
    record = normalize(said("马上给我赔钱，傻逼"), talk((None, RUDE)), asked="request")
    assert record.value("request") == "马上给我赔钱"
    assert "abuse" in record.flag_codes
    assert normalize(said("你他妈的赔钱"), talk((None, RUDE)), asked="request").value("request") == "赔钱"
    assert normalize(said("操你妈"), talk((None, RUDE)), asked="request").value("request") == ""


def test_english_is_known_by_one_word_and_tells_a_story() -> None:
    assert normalize(said("Hello")).language == "en"
    assert normalize(said("TS261123000018 3390")).language == "zh-Hans"
    record = normalize(said("My name is Ann Lee. You refused my claim for a delayed flight"))
    assert record.heard.intent is Intent.COMPLAINT
    assert "delayed flight" in record.value("matter")


@pytest.mark.parametrize("words", ["我今年七十六岁了，眼睛不好", "同志你好，我今年七十六岁了"])
def test_the_old_are_heard_to_be_old(words: str) -> None:
    assert normalize(said(words)).flag_codes == ("elderly",)
