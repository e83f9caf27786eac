"""What a page is: nothing that a customer wrote is taken for an enclosure, and no enclosure for their words."""

from __future__ import annotations

import pytest

from channels.letter.reading.meaning.kinds import expects_code, judge
from normalizer.record import PageKind, ScanLine
from tests.letter_reading.meaning_sheets import Inked, line, page, wrapped

PLAIN = """
投诉信
尊敬的领导：
我的保险合同和发票、身份证复印件一并附上。保险单上写明保险期间一年，
保险金额十万元，可是贵公司拒绝赔付，我要求说明理由。
投诉人：王小明
"""
FORMAL = """
投诉书
投诉人：王小明
性别：男 民族：汉 出生：1974年3月15日
住址：江苏省苏州市姑苏区平江街12号
公民身份号码：320508197403151234
被投诉人：青湖人寿保险股份有限公司
投诉请求：
1、判令退还保险费五万元；
2、书面道歉。
事实与理由：
2024年3月，本人在银行办理存款时被误导购买保险，保险合同并非本人签名。
此致
敬礼
"""
DATA_OF_A_CLAIM = """
关于理赔问题的情况反映
保险单号：PDAA202641010000100005
险种名称：机动车损失保险
保险期间：2026年1月10日至2027年1月9日
投保人：王小明
被保险人：王小明
我的车在9月12日被追尾，报案后一直没有人理我，望领导过问此事。
"""
BY_HAND = """
你门公司的人片人
我买的保检退不了
请把钱退给我
王秀英
"""
ENGLISH = """
To whom it may concern,
I am writing to complain about the claim decision on my travel insurance policy,
which was refused without any reason. Please review my case.
Yours sincerely,
"""
TRADITIONAL = """
投訴信
敬啟者：本人於去年購買貴公司之儲蓄保險，業務員聲稱保證回報，
現要求貴公司退還全部保費，並書面答覆本人。
"""
NUMBERS_ONLY = """
姓名：王小明
电话：13912345678
保单号：PDAA202641010000100005
"""
INVOICE = """
江苏增值税电子普通发票
发票代码：032002600111
发票号码：48210937
开票日期：2026年10月18日
购买方 名称：王小明
税率 税额
价税合计（大写） 壹万捌仟陆佰肆拾圆伍角整
"""
RECEIPT = """
江苏省医疗门诊收费票据（电子）
票据代码：32060126 票据号码：0012345678
交款人：陈秀英
西药费 120.00
医保统筹基金支付：80.00 个人现金支付：40.00
"""
REPAIR = """
维修结算清单
工时费 1200.00
材料费 8600.00
配件名称 数量 单价
"""
CARD_FACE = """
姓名 陈秀英
性别 女 民族 汉
出生 1958 年 3 月 15 日
住址 江苏省苏州市姑苏区平江街12号
公民身份号码 320508195803151223
"""
CARD_BACK = """
中华人民共和国
居民身份证
签发机关 苏州市公安局姑苏分局
有效期限 2016.05.12-2036.05.12
"""
POLICY = """
机动车商业保险保险单（正本）
保险单号：PDAA202641010000100005
投保人 王小明
被保险人 王小明
保险期间 自2026年1月10日0时起
投保人声明：本人已阅读保险条款并理解责任免除部分。
"""
CLAUSES = """
第五条 保险责任
在本合同保险期间内，我们按下列约定承担给付保险金的责任。
第六条 责任免除
因下列情形之一导致被保险人身故的，我们不承担给付保险金的责任：
您有本合同的解除权，您解除本合同会遭受一定损失。
第七条 犹豫期
您签收本合同后有十五日的犹豫期，本合同终止时我们退还保险费。
"""
MAIL = """
发件人: 王小明 <wang@qinghe-trading.cn>
发送时间: 2026年10月18日 14:32
收件人: 青湖保险客服
主题: 关于退保的投诉
您好，我要投诉你们公司，请把我的保费退给我，我的保单号是PDAA202641010000100005。
"""
CHAT = """
李经理
10月18日 下午3:26
您好，这款产品保本保息
我确定和存款一样吗？
15:02
放心吧王阿姨，我自己也买了
昨天 15:10
我那我先买五万
15:12
"""
ACCIDENT = """
苏州市公安局交通警察支队姑苏大队
道路交通事故认定书（简易程序）
事故时间 2026年9月12日 事故地点 人民路
当事人 王小明 交通方式 驾驶小型轿车
"""
DIAGNOSIS = """
苏州市立医院
疾病诊断证明书
姓名：陈秀英 科别：心内科 门诊号：20261018
诊断：高血压
医师签名：
"""
EXPRESS = """
EMS 特快专递
收件人：青湖保险投诉部
寄件人：王小明 13912345678
运单号：1234567890123
"""
WINDOWLESS = """
215000
江苏省苏州市姑苏区人民路1号青湖保险大厦
青湖财产保险股份有限公司 消费者权益保护部 收
江苏省苏州市姑苏区平江街12号 王小明
"""


