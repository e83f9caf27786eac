"""A complaint by mail: one list of what is missing, the answer in the same thread, the decision too."""

from __future__ import annotations

import re

from gateway.casework.lifecycle import Status
from gateway.operations.demo.cast import WRITERS
from gateway.operations.demo.post import Letter
from gateway.operations.demo.samples import picture
from gateway.operations.demo.script.play import Steps
from gateway.operations.demo.script.watch import Watch, check

CHEN = WRITERS[0]
FIRST = "你们的电话客服态度恶劣，10月12日我打电话问保单贷款，客服直接挂断了。"
REST = "我叫陈静，要求书面道歉。保单号P2022310100054321。"
DECISION = "已核实录音，客服确有不当，我们向您书面道歉，道歉信3日内寄出。"


async def a_list_first(watch: Watch) -> Steps:
    """From an incomplete mail to the decision."""
    asking = await watch.write(CHEN, "投诉", FIRST)
    numbered = re.findall(r"^\s*\d+[.、)．]", asking.text, flags=re.MULTILINE)
    check(len(numbered) >= 2, f"several things are asked in a numbered list: “{asking.text}”")
    asked = watch.asked_in(asking.text, "matter", "contact", "complainant_name", "request")
    check(asked == {"complainant_name", "request"}, f"asked for name and request only, not {sorted(asked)}")
    yield "信息不全 → 一封回信，编号列出缺的 · one mail with a numbered list"
    shelf = watch.stage.shelf
    files = [shelf.lay("通话记录.png", "image/png", picture())]
    receipt = await watch.write(CHEN, f"Re: {asking.subject}", REST, answers=asking, files=files)
    number = watch.number_in(receipt.text)
    case = await watch.case(number)
    check(case.status == Status.ACCEPTED, f"the complaint is {case.status}, not accepted")
    check(case.record.value("complainant_name") == "陈静", "the name from the answer is in the record")
    check(_is_in_thread(receipt, asking), "the receipt is in the thread")
    yield f"在同一邮件中补充 → 受理，编号 {number} · accepted in thread"
    async with watch.stage.gateway.house.store.reading() as unit:
        kept = [file.name for file in await unit.files.of_complaint(case.id)]
    check(kept == ["通话记录.png"], f"the attachment is kept once, not {kept}")
    yield "附件已保存 · the attachment is kept"
    await watch.move(number, Status.INVESTIGATING)
    await watch.move(number, Status.DECIDED, DECISION)
    news = await _about(watch, DECISION)
    check(number in news.text + news.subject and _is_in_thread(news, asking), "the decision comes in the thread")
    yield "处理决定 → 邮件送达，同一往来 · the decision arrives in thread"


async def _about(watch: Watch, words: str) -> Letter:
    async def look() -> Letter | None:
        letters = watch.stage.customers.mailbox(CHEN.address)
        return next((letter for letter in letters if not letter.sent and words in letter.text), None)

    return await watch.until(look, "the decision comes by mail")


def _is_in_thread(letter: Letter, before: Letter) -> bool:
    return bool(set(before.references) & set(letter.references)) or before.id in letter.references
