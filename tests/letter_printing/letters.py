"""Letters to print, from people who do not exist."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from channels.letter.printing.values import Ask, Decision, Letterhead, ReplyLetter, from_fields, to_fields

HEAD = Letterhead(
    org="恒安人寿保险股份有限公司北京分公司",
    address="100033 北京市西城区太平桥大街18号",
    phone="400-820-1234",
    signatory="消费者权益保护部",
)
SLIP = "TOUSU:SLIP:TS26112300015X:K7Q2M9XC"

RECEIPT = ReplyLetter(
    id="4f2a",
    number="TS26112300015X",
    kind="receipt",
    name="欧阳震",
    address="100032 北京市西城区金融大街12号恒安中心B座1803室",
    paragraphs=(
        "您的来信我公司已于2026年11月23日收到，并已登记，投诉编号为TS26112300015X。",
        "您反映的理赔款30,800元一事正在核查。查询电话：400-820-1234。",
    ),
    slip=SLIP,
    written_on=date(2026, 11, 23),
)
ASKING = replace(
    RECEIPT,
    kind="answer",
    asks=(
        Ask(name="policy_number", text="请提供您的保单号码，可以在保险合同首页找到。"),
        Ask(name="signature", text="请在书面材料上签字或者盖章。"),
    ),
)
DECISION = replace(
    RECEIPT,
    kind="decision",
    decision=Decision(
        verified="经查，被保险人出险日距保险合同生效日已满五百余日。\n原拒赔决定认定事实有误。",
        basis="给付住院医疗保险金24,640元。依据：《中华人民共和国保险法》第二十三条。",
        remedies="可以自收到本告知书之日起30日内，向我公司总公司书面申请核查，也可以申请调解、仲裁，或者提起诉讼。",
    ),
)


def changed(letter: ReplyLetter, part: str, value: Any) -> ReplyLetter:
    """The letter with another value of one part, named by a test's parameter."""
    return from_fields(to_fields(letter) | {part: value})
