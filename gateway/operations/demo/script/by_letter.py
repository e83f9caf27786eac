"""A complaint on paper: a slip brings what is missing, doubtful values are looked at, a letter of ours comes back."""

from __future__ import annotations

from gateway.casework.lifecycle import Status
from gateway.operations.demo.cast import CALLERS
from gateway.operations.demo.paper import Draft
from gateway.operations.demo.script.mailroom import Mailroom
from gateway.operations.demo.script.on_the_line import Telephone
from gateway.operations.demo.script.play import Steps
from gateway.operations.demo.script.watch import Watch, check
from normalizer.record import Method
from store.values import PostState, ScanState

SECONDS = 360.0  # most of it goes into reading on a busy machine
ZHOU = CALLERS[0]
WRITER = "郑秀英"
NO_REQUEST = f"""投诉信
示例保险消费者权益保护部：
我叫{WRITER}，车险理赔拖了两个月还没有赔，打客服只说在流程中。保单号PDAA202631010000077001。
通讯地址：江苏省苏州市姑苏区丰收大道185号27幢202室
投诉人：{WRITER}"""
REQUEST = "三日内支付理赔款8600元"
HARD_TO_READ = f"""投诉信
示例保险：
我叫{ZHOU.name}，保单号QH8O1I0B2S46O1，电话+852 5123 4567。
住院后你们以带病投保为由拒赔，我要求按合同赔付36800元。
通讯地址：上海市徐汇区漕溪北路88号3单元501室
投诉人：{ZHOU.name}"""
POLICY = "QH80110825460"
TRACKING = "1234567890123"


async def a_slip_comes_back(watch: Watch) -> Steps:
    """A letter that asks for nothing; ours asks what they want, and the slip says so."""
    room = Mailroom(watch)
    kept, case = await room.send(Draft(text=NO_REQUEST, scan="clean"))
    check(case.record.value("policy_number") == "PDAA202631010000077001", f"the policy was read: {case.record.fields}")
    check(kept.images and kept.images[0], "the picture of the page is kept")
    yield f"来信扫描、识别 → 投诉 {case.number} · read, and a complaint"
    asking, words = await room.next_letter(case, 0)
    check(watch.asked_in(words, "request"), f"the letter asks what they want: “{words}”")
    check(case.number in words and "回执" in words, "it bears the number, and a slip to send back")
    yield "缺诉求 → 打印回信，附回执 · our letter asks, with a slip"
    _, case = await room.return_slip(asking, REQUEST)
    check(case.number == asking.number, f"the slip finds its complaint {asking.number}, not {case.number}")
    check("8600" in case.record.value("request"), f"what they want is read: {case.record.fields}")
    check(case.status == Status.ACCEPTED, f"the complaint is {case.status}, not accepted")
    yield "回执寄回 → 归入原件，受理 · the slip finds its complaint, accepted"
    _, words = await room.next_letter(case, 1)
    check(case.number in words and "受理" in words, f"the receipt is printed: “{words}”")
    yield "受理通知已打印 · the receipt is printed"


async def staff_look_at_it(watch: Watch) -> Steps:
    """A number that print confuses: no answer before a person has compared it with the paper."""
    room = Mailroom(watch)
    kept, case = await room.send(Draft(text=HARD_TO_READ, scan="clean"))
    check(kept.state is ScanState.DOUBTFUL and "policy_number" in kept.doubts, f"the policy is doubtful: {kept.doubts}")
    check(kept.doubts["policy_number"].places, "it is known where on the page it stands")
    asked = [task.number for task in await watch.tasks("verification")]
    check(asked.count(case.number) == 1, f"one task to look at the letter, not {asked}")
    yield "保单号认不准 → 一个核对任务 · a task to compare it with the paper"
    before = await room.letters(case)
    await room.look_at(kept, case, **{name: case.record.value(name) for name in kept.doubts} | _seen())
    case = await watch.case(case.number)
    found = case.record.fields["policy_number"]
    check((found.value, found.method) == (POLICY, Method.STAFF), f"what staff say stands: {found}")
    check(case.number not in [task.number for task in await watch.tasks("verification")], "the task is done")
    yield "工作人员对照原件确认 · confirmed against the paper"
    _, words = await room.next_letter(case, before)
    check(case.number in words, f"the answer is printed: “{words}”")
    yield "随后打印回信 · then the answer is printed"


def _seen() -> dict[str, str]:
    return {"complainant_name": ZHOU.name, "policy_number": POLICY, "phone": ZHOU.address}


async def ours_comes_back(watch: Watch) -> Steps:
    """The postman could not hand it over: the person's telephone is tried, and staff know."""
    room, phone = Mailroom(watch), Telephone(watch, ZHOU)
    letter, case = await room.latest()
    await room.note(letter, PostState.POSTED, TRACKING)
    yield "交寄，记下单号 · posted, with its number"
    seen = phone.texts_seen()
    await room.note(letter, PostState.RETURNED)
    text = await phone.next_text(seen, "what the letter said")
    check(case.number in text.text, f"the message names the complaint: “{text.text}”")
    yield "退回 → 改发短信 · returned, sent as a text message"
    tasks = [task.reason for task in await watch.tasks("delivery") if task.number == case.number]
    check("not_by_post" in tasks, f"staff are told that the post did not reach them, not {tasks}")
    yield "工作人员得知 · and staff are told"
