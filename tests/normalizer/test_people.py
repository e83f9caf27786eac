"""Who complains, for whom, about whom: names where they stand, and the part everybody named plays."""

from __future__ import annotations

import time

import pytest

from gateway.staff.masking import Masked
from normalizer.explain import explained
from normalizer.normalize import normalize
from normalizer.record import Complaint
from store.codec import complaint_from_json, complaint_to_json
from tests.normalizer.talking import said, talk

SLOW = "理赔拖了俩月，赶紧赔"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("我叫万里，上个月车被追尾，理赔拖了四十天，赶紧赔", "万里"),
        ("我叫高圆圆高兴的高圆满的圆我要投诉你们理赔太慢了", "高圆圆"),
        ("对我叫白雪白雪公主的白雪你们乱扣我钱退了", "白雪"),
        ("我叫王长贵他们说我的保单失效了给我恢复了", "王长贵"),
        ("我叫买买提艾力我的货车撞了你们定损太低了要求重新定损", "买买提艾力"),
        ("我姓司马叫司马光我要投诉你们那个业务员孙磊他骗我买保险要求退保", "司马光"),
        ("麻烦处理一下我是上海的周芷若理赔拖了俩月赶紧赔", "周芷若"),
    ],
)
def test_a_name_is_heard_in_speech_without_commas(text: str, name: str) -> None:
    assert normalize(said(text, channel="phone")).value("complainant_name") == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (f"{SLOW}，李雷", "李雷"),
        (f"{SLOW} 李雷13912345678", "李雷"),
        (f"{SLOW}，李雷留", "李雷"),
        (f"{SLOW}——李雷", "李雷"),
        (f"{SLOW}(陈道明)", "陈道明"),
        (f"{SLOW}。莫问 13912345678", "莫问"),
        (f"{SLOW}，涂宝山，湖北钟祥，13912345678", "涂宝山"),
        (f"{SLOW} 哈斯巴根", "哈斯巴根"),
        (f"{SLOW}\n家长 禹小菲 13912345678", "禹小菲"),
        ("姓名：詹晨曦\n电话：13912345678\n续期扣费没有通知我，请退回扣费", "詹晨曦"),
        ("姓名 万里红 手机 13912345678 续期扣费没有通知我，请退回扣费", "万里红"),
    ],
)
def test_a_name_is_seen_where_messages_are_signed(text: str, name: str) -> None:
    assert normalize(said(text)).value("complainant_name") == name


@pytest.mark.parametrize(
    "end",
    [
        "    此致\n敬礼\n                    张  敏\n                2026年10月3日",
        "    此致\n敬礼！\n              投诉人（签名）：张敏\n           2026年10月3日",
        "            退休教师 张敏 敬上\n          （电话就不留了）",
        "            张敏   （指印）\n            l3O96l7742O",
    ],
)
def test_a_letter_is_signed_at_its_end(end: str) -> None:
    letter = f"国诚人寿：\n    我于2025年3月投保重疾险，今年患病被拒赔。\n    请予赔付。\n{end}"
    assert normalize(said(letter, channel="letter")).value("complainant_name") == "张敏"


