"""Who is in danger is noticed by what the words say together; who jokes, quotes or tells of others is not."""

from __future__ import annotations

from datetime import date

import pytest

from normalizer.jsonlines import from_line, to_json
from normalizer.normalize import normalize
from normalizer.urgency.ages import ages
from normalizer.urgency.contacts import repeated
from normalizer.urgency.crowd import crowds
from normalizer.urgency.together import meetings
from normalizer.urgency.waiting import overdue

TODAY = date(2026, 11, 15)


def read(text: str) -> tuple[str, set[str]]:
    sender = {"kind": "openid", "value": "o1"}
    line = {"id": "t", "channel": "wechat", "sender": sender, "received_on": TODAY.isoformat(), "text": text}
    record = to_json(normalize(from_line(line)))
    return record["priority"], set(record["flags"])


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("我坐在跨江大桥的栏杆上呢，风好大", "self_harm"),
        ("安定攒了三十多片了，今晚一次吃完", "self_harm"),
        ("闺女已经交给我嫂子了，卡的密码也写在本子上，别再打来了，没意思", "self_harm"),
        ("手腕上划了两道，再深一点就好了", "self_harm"),
        ("包里揣着把水果刀，我就在你们一楼等着", "safety"),
        ("你们那个查勘员被我们扣在村委会了，拿钱来领人", "safety"),
        ("打听好了，他每天骑车走滨江路，你女儿几点放学我也清楚", "safety"),
        ("后备箱两桶柴油，打火机在兜里，你们营业厅几点开门", "safety"),
        ("人还在重症监护室，医院催缴三次了，你们的垫付函批了没有", "illness"),
        ("省台的摄像和记者已经在你们大厅了，机器都架好了", "media"),
        ("四十来号人现在就坐在你们大厅不走了", "group"),
    ],
)
def test_danger_that_no_single_word_names_calls_a_person(text: str, flag: str) -> None:
    level, flags = read(text)
    assert level == "P0"
    assert flag in flags


@pytest.mark.parametrize(
    "text",
    [
        "楼顶漏水把我家天花板泡了，只赔八百",
        "我在河边钓鱼摔了一跤，手机不赔",
        "菜刀切菜的时候滑了，缝了三针，门诊费不给报",
        "气得我想跳楼，开玩笑的哈，别当真，把发票抬头改一下就行",
        "客服说：“您爱跳楼就去跳”，让他给我道歉",
        "换个脾气暴的早去你们门口拉横幅了，我就要张发票",
        "电视剧里有人拿刀去营业厅，我可没那个本事，退我九十块",
        "修好了不让提车，这不是拿我的车当人质吗",
        "公司一百二十名员工都投了，我的名字印错了",
    ],
)
def test_jokes_quotations_and_other_peoples_deeds_call_nobody(text: str) -> None:
    assert read(text)[0] != "P0"


def test_a_threat_that_is_expressly_no_joke_is_believed() -> None:
    assert read("不退我就从你们楼上跳下去，我没开玩笑")[0] == "P0"


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("姆妈今年八十有二", 82), ("一九五四年生人", 72), ("我是五一年出生的", 75), ("年近七旬", 70), ("七十六了", 76),
        ("我妈贺香，六十二，摔了", 62), ("他叫连山六十七", 67), ("耄耋之年", 80),
    ],
)  # fmt: skip
def test_an_age_is_understood_in_every_spelling(text: str, years: int) -> None:
    assert years in [age.years for age in ages(text, 2026)]


@pytest.mark.parametrize("text", ["退我89，其余不要了", "扣了99，合同没写", "限速60的路段", "一年3,600", "猫都9岁了"])
def test_prices_limits_and_animals_have_no_age(text: str) -> None:
    assert not ages(text, 2026)


def test_a_crowd_is_counted_where_it_acts_together() -> None:
    assert [crowd.people for crowd in crowds("我们四十来号人明天去你们公司讨说法")] == [40]
    assert [crowd.people for crowd in crowds("二十几个人都坐在你们大厅")] == [20]
    assert not crowds("家里一共五口人都挤在客厅")


@pytest.mark.parametrize(
    ("text", "rule"),
    [("这是我第三回打了", "third"), ("就同一件事第二次写邮件", "second"), ("我打了五次电话", "third")],
)
def test_how_often_somebody_came_is_counted(text: str, rule: str) -> None:
    found = repeated(text)
    assert found
    assert found.rule == f"flag.repeat.{rule}"


@pytest.mark.parametrize("text", ["业务员给我打了三次电话推销", "保单快递第二次寄丢"])
def test_what_others_did_again_is_no_second_complaint(text: str) -> None:
    assert repeated(text) is None


@pytest.mark.parametrize(
    "text", ["报案四十多天了没人来", "七月初交的材料，到现在没到账", "赔款拖了俩月", "审了52天还没批"]
)
def test_a_claim_that_waits_for_more_than_a_month_is_overdue(text: str) -> None:
    assert overdue(text, None, TODAY)


@pytest.mark.parametrize("text", ["报案五天了没人来", "我一年都没出过险", "等待期九十天，凭啥拒赔"])
def test_other_spans_of_time_are_no_delay(text: str) -> None:
    assert overdue(text, None, TODAY) is None


