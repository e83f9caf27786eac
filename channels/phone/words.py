"""Words for the ear, and words to listen for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from channels.base import NUMBERS

# https://www.w3.org/TR/xml/#charsets: what no XML may hold, escaped or not; Twilio drops the call for one of them.
ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
NUMBER = re.compile(r"TS(\d{12})")  # a complaint number, said letter by letter and digit by digit
PAUSE = r"[。！？!?；;，,\s]"
BREATH = re.compile(rf"TS\d{{12}}|(?:(?!TS\d{{12}}|{PAUSE}).){{1,200}}{PAUSE}{{0,20}}|{PAUSE}{{1,20}}")
LONGEST = 1_500  # characters of one <Say>; Twilio takes 4,096

GO_ON: Mapping[str, str] = MappingProxyType(
    {"zh-Hans": "我在听，请您接着说。", "zh-Hant": "我在聽，請您接著說。", "en": "I am listening. Please go on."}
)
WHISPER = "您好，{org}投诉热线转来一位客户，请按任意键接听。"

COMMON = (
    "投诉,人工,转人工,查进度,查询进度,撤诉,撤销投诉,是,是的,对,不是,不对,不知道,没有,重复一遍,保险,保单,保单号,报案号,投诉编号,"
    "理赔,拒赔,退保,退费,续保,车险,寿险,重疾险,医疗险,意外险,年金险,分红险,保费,保额,现金价值,犹豫期,等待期,免赔额,"
    "业务员,代理人,客服,理赔员,查勘员,定损员,销售误导,代签名,自动扣款,报案,定损,结案,销户"
)
ENGLISH = (
    "complaint,agent,speak to a person,progress,withdraw,yes,no,I do not know,repeat,policy,policy number,claim,"
    "claim number,complaint number,refund,surrender,premium,renewal,motor insurance,life insurance,medical insurance"
)
DIGITS = "零,一,幺,二,三,四,五,六,七,八,九,十,百,千,万,杠,横杠,字母"
BY_QUESTION: Mapping[str, str] = MappingProxyType(
    {
        "complainant_name": "我姓,我叫,先生,女士,弓长张,立早章,木子李,耳东陈,双木林,口天吴,言午许,双人徐,草头黄,三横王",
        "request": "退还保费,全额退保,赔付,重新理赔,赔偿损失,赔礼道歉,给个说法,尽快处理,处理业务员,恢复保单,解除合同",
        "matter": "拒绝赔付,理赔太慢,拖着不赔,少赔,误导,隐瞒,夸大收益,存款变保险,骚扰电话,态度恶劣,信息泄露,没有回复",
        "confirm": "确认,没错,正确,有误,要改",
        "withdraw_confirm": "确认撤诉,不撤诉,继续投诉",
    }
)


def clean(text: str) -> str:
    """The text without the characters that neither XML nor a database may hold."""
    return ILLEGAL.sub("", text)


def passages(text: str, limit: int = LONGEST) -> Iterator[str]:
    """The text in parts that one <Say> takes, cut where a speaker draws breath, never inside a complaint number."""
    part = ""
    for breath in BREATH.findall(clean(text).strip()):
        if part and len(part) + len(breath) > limit:
            yield part
            part = ""
        part += breath
    if part:
        yield part


def hints(asked: str, language: str) -> str:
    """Phrases that the recogniser should expect; Twilio takes 500 of at most 100 characters."""
    if language == "en":
        return ENGLISH
    return ",".join(filter(None, (BY_QUESTION.get(asked, ""), DIGITS if asked in NUMBERS else "", COMMON)))


def go_on(language: str) -> str:
    """For when we have nothing of our own to say and the line is open."""
    return GO_ON.get(language, GO_ON["zh-Hans"])