def lines_of(text: str, score: float = 0.98) -> tuple[ScanLine, ...]:
    return page(*text.strip().split("\n"), score=score).lines


def kind_of(text: str, score: float = 0.98, before: PageKind | None = None, ink: Inked | None = None) -> PageKind:
    return judge(lines_of(text, score), ink or Inked(), (), before).kind


@pytest.mark.parametrize(
    "text", [PLAIN, FORMAL, DATA_OF_A_CLAIM, BY_HAND, ENGLISH, TRADITIONAL, NUMBERS_ONLY], ids=range(7)
)
def test_what_somebody_writes_to_us_is_a_letter_whatever_it_speaks_of(text: str) -> None:
    assert kind_of(text) is PageKind.LETTER
    assert kind_of(text, score=0.6) is PageKind.LETTER


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (INVOICE, PageKind.INVOICE),
        (RECEIPT, PageKind.INVOICE),
        (REPAIR, PageKind.INVOICE),
        (CARD_FACE, PageKind.ID_CARD),
        (CARD_BACK, PageKind.ID_CARD),
        (POLICY, PageKind.POLICY),
        (CLAUSES, PageKind.POLICY),
        (MAIL, PageKind.OTHER),
        (CHAT, PageKind.OTHER),
        (ACCIDENT, PageKind.OTHER),
        (DIAGNOSIS, PageKind.OTHER),
        (EXPRESS, PageKind.ENVELOPE),
        (WINDOWLESS, PageKind.ENVELOPE),
    ],
)
def test_what_somebody_puts_in_is_what_it_is_also_behind_a_letter(text: str, kind: PageKind) -> None:
    assert kind_of(text) is kind
    assert kind_of(text, before=PageKind.LETTER) is kind


def test_a_second_page_without_a_cue_goes_on_with_the_letter() -> None:
    rows = wrapped(
        "后来又过了一个月，客服说需要补充材料，材料交上去以后就没有了消息，打电话也无人接听，事情拖到现在。" * 3
    )
    assert judge(page(*rows).lines, Inked(), (), PageKind.LETTER).kind is PageKind.LETTER


def test_an_empty_back_is_blank_and_so_is_one_that_shines_through() -> None:
    assert judge((), Inked(strong=0, faint=0), ()).kind is PageKind.BLANK
    mirrored = (line("川回", score=0.4),)
    assert judge(mirrored, Inked(strong=2, faint=300), ()).kind is PageKind.BLANK


def test_a_pencil_is_faint_but_not_blank() -> None:
    assert kind_of(BY_HAND, ink=Inked(strong=0, faint=80)) is PageKind.LETTER


def test_writing_that_nobody_could_read_is_a_letter_and_a_photograph_is_not() -> None:
    assert judge((), Inked(strong=200), ()).kind is PageKind.LETTER
    assert judge((), Inked(strong=200, dark=0.6), ()).kind is PageKind.OTHER
    assert judge((line("苏E12345"),), Inked(strong=50, dark=0.7), ()).kind is PageKind.OTHER


def test_our_codes_decide_and_others_do_not() -> None:
    lines = lines_of(PLAIN)
    assert judge(lines, Inked(), ("TOUSU:SEPARATOR",)).kind is PageKind.SEPARATOR
    assert judge(lines, Inked(), ("TOUSU:SLIP:TS261118000013:ABCDEFGH",)).kind is PageKind.SLIP
    assert judge(lines, Inked(), ("TOUSU:SLIP:TS1:A", "SF123")).kind is PageKind.LETTER


def test_a_separator_and_a_slip_whose_codes_are_torn_are_known_by_their_words() -> None:
    separator = lines_of("分隔页\n放在两封来信之间一起扫描，请勿写字，可重复使用")
    slip = lines_of(
        "回 执\n请沿折线折叠，使下方地址露出信封窗口，寄回本公司。\n请在横线上用黑色笔填写。\n1. 请问您的姓名是？"
    )
    assert expects_code(separator)
    assert expects_code(slip)
    assert judge(separator, Inked(), ()).kind is PageKind.SEPARATOR
    assert judge(slip, Inked(), ()).kind is PageKind.SLIP
    assert not expects_code(lines_of(PLAIN))


def test_every_decision_names_its_words() -> None:
    assert "公民身份号码" in judge(lines_of(CARD_FACE), Inked(), ()).why[0]