def test_the_oldest_day_named_tells_of_a_delay_too() -> None:
    assert overdue("9月4号交的，还是待初审", date(2026, 9, 4), TODAY)
    assert overdue("11月4号交的，还是待初审", date(2026, 11, 4), TODAY) is None


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("刚报完案就有修理厂打我电话，车牌住哪都报得出来", "data_leak"),
        ("收据是业务员手写的，公司说没入账，保费白交了", "fraud"),
        ("我爱人五月在工地上没了", "death"),
        ("小红书都写好了，今晚就发布", "media"),
    ],
)
def test_what_is_told_in_ordinary_words_raises_its_flag(text: str, flag: str) -> None:
    assert flag in read(text)[1]


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("我爱人是报社记者，没打算让她写什么", "media"),
        ("按月扣了315，315退回来", "media"),
        ("我住监管局家属院，重新寄一份", "regulator"),
        ("我又不瞎，条款写着呢", "disability"),
        ("抗癌卫士和防癌险有什么区别", "illness"),
        ("业务员老周没骗我，也没伪造什么", "fraud"),
    ],
)
def test_what_only_sounds_like_it_raises_no_flag(text: str, flag: str) -> None:
    assert flag not in read(text)[1]


def test_the_words_of_a_meeting_are_the_customers_own() -> None:
    text = "我跟你们说，我现在就站在你们公司楼顶"
    met = next(iter(meetings(text)))
    assert text[met.start : met.end].endswith("你们公司楼顶")


@pytest.mark.parametrize(
    ("text", "level", "flag"),
    [
        ("你们内勤索要红包，不给红包就一直压着我的案子", "P1", None),
        ("上个月讲了一次前天又讲了一次，今天还是没人管我的地址变更", "P1", "repeat"),
        ("你们内勤在晨会上把我的体检报告当众念了出来", "P1", "data_leak"),
        ("我们三十一名车主11月20日上午十点一起到贵司大厅当面说理", "P0", "group"),
        ("我授权一个姓齐的帮我办退保，他收我退款的三成服务费", "P3", "agent_surrender"),
        ("我岳父上个月在家走了脑梗，定期寿险你们说没告知要解除合同", "P1", "death"),
        ("身份证110101195503072315，养老年金停发了", "P2", "elderly"),
        ("举报贵司查勘员伙同修理厂造假事故骗赔", "P1", "fraud"),
    ],
)
def test_what_is_grave_is_heard_in_other_words(text: str, level: str, flag: str | None) -> None:
    found, flags = read(text)
    assert found == level
    assert flags == ({flag} if flag else set())


@pytest.mark.parametrize(
    "text",
    [
        "电子保单下载不了，今天最后一天，有没有人",
        "抽奖抽中的红包一直没到账",
        "条款里癌症和轻症的定义前后不一样，请解释",
        "请问孩子刚上初中买什么意外险合适",
        "5月交的续期没入账，帮我查查钱去哪了",
        "一天打六通电话推销，别打了",
        "客服打了四次电话给我核实身份，重寄一下合同",
        "投保两个月了合同没寄来，也没收到发票，请补寄",
        "我们公司二十六名员工的团险名单寄错了",
    ],
)
def test_ordinary_haste_and_questions_hurry_nobody(text: str) -> None:
    assert read(text) == ("P3", set())


def test_a_suicide_of_long_ago_is_a_death_and_calls_nobody() -> None:
    assert read("家父2023年自缢去世，保单满了三年，请按条款支付身故金") == ("P1", {"death"})
    assert read("你们不赔我就跳楼身亡给你们看")[0] == "P0"


def test_words_inside_a_meeting_belong_to_it() -> None:
    assert [met.raises for met in meetings("把前妻的病历当着一屋子人念了一遍")] == ["data_leak"]


@pytest.mark.parametrize(
    ("text", "level", "flag"),
    [
        ("第四次来反映了，还是发票的事，前三回客服都答应尽快回复", "P1", "repeat"),
        ("前两次客服都说会有人联系我改地址，没人打", "P1", "repeat"),
        ("有人自称你们理赔部，知道我身份证号和保单，让我开屏幕共享", "P1", "data_leak"),
        ("你们摆摊抽奖我登记了手机，第二天装修贷款的电话就没停过", "P1", "data_leak"),
        ("业务员问我要了密码，我告诉他了，卡里的钱就少了六千", "P1", None),
        ("网上有人能帮我把保费全要回来，抽三成服务费，我照着念：要求退保", "P3", "agent_surrender"),
    ],
)
def test_what_lies_behind_a_plain_tale_is_heard(text: str, level: str, flag: str | None) -> None:
    found, flags = read(text)
    assert found == level
    assert flags == ({flag} if flag else set())


@pytest.mark.parametrize(
    "text",
    [
        "7月30日你们打来回访，我说不满意，请更正评价",
        "哄我买了保险人就不见了，你说缺德不缺德",
        "换了仨人都不认识我的单子，我要固定的人",
    ],
)
def test_a_date_a_rhetorical_question_and_changing_staff_are_no_abuse_and_no_crowd(text: str) -> None:
    assert read(text) == ("P3", set())


def test_who_waits_in_intensive_care_is_ill_and_comes_first() -> None:
    assert read("我妈脑出血在重症监护室，医院催缴，你们的垫付还没批") == ("P0", {"illness"})


@pytest.mark.parametrize(
    "text", ["听说有人在你们公司跳楼，我也想", "新闻里说有人跳楼了，我现在也想跳", "我妈说她要跳楼", "真想死"]
)
def test_who_would_do_what_is_reported_and_whose_kin_would_is_in_danger(text: str) -> None:
    assert read(text) == ("P0", {"self_harm"})


@pytest.mark.parametrize(
    "text",
    [
        "听说有人在你们公司跳楼，我也想知道这种情况赔不赔",
        "我妈没说要跳楼，你们别乱记",
        "我儿子要去跳广场舞扭了脚",
        "想死我了，这个味道",
    ],
)
def test_whoever_only_asks_about_it_or_dances_is_in_none(text: str) -> None:
    assert "self_harm" not in read(text)[1]