@pytest.mark.parametrize(
    "text",
    [
        f"我姓王，{SLOW}", f"我是张先生，{SLOW}", f"叫我老王就行，{SLOW}", f"业务员张伟骗我买了年金险，{SLOW}",
        f"{SLOW}，谢谢 13912345678", f"{SLOW}\n在线等", f"{SLOW}，安排", f"{SLOW} 江苏南京", f"我是残疾人，{SLOW}",
        f"我叫救护车花了500你们不报，{SLOW}", f"我的律师罗翔会联系你们，{SLOW}",
        f"证人李大钊看见的，{SLOW}", f"把钱打到我老公卡上，他叫白展堂，{SLOW}", f"我买的险名字叫“安心无忧”，{SLOW}",
    ],
)  # fmt: skip
def test_somebody_elses_name_or_a_word_is_not_the_complainants(text: str) -> None:
    assert normalize(said(text)).value("complainant_name") == ""


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("我爸瘫在床上，他的护理险你们不给，我是他儿子，赶紧赔", "agent"),
        ("我替我嫂子打的，我哥夜里睡过去再没醒过来，寿险你们不赔，赶紧赔", "agent"),
        ("我老伴三月份走了，他有份寿险你们不赔，受益人是我，赶紧赔身故保险金", "heir"),
        ("我儿子9岁，在小学体育课摔断了牙，学平险拒赔，要求赔付", "legal_representative"),
        ("我司海门通达货运公司投保的货运险三个月不打款，要求打款", "organisation"),
        ("我妈说你们不靠谱，果然我买的车险理赔拖了俩月，赶紧赔", "self"),
        ("保单是我爷爷给我买的，老人家走了十几年了，你们乱扣费，要求退还", "self"),
        ("我儿子上小学要交学费，我的退保金拖了俩月，赶紧退", "self"),
    ],
)
def test_for_whom_somebody_speaks(text: str, role: str) -> None:
    assert normalize(said(text)).value("party_role") == role


@pytest.mark.parametrize(
    ("text", "respondent"),
    [
        ("陶经理拍着胸脯说感冒到癌症全管，割痔疮不赔，退钱", "陶经理"),
        ("我要投诉那个小周就是卖我保险的那个他骗我退钱", "小周"),
        ("经理库尔班让我签了空白单，要求退保", "库尔班"),
        ("工号TJ-3058的客服骂我，要求道歉", "TJ-3058"),
        ("在“安心保”直播间买的医疗险乱扣费，退钱", "安心保"),
        ("理财师（花荣，工号A12）骗我买年金险，退钱", "花荣"),
    ],
)
def test_who_is_complained_about(text: str, respondent: str) -> None:
    assert respondent in normalize(said(text)).value("respondent")


def roles(record: Complaint) -> dict[str, str]:
    return {one.value: one.role for one in record.people}


def test_everybody_named_keeps_the_part_they_play() -> None:
    record = normalize(
        said(
            "我是死者鲁大江的妻子裘芳，业务员邱明骗他买的意外险，证人：石磊，对方司机曹操，你们拒赔，要求赔付。"
            "律师：闻人杰"
        )
    )
    assert record.value("complainant_name") == "裘芳"
    assert roles(record) == {
        "鲁大江": "insured",
        "裘芳": "complainant",
        "邱明": "staff",
        "石磊": "witness",
        "曹操": "other",
        "闻人杰": "lawyer",
    }
    for one in record.people:
        assert one.span is not None
        assert one.source == one.value


def test_who_speaks_for_another_is_told_apart_from_them() -> None:
    record = normalize(said("我替我爸投诉，他叫贺大山，今年80岁，你们拒赔他的意外险。我叫贺小山"))
    assert roles(record) == {"贺大山": "complainant", "贺小山": "agent"}


def test_people_of_several_messages_stand_once_each() -> None:
    record = talk(
        (None, "业务员邱明骗我买年金险，退保不给退"),
        ("request", "请退保，邱明要道歉"),
        ("complainant_name", "我叫裘芳，业务员邱明"),
    )
    assert roles(record) == {"邱明": "staff", "裘芳": "complainant"}


def test_the_people_of_a_record_are_kept_explained_and_masked() -> None:
    submission = said("我叫裘芳，证人：石磊之，业务员邱明骗我买年金险，要求退保")
    record = normalize(submission)
    assert complaint_from_json(complaint_to_json(record)) == record
    assert {one["rule"] for one in explained(record, submission)["people"]} == {
        "person.complainant",
        "person.witness",
        "person.staff",
    }
    shown = Masked(record).text(submission.text)
    assert "裘芳" not in shown
    assert "石磊之" not in shown
    assert "邱明" in shown  # acts in office: whoever handles the case must know who is meant


