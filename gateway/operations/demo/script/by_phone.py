"""A complaint by telephone: told whole, read back, accepted; a call that breaks off; a number that nothing reaches."""

from __future__ import annotations

from gateway.casework.lifecycle import Status
from gateway.operations.demo.call_view import call_facts
from gateway.operations.demo.cast import CALLERS
from gateway.operations.demo.script.on_the_line import Telephone
from gateway.operations.demo.script.play import Steps
from gateway.operations.demo.script.watch import Watch, check

ZHOU, HE, SUN, STRANGER = CALLERS
MATTER = "我要投诉。我叫{name}，十月八号在中山医院做了手术，你们以带病投保为由拒赔，我要求按合同赔付三万六千八百元"
BROKEN_OFF = "我要投诉，你们拖着不理赔，材料交了一个月了没有人回复"
ANSWERS = {
    "policy_number": "不知道",
    "request": "尽快赔付八千六百元",
    "complainant_name": "我叫何志强",
    "confirm": "对",
}
ACCEPTED = "已受理"


async def told_whole(watch: Watch) -> Steps:
    """From the greeting to news of the investigation."""
    phone = Telephone(watch, ZHOU)
    greeting = await phone.dial()
    check("录音" in greeting and phone.waits_for == "gather", f"the caller is told of the recording: “{greeting}”")
    yield "拨打热线 → 告知录音，请说事情 · told of the recording, asked what happened"
    accepted = await _until_accepted(phone, await phone.say(MATTER.format(name=ZHOU.name)))
    number = watch.number_in(accepted)
    case = await watch.case(number)
    check(case.status == Status.ACCEPTED, f"the complaint is {case.status}, not accepted")
    check(case.record.value("complainant_name") == ZHOU.name, "the name is in the record")
    yield f"一次说完 → 复述、确认、受理，念出编号 {number} · read back, accepted, the number spoken"
    text = await phone.next_text(0, "the number in writing")
    check(number in text.text, f"the message names the complaint: “{text.text}”")
    yield "编号以短信送达 · the number arrives by text message"
    await phone.hang_up()
    seen = phone.texts_seen()
    await watch.move(number, Status.INVESTIGATING, "已联系医院调取病历。")
    text = await phone.next_text(seen, "news of the investigation")
    check(number in text.text and "已联系医院调取病历" in text.text, f"the news says what staff wrote: “{text.text}”")
    yield "工作人员开始调查 → 短信送达 · news by text message"


async def broken_off(watch: Watch) -> Steps:
    """The line drops; what was said is not lost, and the next call goes on from there."""
    phone = Telephone(watch, HE)
    await phone.dial()
    asked = await phone.say(BROKEN_OFF)
    check(phone.waits_for == "gather", f"the hotline asks on: “{asked}”")
    await phone.hang_up(partial="我希望你们")
    (number,) = await watch.until(lambda: _callbacks(watch, "hung_up"), "a call-back task")
    case = await watch.case(number)
    check(case.status == Status.REGISTERED, f"the complaint is {case.status}, not registered")
    check("拖着不理赔" in case.record.value("matter"), "what was said is in the record")
    yield f"说到一半断线 → 投诉 {number} 已登记，建回电任务 · what was said is registered, a call-back task"
    greeting = await phone.dial()
    check(phone.words.get("ask", "go_on") in greeting, f"the next call offers to go on: “{greeting}”")
    check("理赔" not in greeting, f"nothing of the first call is told to whoever calls from there: “{greeting}”")
    yield "再次来电 → 先问是否接着说，不透露内容 · offered to go on, nothing revealed"
    accepted = await _until_accepted(phone, await phone.press("1"))
    check(watch.number_in(accepted) == number, f"the same complaint is accepted, not “{accepted}”")
    await phone.hang_up()
    yield "接着说完 → 同一件受理 · the same complaint, accepted"
    await watch.move(number, Status.INVESTIGATING, "已联系理赔部门核对材料。")
    asked = await phone.pick_up()
    check("已联系" not in asked and number not in asked, f"nothing is told before the four digits: “{asked}”")
    told = await phone.press(f"{number[-4:]}#")
    check("已联系理赔部门核对材料" in told, f"the news is told to who knows the number: “{told}”")
    await phone.hang_up()
    yield "固定电话收不到短信 → 热线打电话，核对编号后四位再告知 · a landline is called, told after four digits"


