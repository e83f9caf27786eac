"""A record grows over the turns of a conversation."""

from __future__ import annotations

from dataclasses import replace

import pytest

from normalizer.normalize import normalize
from normalizer.record import Field, Intent, Method
from tests.normalizer.talking import CALLER, said, talk

LORRY = (
    "我要投诉你们成都的理赔员，我的货车二零二六年七月十二号出的险，到现在四个多月了赔款一直没到账，打电话就说在走流程。"
)


def test_a_lorry_driver_is_asked_only_for_request_and_name() -> None:
    assert talk((None, LORRY)).missing == ("request", "complainant_name")
    done = talk(
        (None, LORRY), ("request", "尽快把赔款打给我"), ("complainant_name", "何建军，人可何，建设的建，军人的军")
    )
    assert done.missing == ()
    assert done.value("complainant_name") == "何建军"
    assert done.fields["request"].method is Method.ANSWER
    assert (done.value("category_detail"), done.value("product"), done.value("priority")) == ("C0103", "P01", "P2")


def test_a_caller_spells_the_name_and_speaks_digits() -> None:
    record = talk(
        (None, "我要投诉，我想退保，业务员一直找借口不给退，说系统维护，都一个多月了。"),
        ("complainant_name", "我姓范，范晓东，拂晓的晓，东方的东"),
        ("phone", "幺三九零二二零四五六七"),
        ("policy_number", "八八零零，幺二三四五六七八九"),
        sender=CALLER,
        channel="phone",
    )
    assert record.value("complainant_name") == "范晓东"
    assert record.value("phone") == "+8613902204567"  # the number given wins over the caller's landline
    assert record.value("policy_number") == "8800123456789"
    assert record.flags == ()  # the digits 12345 inside a number are no hotline


@pytest.mark.parametrize(
    ("asked", "text", "how"),
    [
        ("request", "随便", "evasive"),
        ("policy_number", "你们自己查", "evasive"),
        ("policy_number", "不知道", "unknown"),
        ("evidence", "没有了", "none"),
        ("other", "就这些", "none"),
        ("evidence", "晚点发", "later"),
        ("id_number", "不方便发身份证号", "refuse"),
        ("when", "不知道，忘了", "unknown"),
        ("phone", "不想说", "refuse"),
    ],
)
def test_an_evasive_answer_is_heard_and_never_written_into_a_field(asked: str, text: str, how: str) -> None:
    before = talk((None, "投诉客服态度差，问两句就挂我电话"))
    after = normalize(said(text), before, asked=asked)
    assert after.heard.declined == how
    assert after.fields == before.fields
    assert not after.heard.clear


def test_asking_for_progress_in_the_middle_does_not_become_the_request() -> None:
    before = talk((None, "投诉体检服务，买保险送的体检一直预约不上，约了五次都说没有名额"))
    after = normalize(said("我这个什么时候能处理好？现在到哪一步了？"), before, asked="request")
    assert after.heard.intent is Intent.PROGRESS
    assert after.intent is Intent.COMPLAINT
    assert "request" in after.missing


def test_a_bare_number_is_an_answer_and_a_correction_wins() -> None:
    record = talk((None, LORRY), ("phone", "13812345678"))
    assert record.heard.intent is Intent.SUPPLEMENT
    changed = normalize(said("不对，电话是13911112222"), record)
    assert changed.value("phone") == "+8613911112222"
    assert changed.heard.corrected == {"phone"}
    assert [other.value for other in changed.others["phone"]] == ["+8613812345678"]


def test_a_wish_to_change_without_saying_to_what_is_heard() -> None:
    assert talk((None, LORRY), (None, "改一下电话")).heard.correcting == "phone"


def test_what_staff_confirmed_stands_and_the_directory_never_overrides_the_person() -> None:
    record = talk((None, LORRY), ("complainant_name", "何建军"))
    staff = record.with_field("complainant_name", Field(value="何健军", method=Method.STAFF))
    assert normalize(said("不对，我叫何建军"), staff).value("complainant_name") == "何健军"
    filed = record.with_field("phone", Field(value="+8613800000000", method=Method.DIRECTORY))
    assert normalize(said("13812345678"), filed, asked="phone").value("phone") == "+8613812345678"


