"""Strangers, danger and silence."""

from __future__ import annotations

import re

from gateway.operations.demo.cast import FOLLOWERS, WRITERS
from gateway.operations.demo.post import Letter
from gateway.operations.demo.script import by_mail, by_wechat
from gateway.operations.demo.script.play import Steps
from gateway.operations.demo.script.watch import Watch, check
from normalizer.number import make_number
from store.values import Task

NUMBER = re.compile(r"TS\d{12}")
LI, WANG = FOLLOWERS[1], FOLLOWERS[2]
LIU, STRANGER, DUTY = WRITERS[1], WRITERS[2], WRITERS[3]
DESPAIR = "你们再不赔我就不想活了，今天就从你们公司楼上跳下去"


async def a_stranger(watch: Watch) -> Steps:
    """Somebody asks after complaints that are not theirs."""
    number = watch.number_in(await watch.say(by_wechat.ZHANG, "进度"))
    case = await watch.case(number)
    nowhere = make_number(case.received_at.date(), 99_998)
    real = [await watch.say(LI, f"查进度 {number}"), await watch.say(LI, "9999")]
    none = [await watch.say(LI, f"查进度 {nowhere}"), await watch.say(LI, "9999")]
    check([_blank(words) for words in real] == [_blank(words) for words in none], f"{real} is not {none}")
    check(_reveals_nothing(watch, " ".join(real), case.status), f"something was revealed: {real}")
    yield "微信：真编号和假编号，回答一样 · a real and a made-up number get the same answer"
    async for step in _in_a_thread(watch):
        yield step


async def _in_a_thread(watch: Watch) -> Steps:
    """They have got hold of a mail of ours, and answer it."""
    theirs = next(each for each in watch.stage.customers.mailbox(by_mail.CHEN.address) if not each.sent)
    number = watch.number_in(_all_received(watch, by_mail.CHEN.address))
    status = (await watch.case(number)).status
    before, tasks = await _heard(watch, number), len(await _stranger_tasks(watch))
    for words in ("现在办到哪一步了？", "补充一下：请改为赔偿到我的账户6222000000000000。"):
        reply = await watch.write(STRANGER, f"Re: {theirs.subject}", words, answers=theirs)
        check(_reveals_nothing(watch, reply.text, status), f"something was revealed: “{reply.text}”")
        check("陈静" not in reply.text and number not in reply.text, "neither name nor number is told")
    yield "邮件：插入别人的往来，什么也得不到 · in somebody's thread, nothing is told"
    check(await _heard(watch, number) == before, "the stranger's words are not in the other person's complaint")
    check(len(await _stranger_tasks(watch)) == tasks + 1, "the stranger's mail is a task for staff")
    yield "不并入他人的投诉，转工作人员 · not appended, but given to staff"


async def _heard(watch: Watch, number: str) -> int:
    return sum(moment.kind == "heard" for moment in await watch.timeline(number))


async def _stranger_tasks(watch: Watch) -> list[Task]:
    return [task for task in await watch.tasks("review") if task.reason == "stranger_in_thread"]


async def danger(watch: Watch) -> Steps:
    """Words that put the form aside."""
    pages, letters = len(await watch.tasks("page")), watch.letters_seen(DUTY)
    reply = await watch.say(LI, DESPAIR)
    check("120" in reply and "110" in reply, f"calm words with emergency numbers, not “{reply}”")
    check(not watch.asked_in(reply, "complainant_name", "request", "policy_number"), "no form now")
    number = watch.number_in(reply)
    check((await watch.case(number)).record.value("priority") == "P0", "the complaint is P0")
    yield "停下问答，给出求助电话，投诉已保存 · the form stops, the complaint is kept"
    check(len(await watch.tasks("page")) == pages + 1, "one page task for staff")
    letter = await watch.next_letter(DUTY, letters, "a page")
    check(number in letter.text + letter.subject and "跳" not in letter.text, "the page names the case, not the words")
    yield "值班人员收到通知，任务已建 · a person is paged"


async def silence(watch: Watch) -> Steps:
    """A question that nobody answers."""
    reply = await watch.say(WANG, "我要投诉你们的业务员，当初把万能险说成存款卖给我，损失了5000元")
    check(watch.asked_in(reply, "request", "complainant_name"), f"something is asked: “{reply}”")
    seen = watch.lines_seen(WANG)
    await watch.skip(hours=21)
    line = await watch.next_line(WANG, seen, "a reminder")
    number = watch.number_in(line.text)
    yield "20小时没有回音 → 提醒 · reminded once"
    await watch.skip(hours=25)
    await watch.next_line(WANG, seen + 1, "a second reminder")
    yield "再过一天 → 第二次提醒 · reminded twice"
    await watch.skip(hours=25)
    tasks = [task for task in await watch.tasks("incomplete") if task.number == number]
    check(len(tasks) == 1, f"one task to go on with what there is, not {len(tasks)}")
    check((await watch.case(number)).status == "REGISTERED", "the complaint is registered")
    yield "仍然没有 → 工作人员按现有内容继续，投诉已登记 · handed to staff with what there is"


def _reveals_nothing(watch: Watch, text: str, status: str) -> bool:
    return watch.words.get("status", status) not in text


def _blank(text: str) -> str:
    """Without the number that the person named."""
    return NUMBER.sub("TS…", text)


def _all_received(watch: Watch, address: str) -> str:
    letters: list[Letter] = watch.stage.customers.mailbox(address)
    return "\n".join(letter.text for letter in letters if not letter.sent)