async def out_of_reach(watch: Watch) -> Steps:
    """A number that no message can be sent to: staff have a task, and the news waits for the next call."""
    phone = Telephone(watch, SUN)
    await phone.dial()
    accepted = await _until_accepted(phone, await phone.say(MATTER.format(name=SUN.name)))
    number = watch.number_in(accepted)
    await phone.hang_up()
    await watch.move(number, Status.INVESTIGATING, "已联系医院调取病历。")
    await watch.until(lambda: _callbacks(watch, "told_at_next_contact"), "a task to ring up who could not be told")
    check(phone.texts_seen() == 0, "no message was sent to a number that gets none")
    yield "短信发不到的号码 → 建回电任务 · a call-back task for staff"
    greeting = await phone.dial()
    check("已联系医院" not in greeting and number not in greeting, f"a number alone is told nothing: “{greeting}”")
    asked = await phone.press("2")
    if phone.words.get("ask", "case_number") in asked:
        asked = await phone.press(f"{number.removeprefix('TS')}#")
    told = await phone.press(SUN.address[-4:])
    check("已联系医院调取病历" in told, f"the news is told to its owner: “{asked}” “{told}”")
    check(not await _callbacks(watch, "told_at_next_contact"), "nobody needs to call any more")
    await phone.hang_up()
    yield "下次来电，核对身份后告知，任务了结 · told at the next call, after proof"


async def left_a_message(watch: Watch) -> Steps:
    """Somebody without a number wants a person; nobody is free, and staff write down what they left on the tape."""
    phone = Telephone(watch, STRANGER)
    await phone.dial()
    await phone.press("0")
    check(phone.waits_for == "dial", "a person of ours is rung")
    said = await phone.nobody_answers()
    check("电话号码" in said, f"asked where to call back: “{said}”")
    yield "按 0 → 呼叫工作人员，无人接听 → 先问回电号码 · rung, nobody answers: where shall we call back?"
    said = await phone.press("13900139000#")
    check(phone.waits_for == "record", f"a message can be left: “{said}”")
    yield "留下号码 → 请留言 · a number is left, and a message can be"
    await phone.record("我是周先生，材料交了一个月没有人理，请给我回电话，一三九零零一三九零零零")
    recording = await watch.until(lambda: _recording(watch), "the recording is fetched and stored")
    yield "录音已取回保存，请工作人员听 · the recording is kept, staff are asked to listen"
    await watch.type_words(recording, "我是周先生，我要投诉，材料交了一个月没有人理，请回电13900139000")
    await watch.until(lambda: _heard_so(watch, "材料交了一个月没有人理"), "what staff typed is in a complaint")
    yield "工作人员写下所听 → 进入投诉记录 · what they typed is in the record"


async def _until_accepted(phone: Telephone, said: str) -> str:
    """Answers what is asked, each thing once."""
    asked: list[str] = []
    while ACCEPTED not in said:
        name = phone.asked_in(said, *ANSWERS)
        check(name not in asked, f"asked for {name} a second time")
        asked.append(name)
        said = await phone.say(ANSWERS[name])
    check("confirm" in asked, f"what was understood is read back before it is accepted, after {asked}")
    return said


async def _callbacks(watch: Watch, reason: str) -> list[str] | None:
    return [task.number for task in await watch.tasks("callback") if task.reason == reason] or None


async def _recording(watch: Watch) -> str | None:
    async with watch.stage.gateway.house.store.reading() as unit:
        recordings = (await call_facts(unit))["recordings"]
    return next((each["id"] for each in recordings if each["state"] == "stored" and not each["words"]), None)


async def _heard_so(watch: Watch, words: str) -> list[str] | None:
    async with watch.stage.gateway.house.store.reading() as unit:
        cases = await unit.complaints.search(limit=20)
    return [case.number for case in cases if words in case.record.value("matter")] or None
