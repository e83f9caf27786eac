"""A complaint in the chat: told in pieces, accepted, asked after, and moved by staff."""

from __future__ import annotations

from gateway.casework.lifecycle import NotAllowed, Status
from gateway.operations.demo.cast import FOLLOWERS
from gateway.operations.demo.script.play import Steps
from gateway.operations.demo.script.watch import Untrue, Watch, check

ZHANG = FOLLOWERS[0]
MATTER = "我爸10月8号在中山医院做的手术，你们拒赔了，说是带病投保，可体检报告都是正常的"
PIECES = {
    "request": "按合同赔付医疗费36800元",
    "complainant_name": "张伟",
    "policy_number": "P2023440100012345",
    "evidence": "没有",
    "contact": "13800138000",
}
CAN_BE_ASKED = tuple(PIECES)
ACCEPTED = "已受理"


async def in_fragments(watch: Watch) -> Steps:
    """Ends with an accepted complaint."""
    reply = await watch.say(ZHANG, "我要投诉")
    check(watch.asked_in(reply, "matter"), f"asked for what happened, not “{reply}”")
    yield "“我要投诉” → 问发生了什么 · asked what happened"
    reply = await watch.say(ZHANG, MATTER)
    check(not watch.asked_in(reply, "matter", "contact"), f"asked again for what is known: “{reply}”")
    told = {"matter"}
    while ACCEPTED not in reply:
        asked = watch.asked_in(reply, *CAN_BE_ASKED)
        check(len(asked) == 1, f"one thing at a time in a chat, not {sorted(asked)} in “{reply}”")
        (name,) = asked
        check(name not in told, f"asked for {name}, which was told before")
        told.add(name)
        yield f"只问缺的：{watch.words.get('item', name)} · asked for {name}"
        reply = await watch.say(ZHANG, PIECES[name])
    check(told == {"matter", "request", "complainant_name"}, f"asked for exactly what was missing, not {sorted(told)}")
    number = watch.number_in(reply)
    case = await watch.case(number)
    check(case.status == Status.ACCEPTED, f"the complaint is {case.status}, not accepted")
    check(case.record.value("complainant_name") == "张伟", "the name is in the record")
    check("36800" in {amount.value.split(".")[0] for amount in case.record.amounts}, "the amount is in the record")
    yield f"受理，编号 {number} · accepted, with a number"
    async for step in _again(watch, reply):
        yield step
    reply = await watch.say(ZHANG, "进度")
    check(number in reply and watch.words.get("status", "ACCEPTED") in reply, f"the state is told, not “{reply}”")
    yield "问进度，得到状态和期限 · progress told to its owner"


async def _again(watch: Watch, reply: str) -> Steps:
    """WeChat delivers the same item a second time."""
    pushed = await watch.stage.customers.say(ZHANG.address, "顺便问一下", "24000000000000009")
    kept = await watch.items_kept()
    second = await watch.stage.customers.say(ZHANG.address, "顺便问一下", "24000000000000009")
    check(second.reply == pushed.reply, "the redelivered item gets the very same answer")
    check(await watch.items_kept() == kept, "the redelivered item is kept once")
    yield "微信重复投递：同样的回答，只记一次 · redelivered: same answer, kept once"


async def staff_moves_it(watch: Watch) -> Steps:
    """The customer hears of it inside the 48-hour window, and outside."""
    number = watch.number_in(await watch.say(ZHANG, "进度"))
    seen = watch.lines_seen(ZHANG)
    await watch.move(number, Status.INVESTIGATING, "已联系医院调取病历。")
    line = await watch.next_line(ZHANG, seen, "news of the investigation")
    check(number in line.text and "已联系医院调取病历" in line.text, f"the news says what staff wrote: “{line.text}”")
    check(line.by == "customer_service", f"by customer-service message, not {line.by}")
    yield "工作人员开始调查 → 客服消息送达 · pushed within the 48 hours"
    try:
        await watch.move(number, Status.DECIDED)
    except NotAllowed:
        yield "没有理由的处理决定被拒绝 · a decision without reasons is refused"
    else:
        raise Untrue("a decision without reasons was let through")
    await watch.skip(hours=49)
    seen = watch.lines_seen(ZHANG)
    await watch.move(number, Status.DECIDED, "经复核，按合同赔付36800元，3个工作日内到账。")
    line = await watch.next_line(ZHANG, seen, "the decision")
    check(line.by == "template", f"beyond the window by template message, not {line.by}")
    check(number in line.fields.values(), "the template names the complaint")
    yield "49小时以后的决定 → 模板消息 · beyond the window, by template message"