def test_a_record_kept_before_people_were_noted_still_loads() -> None:
    packed = complaint_to_json(normalize(said("我叫裘芳，你们拒赔，要求赔付")))
    packed.pop("people")
    assert complaint_from_json(packed).people == ()


@pytest.mark.parametrize(
    "unit", ["我是", "王", "我叫", "业务员", "（", "王 ", "张三，", "我爸的", "公司", "的女儿", "·", "阿"]
)
def test_looking_for_people_takes_work_that_grows_with_the_text(unit: str) -> None:
    def seconds(length: int) -> float:
        text = (unit * length)[:length]
        began = time.perf_counter()
        normalize(said(text))
        return time.perf_counter() - began

    seconds(100)
    assert seconds(8000) < 2.0


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (f"{SLOW}。万一 13912345678", "万一"),
        (f"{SLOW}。古为今 13912345678", "古为今"),
        (f"{SLOW} 高兴（我真叫这名）", "高兴"),
        (f"{SLOW}。苏州（姓苏名州）", "苏州"),
        (f"{SLOW}！盖聂 盖念ge不念gai", "盖聂"),
        (f"{SLOW} 程小燕🙏🙏", "程小燕"),
        (f"{SLOW}，程小燕，湖北省钟祥市石牌镇彭墩村三组", "程小燕"),
        (f"{SLOW}。机主：丁二 13912345678", "丁二"),
        (f"姓名：任他行，{SLOW}", "任他行"),
        (f"王小丽这边，{SLOW}", "王小丽"),
        (f"我叫王芳，不是黄芳，{SLOW}", "王芳"),
    ],
)
def test_a_name_that_is_a_word_is_believed_where_only_a_name_can_stand(text: str, name: str) -> None:
    assert normalize(said(text)).value("complainant_name") == name


@pytest.mark.parametrize("end", ["赶紧付钱", "，方便联系 13912345678", "。请速办，于我不公 13912345678"])
def test_a_word_that_only_ends_a_sentence_is_no_name(end: str) -> None:
    assert not normalize(said(f"{SLOW}{end}")).value("complainant_name")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("我姓马马超的马叫马小跳理赔拖了俩月赶紧赔", "马小跳"),
        ("免贵姓曹，曹操的曹，我叫曹得旺，理赔拖了俩月赶紧赔", "曹得旺"),
        ("我叫孙悟空的孙孙大海理赔拖了俩月赶紧赔", "孙大海"),
        ("我姓牛就叫牛得草理赔拖了俩月赶紧赔", "牛得草"),
        ("我姓郗这个字念吃不是念希啊郗小德理赔拖了俩月赶紧赔", "郗小德"),
    ],
)
def test_who_only_lends_a_character_to_spell_a_name_is_not_named(text: str, name: str) -> None:
    assert normalize(said(text, channel="phone")).value("complainant_name") == name


def test_a_company_that_says_what_it_is_called_complains() -> None:
    record = normalize(said("我们公司叫杭州云帆贸易有限公司，财产险理赔拖了三个月，赶紧赔"))
    assert record.value("complainant_name") == "杭州云帆贸易有限公司"


@pytest.mark.parametrize(
    "text", ["名片上写着单仁明，收了我一万二，把钱退了", "去年被一个叫单仁明的代理人骗了，保费退我"]
)
def test_a_clerk_is_known_by_a_card_or_by_hearsay(text: str) -> None:
    assert "单仁明" in normalize(said(text)).value("respondent")


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("住ICU第三天了，我姐，垫付还没到，快点垫付", "agent"),
        ("公公让我全权处理，你们拒赔防癌险，请赔10万", "agent"),
        ("儿子今年六岁，白血病，理赔拖着不给，快赔", "legal_representative"),
        ("我父亲上月在家走了心梗你们不赔定期寿险六十万请赔", "heir"),
    ],
)
def test_for_whom_somebody_speaks_is_heard_in_passing(text: str, role: str) -> None:
    assert normalize(said(text)).value("party_role") == role