def test_an_heir_stays_an_heir_and_the_deceased_is_not_the_complainant() -> None:
    record = talk(
        (None, "我要投诉，我父亲钱福生2026年8月2日病故，定期寿险身故保险金30万元到现在没赔，材料早交齐了"),
        ("complainant_name", "我叫钱志刚"),
        ("relation", "我是他儿子，继承人"),
    )
    assert (record.value("complainant_name"), record.value("party_role")) == ("钱志刚", "heir")
    assert (record.value("priority"), record.flag_codes) == ("P1", ("death",))


def test_a_company_complains_through_its_clerk() -> None:
    record = talk(
        (
            None,
            "你好，我们是苏州恒泰精密机械有限公司，要投诉。货运险，10月12日一台机床摔坏，你们核损只认28000元，我们维修费86000元",
        ),
        ("complainant_name", "投诉人是苏州恒泰精密机械有限公司，经办人周敏"),
        ("request", "要求按86000元赔付"),
    )
    assert record.value("complainant_name") == "苏州恒泰精密机械有限公司"
    assert record.value("party_role") == "organisation"
    assert [amount.value for amount in record.amounts] == ["28000", "86000"]


def test_yes_no_score_greeting_and_proof_are_heard() -> None:
    assert normalize(said("对")).heard.agreed is True
    assert normalize(said("不对")).heard.agreed is False
    assert normalize(said("5")).heard.score == 5
    assert normalize(said("你好")).heard.greeting
    assert not normalize(said("你好，车险拒赔")).heard.greeting
    assert normalize(said("尾号6094")).heard.last_four == "6094"
    assert normalize(said("六零九四"), asked="last_four").heard.last_four == "6094"
    assert normalize(said("尾号7731的卡")).heard.last_four == ""


def test_our_own_number_is_known_in_every_way_of_writing_it() -> None:
    for text in ("TS261101000177", "ts 261101 000177 到哪了", "ＴＳ２６１１０１０００１７７"):
        assert normalize(said(text)).heard.case_numbers == ("TS261101000177",)
    assert normalize(said("二六幺幺零幺零零零幺七七"), asked="case_number").heard.case_numbers == ("TS261101000177",)
    assert normalize(said("TS261101000178")).heard.case_numbers == ()


def test_withdrawing_and_not_withdrawing_are_told_apart() -> None:
    assert normalize(said("确认撤回"), asked="withdraw_confirm").heard.agreed is True
    stays = normalize(said("不撤回，继续投诉"), talk((None, LORRY)), asked="withdraw_confirm")
    assert stays.heard.agreed is False
    assert stays.heard.intent is not Intent.WITHDRAW


def test_the_whole_complaint_may_stand_in_the_subject_but_our_own_subject_is_no_complaint() -> None:
    record = normalize(
        said("", channel="email", subject="投诉：保单CJ22000110088754重复扣费不退，要求马上退款，傅国强13844036612")
    )
    span = record.fields["policy_number"].span
    assert record.value("complainant_name") == "傅国强"
    assert span is not None
    assert span.part == "subject"
    reply = normalize(
        said("录音我已经找到了，怎么发给你们", channel="email", subject="回复：【收到】已收到您的投诉", thread=True)
    )
    assert reply.heard.intent is Intent.SUPPLEMENT


def test_danger_is_heard_even_in_the_middle_of_three_hundred_kilobytes() -> None:
    filler = "08:00 业务员：您放心，这个产品绝对稳，到期一分不少。\n" * 4000
    text = f"我是席文娟，电话18653120984。\n{filler}我不想活了\n{filler}我的要求：退还2025年交的保费20,000元。席文娟"
    record = normalize(replace(said(text), channel="email"))
    assert record.value("priority") == "P0"
    assert "退还" in record.value("request")
    assert record.value("complainant_name") == "席文娟"
