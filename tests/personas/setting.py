"""What exists before a persona appears, and what staff do while they wait."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gateway.casework.lifecycle import Status
from gateway.casework.move import move
from store.values import Case
from tests.personas.line import Line
from tests.personas.phone import PhonePost
from tests.personas.player import Script
from tests.personas.post import Post
from tests.personas.stage import Stage
from tests.personas.wechat import WeChatPost

STAFF = "test staff"

# From acceptance to the call-back that asks for a score.
CLOSING = (Status.INVESTIGATING, Status.DECIDED, Status.FOLLOW_UP)


def post_of(stage: Stage, script: Script) -> Post:
    """The way this person comes by."""
    if script["channel"] == "phone":
        line = Line(telephone=stage.telephone)
        return PhonePost(stage=stage, line=line, habits=script.get("setup", {}).get("telephony", {}))
    return WeChatPost(stage=stage)


async def make_cases(stage: Stage, script: Script, post: Post) -> tuple[dict[str, str], Sequence[Script]]:
    """The numbers by reference, and the facts of the other people. Each case is told by WeChat, in one message."""
    refs: dict[str, str] = {}
    others = []
    for told in script.get("setup", {}).get("cases", []):
        mine = told.get("owner") == "self"
        teller = post if mine and isinstance(post, WeChatPost) else WeChatPost(stage=stage)
        number = await _tell(stage, teller, told)
        refs.setdefault(told.get("ref", "CASE" if mine else "OTHER_CASE"), number)
        if not mine:
            others.append(told.get("facts", told))
    return refs, others


async def staff_step(stage: Stage, number: str, step: Mapping[str, Any]) -> None:
    """Staff close the case with a result, told to the customer."""
    assert step["action"] == "close", "personas know no other step of staff"
    house, note = stage.gateway.house, str(step.get("result", "已处理"))
    for status in CLOSING:
        await move(house, number, status, note=note, tell=status is not Status.INVESTIGATING, actor=STAFF)


async def own_cases(stage: Stage, post: Post) -> Sequence[Case]:
    """What this person's messages became, oldest first."""
    async with stage.gateway.house.store.reading() as unit:
        return await post.cases(unit)


async def _tell(stage: Stage, post: Post, told: Mapping[str, Any]) -> str:
    await post.say(told.get("messages") or [_in_one_breath(told.get("facts", told))])
    cases = await own_cases(stage, post)
    assert cases, "the case of the setting was not taken up"
    if "status" in told:
        for status in told["status"] if isinstance(told["status"], list) else [told["status"]]:
            await move(stage.gateway.house, cases[-1].number, Status(status), note="处理中", tell=False, actor=STAFF)
    return cases[-1].number


def _in_one_breath(facts: Mapping[str, Any]) -> str:
    parts = [f"我要投诉，{facts['matter']}", str(facts["request"]), f"我叫{facts['name']}", f"电话{facts['phone']}"]
    if facts.get("policy_number"):
        parts.append(f"保单号{facts['policy_number']}")
    return "。".join(parts)
